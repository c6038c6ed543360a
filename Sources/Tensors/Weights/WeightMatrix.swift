// SPDX-License-Identifier: Apache-2.0

/// A matrix of weights (out, in) in a form in which products read it fast.
///
/// Training and files see the plain form; a model that only computes has its matrices packed.
package struct WeightMatrix: Sendable {
    /// How the elements lie.
    package enum Form: Sendable {
        /// Row by row, in 32-bit floats.
        case dense(Tensor)
        /// Laid out for the processor by oneDNN.
        case packed(PackedMatrix)
        /// Row by row, in blocks that share a scale, as in a GGUF file.
        case blocks(BlockMatrix)
    }

    /// How the elements lie.
    package let form: Form

    /// A matrix of 32-bit floats, taken as it is.
    package init(_ tensor: Tensor) { form = .dense(tensor) }

    /// A matrix in blocks, taken as it is.
    package init(_ blocks: BlockMatrix) { form = .blocks(blocks) }

    /// A packed matrix.
    package init(_ packed: PackedMatrix) { form = .packed(packed) }

    /// Length of a result, out.
    package var rows: Int {
        switch form {
        case .dense(let tensor): tensor.rows
        case .packed(let matrix): matrix.rows
        case .blocks(let matrix): matrix.rows
        }
    }

    /// Length of what is multiplied, in.
    package var columns: Int {
        switch form {
        case .dense(let tensor): tensor.columns
        case .packed(let matrix): matrix.columns
        case .blocks(let matrix): matrix.columns
        }
    }

    /// The elements (out, in) widened to 32-bit floats, as products see them.
    package var tensor: Tensor {
        switch form {
        case .dense(let tensor): tensor
        case .packed(let matrix): matrix.tensor
        case .blocks(let matrix): matrix.tensor
        }
    }

    /// Bytes that the elements take.
    package var bytes: Int {
        switch form {
        case .dense(let tensor): tensor.count * MemoryLayout<Float>.stride
        case .packed(let matrix): matrix.bytes
        case .blocks(let matrix): matrix.bytes
        }
    }

    /// The same matrix for products of this precision; what is packed stays as it is.
    package func prepared(for precision: Precision) -> WeightMatrix {
        if case .packed = form { return self }
        guard rows * columns > 0 else { return self }
        let stored: BlockFormat
        if case .blocks(let matrix) = form { stored = matrix.format } else { stored = .float32 }
        switch precision {
        case .stored where stored.isQuantised: return self
        case .stored where stored == .bfloat16, .bfloat16:
            guard PackedMatrix.isAvailable(.bfloat16) else { return packed(.float32) }
            if case .blocks(let matrix) = form, stored == .bfloat16 {
                return WeightMatrix(
                    matrix.withBytes { PackedMatrix(words: $0, rows: rows, columns: columns) })
            }
            return packed(.bfloat16)
        case .stored, .float32: return packed(.float32)
        case .int8: return packed(.int8)
        case .int4: return inBlocks(columns % 256 == 0 ? .q4_K : .q4_0)
        }
    }

    /// Blocks of a format; 32-bit floats where rows are no whole blocks or a value cannot be written.
    private func inBlocks(_ format: BlockFormat) -> WeightMatrix {
        if case .blocks(let matrix) = form, matrix.format == format { return self }
        guard columns % format.blockElements == 0, let bytes = format.encoded(tensor.values) else {
            return packed(.float32)
        }
        return WeightMatrix(
            BlockMatrix(
                format: format, rows: rows, columns: columns,
                memory: WeightMemory(copying: bytes)))
    }

    private func packed(_ element: PackedMatrix.Element) -> WeightMatrix {
        if element == .float32, ComputeBackend.inUse == .openBLAS { return WeightMatrix(tensor) }
        return WeightMatrix(PackedMatrix(tensor, element))
    }

    /// Has a matrix that lies in a file too large for memory read while other work is done.
    package func prefetch() {
        if case .blocks(let matrix) = form { matrix.prefetch() }
    }

    /// Copies rows to the rows of `result` (ids, in), each multiplied by `scale`.
    package func gatherRows(_ ids: [Int32], scale: Float = 1, into result: inout Tensor) {
        switch form {
        case .dense(let tensor):
            ElementWise.gatherRows(tensor, ids: ids, scale: scale, into: &result)
        case .packed(let matrix):
            ElementWise.gatherRows(matrix.tensor, ids: ids, scale: scale, into: &result)
        case .blocks(let matrix): matrix.gatherRows(ids, scale: scale, into: &result)
        }
    }

    /// y = x · wᵀ for each row of `x` (T, in), or y += x · wᵀ; `y` is (T, out).
    package func multiply(_ x: Tensor, into y: inout Tensor, accumulate: Bool = false) {
        switch form {
        case .dense(let tensor):
            MatrixProduct.multiply(
                x, tensor, transposeB: true, into: &y, accumulate: accumulate)
        case .packed(let matrix): matrix.multiply(x, into: &y, accumulate: accumulate)
        case .blocks(let matrix): matrix.multiply(x, into: &y, accumulate: accumulate)
        }
    }
}
