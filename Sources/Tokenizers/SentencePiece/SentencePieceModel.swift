// SPDX-License-Identifier: Apache-2.0

/// The contents of a SentencePiece model file: pieces, their scores and the settings that matter
/// for encoding and decoding.
///
/// A value of this type is consistent: there is one piece for unknown characters, no piece stands
/// twice among those that text may become, every score is finite, and with byte fallback there is
/// a piece for each byte. Source: google/sentencepiece, `sentencepiece_model.proto`.
package struct SentencePieceModel: Sendable {
    /// How text is cut into pieces.
    enum Algorithm: UInt64, Sendable {
        /// The most likely sequence of pieces.
        case unigram = 1
        /// Neighbours are merged, those of the highest score first.
        case bpe = 2
        /// A piece is a word.
        case word = 3
        /// A piece is a character.
        case character = 4
    }

    /// What a piece is for.
    enum PieceKind: UInt64, Sendable {
        /// Made of text.
        case normal = 1
        /// Stands for characters that are in no piece.
        case unknown = 2
        /// Never made of text, nor shown.
        case control = 3
        /// Always one piece where it stands in a text.
        case userDefined = 4
        /// Never used for encoding.
        case unused = 5
        /// One byte of a character that is in no piece.
        case byte = 6

        /// Whether text may be this piece, or go through it.
        var isText: Bool { self == .normal || self == .userDefined || self == .unused }
    }

    /// A piece.
    struct Piece: Sendable {
        var text = ""
        var score: Float = 0
        var kind = PieceKind.normal
    }

    /// How text is changed before it is cut, or after it was put together.
    struct Normalization: Sendable {
        var name = ""
        var map: PrecompiledCharacterMap?
        var addsDummyPrefix = true
        var removesExtraSpaces = true
        var escapesSpaces = true
        var treatsSpaceAsSuffix = false
    }

    /// Pieces by id.
    var pieces: [Piece] = []
    var algorithm = Algorithm.unigram
    var hasByteFallback = false
    /// What an unknown piece is decoded to.
    var unknownSurface = " \u{2047} "
    /// Texts of the control pieces that begin and end a text.
    var beginPiece = "<s>"
    var endPiece = "</s>"
    var normalization = Normalization()
    var denormalization: Normalization?
    /// Id of the piece for unknown characters.
    var unknown: Int32 = 0
    /// Ids of the pieces for bytes; empty without byte fallback.
    var bytePieces: [Int32] = []

    /// Most pieces that a file may hold.
    package static let pieceLimit = 1 << 20
    /// Longest piece, in UTF-8 bytes; that of a word model may be a whole sentence.
    package static let pieceByteLimit = 1 << 14
    /// Largest file that is read, in bytes.
    package static let fileByteLimit = 64 << 20

    /// The byte that a piece such as `<0x0A>` stands for.
    static func byte(of piece: String) -> UInt8? {
        let text = Array(piece.utf8)
        guard text.count == 6, piece.hasPrefix("<0x"), text[5] == UInt8(ascii: ">") else {
            return nil
        }
        // Written in capitals, as SentencePiece writes and reads them.
        var value: UInt8 = 0
        for digit in text[3...4] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - 0x30)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | (digit - 0x37)
            default: return nil
            }
        }
        return value
    }

    /// Checks the pieces against each other and finds those with a special part.
    ///
    /// Source: google/sentencepiece, `model_interface.cc`.
    mutating func complete(file: String) throws {
        var seen: [Bool: Set<[UInt8]>] = [:]
        var unknowns: [Int] = []
        var byteIDs = [Int32](repeating: -1, count: 256)
        for (index, piece) in pieces.enumerated() {
            let field = "pieces[\(index)]"
            // Bytes, for `String` takes か with a voicing mark and が for the same.
            guard seen[piece.kind.isText, default: []].insert(Array(piece.text.utf8)).inserted
            else { throw TokenizerError.duplicate(file: file, field: field) }
            switch piece.kind {
            case .unknown: unknowns.append(index)
            case .byte:
                guard hasByteFallback, let byte = Self.byte(of: piece.text) else {
                    throw TokenizerError.malformed(file: file, field: field + ".piece")
                }
                byteIDs[Int(byte)] = Int32(index)
            default: break
            }
        }
        guard let first = unknowns.first else {
            throw TokenizerError.missing(file: file, field: "pieces (UNKNOWN)")
        }
        guard unknowns.count == 1 else {
            throw TokenizerError.duplicate(file: file, field: "pieces[\(unknowns[1])].type")
        }
        unknown = Int32(first)
        guard hasByteFallback else { return }
        if let missing = byteIDs.firstIndex(of: -1) {
            throw TokenizerError.missing(file: file, field: "pieces (BYTE \(missing))")
        }
        bytePieces = byteIDs
    }
}
