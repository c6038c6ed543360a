import ArgumentParser
import Foundation
import Synchronization
import Tokenizers

/// How well and how fast a tokenizer cuts a text.
struct TokenizerMeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Count the tokens of text files and time their making.",
        discussion: """
            Characters are those of the words, without the spaces between them. The time is that \
            of encoding alone, on one thread, without cleaning and MeCab.
            """)

    @OptionGroup var option: TokenizerOption
    @Argument(help: ArgumentHelp("UTF-8 text files.", valueName: "file"))
    var files: [String]
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var options: WordSourceOptions

    func run() throws {
        let tokenizer = try UnigramTokenizer(file: URL(filePath: option.tokenizer))
        let source = try WordSource(options)
        let bar = ProgressBar()
        let blocks = Mutex<[[String]]>([])
        try source.forEachBlock(
            of: files, progress: { bar.show("reading", Double($0) / Double(max($1, 1))) },
            { words in blocks.withLock { $0.append(words) } })
        bar.finish()
        let measure = Measure(tokenizer, blocks.withLock { $0 })
        if json { return try printJSON(measure) }
        print("\(measure.words) words, \(measure.characters) characters, \(measure.tokens) tokens")
        print(String(format: "%.3f characters a token", measure.charactersPerToken))
        print(String(format: "%.4f %% of the tokens unknown", measure.unknownShare * 100))
        print(String(format: "%.1f MB/s of words, ", measure.megabytesPerSecondOfWords))
        print(String(format: "%.1f MB/s of text", measure.megabytesPerSecondOfText))
    }
}

/// What `tokenizer measure` finds.
private struct Measure: Encodable {
    let words: Int
    let characters: Int
    let tokens: Int
    let charactersPerToken: Double
    let unknownShare: Double
    /// Of `encode(words:)`, which gives the ids of each word.
    let megabytesPerSecondOfWords: Double
    /// Of `ids(in:)` on the words joined by spaces.
    let megabytesPerSecondOfText: Double

    init(_ tokenizer: UnigramTokenizer, _ blocks: [[String]]) {
        let texts = blocks.map { UnigramTokenizer.text(of: $0) }
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        words = blocks.reduce(0) { $0 + $1.count }
        characters = blocks.reduce(0) { $0 + $1.reduce(0) { $0 + $1.unicodeScalars.count } }
        var tokens = 0
        var unknown = 0
        let clock = ContinuousClock()
        let timeOfText = clock.measure {
            for text in texts {
                let ids = tokenizer.ids(in: text)
                tokens += ids.count
                unknown += ids.count(where: { $0 == tokenizer.unknown })
            }
        }
        var again = 0
        let timeOfWords = clock.measure {
            for words in blocks {
                again += tokenizer.encode(words: words).reduce(0) { $0 + $1.count }
            }
        }
        precondition(again == tokens, "words and text must give the same tokens")
        self.tokens = tokens
        charactersPerToken = Double(characters) / Double(max(tokens, 1))
        unknownShare = Double(unknown) / Double(max(tokens, 1))
        megabytesPerSecondOfText = Double(bytes) / 1e6 / (timeOfText / .seconds(1))
        megabytesPerSecondOfWords = Double(bytes) / 1e6 / (timeOfWords / .seconds(1))
    }
}
