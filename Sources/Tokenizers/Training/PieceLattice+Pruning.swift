// SPDX-License-Identifier: Apache-2.0
import Foundation

extension PieceLattice {
    /// Leaves out the pieces that the likelihood of the text misses least, down to `size`.
    ///
    /// Of pieces that are missed alike, those that covered more of the text as seeds stay.
    /// Characters stay, even where they alone are more than `size`.
    mutating func prune(to size: Int, threads: Int) {
        let frequencies = bestPathFrequencies(threads: threads)
        let losses = losses(frequencies, threads: threads)
        var isKept = pieces.map { $0.length == 1 }
        let free = size - isKept.count(where: { $0 })
        let candidates = losses.enumerated()
            .compactMap { index, loss in loss.map { (index: index, loss: $0) } }
            .sorted { $0.loss != $1.loss ? $0.loss > $1.loss : $0.index < $1.index }
        for candidate in candidates.prefix(max(0, free)) { isKept[candidate.index] = true }
        update(pieces.indices.map { isKept[$0] ? pieces[$0].probability : nil })
    }

    /// How often each piece stands in the best segmentations of the words.
    private func bestPathFrequencies(threads: Int) -> [Int] {
        let weights = weights()
        let parts = inParallel(shards.count, threads: threads) { shard in
            var frequencies = [Int](repeating: 0, count: pieces.count)
            var path = BestPath()
            for word in shards[shard] {
                path.search(
                    self, weights, words.starts[word]..<words.starts[word + 1], without: -1)
                for piece in path.pieces { frequencies[piece] += words.counts[word] }
            }
            return frequencies
        }
        var sum = parts[0]
        for part in parts.dropFirst() {
            for index in sum.indices { sum[index] += part[index] }
        }
        return sum
    }

    /// For each piece, how much less likely the text becomes without it; nil for one that may go
    /// at no loss and for characters.
    private func losses(_ frequencies: [Int], threads: Int) -> [Double?] {
        let weights = weights()
        let total = Double(frequencies.reduce(0, +))
        let blocks = shards.count
        let parts = inParallel(blocks, threads: threads) { block in
            var path = BestPath()
            let range = pieces.count * block / blocks..<pieces.count * (block + 1) / blocks
            return range.map { loss(of: $0, frequencies, total, weights, &path) }
        }
        return parts.flatMap { $0 }
    }

    /// The loss where all occurrences of a piece are written with the pieces of its second best
    /// segmentation instead, each of which becomes more frequent by that.
    ///
    /// A substring became a piece because it was seen twice, so only the occurrences beyond these
    /// tell that it will be seen again. Did those two count, passages of full length that stand
    /// twice in a text would take the place of pieces that all text needs.
    private func loss(
        of index: Int, _ frequencies: [Int], _ total: Double, _ weights: [Double],
        _ path: inout BestPath
    ) -> Double? {
        let piece = pieces[index]
        let frequency = Double(frequencies[index])
        guard piece.length > 1, frequency > 0 else { return nil }
        path.search(
            self, weights, piece.position..<piece.position + piece.length, without: index)
        // On the best path although another way is better: only rounding does that.
        guard path.weight <= weights[index] else { return .infinity }
        let newTotal = total + frequency * Double(path.pieces.count - 1)
        let alternative = path.pieces.reduce(0.0) {
            $0 + log((Double(frequencies[$1]) + frequency) / newTotal)
        }
        let evidence = max(frequency - Double(RepeatedSubstrings.leastOccurrences), 0)
        return evidence / total * (log(frequency / total) - alternative)
    }
}

/// The most likely segmentation of a stretch of the lattice.
private struct BestPath {
    /// The pieces on the path, last first.
    private(set) var pieces: [Int] = []
    /// Product of their weights.
    private(set) var weight = 0.0
    private var nodes = [(weight: Double, piece: Int32, start: Int32)](
        repeating: (0, -1, 0), count: TrainingWords.lengthLimit + 1)

    @inline(__always)
    mutating func search(
        _ lattice: PieceLattice, _ weights: [Double], _ range: Range<Int>, without excluded: Int
    ) {
        for index in 0...range.count { nodes[index] = (0, -1, 0) }
        nodes[0].weight = 1
        for index in 0..<range.count {
            let here = nodes[index].weight
            let position = range.lowerBound + index
            for edge in lattice.firstEdge[position]..<lattice.firstEdge[position + 1] {
                let (piece, length) = (lattice.edges[edge].piece, lattice.edges[edge].length)
                let end = index + Int(length)
                guard end <= range.count, Int(piece) != excluded else { continue }
                let weight = here * weights[Int(piece)]
                if nodes[end].piece < 0 || weight > nodes[end].weight {
                    nodes[end] = (weight, piece, Int32(index))
                }
            }
        }
        weight = nodes[range.count].weight
        pieces.removeAll(keepingCapacity: true)
        var end = range.count
        while end > 0 {
            pieces.append(Int(nodes[end].piece))
            end = Int(nodes[end].start)
        }
    }
}
