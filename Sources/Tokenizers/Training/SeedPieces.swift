// SPDX-License-Identifier: Apache-2.0

/// Finds the pieces that training begins with: frequent substrings of the words.
enum SeedPieces {
    /// The lattice of all words over the seed pieces.
    ///
    /// A piece is every known character, and those substrings of at least two characters and at
    /// least two occurrences that are not always followed by the same character (the inner
    /// nodes of a suffix tree), the ones that cover most of the text first.
    static func lattice(
        of words: TrainingWords, parameters: UnigramTrainer.Parameters
    ) -> PieceLattice {
        let repeated = RepeatedSubstrings(
            in: words, longest: parameters.maximumPieceLength, threads: parameters.threads)
        let chosen = chosen(
            repeated, limit: max(0, parameters.seedLimit - words.characters.count))
        var characters = characterPieces(of: words)
        let total =
            characters.reduce(0.0) { $0 + $1.probability }
            + chosen.reduce(0.0) { $0 + $1.coverage }
        for index in characters.indices { characters[index].probability /= total }
        let pieces =
            characters
            + chosen.map {
                PieceLattice.Piece(
                    position: Int(repeated.order[Int($0.first)]), length: Int($0.length),
                    probability: $0.coverage / total)
            }
        return PieceLattice(
            words: words, pieces: pieces,
            edges: edges(of: words, chosen, repeated.order))
    }

    /// A piece for each known character, in ascending order, with its count as probability.
    private static func characterPieces(of words: TrainingWords) -> [PieceLattice.Piece] {
        let codes = Dictionary(
            uniqueKeysWithValues: zip(words.characters, words.characters.indices))
        var positions = [Int](repeating: 0, count: words.characters.count)
        var counts = [Int](repeating: 0, count: words.characters.count)
        for word in words.counts.indices {
            for position in words.starts[word]..<words.starts[word + 1] {
                guard let code = codes[words.scalars[position]] else { continue }
                positions[code] = position
                counts[code] += words.counts[word]
            }
        }
        return positions.indices.map {
            PieceLattice.Piece(
                position: positions[$0], length: 1, probability: Double(max(counts[$0], 1)))
        }
    }

    private static func chosen(
        _ repeated: RepeatedSubstrings, limit: Int
    ) -> [RepeatedSubstrings.Substring] {
        // Substrings begin at different places of the order or differ in length.
        let substrings = repeated.substrings.sorted {
            if $0.coverage != $1.coverage { return $0.coverage > $1.coverage }
            return $0.first != $1.first ? $0.first < $1.first : $0.length < $1.length
        }
        return Array(substrings.prefix(limit))
    }

    /// The edges of the lattice by position, short ones first; pieces are numbered characters
    /// first, then in the order of `chosen`.
    private static func edges(
        of words: TrainingWords, _ chosen: [RepeatedSubstrings.Substring], _ order: [UInt32]
    ) -> (first: [Int], edges: [PieceLattice.Edge]) {
        var first = [Int](repeating: 1, count: words.scalars.count + 1)
        for substring in chosen {
            for index in substring.first..<substring.end { first[Int(order[Int(index)])] += 1 }
        }
        var sum = 0
        for position in first.indices { (first[position], sum) = (sum, sum + first[position]) }
        var next = first
        var edges = [PieceLattice.Edge](
            repeating: PieceLattice.Edge(piece: 0, length: 1), count: first[words.scalars.count])
        let codes = Dictionary(
            uniqueKeysWithValues: zip(words.characters, words.characters.indices))
        for (position, scalar) in words.scalars.enumerated() {
            edges[next[position]].piece = Int32(codes[scalar] ?? 0)
            next[position] += 1
        }
        let byLength = chosen.indices.sorted {
            (chosen[$0].length, $0) < (chosen[$1].length, $1)
        }
        for index in byLength {
            let edge = PieceLattice.Edge(
                piece: Int32(words.characters.count + index),
                length: Int32(chosen[index].length))
            for place in chosen[index].first..<chosen[index].end {
                let position = Int(order[Int(place)])
                edges[next[position]] = edge
                next[position] += 1
            }
        }
        return (first, edges)
    }
}
