// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
package import Tensors
package import Tokenizers

/// A token of a cleaned text with its place.
package struct PlacedToken: Hashable, Sendable {
    /// The token's number in the vocabulary.
    package let id: Int32
    /// Where it stands in the cleaned text; empty where it stands for no character of its own.
    package let range: CleanedRange
    /// The sentence that it is in.
    package let sentence: Int
    /// Whether it goes on with the word of the token before it, as WordPiece's `##` pieces do.
    package let continuesWord: Bool

    /// A token.
    package init(id: Int32, range: CleanedRange, sentence: Int, continuesWord: Bool) {
        self.id = id
        self.range = range
        self.sentence = sentence
        self.continuesWord = continuesWord
    }
}

/// The tokens of a text with what the model's own head says of each.
package struct LabelledTokens: Sendable {
    /// The tokens in order.
    package let tokens: [PlacedToken]
    /// The logits (T, K) of the labels.
    package let logits: Tensor

    /// Tokens with a row of logits each.
    package init(tokens: [PlacedToken], logits: Tensor) {
        precondition(logits.rows == tokens.count, "a row a token")
        self.tokens = tokens
        self.logits = logits
    }
}

/// Cuts analysed texts into the tokens of a published model.
package struct TextTokens: Sendable {
    private let tokenizer: any TextTokenizer
    /// Whether the tokenizer gets MeCab's words one by one.
    private let readsWords: Bool
    /// Ids of special tokens that a text must not bring about.
    private let markers: Set<Int32>
    /// What stands for a marker's characters in a text; nil where the tokenizer has no such token.
    private let unknown: Int32?

    /// Cuts with a model's tokenizer.
    package init(_ tokenizer: any TextTokenizer) { self.init(tokenizer, readsWords: false) }

    /// Cuts MeCab's words, one by one, with a model's tokenizer, so that no token reaches over the end of
    /// a word; nil for a tokenizer that cannot read words.
    package init?(wordsWith tokenizer: any TextTokenizer) {
        guard let words = tokenizer.wordTokenizer else { return nil }
        self.init(words, readsWords: true)
    }

    private init(_ tokenizer: any TextTokenizer, readsWords: Bool) {
        (self.tokenizer, self.readsWords) = (tokenizer, readsWords)
        let unknownNames = ["[UNK]", "<unk>", "<|unk|>"]
        unknown = unknownNames.lazy.compactMap { tokenizer.id(of: $0) }.first
        let unknown = self.unknown
        markers = Set(
            tokenizer.summary.specialTokens.lazy.filter { token in
                token.id != unknown && token.content.unicodeScalars.contains { !$0.isSpace }
            }.map(\.id))
    }

    /// The tokens of a text, those before and after it left out.
    ///
    /// The tokenizer gets sentences in a row with all that stands between them, up to the longest that
    /// a sentence may be, so that it cuts a short document as the model's publisher would; U+2581,
    /// our mark of white space, is given as a space. A special token's name in a text is read as an
    /// unknown character: documents are data.
    ///
    /// Where it gets words, each is by itself, and what stands between words is left out.
    package func tokens(of text: AnalyzedText) -> [PlacedToken] {
        if readsWords { return wordTokens(of: text) }
        var tokens: [PlacedToken] = []
        for block in Self.blocks(of: text) {
            let start = text.sentences[block.lowerBound].range.start
            let end = text.sentences[block.upperBound - 1].range.end
            let scalars = text.cleaned.scalars[start..<end].map { $0 == "\u{2581}" ? " " : $0 }
            var sentence = block.lowerBound
            for piece in tokenizer.encode(String(scalars: scalars[...])) {
                guard let id = plain(piece.id) else { continue }
                let range = CleanedRange(start: start + piece.start, end: start + piece.end)
                while sentence + 1 < block.upperBound,
                    text.sentences[sentence].range.end <= range.start
                {
                    sentence += 1
                }
                tokens.append(
                    PlacedToken(
                        id: id, range: range, sentence: sentence,
                        continuesWord: piece.piece.hasPrefix("##")
                            && tokens.last?.range.end == range.start))
            }
        }
        return tokens
    }

    private func wordTokens(of text: AnalyzedText) -> [PlacedToken] {
        var tokens: [PlacedToken] = []
        for (sentence, part) in text.sentences.enumerated() {
            for word in part.morphemes {
                let start = word.range.start
                let scalars = Array(text.cleaned.scalars[start..<word.range.end])
                var continues = false
                for piece in tokenizer.encode(String(scalars: scalars[...])) {
                    guard let id = plain(piece.id) else { continue }
                    tokens.append(
                        PlacedToken(
                            id: id,
                            range: CleanedRange(
                                start: start + piece.start, end: start + piece.end),
                            sentence: sentence, continuesWord: continues))
                    continues = true
                }
            }
        }
        return tokens
    }

    /// A token of a text, the unknown one in place of a marker; nil where there is none.
    private func plain(_ id: Int32) -> Int32? { markers.contains(id) ? unknown : id }

    /// Runs of sentences that the tokenizer gets at once.
    private static func blocks(of text: AnalyzedText) -> [Range<Int>] {
        let sentences = text.sentences
        var blocks: [Range<Int>] = []
        var first = 0
        for index in sentences.indices
        where sentences[index].range.end - sentences[first].range.start > SentenceSplitter.longest
            && index > first
        {
            blocks.append(first..<index)
            first = index
        }
        if first < sentences.count { blocks.append(first..<sentences.count) }
        return blocks
    }
}
