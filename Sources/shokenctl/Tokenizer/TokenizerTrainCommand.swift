import ArgumentParser
import Foundation
import Synchronization
import Tokenizers

/// Text files to a tokenizer.
struct TokenizerTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learn a Unigram vocabulary from text files.",
        discussion: """
            The text is cleaned as for training and cut with MeCab; the result does not depend \
            on the number of threads.
            """)

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("UTF-8 text files.", valueName: "file"))
    var input: [String]
    @Option(name: .long, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String
    @Option(name: .long, help: "Number of tokens, the special ones included.")
    var vocabularySize = 32768
    @Option(name: .long, help: "Share of the text's characters that must be known.")
    var characterCoverage = 0.9998
    @OptionGroup var options: WordSourceOptions

    func run() throws {
        let source = try WordSource(options)
        let bar = ProgressBar()
        let counts = Mutex<[String: Int]>([:])
        try source.forEachBlock(
            of: input,
            progress: { bar.show("counting words", Double($0) / Double(max($1, 1))) },
            { words in
                counts.withLock { counts in
                    for word in words where word != "\n" { counts[word, default: 0] += 1 }
                }
            })
        var parameters = UnigramTrainer.Parameters(vocabularySize: vocabularySize)
        parameters.characterCoverage = characterCoverage
        parameters.threads = max(1, options.threads)
        let tokenizer = try UnigramTrainer.train(
            wordCounts: counts.withLock { $0 }, parameters: parameters,
            progress: { bar.show("\($0.phase.rawValue), \($0.pieces) pieces", $0.fraction) })
        bar.finish()
        try tokenizer.write(to: URL(filePath: output))
        let words = counts.withLock { $0.count }
        print(
            "\(output): \(tokenizer.vocabularySize) tokens learned from \(words) distinct words")
    }
}

/// One line on the terminal that is written again and again; nothing where there is no terminal.
struct ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1

    /// Shows how much of a phase is done, 0 to 1.
    func show(_ phase: String, _ fraction: Double) {
        guard isShown else { return }
        let width = 30
        let filled = Int(Double(width) * min(max(fraction, 0), 1))
        let bar = String(repeating: "#", count: filled)
        let rest = String(repeating: ".", count: width - filled)
        write("\r\u{1B}[K[\(bar)\(rest)] \(phase)")
    }

    /// Takes the line away.
    func finish() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
