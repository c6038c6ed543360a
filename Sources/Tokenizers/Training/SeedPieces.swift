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
        let substrings = Substrings(words, longest: parameters.maximumPieceLength)
        let nodes = substrings.nodes
        let seeds = chosen(nodes, limit: parameters.seedLimit)
        let total = seeds.reduce(0.0) { $0 + coverage(nodes[$1]) }
        var pieceOfNode = [Int32](repeating: -1, count: nodes.count)
        var pieces: [PieceLattice.Piece] = []
        for seed in seeds {
            pieceOfNode[seed] = Int32(pieces.count)
            pieces.append(
                PieceLattice.Piece(
                    position: Int(nodes[seed].position), length: Int(nodes[seed].length),
                    probability: max(coverage(nodes[seed]), 1) / total))
        }
        return PieceLattice(
            words: words, pieces: pieces, longest: parameters.maximumPieceLength,
            pieces: substrings.occurrences.map { pieceOfNode[Int($0)] })
    }

    private static func coverage(_ node: Substrings.Node) -> Double {
        Double(node.count) * Double(node.length)
    }

    /// Nodes in the order of the pieces: characters, then substrings by descending coverage.
    private static func chosen(_ nodes: [Substrings.Node], limit: Int) -> [Int] {
        var isAlwaysContinued = [Bool](repeating: false, count: nodes.count)
        for node in nodes where node.parent >= 0 && nodes[Int(node.parent)].count == node.count {
            isAlwaysContinued[Int(node.parent)] = true
        }
        let characters = nodes.indices.filter { nodes[$0].length == 1 }
        let longer = nodes.indices.filter {
            nodes[$0].length > 1 && nodes[$0].count > 1 && !isAlwaysContinued[$0]
        }
        let ordered = longer.map { (coverage: coverage(nodes[$0]), node: $0) }
            .sorted { $0.coverage != $1.coverage ? $0.coverage > $1.coverage : $0.node < $1.node }
            .map(\.node)
        return characters + ordered.prefix(max(0, limit - characters.count))
    }
}

/// All substrings of the words up to a length, as a trie whose nodes are in one hash table.
private struct Substrings {
    struct Node {
        /// Occurrences in the text.
        var count: Int
        /// The substring without its last character, or −1.
        let parent: Int32
        /// Where it stands in the words' scalars.
        let position: Int32
        let length: UInt8
    }

    private(set) var nodes: [Node] = []
    /// Node of each substring: by word, by start, by length.
    private(set) var occurrences: [Int32] = []
    private var table = [Int32](repeating: -1, count: 1 << 16)
    private var keys: [UInt64] = []

    init(_ words: TrainingWords, longest: Int) {
        for word in words.counts.indices {
            let end = words.starts[word + 1]
            for start in words.starts[word]..<end {
                var node: Int32 = -1
                for position in start..<min(start + longest, end) {
                    node = child(of: node, words.scalars[position], start, position + 1 - start)
                    nodes[Int(node)].count += words.counts[word]
                    occurrences.append(node)
                }
            }
        }
        table = []
        keys = []
    }

    private mutating func child(
        of parent: Int32, _ scalar: UInt32, _ start: Int, _ length: Int
    ) -> Int32 {
        let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(scalar)
        var slot = slot(of: key)
        while table[slot] >= 0 {
            if keys[Int(table[slot])] == key { return table[slot] }
            slot = (slot + 1) & (table.count - 1)
        }
        let node = Int32(nodes.count)
        table[slot] = node
        keys.append(key)
        nodes.append(
            Node(count: 0, parent: parent, position: Int32(start), length: UInt8(length)))
        if nodes.count * 2 > table.count { grow() }
        return node
    }

    private func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (table.count - 1)
    }

    private mutating func grow() {
        table = [Int32](repeating: -1, count: table.count * 2)
        for (node, key) in keys.enumerated() {
            var slot = slot(of: key)
            while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
            table[slot] = Int32(node)
        }
    }
}
