// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The words of a training text with every place where a piece may stand in them.
///
/// The pieces that begin at a position are the edges `firstEdge[position]..<firstEdge[position
/// + 1]`. Each position of a word has the edge of its own character, so every word has a path.
struct PieceLattice: Sendable {
    /// A piece, by one place where it stands.
    struct Piece: Sendable {
        let position: Int
        let length: Int
        var probability: Double
    }

    struct Edge: Sendable {
        var piece: Int32
        let length: Int32
    }

    let words: TrainingWords
    private(set) var pieces: [Piece]
    private(set) var edges: [Edge]
    private(set) var firstEdge: [Int]
    /// Ranges of words that are worked on one by one; they depend on the words only, so that
    /// sums come out the same on any number of threads.
    let shards: [Range<Int>]

    /// A lattice with the edges of each position.
    init(
        words: TrainingWords, pieces: [Piece], edges: (first: [Int], edges: [Edge])
    ) {
        self.words = words
        self.pieces = pieces
        shards = Self.shards(of: words)
        firstEdge = edges.first
        self.edges = edges.edges
    }

    /// The characters of a piece.
    func scalars(of piece: Piece) -> ArraySlice<UInt32> {
        words.scalars[piece.position..<piece.position + piece.length]
    }

    /// Gives pieces new probabilities; those whose probability is nil leave the lattice.
    mutating func update(_ probabilities: [Double?]) {
        var newIndex = [Int32](repeating: -1, count: pieces.count)
        var kept: [Piece] = []
        for (index, probability) in probabilities.enumerated() {
            guard let probability else { continue }
            newIndex[index] = Int32(kept.count)
            kept.append(pieces[index])
            kept[kept.count - 1].probability = probability
        }
        let isSmaller = kept.count < pieces.count
        pieces = kept
        if isSmaller { renumberEdges(newIndex) }
    }

    private mutating func renumberEdges(_ newIndex: [Int32]) {
        var next = 0
        var begin = 0
        for position in words.scalars.indices {
            let end = firstEdge[position + 1]
            firstEdge[position] = next
            for edge in begin..<end where newIndex[Int(edges[edge].piece)] >= 0 {
                edges[next] = Edge(
                    piece: newIndex[Int(edges[edge].piece)], length: edges[edge].length)
                next += 1
            }
            begin = end
        }
        firstEdge[words.scalars.count] = next
        edges.removeLast(edges.count - next)
    }

    /// Probabilities scaled by a constant for each character, so that products along a word stay
    /// near 1: the constant falls out of every ratio and comparison of paths of one length.
    func weights() -> [Double] {
        var entropy = 0.0
        var length = 0.0
        for piece in pieces {
            entropy -= piece.probability * log(piece.probability)
            length += piece.probability * Double(piece.length)
        }
        let scale = min(max(entropy / length, 0), 12)
        return pieces.map { exp(log($0.probability) + scale * Double($0.length)) }
    }

    private static func shards(of words: TrainingWords) -> [Range<Int>] {
        let shardCount = 8
        var bounds = [0]
        for shard in 1..<shardCount {
            let target = words.scalars.count / shardCount * shard
            var word = bounds[shard - 1]
            while word < words.counts.count, words.starts[word] < target { word += 1 }
            bounds.append(word)
        }
        bounds.append(words.counts.count)
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    }
}
