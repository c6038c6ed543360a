// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Memory that holds weights: our own, or a part of a mapped file.
///
/// `@unchecked Sendable` because it is not written to once it has been filled.
package final class WeightMemory: @unchecked Sendable {
    /// The first byte.
    package let start: UnsafeRawPointer
    /// Bytes.
    package let count: Int
    private let release: @Sendable () -> Void
    /// Whether the bytes are read from a file when they are used.
    private let isReadOnUse: Bool

    /// Memory of someone else; `release` is called when nobody uses it any more.
    ///
    /// `isReadOnUse` says that it is a mapped file that does not fit into memory.
    package init(
        _ start: UnsafeRawPointer, count: Int, isReadOnUse: Bool = false,
        release: @escaping @Sendable () -> Void
    ) {
        (self.start, self.count, self.release) = (start, count, release)
        self.isReadOnUse = isReadOnUse
    }

    /// Memory of our own that begins at a page, so that large pages can hold it.
    init(capacity: Int) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, capacity), alignment: 4096)
        nonisolated(unsafe) let start = UnsafeRawPointer(memory)
        self.start = start
        count = capacity
        release = { start.deallocate() }
        isReadOnUse = false
        if capacity >= 4 << 20 { madvise(memory, capacity, MADV_HUGEPAGE) }
    }

    /// Memory of our own that `fill` writes to, once.
    package convenience init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        self.init(capacity: count)
        withExtendedLifetime(self) {
            fill(
                UnsafeMutableRawBufferPointer(
                    start: UnsafeMutableRawPointer(mutating: start), count: count))
        }
    }

    /// A copy of bytes.
    package convenience init(copying bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count)
        let target = UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(mutating: start), count: bytes.count)
        withExtendedLifetime(self) { target.copyBytes(from: bytes) }
    }

    /// Has bytes that will be used soon read from their file while other work is done.
    func prefetch(_ range: Range<Int>) {
        guard isReadOnUse, !range.isEmpty else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = Int(bitPattern: start + range.lowerBound) / page * page
        let end = Int(bitPattern: start + range.upperBound)
        // Advice only: where it is not taken, the bytes are read when they are used.
        madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_WILLNEED)
    }

    deinit { release() }
}
