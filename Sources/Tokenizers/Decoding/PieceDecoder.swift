// SPDX-License-Identifier: Apache-2.0

/// One step of a `tokenizer.json`'s decoder: changes the pieces of a text on their way to text.
///
/// Source: huggingface/tokenizers, `decoders/`.
enum PieceDecoder: Sendable {
    case byteLevel
    case byteFallback
    case fuse
    case strip(Unicode.Scalar, start: Int, stop: Int)
    case replace(TextPattern, with: [Unicode.Scalar])
    case metaspace(mark: Unicode.Scalar, dropsFirst: Bool)
    case wordPiece(prefix: [Unicode.Scalar], cleansUp: Bool)
    case bpe(suffix: [Unicode.Scalar])

    /// Pieces as lists of scalars, for a `String` joins marks with what is before them.
    typealias Piece = [Unicode.Scalar]

    /// What the step makes of the pieces.
    func apply(to pieces: [Piece]) -> [Piece] {
        switch self {
        case .byteLevel: [Self.textOfBytes(pieces)]
        case .byteFallback: Self.joinBytePieces(pieces)
        case .fuse: [Array(pieces.joined())]
        case .strip(let content, let start, let stop):
            pieces.map { Self.strip($0, content, start, stop) }
        case .replace(let pattern, let content):
            pieces.map { pattern.replacing($0, with: content) }
        case .metaspace(let mark, let dropsFirst):
            pieces.enumerated().map { index, piece in
                index == 0 && dropsFirst
                    ? piece.filter { $0 != mark } : piece.map { $0 == mark ? " " : $0 }
            }
        case .wordPiece(let prefix, let cleansUp):
            pieces.enumerated().map { index, piece in
                let spaced = index == 0 ? piece : Self.continued(piece, prefix)
                return cleansUp ? Self.cleaned(spaced) : spaced
            }
        case .bpe(let suffix):
            pieces.enumerated().map { index, piece in
                let isLast = index == pieces.count - 1
                return TextPattern(literal: suffix.text)
                    .replacing(piece, with: isLast ? [] : [" "])
            }
        }
    }

    private static func textOfBytes(_ pieces: [Piece]) -> Piece {
        var bytes: [UInt8] = []
        for piece in pieces {
            let mapped = piece.compactMap(ByteAlphabet.byte)
            bytes += mapped.count == piece.count ? mapped : Array(piece.text.utf8)
        }
        return Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }

    /// Runs of `<0x00>` to `<0xFF>` become the text of their bytes, or, where that is no UTF-8, a
    /// replacement character for each.
    private static func joinBytePieces(_ pieces: [Piece]) -> [Piece] {
        var result: [Piece] = []
        var bytes: [UInt8] = []
        func flush() {
            guard !bytes.isEmpty else { return }
            if let text = String(validating: bytes, as: UTF8.self) {
                result.append(Array(text.unicodeScalars))
            } else {
                result += Array(repeating: ["\u{FFFD}"], count: bytes.count)
            }
            bytes.removeAll()
        }
        for piece in pieces {
            if let byte = byte(of: piece) {
                bytes.append(byte)
            } else {
                flush()
                result.append(piece)
            }
        }
        flush()
        return result
    }

    /// The byte of `<0xE3>`.
    static func byte(of piece: Piece) -> UInt8? {
        guard piece.count == 6, piece.starts(with: ["<", "0", "x"]), piece[5] == ">" else {
            return nil
        }
        return UInt8(piece[3..<5].map(String.init).joined(), radix: 16)
    }

    private static func strip(
        _ piece: Piece, _ content: Unicode.Scalar, _ start: Int, _ stop: Int
    ) -> Piece {
        let first = piece.prefix(start).prefix { $0 == content }.count
        let last = piece.reversed().prefix(stop).prefix { $0 == content }.count
        return Array(piece[first..<max(first, piece.count - last)])
    }

    private static func continued(_ piece: Piece, _ prefix: [Unicode.Scalar]) -> Piece {
        piece.starts(with: prefix) ? Array(piece.dropFirst(prefix.count)) : [" "] + piece
    }

    private static let cleanups: [(TextPattern, [Unicode.Scalar])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
        (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (TextPattern(literal: $0), Array($1.unicodeScalars)) }

    /// Takes away the spaces that English does not write.
    private static func cleaned(_ piece: Piece) -> Piece {
        guard piece.contains(" ") else { return piece }
        return cleanups.reduce(piece) { $1.0.replacing($0, with: $1.1) }
    }

    /// The step's name with what sets it apart.
    var summary: String {
        switch self {
        case .byteLevel: "ByteLevel"
        case .byteFallback: "ByteFallback"
        case .fuse: "Fuse"
        case .strip(let content, let start, let stop):
            "Strip(\(String(content).debugDescription), \(start), \(stop))"
        case .replace(let pattern, let content):
            "Replace(\(pattern.text.debugDescription) → \(content.text.debugDescription))"
        case .metaspace(let mark, let dropsFirst):
            "Metaspace(\(mark), drops the first: \(dropsFirst))"
        case .wordPiece(let prefix, let cleansUp):
            "WordPiece(\(prefix.text.debugDescription), cleans up: \(cleansUp))"
        case .bpe(let suffix): "BPEDecoder(\(suffix.text.debugDescription))"
        }
    }
}
