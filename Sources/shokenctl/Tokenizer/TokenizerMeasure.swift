// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText
import Tokenizers

/// What `tokenizer measure` finds.
struct TokenizerMeasure: Encodable {
    var words = 0
    var characters = 0
    var tokens = 0
    var unknownTokens = 0
    /// UTF-8 of the words joined by spaces.
    var bytesOfWords = 0
    /// UTF-8 of the files; 0 where they are words already.
    var bytesOfText = 0
    /// Of the cleaning with its map, for all of the text.
    var secondsCleaning = 0.0
    /// Of `ids(in:)` on the words joined by spaces.
    var secondsEncoding = 0.0
    /// Of `encode(words:)`, which gives the ids of each word.
    var secondsOfWordLists = 0.0
    var fileBytes = 0
    var heapBytesAtRest = 0

    /// Without spaces.
    private(set) var charactersPerToken = 0.0

    /// Cleans a text.
    mutating func time(_ cleaner: TextCleaner, _ text: String) {
        bytesOfText += text.utf8.count
        var count = 0
        secondsCleaning += Self.seconds { count = cleaner.clean(text).scalars.count }
        // The result must be used, or the work could be left out.
        precondition(count >= 0, "a count is not negative")
    }

    /// Encodes a block of words in all ways.
    mutating func time(_ tokenizer: UnigramTokenizer, _ list: [String]) {
        let text = UnigramTokenizer.text(of: list)
        bytesOfWords += text.utf8.count
        var ids: [Int32] = []
        var lists: [[Int32]] = []
        secondsEncoding += Self.seconds { ids = tokenizer.ids(in: text) }
        secondsOfWordLists += Self.seconds { lists = tokenizer.encode(words: list) }
        precondition(lists.joined().elementsEqual(ids), "both ways must give the same tokens")
        for word in list where word != "\n" {
            words += 1
            characters += word.unicodeScalars.count
        }
        tokens += ids.count(where: { $0 != tokenizer.newline })
        unknownTokens += ids.count(where: { $0 == tokenizer.unknown })
        charactersPerToken = Double(characters) / Double(max(tokens, 1))
    }

    /// Processor time of this thread, which other programs on the machine do not lengthen much.
    private static func seconds(_ body: () -> Void) -> Double {
        let begin = ProcessAccount.threadSeconds
        body()
        return ProcessAccount.threadSeconds - begin
    }

    /// The measures for people.
    var lines: [String] {
        func speed(_ seconds: Double, _ bytes: Int) -> Double {
            Double(bytes) / 1e6 / max(seconds, 1e-9)
        }
        var lines = [
            "\(words) words, \(characters) characters, \(tokens) tokens",
            String(format: "%.4f characters a token", charactersPerToken),
            String(
                format: "%.4f %% of the tokens unknown",
                Double(unknownTokens) / Double(max(tokens, 1)) * 100),
        ]
        lines.append(
            String(format: "%.1f MB/s ", speed(secondsEncoding, bytesOfWords)) + "encoding")
        lines.append(
            String(format: "%.1f MB/s ", speed(secondsOfWordLists, bytesOfWords))
                + "encoding to lists of each word")
        if bytesOfText > 0 {
            lines.append(
                String(format: "%.1f MB/s ", speed(secondsCleaning, bytesOfText)) + "cleaning")
        }
        lines.append(
            String(
                format: "memory %.2f times the file at rest (%d bytes)",
                Double(heapBytesAtRest) / Double(max(fileBytes, 1)), heapBytesAtRest))
        return lines
    }
}
