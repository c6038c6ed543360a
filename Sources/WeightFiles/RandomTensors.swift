// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Tensors

/// Tensors of numbers drawn from a normal distribution, the same in every run: a model to measure
/// speed with, or to test with, where there is none.
package struct RandomTensors: TensorSource {
    /// What errors call the source.
    package let path: String
    private let shapes: [String: [Int]]
    private let table: [Float]

    /// Tensors of these shapes; vectors are 1, the elements of a matrix (out, in) have the standard
    /// deviation in^−½.
    package init(_ shapes: [String: [Int]], name: String) {
        (self.shapes, path) = (shapes, name)
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        // The sum of twelve uniform numbers has nearly a normal distribution of deviation 1.
        table = (0..<65536).map { _ in
            var sum: Float = -6
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                sum += Float(state >> 40) / Float(1 << 24)
            }
            return sum
        }
    }

    /// All names, sorted.
    package var names: [String] { shapes.keys.sorted() }

    /// The shape of a tensor, outermost length first.
    package func shape(of name: String) -> [Int]? { shapes[name] }

    /// A tensor; throws `missingTensor`.
    package func tensor(_ name: String) throws(WeightFileError) -> Tensor {
        guard let shape = shapes[name] else { throw .missingTensor(file: path, tensor: name) }
        return tensor(name, shape: shape)
    }

    /// Some of its outermost rows; throws `missingTensor`.
    package func tensor(_ name: String, rows: Range<Int>) throws(WeightFileError) -> Tensor {
        guard let shape = shapes[name] else { throw .missingTensor(file: path, tensor: name) }
        let width = shape.dropFirst().reduce(1, *)
        let whole = tensor(name, shape: shape).values
        return Tensor(
            shape: [rows.count] + shape.dropFirst(),
            values: Array(whole[rows.lowerBound * width..<rows.upperBound * width]))
    }

    private func tensor(_ name: String, shape: [Int]) -> Tensor {
        let count = shape.reduce(1, *)
        guard shape.count > 1, let columns = shape.last else {
            return Tensor(shape: shape, values: [Float](repeating: 1, count: count))
        }
        let scale = 1 / Float(columns).squareRoot()
        let scaled = table.map { $0 * scale }
        // Stretches of the table, each from another place of it.
        var state = FNV1a(of: name).value
        var values: [Float] = []
        values.reserveCapacity(count)
        while values.count < count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let start = Int(state >> 48)
            let length = min(count - values.count, scaled.count - start)
            values += scaled[start..<start + length]
        }
        return Tensor(shape: shape, values: values)
    }
}
