// SPDX-License-Identifier: Apache-2.0

/// A grammar as a network of nodes with edges for bytes and edges for nothing (Thompson 1968), from
/// which `GrammarTable` makes a deterministic one.
struct GrammarNetwork {
    struct Node {
        /// Nodes that are reached without a byte.
        var empty: [Int32] = []
        var edges: [(range: ClosedRange<UInt8>, target: Int32)] = []
        /// The node after a substring of the document.
        var document: (kind: DocumentEdge, target: Int32)?
    }

    /// How a substring of the document stands in a text.
    enum DocumentEdge: Sendable {
        /// As it is, at the end of the text.
        case text
        /// As it is, without line breaks; one may follow.
        case line
        /// As a JSON string.
        case quoted
    }

    private(set) var nodes = [Node()]
    private(set) var end: Int32 = 0

    /// Most nodes, some 100 bytes each.
    static let limit = 1 << 19

    init(_ grammar: ByteGrammar) throws(GrammarError) {
        end = try add(grammar, from: 0)
    }

    private mutating func addNode() throws(GrammarError) -> Int32 {
        guard nodes.count < Self.limit else { throw .tooLarge(limit: Self.limit) }
        nodes.append(Node())
        return Int32(nodes.count - 1)
    }

    private mutating func connect(_ from: Int32, _ to: Int32) {
        nodes[Int(from)].empty.append(to)
    }

    /// Adds a grammar that begins at a node, and gives the node where it ends.
    private mutating func add(
        _ grammar: ByteGrammar, from start: Int32
    ) throws(GrammarError) -> Int32 {
        switch grammar {
        case .byte(let ranges):
            let end = try addNode()
            nodes[Int(start)].edges += ranges.map { ($0, end) }
            return end
        case .literal(let bytes):
            var node = start
            for byte in bytes {
                let next = try addNode()
                nodes[Int(node)].edges.append((byte...byte, next))
                node = next
            }
            return node
        case .sequence(let parts):
            var node = start
            for part in parts { node = try add(part, from: node) }
            return node
        case .anyOf(let choices):
            let end = try addNode()
            for choice in choices {
                // A node of its own, so that what loops in one choice does not lead to another.
                let begin = try addNode()
                connect(start, begin)
                connect(try add(choice, from: begin), end)
            }
            return end
        case .repeated(let part, let least, let most):
            return try addRepeated(part, least, most, from: start)
        case .documentText, .documentLine, .documentString:
            return try addDocument(grammar, from: start)
        }
    }

    private mutating func addRepeated(
        _ part: ByteGrammar, _ least: Int, _ most: Int?, from start: Int32
    ) throws(GrammarError) -> Int32 {
        var node = start
        for _ in 0..<max(0, least) { node = try add(part, from: node) }
        let end = try addNode()
        guard let most else {
            let loop = try addNode()
            connect(node, loop)
            connect(try add(part, from: loop), loop)
            connect(loop, end)
            return end
        }
        for _ in 0..<max(0, most - least) {
            connect(node, end)
            let begin = try addNode()
            connect(node, begin)
            node = try add(part, from: begin)
        }
        connect(node, end)
        return end
    }

    private mutating func addDocument(
        _ grammar: ByteGrammar, from start: Int32
    ) throws(GrammarError) -> Int32 {
        let quote: ByteGrammar = .text("\"")
        if case .documentString = grammar {
            let begin = try add(quote, from: start)
            let after = try addNode()
            nodes[Int(begin)].document = (.quoted, after)
            return try add(quote, from: after)
        }
        let begin = try addNode()
        connect(start, begin)
        let after = try addNode()
        let isLine = if case .documentLine = grammar { true } else { false }
        nodes[Int(begin)].document = (isLine ? .line : .text, after)
        return after
    }

    /// All nodes that are reached from some without a byte, themselves included, sorted; only those
    /// that say something: that have edges, a document, or are the end.
    func closure(_ start: some Sequence<Int32>) -> [Int32] {
        var seen: Set<Int32> = []
        var stack = Array(start)
        var result: [Int32] = []
        while let node = stack.popLast() {
            guard seen.insert(node).inserted else { continue }
            let found = nodes[Int(node)]
            stack += found.empty
            if node == end || !found.edges.isEmpty || found.document != nil { result.append(node) }
        }
        return result.sorted()
    }

    /// The class of each byte: bytes that no edge tells apart are one class.
    var byteClasses: (classes: [UInt8], representatives: [UInt8]) {
        var begins = Set<Int>([0])
        for node in nodes {
            for edge in node.edges {
                begins.insert(Int(edge.range.lowerBound))
                begins.insert(Int(edge.range.upperBound) + 1)
            }
        }
        var classes: [UInt8] = []
        var representatives: [UInt8] = []
        for byte in 0...255 {
            if begins.contains(byte) { representatives.append(UInt8(byte)) }
            classes.append(UInt8(representatives.count - 1))
        }
        return (classes, representatives)
    }
}
