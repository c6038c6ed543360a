// SPDX-License-Identifier: Apache-2.0

/// The bytes that each token of a vocabulary adds to a text, as the tokenizer's decoder gives them.
///
/// A token may be less than a character (a byte of it), so that only the bytes of several together
/// are text. Tokens that show nothing, such as special ones, have none; added tokens that stand for
/// white space, such as a newline, have theirs.
package struct TokenBytes: Sendable {
    private let bytes: [UInt8]
    /// Where each token ends in `bytes`.
    private let ends: [UInt32]
    /// Those of tokens that add something else at the beginning of a text.
    private let first: [Int32: [UInt8]]

    /// The bytes of all tokens of a tokenizer.
    package init(_ tokenizer: any TextTokenizer) {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var first: [Int32: [UInt8]] = [:]
        ends.reserveCapacity(tokenizer.vocabularySize)
        for id in 0..<Int32(tokenizer.vocabularySize) {
            let later = tokenizer.bytes(of: id, isFirst: false) ?? []
            let beginning = tokenizer.bytes(of: id, isFirst: true) ?? []
            bytes += later
            ends.append(UInt32(clamping: bytes.count))
            if beginning != later { first[id] = beginning }
        }
        self.bytes = bytes
        self.ends = ends
        self.first = first
    }

    /// Number of ids.
    package var count: Int { ends.count }

    /// The bytes of a token, as the first of a text or after others; none for an unknown id.
    package func bytes(of id: Int32, isFirst: Bool) -> ArraySlice<UInt8> {
        guard id >= 0, Int(id) < ends.count else { return [] }
        if isFirst, let beginning = first[id] { return beginning[...] }
        return bytes[(id > 0 ? Int(ends[Int(id) - 1]) : 0)..<Int(ends[Int(id)])]
    }

    /// The bytes of a text.
    package func bytes(of ids: some Sequence<Int32>) -> [UInt8] {
        var result: [UInt8] = []
        for (index, id) in ids.enumerated() { result += bytes(of: id, isFirst: index == 0) }
        return result
    }

    /// Whether the first token of a text differs from later ones.
    package var hasFirstForms: Bool { !first.isEmpty }
}

extension UnigramTokenizer {
    /// The bytes that a token adds to a text; nil for special tokens and ids without a piece.
    package func bytes(of id: Int32, isFirst: Bool) -> [UInt8]? {
        guard let content = piece(of: id) else { return nil }
        if specialIDs.contains(id), MarkerToken.isMarker(content, isSpecial: true) { return nil }
        var text = String.UnicodeScalarView()
        for scalar in content.unicodeScalars {
            if scalar != "\u{2581}" {
                text.append(scalar)
            } else if !isFirst {
                text.append(" ")
            }
        }
        return Array(String(text).utf8)
    }
}

extension SentencePieceTokenizer {
    /// The bytes that a token adds to a text; nil for control pieces, the unknown one and ids without
    /// a piece. A rule for decoded text (denormalizer) sees one piece at a time.
    package func bytes(of id: Int32, isFirst: Bool) -> [UInt8]? {
        guard model.pieces.indices.contains(Int(id)) else { return nil }
        let piece = model.pieces[Int(id)]
        switch piece.kind {
        case .control, .unknown: return nil
        case .byte: return SentencePieceModel.byte(of: piece.text).map { [$0] }
        default:
            // A byte piece before it ends the beginning of the text, and shows as U+FFFD.
            let before = isFirst ? [] : anchor
            let text = Array(decode(before + [id], skippingSpecial: true).utf8)
            return Array(
                text.dropFirst(isFirst ? 0 : decode(anchor, skippingSpecial: true).utf8.count))
        }
    }

    /// A token that is text and does not begin with a space.
    private var anchor: [Int32] {
        textPieces.first { id in
            let text = model.pieces[Int(id)].text
            return !text.isEmpty && !text.unicodeScalars.contains("\u{2581}")
        }.map { [$0] } ?? []
    }
}

extension MeCabWordPieceTokenizer {
    /// The bytes that a token adds to a text; nil for special tokens and ids without a piece.
    package func bytes(of id: Int32, isFirst: Bool) -> [UInt8]? {
        guard let piece = piece(of: id), !special.all.contains(where: { $0.id == id }) else {
            return nil
        }
        if isFirst { return Array(piece.utf8) }
        return piece.utf8.starts(with: "##".utf8)
            ? Array(piece.utf8.dropFirst(2)) : [0x20] + Array(piece.utf8)
    }
}

extension PipelineTokenizer {
    /// The bytes that a token adds to a text that goes on; nil for special tokens and ids without a
    /// piece.
    func bytes(of id: Int32, isFirst: Bool) -> [UInt8]? {
        guard let piece = piece(of: id) else { return nil }
        if let token = parts.addedTokens.first(where: { $0.id == id }),
            MarkerToken.isMarker(token.content, isSpecial: token.isSpecial)
        {
            return nil
        }
        guard let decoders = parts.decoders else {
            return (isFirst ? [] : [0x20]) + Array(piece.utf8)
        }
        if case .byteLevel? = decoders.first, decoders.count == 1 {
            return ByteAlphabet.bytes(of: piece) ?? Array(piece.utf8)
        }
        if decoders.contains(where: { if case .byteFallback = $0 { true } else { false } }),
            let byte = PieceDecoder.byte(of: Array(piece.unicodeScalars)), byte >= 0x80
        {
            // Part of a character: alone it would show as U+FFFD.
            return [byte]
        }
        return Self.decoded(Array(piece.unicodeScalars), decoders, isFirst: isFirst)
    }

    /// What decoders make of a piece that others stand beside.
    private static func decoded(
        _ piece: PieceDecoder.Piece, _ decoders: [PieceDecoder], isFirst: Bool
    ) -> [UInt8]? {
        let anchor: PieceDecoder.Piece = ["a"]
        func text(_ pieces: [PieceDecoder.Piece]) -> [UInt8] {
            Array(Array(decoders.reduce(pieces) { $1.apply(to: $0) }.joined()).text.utf8)
        }
        // What comes after is cut off again; what comes before, too, unless there is nothing.
        let (alone, beside) = (text([anchor]), text([piece, anchor]))
        if isFirst {
            let tail = text([piece]).count < beside.count ? anchor.text.utf8.count : 0
            return Array(beside.dropLast(tail))
        }
        let between = text([anchor, piece, anchor])
        guard between.first == alone.first, between.last == alone.first else { return nil }
        return Array(between.dropFirst().dropLast())
    }
}
