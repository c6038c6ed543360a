// SPDX-License-Identifier: Apache-2.0

/// The pieces of a vocabulary as a double array over their Unicode scalars.
///
/// Child `c` of a node is the unit at `base + c`, if that unit's `parent` is the node (J. Aoe,
/// “An efficient digital search algorithm by using a double-array structure”, 1989). Over
/// scalars, Japanese pieces have a third of the nodes that they have over bytes.
struct CharacterTrie: Sendable {
    struct Unit {
        var base: Int32 = 0
        /// −1 where the unit is free, −2 for the root.
        var parent: Int32 = -1
        /// The piece that ends here, or −1.
        var id: Int32 = -1
    }

    /// Numbers of the scalars that stand in pieces.
    let codes: CharacterCodes
    private let units: [Unit]

    /// The root, where every search begins.
    static let root: Int32 = 0

    /// Builds the trie of pieces that all differ and none of which is empty; the index of a piece
    /// is its id.
    init(_ pieces: [[UInt32]]) {
        let codes = CharacterCodes(of: pieces)
        var builder = CharacterTrieBuilder(pieces.map { $0.map { codes[$0] } })
        self.codes = codes
        units = builder.build()
    }

    /// The node below `node` for the scalar with this code, or nil.
    @inline(__always)
    func child(of node: Int32, _ code: Int32) -> Int32? {
        let next = units[Int(node)].base &+ code
        guard next >= 0, Int(next) < units.count, units[Int(next)].parent == node else {
            return nil
        }
        return next
    }

    /// The id of the piece that ends at `node`, or −1.
    @inline(__always)
    func id(at node: Int32) -> Int32 { units[Int(node)].id }

    /// The id of exactly this piece, or nil.
    func id(of piece: String.UnicodeScalarView) -> Int32? {
        var node = Self.root
        for scalar in piece {
            guard let next = child(of: node, codes[scalar.value]) else { return nil }
            node = next
        }
        return id(at: node) >= 0 ? id(at: node) : nil
    }
}

/// The scalars of a vocabulary, numbered from 1, the most frequent first; 0 is any other scalar.
///
/// Small numbers for most of the text make the units of a trie lie close together.
struct CharacterCodes: Sendable {
    private static let pageBits: UInt32 = 8
    /// Page of each block of 256 scalars; page 0 is empty.
    private var pages = [UInt16](repeating: 0, count: 0x11_0000 >> pageBits)
    private var codes = [Int32](repeating: 0, count: 1 << pageBits)

    init(of pieces: [[UInt32]]) {
        var counts: [UInt32: Int] = [:]
        for scalar in pieces.joined() { counts[scalar, default: 0] += 1 }
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let blocks = Set(order.map { Int($0.key >> Self.pageBits) }).sorted()
        for (index, block) in blocks.enumerated() { pages[block] = UInt16(index + 1) }
        codes = [Int32](repeating: 0, count: (blocks.count + 1) << Self.pageBits)
        for (index, entry) in order.enumerated() { codes[place(of: entry.key)] = Int32(index + 1) }
    }

    @inline(__always)
    subscript(scalar: UInt32) -> Int32 { codes[place(of: scalar)] }

    @inline(__always)
    private func place(of scalar: UInt32) -> Int {
        let page = Int(pages[Int(scalar >> Self.pageBits)])
        return page << Int(Self.pageBits) | Int(scalar & ((1 << Self.pageBits) - 1))
    }
}
