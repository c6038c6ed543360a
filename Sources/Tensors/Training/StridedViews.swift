// SPDX-License-Identifier: Apache-2.0

/// Product of strided views: C = A · B, or C += A · B with `beta` 1, row-major.
///
/// For views that a ``Tensor`` cannot express, such as one head of (T, H · D). `transposeA` says
/// that A is stored (k, m), `transposeB` that B is stored (n, k).
@inline(__always)
func stridedProduct(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, stride strideA: Int, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, stride strideB: Int, transposeB: Bool = false,
    beta: Float = 0, into c: UnsafeMutablePointer<Float>, stride strideC: Int
) {
    StridedProduct(
        m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, strideA: strideA,
        strideB: strideB, strideC: strideC, accumulate: beta != 0
    ).run(a, b, c)
}

extension ComputeThreads {
    /// Calls `body` once for each element of `workers`, in parallel, each on one thread.
    ///
    /// What `body` computes inside, matrix products included, stays on that thread.
    package static func forEachWorker<Worker: Sendable>(
        _ workers: inout [Worker], _ body: (_ index: Int, _ worker: inout Worker) -> Void
    ) {
        workers.withUnsafeMutableBufferPointer { workers in
            let start = workers.start
            loop(workers.count) { _, index in body(index, &start[index]) }
        }
    }
}
