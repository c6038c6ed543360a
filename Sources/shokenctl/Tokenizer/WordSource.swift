import ArgumentParser
import Dispatch
import DurableFiles
import Foundation
import JapaneseText
import Synchronization
import Tokenizers

/// Options that say how text becomes words.
struct WordSourceOptions: ParsableArguments {
    @Flag(name: .long, help: "The input is words already: lines with spaces between words.")
    var words = false
    @Option(
        name: .long, help: ArgumentHelp("MeCab's dictionary directory.", valueName: "directory"))
    var dictionary: String?
    @Option(
        name: .long,
        help: ArgumentHelp("A compiled MeCab user dictionary.", valueName: "file"))
    var userDictionary: String?
    @Option(name: .long, help: "Threads to compute on.")
    var threads = ProcessInfo.processInfo.activeProcessorCount
}

/// Cuts files into words, with the cleaning for training and MeCab, or at spaces.
struct WordSource: Sendable {
    /// Most bytes of one file.
    private static let fileByteLimit = 4 << 30
    /// Bytes that one thread takes at a time.
    private static let blockBytes = 256 << 10

    private let analyzer: TextAnalyzer?
    private let threads: Int

    init(_ options: WordSourceOptions) throws {
        threads = max(1, options.threads)
        analyzer =
            options.words
            ? nil
            : TextAnalyzer(
                cleaner: TextCleaner(profile: .training),
                analyzer: try MorphologicalAnalyzer(
                    dictionary: options.dictionary, userDictionary: options.userDictionary))
    }

    /// The words of one text.
    func words(of text: String) -> [String] {
        if let analyzer { return analyzer.analyze(text).words }
        var words: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0 { words.append("\n") }
            words += line.split(separator: " ").map(String.init)
        }
        return words
    }

    /// Calls `body` with the words of each block of whole lines, in no particular order, one call
    /// at a time; `progress` gets the bytes done and the bytes in all.
    func forEachBlock(
        of files: [String], progress: @Sendable (Int, Int) -> Void,
        _ body: @Sendable ([String]) -> Void
    ) throws {
        let contents = try files.map {
            try DiskFiles().read(
                FilePath(URL(filePath: $0).resolvingSymlinksInPath()),
                maximumBytes: Self.fileByteLimit)
        }
        let total = contents.reduce(0) { $0 + $1.count }
        let blocks = contents.flatMap { Self.blocks(of: $0) }
        let next = Atomic(0)
        let done = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, max(1, blocks.count))) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < blocks.count else { return }
                let words = words(of: String(decoding: blocks[index], as: UTF8.self))
                done.withLock {
                    body(words)
                    $0 += blocks[index].count
                    progress($0, total)
                }
            }
        }
    }

    private static func blocks(of content: Data) -> [Data] {
        var blocks: [Data] = []
        var start = content.startIndex
        while start < content.endIndex {
            let wanted = min(start + blockBytes, content.endIndex)
            let end =
                content[wanted...].firstIndex(of: 0x0A).map { $0 + 1 } ?? content.endIndex
            blocks.append(content[start..<end])
            start = end
        }
        return blocks
    }
}

/// Text to words, as the tokenizer takes them.
struct TokenizerWordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: "Print the words of each line of the standard input, with spaces between them.",
        discussion: "The text is cleaned as for training and cut with MeCab.")

    @OptionGroup var options: WordSourceOptions

    func run() throws {
        let source = try WordSource(options)
        while let line = readLine() {
            print(UnigramTokenizer.text(of: source.words(of: line)))
        }
    }
}
