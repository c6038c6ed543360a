// SPDX-License-Identifier: Apache-2.0
extension UnigramTokenizer {
    /// The tokens of a raw text, with offsets in its Unicode scalars.
    ///
    /// As in the reference, a U+2581 that stands for nothing in the text has the offsets of the
    /// character after it. The tokens that a post-processor would add are not among them.
    package func encode(_ text: String) -> [TokenPiece] {
        var pieces: [TokenPiece] = []
        var scratch = UnigramSegmenter.Scratch()
        let bytes = Array(text.utf8)
        var position = ScalarPosition()
        scan.parts(of: bytes) { part, word in
            switch part {
            case .special(let id, let range):
                let start = position.offset(of: range.lowerBound, in: bytes)
                let end = position.offset(of: range.upperBound, in: bytes)
                pieces.append(
                    TokenPiece(id: id, piece: content(of: id), start: start, end: end))
            case .word(let startByte, let isPrepended):
                segmenter.segment(word, &scratch)
                let start = position.offset(of: startByte, in: bytes)
                append(
                    scratch.segments, of: word, at: start, isPrepended: isPrepended, to: &pieces)
            }
        }
        return pieces
    }

    private func append(
        _ segments: [UnigramSegmenter.Segment], of word: [UInt8], at start: Int,
        isPrepended: Bool, to pieces: inout [TokenPiece]
    ) {
        var byte = 0
        var scalar = 0
        for segment in segments {
            let bytes = word[byte..<segment.end]
            let next = scalar + bytes.count(where: { !UTF8.isContinuation($0) })
            let shift = isPrepended ? 1 : 0
            pieces.append(
                TokenPiece(
                    id: segment.id,
                    piece: segment.id == unknown
                        ? String(decoding: bytes, as: UTF8.self) : content(of: segment.id),
                    start: start + max(scalar - shift, 0),
                    end: start + max(next - shift, 1)))
            (byte, scalar) = (segment.end, next)
        }
    }
}

/// Counts scalars up to bytes that are asked for in ascending order.
private struct ScalarPosition {
    private var byte = 0
    private var scalar = 0

    /// Number of scalars before `target`, which must not lie before an earlier one.
    mutating func offset(of target: Int, in text: [UInt8]) -> Int {
        while byte < target {
            if !UTF8.isContinuation(text[byte]) { scalar += 1 }
            byte += 1
        }
        return scalar
    }
}
