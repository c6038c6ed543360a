// SPDX-License-Identifier: Apache-2.0
import COneDNN
import Kernels

/// Weights (out, in) that oneDNN laid out for the processor, in one of three element types.
///
/// One layout serves products of any number of rows.
package struct PackedMatrix: Sendable {
    /// What the elements are.
    package enum Element: Int32, Sendable {
        case float32 = 0
        case bfloat16 = 1
        case int8 = 2
    }

    /// Length of a result, out.
    package let rows: Int
    /// Length of what is multiplied, in.
    package let columns: Int
    /// What the elements are.
    package let element: Element
    private let memory: WeightMemory
    /// What the elements of each row are multiplied by; of 8-bit elements only.
    private let scales: [Float]

    /// Whether oneDNN multiplies this type on this processor; 16-bit floats need AVX-512.
    package static func isAvailable(_ element: Element) -> Bool {
        available[Int(element.rawValue)]
    }

    private static let available = [Element.float32, .bfloat16, .int8].map { element in
        let product = shoken_packed_product_create(element.rawValue, 16, 64, 64, 0, nil)
        shoken_product_destroy(product)
        return product != nil
    }

    /// Packs dense weights, rounding them to the type: ties to even; 8-bit ones to 1/127 of the
    /// largest of their row (1/63 on a processor whose products of pairs would overflow).
    package init(_ tensor: Tensor, _ element: Element) {
        precondition(tensor.count > 0, "there is something to multiply")
        (rows, columns) = (tensor.rows, tensor.columns)
        self.element = element
        switch element {
        case .float32:
            scales = []
            memory = tensor.values.withUnsafeBytes {
                Self.pack($0, tensor.rows, tensor.columns, element)
            }
        case .bfloat16:
            scales = []
            let words = [UInt16](unsafeUninitializedCapacity: tensor.count) { words, count in
                shoken_narrow_bfloat16(tensor.values, words.baseAddress, Int64(tensor.count))
                count = tensor.count
            }
            memory = words.withUnsafeBytes {
                Self.pack($0, tensor.rows, tensor.columns, element)
            }
        case .int8:
            var scales = [Float](repeating: 0, count: tensor.rows)
            let limit: Float = shoken_onednn_int8_is_exact() != 0 ? 127 : 63
            let steps = [Int8](unsafeUninitializedCapacity: tensor.count) { steps, count in
                shoken_quantise_rows(
                    tensor.values, Int64(tensor.rows), Int64(tensor.columns), limit,
                    steps.baseAddress, &scales)
                count = tensor.count
            }
            self.scales = scales
            memory = steps.withUnsafeBytes {
                Self.pack($0, tensor.rows, tensor.columns, element)
            }
        }
    }

    /// Packs bfloat16 words, row by row, which are read once.
    package init(words: UnsafeRawBufferPointer, rows: Int, columns: Int) {
        precondition(words.count == rows * columns * 2 && rows * columns > 0, "whole rows")
        (self.rows, self.columns, element, scales) = (rows, columns, .bfloat16, [])
        memory = Self.pack(words, rows, columns, .bfloat16)
    }

    /// Bytes that the elements take.
    package var bytes: Int { memory.count + scales.count * MemoryLayout<Float>.stride }

    /// The elements as 32-bit floats.
    package var tensor: Tensor {
        var result = Tensor(zeros: [rows, columns])
        let dense = unpacked()
        result.values.withUnsafeMutableBufferPointer { widen(dense, 0..<rows, into: $0.start) }
        return result
    }

    /// Calls `body` with all rows, some at a time and in order, as 32-bit floats; meanwhile the matrix is there
    /// a second time, in its own element type.
    func withRows(_ body: (UnsafePointer<Float>, Range<Int>) -> Void) {
        let dense = unpacked()
        let panel = max(1, min(rows, 262_144 / columns))
        withUnsafeTemporaryAllocation(of: Float.self, capacity: panel * columns) { widened in
            for first in stride(from: 0, to: rows, by: panel) {
                let range = first..<min(rows, first + panel)
                widen(dense, range, into: widened.start)
                body(widened.start, range)
            }
        }
    }

    /// The elements row by row.
    private func unpacked() -> [UInt8] {
        var dense = [UInt8](repeating: 0, count: rows * columns * element.bytes)
        let product = PackedProducts.product(of: self, rows: 1, accumulate: false)
        let isUnpacked = withExtendedLifetime((memory, product)) {
            dense.withUnsafeMutableBytes {
                shoken_pack_weights(
                    product.pointer, $0.baseAddress,
                    UnsafeMutableRawPointer(mutating: memory.start), 1)
            }
        }
        precondition(isUnpacked != 0, "oneDNN reorders what it has packed")
        return dense
    }

    private func widen(
        _ dense: [UInt8], _ range: Range<Int>, into target: UnsafeMutablePointer<Float>
    ) {
        let (first, count) = (range.lowerBound * columns, range.count * columns)
        dense.withUnsafeBytes { dense in
            switch element {
            case .float32:
                let start = dense.bindMemory(to: Float.self).start
                target.update(from: start + first, count: count)
            case .bfloat16:
                let start = dense.bindMemory(to: UInt16.self).start
                shoken_widen_bfloat16(start + first, target, Int64(count))
            case .int8:
                let steps = dense.bindMemory(to: Int8.self)
                for index in 0..<count {
                    target[index] = Float(steps[first + index]) * scales[(first + index) / columns]
                }
            }
        }
    }

    /// y = x · wᵀ, or y += x · wᵀ.
    func multiply(_ x: Tensor, into y: inout Tensor, accumulate: Bool) {
        precondition(x.columns == columns, "inner lengths agree")
        precondition(y.rows == x.rows && y.columns == rows, "the result is as large as the product")
        guard x.rows > 0 else { return }
        let count = x.rows
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeMutableBufferPointer { y in
                multiply(x.start, rows: count, into: y.start, accumulate: accumulate)
            }
        }
    }

    /// The same of rows in memory, at least one.
    func multiply(
        _ x: UnsafePointer<Float>, rows count: Int, into y: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        ComputeThreads.prepareThisThread()
        let product = PackedProducts.product(
            of: self, rows: count, accumulate: accumulate && element != .int8)
        // Products see addresses only.
        withExtendedLifetime((memory, product)) {
            switch element {
            case .float32: product.run(x, memory.start, y)
            case .bfloat16: multiplyWords(x, y, product)
            case .int8: multiplySteps(x, y, product, accumulate: accumulate)
            }
        }
    }

    private func multiplyWords(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ product: PackedProduct
    ) {
        let count = product.rows * columns
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { words in
            ComputeThreads.ranges(product.rows, minimum: 1 + 32768 / columns) { range in
                let start = range.lowerBound * columns
                shoken_narrow_bfloat16(
                    x + start, words.start + start, Int64(range.count * columns))
            }
            product.run(words.start, memory.start, y)
        }
    }

    private func multiplySteps(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ product: PackedProduct,
        accumulate: Bool
    ) {
        let count = product.rows
        withUnsafeTemporaryAllocation(of: Int8.self, capacity: count * columns) { steps in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { factors in
                ComputeThreads.ranges(count, minimum: 1 + 16384 / columns) { range in
                    let start = range.lowerBound * columns
                    shoken_quantise_rows(
                        x + start, Int64(range.count), Int64(columns), 127, steps.start + start,
                        factors.start + range.lowerBound)
                }
                guard accumulate else {
                    product.run(steps.start, memory.start, y)
                    scale(y, into: y, factors.start, count, accumulate: false)
                    return
                }
                withUnsafeTemporaryAllocation(of: Float.self, capacity: count * rows) { sums in
                    product.run(steps.start, memory.start, sums.start)
                    scale(sums.start, into: y, factors.start, count, accumulate: true)
                }
            }
        }
    }

    /// Turns sums of products of steps into what they stand for.
    private func scale(
        _ sums: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
        _ factors: UnsafePointer<Float>, _ count: Int, accumulate: Bool
    ) {
        scales.withUnsafeBufferPointer { scales in
            ComputeThreads.ranges(count, minimum: 1 + 16384 / rows) { range in
                for row in range {
                    shoken_scale_columns(
                        sums + row * rows, scales.start, factors[row], y + row * rows, Int64(rows),
                        accumulate ? 1 : 0)
                }
            }
        }
    }

    private static func pack(
        _ dense: UnsafeRawBufferPointer, _ rows: Int, _ columns: Int, _ element: Element
    ) -> WeightMemory {
        ComputeThreads.prepareThisThread()
        let product = PackedProducts.layout(element, columns: columns, results: rows)
        let memory = WeightMemory(capacity: product.weightBytes)
        let isPacked = withExtendedLifetime((memory, product)) {
            shoken_pack_weights(
                product.pointer, UnsafeMutableRawPointer(mutating: dense.baseAddress),
                UnsafeMutableRawPointer(mutating: memory.start), 0)
        }
        precondition(isPacked != 0, "oneDNN reorders dense matrices")
        return memory
    }

}

extension PackedMatrix.Element {
    /// Bytes of one element.
    var bytes: Int {
        switch self {
        case .float32: 4
        case .bfloat16: 2
        case .int8: 1
        }
    }
}
