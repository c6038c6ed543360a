// SPDX-License-Identifier: Apache-2.0

/// All substrings of a text as the paths of one automaton, in memory that grows with the text.
///
/// At most 2n states and 3n edges for n bytes, built in one pass over the text (Blumer et al. 1985,
/// “The smallest automaton recognizing the subwords of a text”). A state stands for substrings that
/// end at the same places.
package struct SuffixAutomaton: Sendable {
    /// The state of the empty string.
    package static let root: Int32 = 0

    /// Where the edges of each state begin, and where the last one's end.
    private let edgeStarts: [Int32]
    private let edgeBytes: [UInt8]
    private let edgeTargets: [Int32]
    /// The first place where the strings of each state end.
    private let firstEnds: [Int32]
    /// States that stand for a place of their own, not for one that was split off another.
    private let isOriginal: [Bool]
    /// Where the states whose suffix link is each state begin, and those states.
    private let childStarts: [Int32]
    private let children: [Int32]

    /// The automaton of a text, which must be shorter than 512 MiB.
    package init(_ text: [UInt8]) {
        precondition(text.count < 1 << 29, "states are numbered in 32 bits")
        var builder = SuffixAutomatonBuilder(capacity: text.count)
        for byte in text { builder.append(byte) }
        (edgeStarts, edgeBytes, edgeTargets) = builder.sortedEdges
        firstEnds = builder.firstEnds
        isOriginal = builder.isOriginal
        (childStarts, children) = builder.linkChildren
    }

    /// Number of states.
    package var stateCount: Int { firstEnds.count }
    /// Number of edges.
    package var edgeCount: Int { edgeBytes.count }

    /// The state after one more byte, or nil where the text has no such substring.
    @inline(__always)
    package func next(_ state: Int32, _ byte: UInt8) -> Int32? {
        var low = Int(edgeStarts[Int(state)])
        var high = Int(edgeStarts[Int(state) + 1])
        while low < high {
            let middle = (low + high) / 2
            if edgeBytes[middle] < byte { low = middle + 1 } else { high = middle }
        }
        guard low < edgeStarts[Int(state) + 1], edgeBytes[low] == byte else { return nil }
        return edgeTargets[low]
    }

    /// The state of a string, or nil where the text does not hold it.
    package func state(of string: some Sequence<UInt8>) -> Int32? {
        var state = Self.root
        for byte in string {
            guard let next = next(state, byte) else { return nil }
            state = next
        }
        return state
    }

    /// Whether any byte can follow.
    package func canContinue(_ state: Int32) -> Bool {
        edgeStarts[Int(state)] < edgeStarts[Int(state) + 1]
    }

    /// The first byte offset where the strings of a state end.
    @inline(__always)
    package func firstEnd(of state: Int32) -> Int { Int(firstEnds[Int(state)]) }

    /// All byte offsets where the strings of a state end, ascending.
    package func ends(of state: Int32) -> [Int] {
        var ends: [Int] = []
        var stack = [state]
        while let state = stack.popLast() {
            if isOriginal[Int(state)] { ends.append(Int(firstEnds[Int(state)])) }
            stack +=
                children[
                    Int(childStarts[Int(state)])..<Int(childStarts[Int(state) + 1])]
        }
        return ends.sorted()
    }
}

/// A suffix automaton that grows by a byte at a time.
private struct SuffixAutomatonBuilder {
    private var lengths: [Int32] = [0]
    private var links: [Int32] = [-1]
    private(set) var firstEnds: [Int32] = [0]
    private(set) var isOriginal = [true]
    /// The edges of a state as a list: the last one added, and from each the one before.
    private var heads: [Int32] = [-1]
    private var bytes: [UInt8] = []
    private var targets: [Int32] = []
    private var before: [Int32] = []
    private var last: Int32 = 0

    init(capacity: Int) {
        lengths.reserveCapacity(2 * capacity)
        links.reserveCapacity(2 * capacity)
        firstEnds.reserveCapacity(2 * capacity)
        heads.reserveCapacity(2 * capacity)
        bytes.reserveCapacity(3 * capacity)
        targets.reserveCapacity(3 * capacity)
        before.reserveCapacity(3 * capacity)
    }

    private func edge(_ state: Int32, _ byte: UInt8) -> Int? {
        var edge = heads[Int(state)]
        while edge >= 0 {
            if bytes[Int(edge)] == byte { return Int(edge) }
            edge = before[Int(edge)]
        }
        return nil
    }

    private mutating func addEdge(_ state: Int32, _ byte: UInt8, _ target: Int32) {
        before.append(heads[Int(state)])
        heads[Int(state)] = Int32(bytes.count)
        bytes.append(byte)
        targets.append(target)
    }

    private mutating func addState(length: Int32, end: Int32, isOriginal: Bool) -> Int32 {
        lengths.append(length)
        links.append(-1)
        firstEnds.append(end)
        self.isOriginal.append(isOriginal)
        heads.append(-1)
        return Int32(lengths.count - 1)
    }

    mutating func append(_ byte: UInt8) {
        let length = lengths[Int(last)] + 1
        let new = addState(length: length, end: length, isOriginal: true)
        var state = last
        last = new
        while state >= 0 {
            guard let found = edge(state, byte) else {
                addEdge(state, byte, new)
                state = links[Int(state)]
                continue
            }
            let target = targets[found]
            links[Int(new)] =
                lengths[Int(target)] == lengths[Int(state)] + 1
                ? target : split(target, reachedFrom: state, byte)
            return
        }
        links[Int(new)] = 0
    }

    /// Splits the strings of a state that `state` and `byte` reach off the longer ones.
    private mutating func split(
        _ target: Int32, reachedFrom state: Int32, _ byte: UInt8
    ) -> Int32 {
        let clone = addState(
            length: lengths[Int(state)] + 1, end: firstEnds[Int(target)], isOriginal: false)
        var copied = heads[Int(target)]
        while copied >= 0 {
            addEdge(clone, bytes[Int(copied)], targets[Int(copied)])
            copied = before[Int(copied)]
        }
        links[Int(clone)] = links[Int(target)]
        links[Int(target)] = clone
        var state = state
        while state >= 0, let found = edge(state, byte), targets[found] == target {
            targets[found] = clone
            state = links[Int(state)]
        }
        return clone
    }

    var sortedEdges: (starts: [Int32], bytes: [UInt8], targets: [Int32]) {
        var starts: [Int32] = [0]
        var sortedBytes: [UInt8] = []
        var sortedTargets: [Int32] = []
        starts.reserveCapacity(heads.count + 1)
        sortedBytes.reserveCapacity(bytes.count)
        sortedTargets.reserveCapacity(bytes.count)
        for head in heads {
            var found: [(byte: UInt8, target: Int32)] = []
            var edge = head
            while edge >= 0 {
                found.append((bytes[Int(edge)], targets[Int(edge)]))
                edge = before[Int(edge)]
            }
            for (byte, target) in found.sorted(by: { $0.byte < $1.byte }) {
                sortedBytes.append(byte)
                sortedTargets.append(target)
            }
            starts.append(Int32(sortedBytes.count))
        }
        return (starts, sortedBytes, sortedTargets)
    }

    var linkChildren: (starts: [Int32], children: [Int32]) {
        var starts = [Int32](repeating: 0, count: links.count + 1)
        for link in links where link >= 0 { starts[Int(link) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        var children = [Int32](repeating: 0, count: links.count - 1)
        for (state, link) in links.enumerated() where link >= 0 {
            children[Int(next[Int(link)])] = Int32(state)
            next[Int(link)] += 1
        }
        return (starts, children)
    }
}
