// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Kernels
import Synchronization

/// The one number of threads that matrix products and our own loops share.
///
/// Loops run in the OpenMP team that oneDNN uses for its matrix products, so that no second set of
/// threads competes with it; where the process has no OpenMP runtime they run on Dispatch.
package enum ComputeThreads {
    private static let number = Atomic<Int>(max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// Number of threads in use; at the start as many as the machine has processors.
    package static var count: Int { number.load(ordering: .relaxed) }

    /// Sets the number of threads for every thread of the process, from its next operation on.
    package static func set(_ count: Int) {
        precondition(count > 0, "at least one thread")
        number.store(count, ordering: .relaxed)
    }

    /// The results of `body` for each index below `count`, in order, computed in parallel.
    ///
    /// Everything that a body calls stays on its thread, matrix products too; this is faster than
    /// dividing each operation where there are as many equal pieces of work as threads, since the
    /// threads then wait for each other only once.
    package static func map<Result: Sendable>(
        _ count: Int, _ body: (_ index: Int) -> Result
    ) -> [Result] {
        let results = [Result?](unsafeUninitializedCapacity: count) { results, initialized in
            // The buffer outlives the loop, and no two indices share an element.
            nonisolated(unsafe) let start = results
            start.initialize(repeating: nil)
            loop(count) { _, index in start[index] = body(index) }
            initialized = count
        }
        return results.compactMap { $0 }
    }

    /// Tells OpenMP, which keeps the number by calling thread, before a matrix product.
    static func prepareThisThread() { shoken_openmp_set_threads(Int32(clamping: count)) }

    /// Threads that a product made on the calling thread is divided among.
    ///
    /// OpenMP's number of this thread, not `count`: another thread may have set that since, and a product
    /// that is kept under a number it was not made for has too little scratch memory.
    static var ofThisThread: Int {
        let threads = Int(shoken_openmp_threads())
        return threads > 0 ? threads : count
    }

    /// Whether the calling thread is one of a loop's, so that what it calls stays on it.
    static var isInLoop: Bool { shoken_openmp_inside() != 0 }

    /// Calls `body(thread, index)` once for each index below `count`, in parallel, in any order.
    ///
    /// Threads are numbered below `limit`, for scratch memory of their own. Inside such a loop,
    /// another one and matrix products run on the calling thread alone.
    static func loop(
        _ count: Int, limit: Int = Self.count, _ body: (_ thread: Int, _ index: Int) -> Void
    ) {
        let threads = min(limit, count)
        if threads <= 1 {
            for index in 0..<max(0, count) { body(0, index) }
        } else if shoken_openmp_available() != 0 {
            openMPLoop(count, threads, body)
        } else {
            dispatchLoop(count, threads, body)
        }
    }

    /// Calls `body` with ranges that together are `0..<count`, each at least `minimum` long except
    /// where `count` is less, in parallel.
    static func ranges(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
        guard count > 0 else { return }
        // Some more pieces than threads, so that one that is held up does not hold up the rest.
        let pieces = max(1, min(Self.count * 4, count / max(1, minimum)))
        guard Self.count > 1, pieces > 1 else { return body(0..<count) }
        loop(pieces) { _, piece in
            body(count * piece / pieces..<count * (piece + 1) / pieces)
        }
    }

    private static func openMPLoop(_ count: Int, _ threads: Int, _ body: (Int, Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            var context = body
            withUnsafeMutablePointer(to: &context) { context in
                shoken_openmp_loop(
                    Int64(count), Int32(clamping: threads),
                    { context, thread, index in
                        context?.assumingMemoryBound(to: ((Int, Int) -> Void).self)
                            .pointee(Int(thread), Int(index))
                    }, context)
            }
        }
    }

    private static func dispatchLoop(_ count: Int, _ threads: Int, _ body: (Int, Int) -> Void) {
        let next = Atomic<Int>(0)
        withoutActuallyEscaping(body) { body in
            let shared = SharedBody(call: body)
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    if index >= count { return }
                    shared.call(thread, index)
                }
            }
        }
    }

    /// Unchecked because the loop's body writes to parts of memory that differ by index only.
    private struct SharedBody: @unchecked Sendable {
        let call: (Int, Int) -> Void
    }
}
