import COneDNN
import Synchronization

/// oneDNN's products of packed matrices, kept by shape, since making one takes longer than running
/// it on few rows.
enum PackedProducts {
    private struct Shape: Hashable {
        let element: PackedMatrix.Element
        let rows: Int
        let columns: Int
        let results: Int
        let accumulate: Bool
        /// oneDNN divides the work when the product is made.
        let threads: Int
    }

    /// Shapes that are kept; beyond these all are made anew.
    private static let limit = 2048
    private static let known = Mutex<[Shape: PackedProduct]>([:])

    /// The product of so many rows with a matrix.
    static func product(of matrix: PackedMatrix, rows: Int, accumulate: Bool) -> PackedProduct {
        product(
            matrix.element, rows: rows, columns: matrix.columns, results: matrix.rows,
            accumulate: accumulate)
    }

    /// The product of (rows, columns) with (results, columns) transposed.
    static func product(
        _ element: PackedMatrix.Element, rows: Int, columns: Int, results: Int, accumulate: Bool
    ) -> PackedProduct {
        let shape = Shape(
            element: element, rows: rows, columns: columns, results: results,
            accumulate: accumulate, threads: ComputeThreads.isInLoop ? 1 : ComputeThreads.count)
        if let product = known.withLock({ $0[shape] }) { return product }
        let made = PackedProduct(
            element, rows: rows, columns: columns, results: results, accumulate: accumulate)
        known.withLock {
            if $0.count >= limit { $0.removeAll() }
            $0[shape] = made
        }
        return made
    }
}

/// One of oneDNN's products.
///
/// `@unchecked Sendable` because oneDNN's products are not changed by running, and their scratch
/// memory is the caller's.
final class PackedProduct: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<shoken_packed_product>

    init(
        _ element: PackedMatrix.Element, rows: Int, columns: Int, results: Int, accumulate: Bool
    ) {
        guard
            let pointer = shoken_packed_product_create(
                element.rawValue, Int64(rows), Int64(columns), Int64(results), accumulate ? 1 : 0)
        else { preconditionFailure("oneDNN multiplies any matrices of its types") }
        self.pointer = pointer
    }

    deinit { shoken_packed_product_destroy(pointer) }

    /// Rows that are multiplied.
    var rows: Int { Int(pointer.pointee.m) }

    /// Bytes of the packed weights.
    var weightBytes: Int { pointer.pointee.weight_bytes }

    /// Multiplies dense rows of the element type.
    func run(
        _ a: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ c: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(
            byteCount: max(64, pointer.pointee.scratch_bytes), alignment: 64
        ) { scratch in
            let isDone = shoken_packed_product_run(pointer, a, weights, c, scratch.baseAddress)
            precondition(isDone != 0, "oneDNN runs what it has made")
        }
    }
}
