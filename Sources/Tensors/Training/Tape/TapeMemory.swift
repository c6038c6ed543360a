// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The memory of a tape: blocks that begin at cache lines, used again by every batch.
///
/// A block serves any request of at least half its length, and gives way to a longer one where only that
/// would serve, so that batches of changing lengths do not each leave blocks of their own behind.
final class TapeMemory {
    private struct Block {
        let start: UnsafeMutablePointer<Float>
        let capacity: Int
    }

    /// Blocks that nobody uses, by capacity, the smallest first.
    private var free: [Block] = []
    /// Blocks in use, by address.
    private var used: [UnsafeMutablePointer<Float>: Int] = [:]
    /// Numbers in all blocks.
    private(set) var capacity = 0

    deinit {
        for block in free { UnsafeMutableRawPointer(block.start).deallocate() }
        for start in used.keys { UnsafeMutableRawPointer(start).deallocate() }
    }

    /// A length that others near it share, at most an eighth above: batches of nearly the same length then ask for
    /// the same blocks.
    private static func roundedUp(_ count: Int) -> Int {
        let magnitude = max(128, count).bitWidth - 1 - max(128, count).leadingZeroBitCount
        let unit = 1 << (magnitude - 3)
        return (max(1, count) + unit - 1) / unit * unit
    }

    /// Memory for `count` numbers, whatever they are.
    func take(_ count: Int) -> UnsafeMutablePointer<Float> {
        let wanted = Self.roundedUp(count)
        let place = firstPlace(ofCapacity: wanted)
        if place < free.count, free[place].capacity <= 2 * wanted {
            let block = free.remove(at: place)
            used[block.start] = block.capacity
            return block.start
        }
        // One that is outgrown gives way, so that the longest batch's blocks are those that stay.
        if place > 0, free[place - 1].capacity > wanted / 2 {
            let outgrown = free.remove(at: place - 1)
            UnsafeMutableRawPointer(outgrown.start).deallocate()
            capacity -= outgrown.capacity
        }
        // Large pages, where the system has them, save faults and look-ups.
        let isLarge = wanted >= 1 << 20
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: wanted * 4, alignment: isLarge ? 1 << 21 : 64)
        if isLarge { madvise(raw, wanted * 4, MADV_HUGEPAGE) }
        let start = raw.bindMemory(to: Float.self, capacity: wanted)
        used[start] = wanted
        capacity += wanted
        return start
    }

    /// Gives back what `take` gave.
    func release(_ start: UnsafeMutablePointer<Float>) {
        guard let capacity = used.removeValue(forKey: start) else {
            preconditionFailure("a block is given back once")
        }
        free.insert(Block(start: start, capacity: capacity), at: firstPlace(ofCapacity: capacity))
    }

    /// Gives everything back.
    func reset() {
        for start in used.keys.sorted() { release(start) }
    }

    /// Frees the blocks that nobody uses.
    func trim() {
        for block in free {
            UnsafeMutableRawPointer(block.start).deallocate()
            capacity -= block.capacity
        }
        free = []
    }

    private func firstPlace(ofCapacity wanted: Int) -> Int {
        var (low, high) = (0, free.count)
        while low < high {
            let middle = (low + high) / 2
            if free[middle].capacity < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
