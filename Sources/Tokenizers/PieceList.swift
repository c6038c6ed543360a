// SPDX-License-Identifier: Apache-2.0

/// The pieces of a vocabulary by id, in flat arrays: 12 bytes a piece and the UTF-8 of its text.
package struct PieceList: RandomAccessCollection, Equatable, Sendable {
    private let bytes: [UInt8]
    /// Where each piece ends in `bytes`.
    private let ends: [UInt32]
    /// Score of each piece.
    let scores: [Double]

    /// A list; all texts together must be shorter than 4 GiB.
    init(_ pieces: [UnigramVocabulary.Piece]) {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.text.utf8.count })
        ends.reserveCapacity(pieces.count)
        for piece in pieces {
            bytes += piece.text.utf8
            ends.append(UInt32(bytes.count))
        }
        self.bytes = bytes
        self.ends = ends
        scores = pieces.map(\.score)
    }

    /// The first id.
    package var startIndex: Int { 0 }
    /// Number of pieces.
    package var endIndex: Int { ends.count }

    /// The piece with this id.
    package subscript(id: Int) -> UnigramVocabulary.Piece {
        UnigramVocabulary.Piece(text: text(of: id), score: scores[id])
    }

    /// The text of the piece with this id, in UTF-8.
    @inline(__always)
    func utf8(of id: Int) -> ArraySlice<UInt8> {
        bytes[(id > 0 ? Int(ends[id - 1]) : 0)..<Int(ends[id])]
    }

    /// The text of the piece with this id.
    func text(of id: Int) -> String { String(decoding: utf8(of: id), as: UTF8.self) }
}
