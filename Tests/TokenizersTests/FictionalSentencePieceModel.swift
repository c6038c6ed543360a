// SPDX-License-Identifier: Apache-2.0
import Tokenizers

/// A small SentencePiece model over invented pieces, written field by field.
struct FictionalSentencePieceModel {
    struct Piece {
        var text: [UInt8]
        var score: Float = 0
        var kind: UInt64 = 1

        init(_ text: String, _ score: Float = 0, kind: UInt64 = 1) {
            self.text = Array(text.utf8)
            self.score = score
            self.kind = kind
        }
    }

    var pieces: [Piece] = [
        Piece("<unk>", kind: 2), Piece("<s>", kind: 3), Piece("</s>", kind: 3), Piece("▁", -2),
        Piece("▁発熱", -4), Piece("発", -6), Piece("熱", -6), Piece("を", -5), Piece("mg", -5),
        Piece("m", -7), Piece("g", -7), Piece("ガ", -6), Piece("<sep>", kind: 4),
        Piece("発熱を", -1, kind: 5),
    ]
    /// Fields of the trainer's settings.
    var trainer: [UInt8] = []
    /// Fields of the normaliser's settings.
    var normalizer: [UInt8] = []

    var bytes: [UInt8] {
        var content: [UInt8] = []
        for piece in pieces {
            content += Self.message(
                1,
                Self.message(1, piece.text) + [0x15] + Self.word(piece.score.bitPattern)
                    + Self.number(3, piece.kind))
        }
        return content + Self.message(2, trainer) + Self.message(3, normalizer)
    }

    func tokenizer() throws -> SentencePieceTokenizer {
        SentencePieceTokenizer(try SentencePieceModel(bytes, file: "fictional.model"))
    }

    static func message(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(content.count)) + content
    }

    static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
        varint(field << 3) + varint(value)
    }

    static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
