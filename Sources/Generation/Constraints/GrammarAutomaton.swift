// SPDX-License-Identifier: Apache-2.0

/// Where a text stands in a grammar.
struct GrammarState: Hashable, Sendable {
    /// The state of the grammar's table.
    var node = GrammarTable.start
    /// The state of the document's substrings, while the text is inside one; else their root.
    var position = SuffixAutomaton.root
    /// Whether a backslash has just begun an escape.
    var isEscaped = false
}

/// A grammar whose strings may be bound to a document, followed byte by byte.
///
/// A state is one of the grammar's table and, inside a substring of the document, one of its suffix
/// automaton; so their product is never built.
struct GrammarAutomaton: Sendable {
    private let table: GrammarTable
    let document: DocumentText?
    /// Bytes of the document's shortest character as it is written.
    private let shortest: Int32

    /// Throws `GrammarError`.
    init(_ grammar: ByteGrammar, document: DocumentText?) throws(GrammarError) {
        let shortest = document.flatMap { Self.shortestCharacter(of: $0.bytes) }
        if document == nil, grammar.namesDocument { throw .noDocument }
        table = try GrammarTable(grammar, documentBytes: shortest)
        self.document = document
        self.shortest = Int32(shortest ?? 0)
    }

    /// Bytes of the shortest character, escaped where a JSON string asks for it; nil where there is
    /// none that can be written.
    private static func shortestCharacter(of bytes: [UInt8]) -> Int? {
        var shortest: Int?
        for byte in bytes where !UTF8.isContinuation(byte) {
            let length =
                switch byte {
                case 0x22, 0x5C, 0x08, 0x09, 0x0A, 0x0C, 0x0D: 2
                case 0..<0x20: Int.max
                case 0xF0...: 4
                case 0xE0...: 3
                case 0xC0...: 2
                default: 1
                }
            shortest = min(shortest ?? length, length)
        }
        return shortest == .max ? nil : shortest
    }

    /// States of the grammar's table.
    var stateCount: Int { table.count }

    /// Whether the text may end here.
    func isAccepting(_ state: GrammarState) -> Bool {
        let after = table.documentTargets[Int(state.node)]
        guard after != GrammarTable.none, state.position != SuffixAutomaton.root, let document
        else { return table.isAccepting(state.node) }
        return table.documentEdges[Int(state.node)] != .quoted
            && document.missingBytes(state.position) == 0 && table.isAccepting(after)
    }

    /// Whether a byte can follow.
    func canContinue(_ state: GrammarState) -> Bool {
        let after = table.documentTargets[Int(state.node)]
        guard after != GrammarTable.none, let document else {
            return table.canContinue(state.node)
        }
        switch table.documentEdges[Int(state.node)] {
        case .quoted: return true
        case .text: return document.automaton.canContinue(state.position)
        case .line:
            return document.automaton.canContinue(state.position) || table.canContinue(after)
        }
    }

    /// No fewer bytes are needed to the end of the text than about this; a text that is written one
    /// byte at a time can end within it.
    @inline(__always)
    func distance(_ state: GrammarState) -> Int {
        let after = table.documentTargets[Int(state.node)]
        guard after != GrammarTable.none, let document else {
            return Int(table.distances[Int(state.node)])
        }
        let rest = table.distances[Int(after)]
        if state.isEscaped { return Int(rest) + 1 }
        if state.position == SuffixAutomaton.root { return Int(table.distances[Int(state.node)]) }
        return Int(rest) + document.missingBytes(state.position)
    }

    /// The state after a byte, or nil where it may not follow.
    @inline(__always)
    func next(_ state: GrammarState, _ byte: UInt8) -> GrammarState? {
        let after = table.documentTargets[Int(state.node)]
        if after == GrammarTable.none {
            let target = table.target(state.node, byte)
            return target == GrammarTable.none ? nil : GrammarState(node: target)
        }
        guard let document else { return nil }
        switch table.documentEdges[Int(state.node)] {
        case .quoted: return quoted(state, byte, document, after)
        case .text: return raw(state, byte, byte, document)
        case .line:
            guard byte == 0x0A else { return raw(state, byte, byte, document) }
            guard state.position != SuffixAutomaton.root,
                document.missingBytes(state.position) == 0
            else { return nil }
            let target = table.target(after, byte)
            return target == GrammarTable.none ? nil : GrammarState(node: target)
        }
    }

    /// One more byte of the document; `written` is how it stands in the text.
    @inline(__always)
    private func raw(
        _ state: GrammarState, _ byte: UInt8, _ written: UInt8, _ document: DocumentText
    ) -> GrammarState? {
        // A substring begins with a whole character.
        if state.position == SuffixAutomaton.root, UTF8.isContinuation(byte) { return nil }
        return document.automaton.next(state.position, byte).map {
            GrammarState(node: state.node, position: $0)
        }
    }

    private func quoted(
        _ state: GrammarState, _ byte: UInt8, _ document: DocumentText, _ after: Int32
    ) -> GrammarState? {
        if state.isEscaped {
            return Self.escapes.first { $0.written == byte }.flatMap {
                raw(state, $0.meant, byte, document)
            }
        }
        switch byte {
        case 0x22:
            guard state.position != SuffixAutomaton.root,
                document.missingBytes(state.position) == 0
            else { return nil }
            let target = table.target(after, byte)
            return target == GrammarTable.none ? nil : GrammarState(node: target)
        case 0x5C:
            let isPossible = Self.escapes.contains {
                document.automaton.next(state.position, $0.meant) != nil
            }
            guard isPossible else { return nil }
            return GrammarState(node: state.node, position: state.position, isEscaped: true)
        case 0..<0x20: return nil
        default: return raw(state, byte, byte, document)
        }
    }

    /// The escapes of JSON strings for characters that cannot stand as they are.
    private static let escapes: [(written: UInt8, meant: UInt8)] = [
        (0x22, 0x22), (0x5C, 0x5C), (0x62, 0x08), (0x66, 0x0C), (0x6E, 0x0A), (0x72, 0x0D),
        (0x74, 0x09),
    ]

    /// The substrings of the document in a text that follows the grammar, in their order; an
    /// unfinished one at the end is left out.
    func documentStrings(in text: some Sequence<UInt8>) -> [String] {
        var state = GrammarState()
        var found: [String] = []
        var current: [UInt8] = []
        for byte in text {
            guard let next = next(state, byte) else { return found }
            if next.position != state.position, !next.isEscaped,
                next.position != SuffixAutomaton.root
            {
                let meant =
                    state.isEscaped
                    ? Self.escapes.first { $0.written == byte }?.meant ?? byte : byte
                current.append(meant)
            } else if state.position != SuffixAutomaton.root,
                next.position == SuffixAutomaton.root
            {
                found.append(String(decoding: current, as: UTF8.self))
                current = []
            }
            state = next
        }
        if !current.isEmpty, isAccepting(state) {
            found.append(String(decoding: current, as: UTF8.self))
        }
        return found
    }
}

extension ByteGrammar {
    /// Whether a part of the grammar is a substring of the document.
    var namesDocument: Bool {
        switch self {
        case .byte, .literal: false
        case .documentText, .documentLine, .documentString: true
        case .sequence(let parts), .anyOf(let parts): parts.contains(where: \.namesDocument)
        case .repeated(let part, _, _): part.namesDocument
        }
    }
}
