// SPDX-License-Identifier: Apache-2.0
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
        /// oneDNN divides the work when the product is made; 0 for the one that sets the layout.
        let threads: Int
    }

    /// Shapes that are kept; beyond these all but layouts are made anew.
    private static let limit = 2048
    private static let known = Mutex<[Shape: PackedProduct]>([:])

    /// The product of so many rows with a matrix.
    static func product(of matrix: PackedMatrix, rows: Int, accumulate: Bool) -> PackedProduct {
        product(
            Shape(
                element: matrix.element, rows: rows, columns: matrix.columns,
                results: matrix.rows, accumulate: accumulate,
                threads: ComputeThreads.ofThisThread))
    }

    /// The product whose layout of weights (results, columns) all others of that matrix follow: the
    /// one that oneDNN likes best for 64 rows.
    static func layout(
        _ element: PackedMatrix.Element, columns: Int, results: Int
    ) -> PackedProduct {
        // Whatever the threads: the layout must not depend on them.
        product(
            Shape(
                element: element, rows: 64, columns: columns, results: results, accumulate: false,
                threads: 0))
    }

    private static func product(_ shape: Shape) -> PackedProduct {
        if let product = known.withLock({ $0[shape] }) { return product }
        let layout =
            shape.threads == 0
            ? nil : layout(shape.element, columns: shape.columns, results: shape.results)
        let made = PackedProduct(
            shape.element, rows: shape.rows, columns: shape.columns, results: shape.results,
            accumulate: shape.accumulate, layout: layout)
        known.withLock {
            if $0.count >= limit { $0 = $0.filter { $0.key.threads == 0 } }
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
    let pointer: OpaquePointer

    init(
        _ element: PackedMatrix.Element, rows: Int, columns: Int, results: Int, accumulate: Bool,
        layout: PackedProduct?
    ) {
        guard
            let pointer = shoken_packed_product_create(
                element.rawValue, Int64(rows), Int64(columns), Int64(results), accumulate ? 1 : 0,
                layout?.pointer)
        else { preconditionFailure("oneDNN multiplies any matrices of its types") }
        self.pointer = pointer
    }

    /// Takes over one of oneDNN's products.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { shoken_product_destroy(pointer) }

    /// Rows that are multiplied.
    var rows: Int { Int(shoken_product_rows(pointer)) }

    /// Bytes of the packed weights.
    var weightBytes: Int { shoken_product_weight_bytes(pointer) }

    /// Multiplies dense rows of the element type.
    func run(
        _ a: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ c: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(
            byteCount: max(64, shoken_product_scratch_bytes(pointer)), alignment: 64
        ) { scratch in
            let isDone = shoken_product_run(pointer, a, weights, c, scratch.baseAddress)
            precondition(isDone != 0, "oneDNN runs what it has made")
        }
    }
}
