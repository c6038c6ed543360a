// SPDX-License-Identifier: Apache-2.0

/// Scalars on their way through the cleaning rules, each with the source range it stands for.
///
/// Both `starts` and `ends` never decrease from one scalar to the next: every rule keeps the order
/// of what it reads, drops scalars, or gives several the range of all that they came from.
struct MappedScalars: Equatable {
    /// Scalar values.
    private(set) var values: [UInt32] = []
    /// Offset of the first source scalar of each value.
    private(set) var starts: [UInt32] = []
    /// Offset after the last source scalar of each value.
    private(set) var ends: [UInt32] = []

    /// No scalars yet, with room for some.
    init(capacity: Int) {
        values.reserveCapacity(capacity)
        starts.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
    }

    /// A text as it was sent: each scalar stands for itself.
    init(source: [Unicode.Scalar]) {
        values = source.map(\.value)
        starts = Self.offsets(from: 0, count: source.count)
        ends = Self.offsets(from: 1, count: source.count)
    }

    private static func offsets(from first: UInt32, count: Int) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count { buffer[index] = first &+ UInt32(truncatingIfNeeded: index) }
            initialized = count
        }
    }

    var count: Int { values.count }

    /// Adds a value that stands for the source range `start..<end`.
    @inline(__always)
    mutating func append(_ value: UInt32, from start: UInt32, to end: UInt32) {
        values.append(value)
        starts.append(start)
        ends.append(end)
    }

    /// Adds scalar `index` of another list as it is.
    @inline(__always)
    mutating func append(_ other: borrowing MappedScalars, at index: Int) {
        append(other.values[index], from: other.starts[index], to: other.ends[index])
    }

    /// Adds one value in place of scalars `range` of another list; `range` is not empty.
    mutating func append(
        _ value: UInt32, insteadOf range: Range<Int>, of other: borrowing MappedScalars
    ) {
        append(value, from: other.starts[range.lowerBound], to: other.ends[range.upperBound - 1])
    }

    /// Takes the last scalar away; there must be one.
    mutating func removeLast() { truncate(to: count - 1) }

    /// Changes one value, keeping its range.
    @inline(__always)
    mutating func replace(at index: Int, with value: UInt32) {
        values[index] = value
    }

    /// Lets `body` change values one for one.
    @inline(__always)
    mutating func withValues(_ body: (UnsafeMutableBufferPointer<UInt32>) -> Void) {
        values.withUnsafeMutableBufferPointer { body($0) }
    }

    // MARK: Rewriting in place

    // A rule that only drops or joins scalars reads ahead of where it writes: `read` is never less
    // than `written`, and `truncate` ends the work.

    /// Copies scalar `read` to `written`.
    @inline(__always)
    mutating func move(_ read: Int, to written: Int) {
        values[written] = values[read]
        starts[written] = starts[read]
        ends[written] = ends[read]
    }

    /// Writes one value that stands for scalars `range`, which is not empty.
    @inline(__always)
    mutating func write(_ value: UInt32, insteadOf range: Range<Int>, at written: Int) {
        let start = starts[range.lowerBound]
        let end = ends[range.upperBound - 1]
        values[written] = value
        starts[written] = start
        ends[written] = end
    }

    /// Lets scalar `index` stand for what follows it, too.
    @inline(__always)
    mutating func extend(_ index: Int, to end: UInt32) {
        ends[index] = max(ends[index], end)
    }

    /// Leaves the first `count` scalars.
    mutating func truncate(to count: Int) {
        guard count < values.count else { return }
        values.removeLast(values.count - count)
        starts.removeLast(starts.count - count)
        ends.removeLast(ends.count - count)
    }
}
