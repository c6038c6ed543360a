// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// A tokenizer as the metadata of a GGUF file hold it: a list of tokens and what is needed to use them.
///
/// Source: ggml's `docs/gguf.md`, `tokenizer.ggml.*`, and llama.cpp's `llama-vocab.cpp`.
package struct VocabularyTable: Equatable, Sendable {
    /// How text becomes tokens, by the file's names.
    package enum Kind: String, Sendable {
        /// SentencePiece's byte pair encoding.
        case llama
        /// Byte-level byte pair encoding, as GPT-2's.
        case gpt2
        /// SentencePiece's Unigram.
        case t5
    }

    /// What a token is for, by the file's numbers, which are SentencePiece's.
    package enum TokenKind: Int, Sendable {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    /// How text becomes tokens.
    package var kind: Kind
    /// Tokens by id.
    package var tokens: [String] = []
    /// A score for each token; empty for `gpt2`.
    package var scores: [Float] = []
    /// What each token is for.
    package var kinds: [TokenKind] = []
    /// Merges, the first first, as two pieces with a space between them; for `gpt2` only.
    package var merges: [String] = []
    /// The name of the pattern that cuts text before merging; for `gpt2` only.
    package var pattern: String?
    /// The token before a text.
    package var begin: Int?
    /// The token after a text.
    package var end: Int?
    /// The token for characters that are in no piece.
    package var unknown: Int?
    /// The token that fills rows.
    package var padding: Int?
    /// Whether the begin token belongs before a text; nil where the file says nothing.
    package var addsBegin: Bool?
    /// Whether the end token belongs after a text; nil where the file says nothing.
    package var addsEnd: Bool?
    /// Whether a space is put before a text.
    package var addsSpacePrefix = true
    /// Whether spaces at the ends, and all but one in a row, are removed.
    package var removesExtraSpaces = false
    /// SentencePiece's compiled table of replacements; empty for none.
    package var characterMap: [UInt8] = []

    /// An empty table.
    package init(kind: Kind) { self.kind = kind }

    /// Most tokens of a table.
    package static let tokenLimit = PieceVocabulary.idLimit

    /// The tokenizer; `name` is what errors call the file.
    ///
    /// The table is written as the file that `file(name:)` gives and read as such a file is, so that
    /// whatever is wrong with it is found by the same checks. Throws `TokenizerError`.
    package func tokenizer(name: String) throws -> any TextTokenizer {
        switch kind {
        case .gpt2:
            return try JSONTokenizers.tokenizer(in: try json(name: name), name: name)
        case .llama, .t5:
            return SentencePieceTokenizer(
                try SentencePieceModel(try sentencePieceModel(name: name), file: name),
                addsBegin: addsBegin ?? (kind == .llama), addsEnd: addsEnd ?? (kind == .t5))
        }
    }

    /// The file of the tokenizer and its usual name: `tokenizer.json`, or `tokenizer.model` where the
    /// kind is SentencePiece's. Throws `TokenizerError`; `name` is what errors call the table's file.
    package func file(name: String) throws(TokenizerError) -> (name: String, content: Data) {
        switch kind {
        case .gpt2: ("tokenizer.json", try json(name: name))
        case .llama, .t5: ("tokenizer.model", Data(try sentencePieceModel(name: name)))
        }
    }

    /// Checks that the lists fit each other and that ids name tokens.
    func check(name: String) throws(TokenizerError) {
        let prefix = "tokenizer.ggml."
        guard !tokens.isEmpty else { throw .missing(file: name, field: prefix + "tokens") }
        guard tokens.count <= Self.tokenLimit else {
            throw .tooLarge(
                file: name, field: prefix + "tokens", count: tokens.count,
                limit: Self.tokenLimit)
        }
        guard kinds.count == tokens.count else {
            throw .malformed(file: name, field: prefix + "token_type")
        }
        guard kind == .gpt2 || scores.count == tokens.count else {
            throw .malformed(file: name, field: prefix + "scores")
        }
        let ids = [
            ("bos_token_id", begin), ("eos_token_id", end), ("unknown_token_id", unknown),
            ("padding_token_id", padding),
        ]
        for case (let field, let id?) in ids where !tokens.indices.contains(id) {
            throw .outOfRange(
                file: name, field: prefix + field, value: id, count: tokens.count)
        }
    }

    /// The table without the unused tokens at its end, with which writers fill a vocabulary up.
    func withoutFilling() -> VocabularyTable {
        var table = self
        while table.kinds.last == .unused, table.tokens.count > 1 {
            table.kinds.removeLast()
            table.tokens.removeLast()
            if !table.scores.isEmpty { table.scores.removeLast() }
        }
        return table
    }
}
