// SPDX-License-Identifier: Apache-2.0

/// What a post-processor does to the tokens of one text.
struct PostProcessing: Sendable {
    /// Ids before the text.
    var before: [Int32] = []
    /// Ids after the text.
    var after: [Int32] = []
    /// For each step that takes the spaces off the offsets, whether the first piece keeps the
    /// space that the pre-tokeniser gave it.
    var trims: [Bool] = []

    /// Takes the spaces of pieces off their offsets.
    ///
    /// Source: huggingface/tokenizers, `pre_tokenizers/byte_level.rs`, `process_offsets`.
    func trim(_ tokens: [TokenPiece]) -> [TokenPiece] {
        trims.reduce(tokens) { tokens, keepsFirst in
            tokens.enumerated().map { index, token in
                Self.trimmed(token, isFirst: index == 0, keepsFirst: keepsFirst)
            }
        }
    }

    private static func trimmed(
        _ token: TokenPiece, isFirst: Bool, keepsFirst: Bool
    ) -> TokenPiece {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar == ByteAlphabet.scalars[0x20] || LibraryCharacters.isSpace(scalar)
        }
        let scalars = token.piece.unicodeScalars
        var leading = scalars.prefix(while: isSpace).count
        let trailing = scalars.reversed().prefix(while: isSpace).count
        guard leading > 0 || trailing > 0 else { return token }
        var (start, end) = (token.start, token.end)
        if leading > 0 {
            if isFirst || start == 0, keepsFirst, leading == 1 { leading = 0 }
            start = min(start + leading, end)
        }
        if trailing > 0, end >= trailing { end = max(end - trailing, start) }
        return TokenPiece(id: token.id, piece: token.piece, start: start, end: end)
    }
}
