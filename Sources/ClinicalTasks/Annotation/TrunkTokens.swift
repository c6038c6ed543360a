// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
package import Tokenizers

/// The tokens that a trunk reads of an analysed text, in serving as in training.
package enum TrunkTokens: Sendable {
    /// Our own kind: MeCab's words in pieces, a line break after each sentence.
    case words(UnigramTokenizer)
    /// As others publish models.
    case text(TextTokens)

    /// The tokens that a tokenizer makes of texts, or of MeCab's words where it `readsWords`; nil for one
    /// that cannot read words.
    package init?(_ tokenizer: any TextTokenizer, readsWords: Bool) {
        if let own = tokenizer as? UnigramTokenizer, readsWords {
            self = .words(own)
        } else if readsWords {
            guard let tokens = TextTokens(wordsWith: tokenizer) else { return nil }
            self = .text(tokens)
        } else {
            self = .text(TextTokens(tokenizer))
        }
    }

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
