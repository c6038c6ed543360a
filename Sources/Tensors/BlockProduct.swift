import Kernels

/// Products with matrices whose weights stay in the block formats of GGUF files, or in bfloat16, as
/// they lie in memory; for the few rows of activations that decoding has, where reading the weights
/// is what takes the time.
///
/// Formats are given by their numbers in ggml. Weights are rows of `columns` elements, one row an
/// output; `columns` must be a multiple of the format's block. A row of the result does not depend
/// on the other rows of activations, nor on the number of threads.
package enum BlockProduct {
    /// Whether there are products for a format.
    package static func isAvailable(format: UInt32) -> Bool {
        shoken_block_product_available(format) != 0
    }

    /// Elements of a block of an available format.
    package static func blockElements(format: UInt32) -> Int {
        precondition(isAvailable(format: format), "a format with block products")
        return Int(shoken_block_elements(format))
    }

    /// Bytes of a row of an available format.
    package static func rowBytes(format: UInt32, columns: Int) -> Int {
        let elements = blockElements(format: format)
        precondition(columns >= 0 && columns % elements == 0, "a row is whole blocks")
        return columns / elements * Int(shoken_block_bytes(format))
    }

    /// y (B, rows) = x · weightsᵀ, or += with `accumulate`, for quantised activations `x` (B, columns).
    package static func multiply(
        _ x: BlockActivations, weights: UnsafeRawBufferPointer, rows: Int,
        into y: UnsafeMutablePointer<Float>, stride: Int, accumulate: Bool = false
    ) {
        let bytes = rowBytes(format: x.format, columns: x.columns)
        precondition(rows >= 0 && weights.count == rows * bytes, "the weights are whole rows")
        precondition(x.count <= 1 || stride >= rows, "rows of the result do not overlap")
        guard let start = weights.baseAddress, rows > 0 else { return }
        let weights = start.assumingMemoryBound(to: UInt8.self)
        ComputeThreads.ranges(rows, minimum: minimumRows(columns: x.columns)) { range in
            shoken_block_product(
                x.format, weights + range.lowerBound * bytes, Int64(bytes),
                Int64(range.count), Int64(x.columns), x.start, Int64(x.count),
                y + range.lowerBound, Int64(stride), accumulate ? 1 : 0)
        }
    }

    /// The same for activations that are quantised for this product alone.
    package static func multiply(
        _ x: Tensor, weights: UnsafeRawBufferPointer, format: UInt32, into y: inout Tensor,
        accumulate: Bool = false
    ) {
        precondition(x.rows == y.rows, "as many rows in the result as of activations")
        let activations = BlockActivations(x, format: format)
        let columns = y.columns
        y.values.withUnsafeMutableBufferPointer { y in
            guard let start = y.baseAddress else { return }
            multiply(
                activations, weights: weights, rows: columns, into: start, stride: columns,
                accumulate: accumulate)
        }
    }

    /// y (B, rows) = x (B, columns) · weightsᵀ, or += with `accumulate`, for weights of bfloat16
    /// words (rows, columns), in 32-bit arithmetic.
    package static func multiplyBFloat16(
        _ x: Tensor, weights: UnsafeBufferPointer<UInt16>, into y: inout Tensor,
        accumulate: Bool = false
    ) {
        let (rows, columns, count) = (y.columns, x.columns, x.rows)
        precondition(count == y.rows, "as many rows in the result as of activations")
        precondition(weights.count == rows * columns, "weights of rows × columns")
        guard let words = weights.baseAddress else { return }
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeMutableBufferPointer { y in
                guard let x = x.baseAddress, let y = y.baseAddress else { return }
                ComputeThreads.ranges(rows, minimum: minimumRows(columns: columns)) { range in
                    shoken_bfloat16_product(
                        words + range.lowerBound * columns, Int64(range.count),
                        Int64(columns), x, Int64(columns), Int64(count), y + range.lowerBound,
                        Int64(rows), accumulate ? 1 : 0)
                }
            }
        }
    }

    /// Rows of blocks, one after the other, rounded to the nearest bfloat16 words; on the calling
    /// thread.
    package static func widen(
        _ bytes: UnsafeRawBufferPointer, format: UInt32,
        toBFloat16 words: UnsafeMutableBufferPointer<UInt16>
    ) {
        precondition(
            bytes.count == rowBytes(format: format, columns: words.count),
            "a place for each element")
        guard let bytes = bytes.baseAddress, let start = words.baseAddress else { return }
        shoken_block_widen_bfloat16(
            format, bytes.assumingMemoryBound(to: UInt8.self), Int64(words.count), start)
    }

    /// Rows of blocks, one after the other, as 32-bit floats, equal to ggml's decoding to the last
    /// bit; on the calling thread.
    package static func widen(
        _ bytes: UnsafeRawBufferPointer, format: UInt32,
        toFloat32 values: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(
            bytes.count == rowBytes(format: format, columns: values.count),
            "a place for each element")
        guard let bytes = bytes.baseAddress, let start = values.baseAddress else { return }
        shoken_block_widen_float32(
            format, bytes.assumingMemoryBound(to: UInt8.self), Int64(values.count), start)
    }

    /// Rows that are worth a thread's while.
    private static func minimumRows(columns: Int) -> Int { max(8, 65536 / max(1, columns)) }
}

/// Rows of activations, quantised to 8 bits in blocks of 32 for products with weights of one format.
///
/// The same activations serve all matrices of the format that they meet (such as those of query,
/// key and value).
package final class BlockActivations {
    /// The format of the weights, its number in ggml.
    package let format: UInt32
    /// Number of rows.
    package let count: Int
    /// Length of a row.
    package let columns: Int
    private let memory: UnsafeMutableRawPointer
    var start: UnsafePointer<UInt8> {
        UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))
    }

    /// Quantises a matrix (B, columns) for an available format.
    package init(_ x: Tensor, format: UInt32) {
        (count, columns, self.format) = (x.rows, x.columns, format)
        precondition(
            columns % BlockProduct.blockElements(format: format) == 0, "a row is whole blocks")
        let bytes = Int(shoken_block_activation_bytes(format, Int64(columns)))
        memory = .allocate(byteCount: max(1, count * bytes), alignment: 64)
        x.values.withUnsafeBufferPointer { x in
            guard let x = x.baseAddress else { return }
            shoken_block_quantise(
                format, x, Int64(columns), Int64(count), Int64(columns),
                memory.assumingMemoryBound(to: UInt8.self))
        }
    }

    deinit { memory.deallocate() }
}
