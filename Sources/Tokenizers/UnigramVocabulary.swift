// SPDX-License-Identifier: Apache-2.0

/// The contents of a Unigram tokenizer file: pieces, their scores and the added tokens.
///
/// A value of this type is consistent: every id is in range, no piece stands twice, every score
/// is finite. Ids below `pieces.count` are the model's, further ones those of added tokens.
package struct UnigramVocabulary: Equatable, Sendable {
    /// A piece of text and the logarithm of its probability.
    package struct Piece: Equatable, Sendable {
        /// The piece; U+2581 stands for the space before a word.
        package let text: String
        /// Natural logarithm of the probability; 0 for special tokens.
        package let score: Double

        /// A piece.
        package init(text: String, score: Double) {
            self.text = text
            self.score = score
        }
    }

    /// A token that is recognised in raw text before anything else.
    package struct AddedToken: Equatable, Sendable {
        /// The token's number.
        package let id: Int32
        /// The characters that are the token.
        package let content: String
        /// Whether `decode` may leave it out.
        package let isSpecial: Bool

        /// An added token.
        package init(id: Int32, content: String, isSpecial: Bool = true) {
            self.id = id
            self.content = content
            self.isSpecial = isSpecial
        }
    }

    /// Pieces of the model by id.
    package let pieces: PieceList
    /// Added tokens in the file's order.
    package let addedTokens: [AddedToken]
    /// Id of the token for unknown characters.
    package let unknown: Int32
    /// Ids that the post-processor puts before and after a text; nil where there is none.
    package let template: Template?

    /// What a post-processor puts around a text.
    package struct Template: Equatable, Sendable {
        /// Ids before the text.
        package let before: [Int32]
        /// Ids after the text.
        package let after: [Int32]

        /// A template.
        package init(before: [Int32], after: [Int32]) {
            self.before = before
            self.after = after
        }
    }

    /// Most pieces that a file may hold.
    package static let pieceLimit = 1 << 20
    /// Longest piece or added token, in UTF-8 bytes.
    package static let pieceByteLimit = 1024
    /// Most added tokens that a file may hold.
    package static let addedTokenLimit = 4096

    /// Checks the parts against each other; `file` and the field's path go into the errors.
    ///
    /// Throws `TokenizerError` `.tooLarge`, `.malformed`, `.outOfRange`, `.duplicate`,
    /// `.missing`.
    package init(
        pieces: [Piece], addedTokens: [AddedToken], unknown: Int, template: Template?,
        file: String
    ) throws {
        try Self.check(pieces, file: file)
        guard pieces.indices.contains(unknown) else {
            throw TokenizerError.outOfRange(
                file: file, field: "model.unk_id", value: unknown, count: pieces.count)
        }
        try Self.check(addedTokens, pieces: pieces, file: file)
        let count = Self.idCount(pieces.count, addedTokens)
        for id in (template?.before ?? []) + (template?.after ?? [])
        where !(0..<count).contains(Int(id)) {
            throw TokenizerError.outOfRange(
                file: file, field: "post_processor", value: Int(id), count: count)
        }
        self.pieces = PieceList(pieces)
        self.addedTokens = addedTokens
        self.unknown = Int32(unknown)
        self.template = template
    }

    /// Number of ids, added tokens included.
    package var count: Int { Self.idCount(pieces.count, addedTokens) }

    private static func idCount(_ pieceCount: Int, _ addedTokens: [AddedToken]) -> Int {
        max(pieceCount, (addedTokens.map { Int($0.id) }.max() ?? -1) + 1)
    }

    private static func check(_ pieces: [Piece], file: String) throws {
        guard !pieces.isEmpty else {
            throw TokenizerError.missing(file: file, field: "model.vocab")
        }
        guard pieces.count <= pieceLimit else {
            throw TokenizerError.tooLarge(
                file: file, field: "model.vocab", count: pieces.count, limit: pieceLimit)
        }
        // Bytes, for `String` takes か with a voicing mark and が for the same.
        var seen: Set<[UInt8]> = []
        for (index, piece) in pieces.enumerated() {
            guard seen.insert(Array(piece.text.utf8)).inserted else {
                throw TokenizerError.duplicate(file: file, field: "model.vocab[\(index)]")
            }
            guard !piece.text.isEmpty else {
                throw TokenizerError.malformed(file: file, field: "model.vocab[\(index)][0]")
            }
            let bytes = piece.text.utf8.count
            guard bytes <= pieceByteLimit else {
                throw TokenizerError.tooLarge(
                    file: file, field: "model.vocab[\(index)][0]", count: bytes,
                    limit: pieceByteLimit)
            }
            // Sums of scores along a text must stay finite too.
            guard piece.score.isFinite, abs(piece.score) <= 1e9 else {
                throw TokenizerError.malformed(file: file, field: "model.vocab[\(index)][1]")
            }
        }
    }

    private static func check(
        _ addedTokens: [AddedToken], pieces: [Piece], file: String
    ) throws {
        guard addedTokens.count <= addedTokenLimit else {
            throw TokenizerError.tooLarge(
                file: file, field: "added_tokens", count: addedTokens.count,
                limit: addedTokenLimit)
        }
        // Beyond the model's pieces the ids must follow without a hole.
        let count = pieces.count + addedTokens.count(where: { Int($0.id) >= pieces.count })
        var ids: Set<Int32> = []
        var contents: Set<[UInt8]> = []
        for (index, token) in addedTokens.enumerated() {
            let field = "added_tokens[\(index)]"
            guard (0..<count).contains(Int(token.id)) else {
                throw TokenizerError.outOfRange(
                    file: file, field: field + ".id", value: Int(token.id), count: count)
            }
            let bytes = Array(token.content.utf8)
            guard !bytes.isEmpty, bytes.count <= pieceByteLimit else {
                throw TokenizerError.malformed(file: file, field: field + ".content")
            }
            guard ids.insert(token.id).inserted, contents.insert(bytes).inserted else {
                throw TokenizerError.duplicate(file: file, field: field)
            }
            guard Int(token.id) < pieces.count else { continue }
            guard pieces[Int(token.id)].text.utf8.elementsEqual(bytes) else {
                throw TokenizerError.malformed(file: file, field: field + ".content")
            }
        }
    }
}
