// SPDX-License-Identifier: Apache-2.0

/// The pieces of a vocabulary as a double array over their UTF-8 bytes.
///
/// Child `c` of a node is the unit at `base + c`, if that unit's `parent` is the node (J. Aoe,
/// “An efficient digital search algorithm by using a double-array structure”, 1989).
struct PieceTrie: Sendable {
    private struct Unit {
        var base: Int32 = 0
        var parent: Int32 = -1
        var id: Int32 = -1
    }

    private var units = [Unit](repeating: Unit(), count: 512)

    /// The root, where every search begins.
    static let root = 0

    /// Builds the trie of pieces that all differ and none of which is empty.
    init(_ pieces: [[UInt8]]) {
        let order = pieces.indices.sorted { pieces[$0].lexicographicallyPrecedes(pieces[$1]) }
        units[Self.root].parent = 0
        insert(pieces, order: order)
    }

    /// The node below `node` for `byte`, or nil.
    @inline(__always)
    func child(of node: Int, _ byte: UInt8) -> Int? {
        let next = Int(units[node].base) + Int(byte)
        return units[next].parent == Int32(truncatingIfNeeded: node) && next != 0 ? next : nil
    }

    /// The id of the piece that ends at `node`, or −1.
    @inline(__always)
    func id(at node: Int) -> Int32 { units[node].id }

    /// The id of exactly this piece, or nil.
    func id(of piece: String.UTF8View) -> Int32? {
        var node = Self.root
        for byte in piece {
            guard let next = child(of: node, byte) else { return nil }
            node = next
        }
        return units[node].id >= 0 ? units[node].id : nil
    }

    private struct Branch {
        let node: Int
        let depth: Int
        let keys: Range<Int>
    }

    private mutating func insert(_ pieces: [[UInt8]], order: [Int]) {
        var open = [Branch(node: Self.root, depth: 0, keys: 0..<order.count)]
        var firstFree = 1
        while let branch = open.popLast() {
            var keys = branch.keys
            if let first = keys.first, pieces[order[first]].count == branch.depth {
                units[branch.node].id = Int32(order[first])
                keys = keys.dropFirst()
            }
            let children = Self.children(of: keys, depth: branch.depth, pieces, order)
            guard !children.isEmpty else { continue }
            let base = place(children.map { Int($0.byte) }, from: &firstFree)
            units[branch.node].base = Int32(base)
            for child in children {
                units[base + Int(child.byte)].parent = Int32(branch.node)
                open.append(
                    Branch(
                        node: base + Int(child.byte), depth: branch.depth + 1, keys: child.keys))
            }
        }
    }

    private static func children(
        of keys: Range<Int>, depth: Int, _ pieces: [[UInt8]], _ order: [Int]
    ) -> [(byte: UInt8, keys: Range<Int>)] {
        var children: [(byte: UInt8, keys: Range<Int>)] = []
        for key in keys {
            let byte = pieces[order[key]][depth]
            if let last = children.last, last.byte == byte {
                children[children.count - 1].keys = last.keys.lowerBound..<key + 1
            } else {
                children.append((byte, key..<key + 1))
            }
        }
        return children
    }

    /// The first base at which all `bytes` fall on free units, leaving room for any byte.
    private mutating func place(_ bytes: [Int], from firstFree: inout Int) -> Int {
        var taken = 0
        var position = max(firstFree, bytes[0] + 1)
        let begin = position
        while true {
            while units.count < position + 512 {
                units.append(contentsOf: repeatElement(Unit(), count: units.count))
            }
            if units[position].parent >= 0 {
                taken += 1
            } else {
                let base = position - bytes[0]
                if bytes.allSatisfy({ units[base + $0].parent < 0 }) {
                    // Where nearly all is taken, the next search need not look again.
                    if taken * 20 >= (position - begin + 1) * 19 { firstFree = position }
                    return base
                }
            }
            position += 1
        }
    }
}
