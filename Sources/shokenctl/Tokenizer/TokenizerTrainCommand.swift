// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Tokenizers
import Training

/// Text files to a tokenizer.
struct TokenizerTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learn a Unigram vocabulary from text files.",
        discussion: """
            The text is cleaned as for training and cut with MeCab, or with --words cut at spaces. \
            The result is the same on any number of threads. Memory is bounded by --word-limit \
            and --text-limit, whatever the size of the text. The output appears whole or not at \
            all.
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
    @Option(name: .long, help: "Leave out characters that occur less often.")
    var minimumCharacterCount = 2
    @Option(name: .long, help: "Share of the pieces that each pruning keeps.")
    var shrinkingFactor = 0.75
    @Option(name: .long, help: "Longest piece, in characters.")
    var maximumPieceLength = 16
    @Option(name: .long, help: "Estimations between two prunings.")
    var subIterations = 8
    @Option(name: .long, help: "Most pieces to begin with.")
    var seedLimit = 1_000_000
    @Option(name: .long, help: "Most different words to learn from, the most frequent first.")
    var wordLimit = 1 << 19
    @Option(name: .long, help: "Most characters of these words; about 250 bytes each at most.")
    var textLimit = 1 << 22
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var options: WordSourceOptions

    func run() throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let source = try WordSource(options)
        let bar = ProgressBar()
        let words = try source.counts(of: input, limit: max(1, wordLimit)) {
            bar.show("counting words", Double($0) / Double(max($1, 1)))
        }
        let counted = clock.now
        let tokenizer = try UnigramTrainer.train(words: words, parameters: parameters) {
            bar.show("training", $0.fraction, detail: ": \($0.phase.rawValue), \($0.pieces) pieces")
        }
        bar.finish()
        guard tokenizer.vocabularySize == vocabularySize else {
            throw CommandFailure(
                .badData,
                "the input gives only \(tokenizer.vocabularySize) tokens; ask for that many with "
                    + "--vocabulary-size, or give more text")
        }
        try tokenizer.write(to: URL(filePath: output))
        try report(
            TrainingReport(
                output: output, tokens: tokenizer.vocabularySize, distinctWords: words.count,
                droppedWordOccurrences: words.droppedOccurrences,
                secondsCounting: (counted - begin) / .seconds(1),
                secondsTraining: (clock.now - counted) / .seconds(1),
                peakMemoryBytes: ProcessMemory.peakBytes))
    }

    private var parameters: UnigramTrainer.Parameters {
        var parameters = UnigramTrainer.Parameters(vocabularySize: vocabularySize)
        parameters.characterCoverage = characterCoverage
        parameters.minimumCharacterCount = minimumCharacterCount
        parameters.shrinkingFactor = shrinkingFactor
        parameters.maximumPieceLength = maximumPieceLength
        parameters.subIterations = subIterations
        parameters.seedLimit = seedLimit
        parameters.wordLimit = wordLimit
        parameters.textLimit = textLimit
        parameters.threads = options.threads
        return parameters
    }

    private func report(_ report: TrainingReport) throws {
        if json { return try printJSON(report) }
        print(
            "\(report.output): \(report.tokens) tokens learned from \(report.distinctWords) "
                + "different words")
        print(
            String(
                format: "%.1f s for counting, %.1f s for training, %.0f MiB of memory at most",
                report.secondsCounting, report.secondsTraining,
                Double(report.peakMemoryBytes) / 1_048_576))
        if report.droppedWordOccurrences > 0 {
            print(
                "\(report.droppedWordOccurrences) occurrences of rare or very long words were not "
                    + "counted; see --word-limit")
        }
    }
}

/// What a training was.
private struct TrainingReport: Encodable {
    let output: String
    let tokens: Int
    let distinctWords: Int
    let droppedWordOccurrences: Int
    let secondsCounting: Double
    let secondsTraining: Double
    let peakMemoryBytes: Int
}
