/// Scalars on their way through the cleaning steps, each with the source range it stands for.
///
/// Both `starts` and `ends` never decrease from one scalar to the next: every step keeps the order
/// of what it reads, drops scalars, or gives several the range of all that they came from.
struct MappedScalars {
    /// Scalar values.
    private(set) var values: [UInt32] = []
    /// Offset of the first source scalar of each value.
    private(set) var starts: [UInt32] = []
    /// Offset after the last source scalar of each value.
    private(set) var ends: [UInt32] = []

    init(capacity: Int) {
        values.reserveCapacity(capacity)
        starts.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
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

    /// Lets the last value stand for what follows it, too.
    mutating func extendLast(to end: UInt32) {
        guard !ends.isEmpty else { return }
        ends[ends.count - 1] = max(ends[ends.count - 1], end)
    }

    /// Changes one value, keeping its range.
    mutating func replace(at index: Int, with value: UInt32) {
        values[index] = value
    }
}
