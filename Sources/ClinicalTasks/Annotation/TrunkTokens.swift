// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
package import Tokenizers

/// The tokens that a trunk reads of an analysed text, in serving as in training.
package enum TrunkTokens: Sendable {
    /// Our own kind: MeCab's words in pieces, a line break after each sentence.
    case words(UnigramTokenizer)
    /// As others publish models.
    case text(TextTokens)

    /// The tokens of a text, those around it left out.
    package func tokens(of text: AnalyzedText) -> [PlacedToken] {
        switch self {
        case .text(let source): return source.tokens(of: text)
        case .words(let tokenizer):
            var tokens: [PlacedToken] = []
            for (sentence, part) in text.sentences.enumerated() {
                let words = tokenizer.encode(words: part.morphemes.map(\.surface))
                for (word, ids) in zip(part.morphemes, words) {
                    for (place, id) in ids.enumerated() {
                        tokens.append(
                            PlacedToken(
                                id: id, range: word.range, sentence: sentence,
                                continuesWord: place > 0))
                    }
                }
                let end = CleanedRange(start: part.range.end, end: part.range.end)
                tokens.append(
                    PlacedToken(
                        id: tokenizer.newline, range: end, sentence: sentence,
                        continuesWord: false))
            }
            return tokens
        }
    }
}
