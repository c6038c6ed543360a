// SPDX-License-Identifier: Apache-2.0

/// The merges of a BPE model: for two neighbouring pieces, how early they merge and into what.
///
/// A hash table with open addressing: asking for a pair costs one or two looks at memory.
struct MergeTable: Sendable {
    /// What two pieces become.
    struct Merge: Sendable {
        /// The place in the list of merges; the lowest goes first.
        let rank: Int32
        /// The id of the two pieces together.
        let id: Int32
    }

    private struct Slot {
        var pair: UInt64 = .max
        var merge = Merge(rank: 0, id: 0)
    }

    private var slots: [Slot]
    private let mask: UInt64
    /// Number of merges.
    private(set) var count = 0

    /// An empty table for at most `capacity` pairs.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: Slot(), count: size)
        mask = UInt64(size - 1)
    }

    @inline(__always)
    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The slot of a pair, or the free one where it would be.
    @inline(__always)
    private func slot(of pair: UInt64) -> Int {
        var hash = pair &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
        var index = hash & mask
        while slots[Int(index)].pair != pair, slots[Int(index)].pair != .max {
            index = (index + 1) & mask
        }
        return Int(index)
    }

    /// What `left` and `right` merge into, or nil.
    @inline(__always)
    func merge(of left: Int32, _ right: Int32) -> Merge? {
        let slot = slots[slot(of: Self.pair(left, right))]
        return slot.pair == .max ? nil : slot.merge
    }

    /// Adds a merge; of two for the same pair, the later one counts.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let pair = Self.pair(left, right)
        let index = slot(of: pair)
        if slots[index].pair == .max {
            precondition(count * 2 <= slots.count, "the table must have room")
            count += 1
        }
        slots[index] = Slot(pair: pair, merge: merge)
    }
}
