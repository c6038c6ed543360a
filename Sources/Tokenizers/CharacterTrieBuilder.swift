// SPDX-License-Identifier: Apache-2.0

/// Packs pieces, written in the codes of their scalars, into the units of a double array.
struct CharacterTrieBuilder {
    /// Free units that are tried for a node's children before they go behind all others: bounds
    /// the time for vocabularies made to be slow.
    private static let tryLimit = 1024

    private let pieces: [[Int32]]
    private var units: [CharacterTrie.Unit] = []
    // The free units in a ring, ascending: `nextFree[0]` is the first one. The root is unit 0.
    private var nextFree: [Int32] = []
    private var previousFree: [Int32] = []
    private var used = 1

    init(_ pieces: [[Int32]]) { self.pieces = pieces }

    private struct Branch {
        let node: Int32
        let depth: Int
        let keys: Range<Int>
    }

    private struct Child {
        let code: Int32
        var keys: Range<Int>
    }

    /// The units, without free ones at the end.
    mutating func build() -> [CharacterTrie.Unit] {
        let order = pieces.indices.sorted { pieces[$0].lexicographicallyPrecedes(pieces[$1]) }
        grow(to: 1024)
        units[0].parent = -2
        var open = [Branch(node: 0, depth: 0, keys: 0..<order.count)]
        while let branch = open.popLast() {
            var keys = branch.keys
            if let first = keys.first, pieces[order[first]].count == branch.depth {
                units[Int(branch.node)].id = Int32(order[first])
                keys = keys.dropFirst()
            }
            let children = children(of: keys, depth: branch.depth, order)
            guard !children.isEmpty else { continue }
            let base = base(for: children)
            units[Int(branch.node)].base = base
            for child in children {
                take(base + child.code, parent: branch.node)
                open.append(
                    Branch(node: base + child.code, depth: branch.depth + 1, keys: child.keys))
            }
        }
        return Array(units.prefix(used))
    }

    private func children(of keys: Range<Int>, depth: Int, _ order: [Int]) -> [Child] {
        var children: [Child] = []
        for key in keys {
            let code = pieces[order[key]][depth]
            if let last = children.last, last.code == code {
                children[children.count - 1].keys = last.keys.lowerBound..<key + 1
            } else {
                children.append(Child(code: code, keys: key..<key + 1))
            }
        }
        return children
    }

    /// The first base at which all children fall on free units, which are there afterwards.
    private mutating func base(for children: [Child]) -> Int32 {
        let first = children[0].code
        let width = Int(children[children.count - 1].code - first) + 1
        var slot = nextFree[0]
        var tries = 0
        while slot != 0, tries < Self.tryLimit {
            let base = slot - first
            if children.allSatisfy({ isFree(base + $0.code) }) {
                grow(to: Int(slot) + width)
                return base
            }
            slot = nextFree[Int(slot)]
            tries += 1
        }
        let end = used
        grow(to: end + width)
        return Int32(end) - first
    }

    private func isFree(_ slot: Int32) -> Bool {
        Int(slot) >= units.count || units[Int(slot)].parent == -1
    }

    private mutating func take(_ slot: Int32, parent: Int32) {
        units[Int(slot)].parent = parent
        let (next, previous) = (nextFree[Int(slot)], previousFree[Int(slot)])
        nextFree[Int(previous)] = next
        previousFree[Int(next)] = previous
        used = max(used, Int(slot) + 1)
    }

    /// Sees that there are `count` units, the new ones free.
    private mutating func grow(to count: Int) {
        guard count > units.count else { return }
        let old = max(units.count, 1)
        let new = max(count, units.count * 2)
        units += repeatElement(CharacterTrie.Unit(), count: new - units.count)
        if nextFree.isEmpty { (nextFree, previousFree) = ([0], [0]) }
        for slot in old..<new {
            let last = previousFree[0]
            nextFree[Int(last)] = Int32(slot)
            previousFree.append(last)
            nextFree.append(0)
            previousFree[0] = Int32(slot)
        }
    }
}
