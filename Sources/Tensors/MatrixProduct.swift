import COneDNN
import COpenBLAS

/// The library that multiplies matrices.
package enum ComputeBackend: String, Sendable, CaseIterable {
    /// oneDNN's `dnnl_sgemm`, the default: it knows the wide instructions of recent processors.
    case oneDNN
    /// OpenBLAS' `cblas_sgemm`; 0.3.21 takes processors it does not know for Haswell.
    case openBLAS
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
        backend: ComputeBackend = .oneDNN
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
        backend: ComputeBackend = .oneDNN
    ) -> Tensor {
        var c = Tensor(zeros: [
            transposeA ? a.columns : a.rows, transposeB ? b.rows : b.columns,
        ])
        multiply(
            a, b, transposeA: transposeA, transposeB: transposeB, into: &c, backend: backend)
        return c
    }

    static func setOpenBLASThreads(_ count: Int) {
        openblas_set_num_threads(Int32(clamping: count))
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

    /// Multiplies; inside a loop of `ComputeThreads`, oneDNN stays on the calling thread.
    func run(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
        backend: ComputeBackend = .oneDNN
    ) {
        guard m > 0, n > 0 else { return }
        let beta: Float = accumulate ? 1 : 0
        // A row must not be shorter than one element, even in a matrix without any.
        let (strideA, strideB) = (max(1, strideA), max(1, strideB))
        switch backend {
        case .oneDNN:
            let (no, yes) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
            let status = dnnl_sgemm(
                transposeA ? yes : no, transposeB ? yes : no, dnnl_dim_t(m), dnnl_dim_t(n),
                dnnl_dim_t(k), scale, a, dnnl_dim_t(strideA), b, dnnl_dim_t(strideB), beta, c,
                dnnl_dim_t(strideC))
            precondition(status == dnnl_success, "oneDNN multiplies lengths that agree")
        case .openBLAS:
            cblas_sgemm(
                CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
                transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), scale,
                a, blasint(strideA), b, blasint(strideB), beta, c, blasint(strideC))
        }
    }
}
