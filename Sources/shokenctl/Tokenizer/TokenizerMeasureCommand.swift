// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import JapaneseText
import Tokenizers

/// How well and how fast a tokenizer cuts a text.
struct TokenizerMeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Count the tokens of text files and time their making.",
        discussion: """
            Characters are those of the words, without the spaces between them; line breaks are \
            neither characters nor tokens here. Times are processor time of one thread: of \
            encoding words that are cut already and, without --words, of cleaning with the map \
            back to the original text. Memory is what the allocator has given out for the \
            tokenizer. A tokenizer that Shoken did not train is given the lines as they are, and \
            the options about words do not matter.
            """)

    @OptionGroup var option: TokenizerOption
    @Argument(help: ArgumentHelp("UTF-8 text files.", valueName: "file"))
    var files: [String]
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var options: WordSourceOptions

    func run() throws {
        // What this first loading leaves behind is not the tokenizer's.
        let opened = try option.open()
        guard opened is UnigramTokenizer,
            case .json(let file)? = try? TokenizerLocation.find(at: option.url)
        else {
            var measure = TokenizerLineMeasure()
            try measure.time(opened, files)
            if json { return try printJSON(measure) }
            for line in measure.lines { print(line) }
            return
        }
        let before = ProcessAccount.heapBytes
        let tokenizer = try UnigramTokenizer(file: file)
        var measure = TokenizerMeasure()
        measure.heapBytesAtRest = ProcessAccount.heapBytes - before
        measure.fileBytes = try Data(contentsOf: file).count
        let source = try WordSource(options)
        let bar = ProgressBar()
        let cleaner = TextCleaner(profile: .training)
        let isText = !options.words
        try source.map(
            files, progress: { bar.show("measuring", Double($0) / Double(max($1, 1))) },
            { block in
                let text = try block.text()
                return (words: source.words(of: text), text: isText ? text : nil)
            },
            { block in
                if let text = block.text { measure.time(cleaner, text) }
                measure.time(tokenizer, block.words)
            })
        bar.finish()
        if json { return try printJSON(measure) }
        for line in measure.lines { print(line) }
    }
}
