// SPDX-License-Identifier: Apache-2.0
extension SentencePieceTokenizer {
    /// The end of the best path to a byte.
    private struct Arrival {
        var score: Float = 0
        var start: Int32 = -1
        var id: Int32 = -1
    }

    /// What an unknown character costs beyond the least likely piece.
    private static let unknownPenalty: Float = 10

    /// The most likely pieces of a text; of two equally good paths the first that was found.
    ///
    /// Sums are kept in single precision as in the reference, so that ties fall the same way. Source: google/sentencepiece, `unigram_model.cc`,
    /// `EncodeOptimized`.
    func unigramSegments(of text: [UInt8]) -> [Segment] {
        var arrivals = [Arrival](repeating: Arrival(), count: text.count + 1)
        let unknownScore = scoreLimits.lowest - Self.unknownPenalty
        var start = 0
        while start < text.count {
            let here = arrivals[start].score
            let length = UTF8Length.ofCharacter(text, at: start)
            var isKnown = false
            var node = PieceTrie.root
            var position = start
            while position < text.count, let next = trie.child(of: node, text[position]) {
                node = next
                position += 1
                let found = trie.id(at: node)
                guard found >= 0 else { continue }
                let id = textPieces[Int(found)]
                guard let score = score(of: id, length: position - start) else { continue }
                let candidate = score + here
                if arrivals[position].start < 0 || candidate > arrivals[position].score {
                    arrivals[position] = Arrival(score: candidate, start: Int32(start), id: id)
                }
                isKnown = isKnown || position - start == length
            }
            if !isKnown {
                let candidate = unknownScore + here
                let end = start + length
                if arrivals[end].start < 0 || candidate > arrivals[end].score {
                    arrivals[end] = Arrival(
                        score: candidate, start: Int32(start), id: model.unknown)
                }
            }
            start += length
        }
        return path(arrivals)
    }

    /// The score of a piece in a path, or nil if it is not used; a user-defined piece has one that
    /// makes it win.
    @inline(__always)
    private func score(of id: Int32, length: Int) -> Float? {
        switch model.pieces[Int(id)].kind {
        case .unused: nil
        case .userDefined: Float(Double(Float(length) * scoreLimits.highest) - 0.1)
        default: model.pieces[Int(id)].score
        }
    }

    private func path(_ arrivals: [Arrival]) -> [Segment] {
        var segments: [Segment] = []
        var end = arrivals.count - 1
        while end > 0 {
            segments.append(Segment(end: end, id: arrivals[end].id))
            end = Int(arrivals[end].start)
        }
        return segments.reversed()
    }
}
