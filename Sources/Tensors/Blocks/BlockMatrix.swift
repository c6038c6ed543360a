// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Weights (out, in) row by row as a file holds them: 16- or 32-bit floats, or blocks that share a
/// scale. They are multiplied where they lie, also in a mapped file.
package struct BlockMatrix: Sendable {
    /// How the elements are stored.
    package let format: BlockFormat
    /// Length of a result, out.
    package let rows: Int
    /// Length of what is multiplied, in.
    package let columns: Int
    private let memory: WeightMemory
    /// Where the first row begins in the memory.
    private let offset: Int

    /// Has the rows read while other work is done, where they lie in a file too large for memory.
    func prefetch() {
        memory.prefetch(offset..<offset + rows * format.rowBytes(columns: columns))
    }

    /// Rows that lie in memory from a byte on.
    package init(
        format: BlockFormat, rows: Int, columns: Int, memory: WeightMemory, offset: Int = 0
    ) {
        precondition(columns > 0 && columns % format.blockElements == 0, "a row is whole blocks")
        precondition(
            offset >= 0 && offset + rows * format.rowBytes(columns: columns) <= memory.count,
            "rows lie within the memory")
        (self.format, self.rows, self.columns) = (format, rows, columns)
        (self.memory, self.offset) = (memory, offset)
    }

    /// A copy of a matrix of 32-bit floats.
    package init(copying tensor: Tensor) {
        let memory = tensor.values.withUnsafeBytes { WeightMemory(copying: $0) }
        self.init(
            format: .float32, rows: tensor.rows, columns: tensor.columns, memory: memory)
    }

    /// Copies of chosen rows of matrices of one format and width, one after another.
    package init(copying parts: [(matrix: BlockMatrix, rows: [Int])], format: BlockFormat) {
        let columns = parts.first?.matrix.columns ?? format.blockElements
        let count = parts.reduce(0) { $0 + $1.rows.count }
        let memory = WeightMemory(count: count * format.rowBytes(columns: columns)) { target in
            var row = 0
            for (matrix, rows) in parts {
                precondition(matrix.format == format && matrix.columns == columns, "rows alike")
                let length = matrix.rowBytes
                matrix.withBytes { bytes in
                    for source in rows {
                        UnsafeMutableRawBufferPointer(
                            rebasing: target[row * length..<(row + 1) * length]
                        ).copyMemory(
                            from: UnsafeRawBufferPointer(
                                rebasing: bytes[source * length..<(source + 1) * length]))
                        row += 1
                    }
                }
            }
        }
        self.init(format: format, rows: count, columns: columns, memory: memory)
    }

    /// Bytes of a row.
    package var rowBytes: Int { format.rowBytes(columns: columns) }
    /// Bytes that the elements take.
    package var bytes: Int { rows * rowBytes }

    /// The bytes of the rows, valid within `body`.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
        -> Result
    {
        try withExtendedLifetime(memory) {
            try body(UnsafeRawBufferPointer(start: memory.start + offset, count: bytes))
        }
    }

    /// Some of the rows, in the same memory.
    package func rows(_ range: Range<Int>) -> BlockMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows of this matrix")
        return BlockMatrix(
            format: format, rows: range.count, columns: columns, memory: memory,
            offset: offset + range.lowerBound * rowBytes)
    }

    /// The elements as 32-bit floats.
    package var tensor: Tensor {
        var result = Tensor(zeros: [rows, columns])
        result.values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            ComputeThreads.ranges(rows, minimum: 1 + 16384 / columns) { range in
                widen(range, into: start + range.lowerBound * columns)
            }
        }
        return result
    }

    /// Copies rows to the rows of `result` (ids, in), each multiplied by `scale`.
    package func gatherRows(_ ids: [Int32], scale: Float = 1, into result: inout Tensor) {
        let all = Int32(clamping: rows)
        precondition(result.count == ids.count * columns, "one row for each id")
        precondition(ids.allSatisfy { $0 >= 0 && $0 < all }, "ids are rows of the table")
        guard !ids.isEmpty else { return }
        result.values.withUnsafeMutableBufferPointer { result in
            ComputeThreads.ranges(ids.count, minimum: 1 + 16384 / columns) { range in
                for index in range {
                    let row = Int(ids[index])
                    let target = result.start + index * columns
                    widen(row..<row + 1, into: target)
                    if scale != 1 { shoken_scale(target, target, Int64(columns), scale) }
                }
            }
        }
    }

    /// y = x · wᵀ, or y += x · wᵀ. A row of `y` depends on its own row of `x` alone, to the last
    /// bit, where a kernel knows the format; activations are in 8 bits then.
    func multiply(_ x: Tensor, into y: inout Tensor, accumulate: Bool) {
        precondition(x.columns == columns, "inner lengths agree")
        precondition(y.rows == x.rows && y.columns == rows, "the result is as large as the product")
        guard x.rows > 0, rows > 0 else { return }
        if shoken_block_product_available(format.rawValue) != 0 {
            multiplyBlocks(x, into: &y, accumulate: accumulate)
        } else {
            multiplyWidened(x, into: &y, accumulate: accumulate)
        }
    }

    private func multiplyBlocks(_ x: Tensor, into y: inout Tensor, accumulate: Bool) {
        let count = x.rows
        let activationBytes = Int(
            shoken_block_activation_bytes(format.rawValue, Int64(columns)))
        let stride = rows
        withUnsafeTemporaryAllocation(byteCount: count * activationBytes, alignment: 64) {
            activations in
            guard let activations = activations.baseAddress?.assumingMemoryBound(to: UInt8.self)
            else { return }
            x.values.withUnsafeBufferPointer { x in
                ComputeThreads.ranges(count, minimum: 1 + 16384 / columns) { range in
                    shoken_block_quantise(
                        format.rawValue, x.start + range.lowerBound * columns, Int64(columns),
                        Int64(range.count), Int64(columns),
                        activations + range.lowerBound * activationBytes)
                }
            }
            y.values.withUnsafeMutableBufferPointer { y in
                withBytes { weights in
                    let weights = weights.assumingMemoryBound(to: UInt8.self).start
                    ComputeThreads.ranges(rows, minimum: rowsAtOnce(count)) { range in
                        // As many rows as stay in the cache while all activations pass.
                        for first in Swift.stride(
                            from: range.lowerBound, to: range.upperBound, by: rowsInCache)
                        {
                            let number = min(rowsInCache, range.upperBound - first)
                            shoken_block_product(
                                format.rawValue, weights + first * rowBytes, Int64(rowBytes),
                                Int64(number), Int64(columns), activations, Int64(count),
                                y.start + first, Int64(stride), accumulate ? 1 : 0)
                        }
                    }
                }
            }
        }
    }

    /// Rows below which work is not divided among threads.
    private func rowsAtOnce(_ count: Int) -> Int { 1 + 65536 / (columns * count) }
    /// Rows of at most 256 KiB.
    private var rowsInCache: Int { max(8, 262_144 / rowBytes) }

    /// Products with rows that are widened some at a time.
    private func multiplyWidened(_ x: Tensor, into y: inout Tensor, accumulate: Bool) {
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeMutableBufferPointer { y in
                guard y.count > 0 else { return }
                multiplyWidened(
                    x.start, rows: y.count / rows, into: y.start, accumulate: accumulate)
            }
        }
    }

    /// The same of rows in memory.
    func multiplyWidened(
        _ x: UnsafePointer<Float>, rows count: Int, into y: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        let (width, panel) = (rows, panelRows)
        ComputeThreads.loop((rows + panel - 1) / panel) { _, index in
            let range = index * panel..<min(rows, (index + 1) * panel)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * columns) {
                widened in
                widen(range, into: widened.start)
                StridedProduct(
                    m: count, n: range.count, k: columns, transposeB: true,
                    strideA: columns, strideB: columns, strideC: width,
                    accumulate: accumulate
                ).run(x, widened.start, y + range.lowerBound)
            }
        }
    }

    /// Rows that are widened at a time: 1 MiB.
    private var panelRows: Int { max(1, min(rows, 262_144 / columns)) }

    /// Calls `body` with all rows, some at a time and in order, as 32-bit floats.
    func withRows(_ body: (UnsafePointer<Float>, Range<Int>) -> Void) {
        let panel = panelRows
        withUnsafeTemporaryAllocation(of: Float.self, capacity: panel * columns) { widened in
            for first in stride(from: 0, to: rows, by: panel) {
                let range = first..<min(rows, first + panel)
                widen(range, into: widened.start)
                body(widened.start, range)
            }
        }
    }

    /// Rows as 32-bit floats, one after another.
    private func widen(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        let count = range.count * columns
        withBytes { bytes in
            let part = UnsafeRawBufferPointer(
                rebasing: bytes[range.lowerBound * rowBytes..<range.upperBound * rowBytes])
            guard let start = part.baseAddress else { return }
            if format == .float32 {
                UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: part.count)
            } else if format == .bfloat16 || format == .float16 {
                let words = start.assumingMemoryBound(to: UInt16.self)
                format == .float16
                    ? shoken_widen_float16(words, target, Int64(count))
                    : shoken_widen_bfloat16(words, target, Int64(count))
            } else if shoken_block_product_available(format.rawValue) != 0 {
                // Rows follow each other, so that they are one long row of blocks.
                shoken_block_widen_float32(
                    format.rawValue, start.assumingMemoryBound(to: UInt8.self), Int64(count),
                    target)
            } else {
                BlockDecoding(bytes: part).decode(
                    format, into: UnsafeMutableBufferPointer(start: target, count: count))
            }
        }
    }
}
