// SPDX-License-Identifier: Apache-2.0

/// One token of a text, with its place in it.
package struct TokenPiece: Hashable, Sendable {
    /// The token's number in the vocabulary.
    package let id: Int32
    /// The piece as the vocabulary writes it; for unknown characters, those characters.
    package let piece: String
    /// Offset of the first Unicode scalar of the text that the piece stands for.
    package let start: Int
    /// Offset after the last one.
    package let end: Int

    /// A token.
    package init(id: Int32, piece: String, start: Int, end: Int) {
        self.id = id
        self.piece = piece
        self.start = start
        self.end = end
    }
}
