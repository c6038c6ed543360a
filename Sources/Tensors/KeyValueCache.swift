// SPDX-License-Identifier: Apache-2.0

/// Keys and values of one layer for all that a sequence has so far, in blocks of rows.
///
/// A value type: copies share whole blocks, and only the last one is copied before it is added to,
/// so that several continuations of one text hold that text once.
package struct KeyValueCache: Sendable {
    /// Rows of a block: memory is taken by so many at once.
    package static let blockRows = 128

    /// Elements of a row, G · D.
    package let width: Int
    /// Rows in the cache.
    package private(set) var count = 0
    private(set) var blocks: [KeyValueBlock] = []

    /// An empty cache.
    package init(width: Int) {
        precondition(width > 0, "a row has elements")
        self.width = width
    }

    /// The first `count` rows, which share the memory of this cache.
    package func prefix(_ count: Int) -> KeyValueCache {
        precondition((0...self.count).contains(count), "a prefix is no longer than the cache")
        var prefix = self
        prefix.count = count
        let kept = (count + Self.blockRows - 1) / Self.blockRows
        prefix.blocks.removeLast(blocks.count - kept)
        return prefix
    }

    /// What tells the blocks of the cache from others, in their order: a block that several caches
    /// share counts once in memory.
    package var blockIdentities: [ObjectIdentifier] { blocks.map { ObjectIdentifier($0) } }

    /// Adds rows of keys and values (T, G · D) at the end.
    package mutating func append(k: Tensor, v: Tensor, rows: Range<Int>) {
        precondition(k.columns == width && v.columns == width, "rows are as wide as the cache")
        var row = rows.lowerBound
        while row < rows.upperBound {
            let used = count % Self.blockRows
            if used == 0 {
                blocks.append(KeyValueBlock(elements: Self.blockRows * width))
            } else if !isKnownUniquelyReferenced(&blocks[blocks.count - 1]) {
                blocks[blocks.count - 1] = KeyValueBlock(
                    copying: blocks[blocks.count - 1], elements: Self.blockRows * width)
            }
            let taken = min(Self.blockRows - used, rows.upperBound - row)
            let block = blocks[blocks.count - 1]
            k.values.withUnsafeBufferPointer { k in
                (block.keys + used * width).update(
                    from: k.start + row * width, count: taken * width)
            }
            v.values.withUnsafeBufferPointer { v in
                (block.values + used * width).update(
                    from: v.start + row * width, count: taken * width)
            }
            count += taken
            row += taken
        }
    }
}

/// Memory for some rows of keys and as many of values.
///
/// `@unchecked Sendable` because it is written only while one cache alone holds it.
final class KeyValueBlock: @unchecked Sendable {
    let keys: UnsafeMutablePointer<Float>
    let values: UnsafeMutablePointer<Float>

    init(elements: Int) {
        keys = .allocate(capacity: elements)
        values = .allocate(capacity: elements)
        keys.initialize(repeating: 0, count: elements)
        values.initialize(repeating: 0, count: elements)
    }

    convenience init(copying other: KeyValueBlock, elements: Int) {
        self.init(elements: elements)
        keys.update(from: other.keys, count: elements)
        values.update(from: other.values, count: elements)
    }

    deinit {
        keys.deallocate()
        values.deallocate()
    }
}
