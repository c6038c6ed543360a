// SPDX-License-Identifier: Apache-2.0

/// A grammar as a deterministic automaton over bytes; a substring of the document is one edge of it.
struct GrammarTable: Sendable {
    /// What stands in the table for no state.
    static let none: Int32 = -1
    /// Most states; a state has an entry for each class of bytes.
    static let limit = 1 << 16

    /// The class of each byte.
    private let classes: [UInt8]
    private let classCount: Int
    /// The state after a byte of each class, by state.
    private let targets: [Int32]
    private let accepting: [Bool]
    /// Where a substring of the document begins: the state after it.
    let documentTargets: [Int32]
    /// How it stands in the text; of no meaning where none begins.
    let documentEdges: [GrammarNetwork.DocumentEdge]
    /// The fewest bytes to the end of a text; states from which there is no end are in no entry.
    let distances: [Int32]

    /// The state before the first byte.
    static let start: Int32 = 0

    /// The automaton of a grammar; `documentBytes` are those of the document's shortest character
    /// as it is written, nil where there is no document or nothing in it.
    init(_ grammar: ByteGrammar, documentBytes: Int?) throws(GrammarError) {
        let network = try GrammarNetwork(grammar)
        let (classes, representatives) = network.byteClasses
        self.classes = classes
        classCount = representatives.count
        var states = GrammarStates(network)
        var targets: [Int32] = []
        var documentTargets: [Int32] = []
        var edges: [GrammarNetwork.DocumentEdge] = []
        var index = 0
        while index < states.count {
            guard states.count <= Self.limit else { throw .tooLarge(limit: Self.limit) }
            var hasEdge = false
            for byte in representatives {
                let target = states.target(of: index, byte)
                hasEdge = hasEdge || target != Self.none
                targets.append(target)
            }
            let document = states.document(of: index)
            // What may follow a substring must tell where it ended: a quotation mark, or a line break.
            if let document {
                let isClear =
                    switch document.kind {
                    case .quoted: true
                    case .text: !states.hasMore(document.target)
                    case .line: states.hasLineBreakAtMost(document.target)
                    }
                guard isClear, !hasEdge else { throw .ambiguous }
            }
            documentTargets.append(document?.target ?? Self.none)
            edges.append(document?.kind ?? .text)
            index += 1
        }
        let accepting = states.accepting
        let distances = Self.distances(
            targets, classCount, documentTargets, accepting, documentBytes)
        guard distances[0] < .max else { throw .noText }
        self.accepting = accepting
        self.documentTargets = documentTargets
        documentEdges = edges
        self.distances = distances
        // A text is never led where it cannot end.
        self.targets = targets.map {
            $0 != Self.none && distances[Int($0)] == .max ? Self.none : $0
        }
    }

    /// Number of states.
    var count: Int { accepting.count }

    /// The state after a byte, or `none`.
    @inline(__always)
    func target(_ state: Int32, _ byte: UInt8) -> Int32 {
        targets[Int(state) * classCount + Int(classes[Int(byte)])]
    }

    @inline(__always)
    func isAccepting(_ state: Int32) -> Bool { accepting[Int(state)] }

    /// Whether a byte can follow, the document aside.
    func canContinue(_ state: Int32) -> Bool {
        let row = Int(state) * classCount
        return targets[row..<row + classCount].contains { $0 != Self.none }
    }

    /// Bytes to the nearest end, from all ends backwards; `.max` where there is none.
    private static func distances(
        _ targets: [Int32], _ classCount: Int, _ documents: [Int32], _ accepting: [Bool],
        _ documentBytes: Int?
    ) -> [Int32] {
        var sources = [[(state: Int32, bytes: Int32)]](repeating: [], count: accepting.count)
        for state in accepting.indices {
            for target in Set(targets[state * classCount..<(state + 1) * classCount])
            where target != none {
                sources[Int(target)].append((Int32(state), 1))
            }
            if documents[state] != none, let documentBytes {
                sources[Int(documents[state])].append((Int32(state), Int32(documentBytes)))
            }
        }
        var distances = accepting.map { $0 ? Int32(0) : .max }
        // States by distance; a state may stand in several lists, and counts in the first.
        var lists = [accepting.indices.filter { accepting[$0] }.map { Int32($0) }]
        var distance = 0
        while distance < lists.count {
            for state in lists[distance] where distances[Int(state)] == Int32(distance) {
                for (source, bytes) in sources[Int(state)] {
                    let sum = Int32(distance) + bytes
                    guard sum < distances[Int(source)] else { continue }
                    distances[Int(source)] = sum
                    while lists.count <= Int(sum) { lists.append([]) }
                    lists[Int(sum)].append(source)
                }
            }
            distance += 1
        }
        return distances
    }
}

/// The states of a table while they are found: sets of nodes of the network.
private struct GrammarStates {
    private let network: GrammarNetwork
    private var numbers: [[Int32]: Int32] = [:]
    private var sets: [[Int32]] = []

    init(_ network: GrammarNetwork) {
        self.network = network
        _ = number(of: network.closure([0]))
    }

    var count: Int { sets.count }

    var accepting: [Bool] { sets.map { $0.contains(network.end) } }

    private mutating func number(of set: [Int32]) -> Int32 {
        if let number = numbers[set] { return number }
        let number = Int32(sets.count)
        numbers[set] = number
        sets.append(set)
        return number
    }

    /// The state that a byte leads to, or `none`.
    mutating func target(of state: Int, _ byte: UInt8) -> Int32 {
        var targets: [Int32] = []
        for node in sets[state] {
            for edge in network.nodes[Int(node)].edges where edge.range.contains(byte) {
                targets.append(edge.target)
            }
        }
        return targets.isEmpty ? GrammarTable.none : number(of: network.closure(targets))
    }

    /// The state after a substring of the document that may begin here, or nil.
    mutating func document(
        of state: Int
    ) -> (kind: GrammarNetwork.DocumentEdge, target: Int32)? {
        let found = sets[state].compactMap { network.nodes[Int($0)].document }
        guard let first = found.first else { return nil }
        return (first.kind, number(of: network.closure(found.map(\.target))))
    }

    /// Whether a state has no edges but for a line break.
    func hasLineBreakAtMost(_ state: Int32) -> Bool {
        sets[Int(state)].allSatisfy { node in
            let node = network.nodes[Int(node)]
            return node.document == nil && node.edges.allSatisfy { $0.range == 0x0A...0x0A }
        }
    }

    /// Whether a state has edges, for bytes or a document.
    func hasMore(_ state: Int32) -> Bool {
        sets[Int(state)].contains {
            !network.nodes[Int($0)].edges.isEmpty || network.nodes[Int($0)].document != nil
        }
    }
}
