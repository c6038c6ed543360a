// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Dispatch
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
    @OptionGroup var compute: ThreadsOption

    var threads: Int { compute.count }
}

/// Cuts files into words, with the cleaning for training and MeCab, or at spaces.
struct WordSource: Sendable {
    /// Blocks that are worked on before their results are taken in order.
    private static let blocksPerThread = 4

    private let analyzer: TextAnalyzer?
    private let threads: Int

    init(_ options: WordSourceOptions) throws {
        threads = options.threads
        analyzer =
            options.words
            ? nil
            : TextAnalyzer(
                cleaner: TextCleaner(profile: .training),
                analyzer: try MorphologicalAnalyzer(
                    dictionary: options.dictionary, userDictionary: options.userDictionary))
    }

    /// Texts are cut by MeCab with these dictionaries, one at a time.
    init(dictionary: String?, userDictionary: String?) throws {
        threads = 1
        analyzer = TextAnalyzer(
            cleaner: TextCleaner(profile: .training),
            analyzer: try MorphologicalAnalyzer(
                dictionary: dictionary, userDictionary: userDictionary))
    }

    /// The words of one text.
    func words(of text: String) -> [String] {
        if let analyzer { return analyzer.analyze(text).words }
        var words: [String] = []
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0 { words.append("\n") }
            words += line.split(separator: 0x20).map { String(Substring($0)) }
        }
        return words
    }

    /// How often each word of the files occurs; line breaks are none. `progress` gets bytes done
    /// and bytes in all.
    func counts(
        of files: [String], limit: Int, progress: (Int, Int) -> Void
    ) throws -> WordCounts {
        var counts = WordCounts(limit: limit)
        try map(
            files, progress: progress,
            { block in
                var counts = WordCounts(limit: limit)
                if analyzer == nil {
                    try block.check()
                    counts.addWords(in: block.bytes)
                } else {
                    for word in words(of: try block.text()) where word != "\n" {
                        counts.add(word)
                    }
                }
                return counts
            }, { counts.add($0) })
        return counts
    }

    /// Calls `transform` with each block of the files, on all threads, and `consume` with the
    /// results in the order of the text.
    func map<Result: Sendable>(
        _ files: [String], progress: (Int, Int) -> Void,
        _ transform: @Sendable (TextBlock) throws -> Result, _ consume: (Result) throws -> Void
    ) throws {
        var reader = try TextBlockReader(files)
        var done = 0
        while true {
            var blocks: [TextBlock] = []
            while blocks.count < threads * Self.blocksPerThread, let block = try reader.next() {
                blocks.append(block)
            }
            guard !blocks.isEmpty else { return }
            for result in inParallel(blocks, transform) { try consume(result.get()) }
            done += blocks.reduce(0) { $0 + $1.bytes.count }
            progress(done, reader.totalBytes)
        }
    }

    /// Calls `transform` with each of the lines that `next` gives until it gives nil, on all
    /// threads, and `consume` with the results in that order. Lines are gathered up to that many
    /// bytes for each thread; 0 takes them one by one.
    func map<Result: Sendable>(
        lines next: () -> String?, gathering bytesPerThread: Int,
        _ transform: @Sendable (String) throws -> Result, _ consume: (Result) throws -> Void
    ) throws {
        while true {
            var lines: [String] = []
            var bytes = 0
            while lines.isEmpty || bytes < bytesPerThread * threads, let line = next() {
                lines.append(line)
                bytes += line.utf8.count + 1
            }
            guard !lines.isEmpty else { return }
            for result in inParallel(lines, transform) { try consume(result.get()) }
        }
    }

    private func inParallel<Part: Sendable, Value: Sendable>(
        _ parts: [Part], _ transform: @Sendable (Part) throws -> Value
    ) -> [Result<Value, any Error>] {
        let results = Mutex([Result<Value, any Error>?](repeating: nil, count: parts.count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, parts.count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < parts.count else { return }
                let result = Result { try transform(parts[index]) }
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
