// SPDX-License-Identifier: Apache-2.0

/// What every tokenizer can do, whatever file it came from.
///
/// Values may be shared between threads. Nothing here fails: whatever is wrong with a tokenizer is
/// found when its file is read.
package protocol TextTokenizer: Sendable {
    /// Number of ids: one more than the largest.
    var vocabularySize: Int { get }
    /// Ids that a post-processor puts before a text.
    var tokensBefore: [Int32] { get }
    /// Ids that a post-processor puts after a text.
    var tokensAfter: [Int32] { get }
    /// What the tokenizer is made of, for people to read.
    var summary: TokenizerSummary { get }

    /// The tokens of a raw text, with offsets in its Unicode scalars and without those that a
    /// post-processor would add.
    func encode(_ text: String) -> [TokenPiece]
    /// The ids of `encode(_:)`, without the cost of pieces and offsets.
    func ids(in text: String) -> [Int32]
    /// The text of these ids; ids that name no token are left out.
    func decode(_ ids: [Int32], skippingSpecial: Bool) -> String
    /// The piece or added token with this id, or nil.
    func piece(of id: Int32) -> String?
    /// The bytes that a token adds to a text, as the first one or after others; nil for special
    /// tokens, unless they stand for white space, and for ids that name no token.
    func bytes(of id: Int32, isFirst: Bool) -> [UInt8]?
    /// The id of exactly this added token or piece (compared by scalars), or nil.
    func id(of piece: String) -> Int32?
    /// The tokenizer for text whose special tokens are given apart; nil if there is none yet.
    var segmentTokenizer: (any SegmentTokenizer)? { get }
    /// The tokenizer for words that were cut before: the same pieces, none of which stands for the white
    /// space before a word; nil for a kind that cannot do without its own cutting.
    var wordTokenizer: (any TextTokenizer)? { get }
}

extension TextTokenizer {
    /// None.
    package var segmentTokenizer: (any SegmentTokenizer)? { nil }

    /// None.
    package var wordTokenizer: (any TextTokenizer)? { nil }

    /// The ids of `encode(_:)`.
    package func ids(in text: String) -> [Int32] { encode(text).map(\.id) }
}

/// The parts of a tokenizer in the words of its file, as `BPE` or `NFC`.
package struct TokenizerSummary: Codable, Equatable, Sendable {
    /// An added token that a decoder may leave out.
    package struct SpecialToken: Codable, Equatable, Sendable {
        /// The token's number.
        package let id: Int32
        /// The characters that are the token.
        package let content: String

        /// A special token.
        package init(id: Int32, content: String) {
            self.id = id
            self.content = content
        }
    }

    /// Kind of file, as `tokenizer.json` or `SentencePiece model`.
    package let source: String
    /// The model and the settings that change its answers.
    package let model: String
    /// The normaliser's steps in order; empty where there is none.
    package let normalizer: [String]
    /// The pre-tokeniser's steps in order; empty where there is none.
    package let preTokenizer: [String]
    /// The decoder's steps in order; empty where there is none.
    package let decoder: [String]
    /// Special tokens by id.
    package let specialTokens: [SpecialToken]
    /// Number of ids.
    package let vocabularySize: Int

    /// A summary.
    package init(
        source: String, model: String, normalizer: [String], preTokenizer: [String],
        decoder: [String], specialTokens: [SpecialToken], vocabularySize: Int
    ) {
        self.source = source
        self.model = model
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.decoder = decoder
        self.specialTokens = specialTokens
        self.vocabularySize = vocabularySize
    }
}
