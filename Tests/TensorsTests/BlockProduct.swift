// SPDX-License-Identifier: Apache-2.0
import Kernels
import Tensors

/// The kernels for blocks as tests call them, on the calling thread; the product's own caller is
/// `BlockMatrix`.
enum BlockProduct {
    static func rowBytes(format: UInt32, columns: Int) -> Int {
        columns / Int(shoken_block_elements(format)) * Int(shoken_block_bytes(format))
    }

    /// y (B, rows) = x · weightsᵀ, or += with `accumulate`, for quantised activations.
    static func multiply(
        _ x: BlockActivations, weights: UnsafeRawBufferPointer, rows: Int,
        into y: UnsafeMutablePointer<Float>, stride: Int, accumulate: Bool = false
    ) {
        let bytes = rowBytes(format: x.format, columns: x.columns)
        precondition(weights.count == rows * bytes, "the weights are whole rows")
        guard let start = weights.baseAddress else { return }
        shoken_block_product(
            x.format, start.assumingMemoryBound(to: UInt8.self), Int64(bytes), Int64(rows),
            Int64(x.columns), x.bytes, Int64(x.count), y, Int64(stride), accumulate ? 1 : 0)
    }

    /// The same for activations that are quantised for this product alone.
    static func multiply(
        _ x: Tensor, weights: UnsafeRawBufferPointer, format: UInt32, into y: inout Tensor,
        accumulate: Bool = false
    ) {
        let activations = BlockActivations(x, format: format)
        let columns = y.columns
        y.values.withUnsafeMutableBufferPointer { y in
            guard let start = y.baseAddress else { return }
            multiply(
                activations, weights: weights, rows: columns, into: start, stride: columns,
                accumulate: accumulate)
        }
    }
}

/// Rows of activations, quantised for products with weights of one format.
struct BlockActivations {
    let format: UInt32
    let count: Int
    let columns: Int
    let bytes: [UInt8]

    init(_ x: Tensor, format: UInt32) {
        (count, columns, self.format) = (x.rows, x.columns, format)
        let rowBytes = Int(shoken_block_activation_bytes(format, Int64(columns)))
        bytes = [UInt8](unsafeUninitializedCapacity: count * rowBytes) { bytes, initialized in
            shoken_block_quantise(
                format, x.values, Int64(x.columns), Int64(x.rows), Int64(x.columns),
                bytes.baseAddress)
            initialized = x.rows * rowBytes
        }
    }
}
