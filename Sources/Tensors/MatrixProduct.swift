// SPDX-License-Identifier: Apache-2.0
import COneDNN
import COpenBLAS
import Foundation
import Kernels

/// The library that multiplies matrices of 32-bit floats.
package enum ComputeBackend: String, Sendable, CaseIterable {
    /// oneDNN's `dnnl_sgemm` and packed products, the default.
    case oneDNN = "onednn"
    /// OpenBLAS' `cblas_sgemm`.
    case openBLAS = "openblas"

    /// The one that the process uses: what the environment variable `SHOKEN_MATRIX_PRODUCTS` names, else
    /// oneDNN. bfloat16 and 8 bits are oneDNN's in any case.
    package static let inUse =
        ProcessInfo.processInfo.environment["SHOKEN_MATRIX_PRODUCTS"]
        .flatMap { ComputeBackend(rawValue: $0) } ?? .oneDNN
}

/// Products of row-major float matrices; a tensor counts as `rows` × `columns`.
package enum MatrixProduct {
    /// c = a · b, or c += a · b with `accumulate`, of which both may be taken transposed.
    ///
    /// With op(a) (M, K) and op(b) (K, N), `c` must be (M, N). Weights are stored (out, in), so a
    /// linear layer is `multiply(x, weight, transposeB: true, into: &y)`. The last bits of a row
    /// may depend on the number of rows.
    package static func multiply(
        _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
        into c: inout Tensor, accumulate: Bool = false, scale: Float = 1,
        backend: ComputeBackend = .inUse
    ) {
        let m = transposeA ? a.columns : a.rows
        let k = transposeA ? a.rows : a.columns
        let n = transposeB ? b.rows : b.columns
        precondition((transposeB ? b.columns : b.rows) == k, "inner lengths agree")
        precondition(c.rows == m && c.columns == n, "the result is as large as the product")
        let product = StridedProduct(
            m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB,
            strideA: a.columns, strideB: b.columns, strideC: n, scale: scale,
            accumulate: accumulate)
        if k == 0 {
            // A sum over nothing; the libraries are not asked, since one of them leaves c alone.
            if !accumulate { c = Tensor(zeros: c.shape) }
            return
        }
        ComputeThreads.prepareThisThread()
        a.values.withUnsafeBufferPointer { a in
            b.values.withUnsafeBufferPointer { b in
                c.values.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress
                    else { return }
                    product.run(a, b, c, backend: backend)
                }
            }
        }
    }

    /// The product as a new matrix (M, N); see `multiply`.
    package static func product(
        _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
        backend: ComputeBackend = .inUse
    ) -> Tensor {
        var c = Tensor(zeros: [
            transposeA ? a.columns : a.rows, transposeB ? b.rows : b.columns,
        ])
        multiply(
            a, b, transposeA: transposeA, transposeB: transposeB, into: &c, backend: backend)
        return c
    }
}

/// One matrix product over memory: lengths, and strides from row to row in elements.
struct StridedProduct {
    var m: Int
    var n: Int
    var k: Int
    var transposeA = false
    var transposeB = false
    var strideA: Int
    var strideB: Int
    var strideC: Int
    var scale: Float = 1
    var accumulate = false

    /// Multiplies; inside a loop of `ComputeThreads` on the calling thread.
    func run(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
        backend: ComputeBackend = .inUse
    ) {
        guard m > 0, n > 0 else { return }
        // A row must not be shorter than one element, even in a matrix without any.
        let (strideA, strideB) = (max(1, strideA), max(1, strideB))
        switch backend {
        case .oneDNN:
            let isDone = shoken_onednn_sgemm(
                transposeA ? 1 : 0, transposeB ? 1 : 0, Int64(m), Int64(n), Int64(k), scale, a,
                Int64(strideA), b, Int64(strideB), accumulate ? 1 : 0, c, Int64(strideC))
            precondition(isDone != 0, "oneDNN multiplies lengths that agree")
        case .openBLAS:
            OpenBLAS.prepare()
            // OpenBLAS computes on the calling thread only, so that it has no second set of threads.
            let byRows = m >= n
            // A part for each thread, each at least a quarter of a million multiplications.
            let length = max(m, n)
            let share = (length + ComputeThreads.count - 1) / ComputeThreads.count
            let least = (1 << 18) / max(1, min(m, n) * k) + 1
            ComputeThreads.ranges(length, minimum: max(share, least)) { part in
                let first = part.lowerBound
                let fromA = byRows ? first * (transposeA ? 1 : strideA) : 0
                let fromB = byRows ? 0 : first * (transposeB ? strideB : 1)
                cblas_sgemm(
                    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
                    transposeB ? CblasTrans : CblasNoTrans, blasint(byRows ? part.count : m),
                    blasint(byRows ? n : part.count), blasint(k), scale, a + fromA,
                    blasint(strideA), b + fromB, blasint(strideB),
                    accumulate ? 1 : 0,
                    c + first * (byRows ? strideC : 1), blasint(strideC))
            }
        }
    }
}

/// OpenBLAS, set up for this process.
package enum OpenBLAS {
    private static let chosen: String = {
        openblas_set_num_threads(1)
        return String(cString: shoken_openblas_choose_processor())
    }()

    /// The processor whose kernels it uses, in its own words, for example `SkylakeX`.
    package static var processor: String { chosen }

    static func prepare() { _ = chosen }
}
