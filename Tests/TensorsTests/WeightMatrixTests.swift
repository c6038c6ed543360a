// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite("Matrices of weights in the forms that products read")
struct WeightMatrixTests {
    /// Rows of activations, weights (out, in).
    static let shapes = [(1, 7, 3), (2, 64, 64), (5, 257, 33), (16, 96, 130), (70, 512, 65)]

    /// Numbers that are the same in every run, from −1 to 1, with a large one here and there.
    static func numbers(_ shape: [Int], seed: UInt64) -> Tensor {
        var random = SeededNumbers(seed: seed)
        return Tensor(
            shape: shape,
            values: (0..<shape.reduce(1, *)).map { _ in
                (random.number(below: 16) == 0 ? 4 : 1) * random.signed()
            })
    }

    /// The product in double precision.
    static func product(_ x: Tensor, _ w: Tensor) -> [Double] {
        var result: [Double] = []
        for row in 0..<x.rows {
            for column in 0..<w.rows {
                var sum = 0.0
                for index in 0..<x.columns {
                    sum +=
                        Double(x.values[row * x.columns + index])
                        * Double(w.values[column * w.columns + index])
                }
                result.append(sum)
            }
        }
        return result
    }

    static func roundedToBFloat16(_ tensor: Tensor) -> Tensor {
        Tensor(
            shape: tensor.shape,
            values: tensor.values.map {
                let bits = $0.bitPattern
                return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
            })
    }

    /// Every row in whole steps of its largest magnitude / `limit`.
    static func inSteps(_ tensor: Tensor, limit: Float) -> Tensor {
        var result = tensor
        for row in 0..<tensor.rows {
            let range = row * tensor.columns..<(row + 1) * tensor.columns
            let largest = tensor.values[range].map(abs).max() ?? 0
            for index in range where largest > 0 {
                let steps = (tensor.values[index] * (limit / largest)).rounded(.toNearestOrEven)
                result.values[index] = steps * (largest / limit)
            }
        }
        return result
    }

    @Test(
        "Packed products equal those of the rounded factors",
        arguments: Precision.allCases.filter { $0 != .int4 })
    func products(_ precision: Precision) {
        for (count, width, out) in Self.shapes {
            let x = Self.numbers([count, width], seed: 3)
            let w = Self.numbers([out, width], seed: 5)
            let matrix = WeightMatrix(w).prepared(for: precision)
            let (seenX, seenW): (Tensor, Tensor) =
                switch precision {
                case .float32, .stored: (x, w)
                case .bfloat16:
                    PackedMatrix.isAvailable(.bfloat16)
                        ? (Self.roundedToBFloat16(x), Self.roundedToBFloat16(w)) : (x, w)
                case .int8, .int4: (Self.inSteps(x, limit: 127), matrix.tensor)
                }
            if precision == .int8 {
                // Half a step of the row's largest, at 127 or 63 steps.
                for row in 0..<out {
                    let range = row * width..<(row + 1) * width
                    let largest = w.values[range].map(abs).max() ?? 0
                    for index in range {
                        let difference = abs(seenW.values[index] - w.values[index])
                        #expect(difference <= largest / 126 * 1.001)
                    }
                }
            } else {
                #expect(matrix.tensor == seenW)
            }
            let wanted = Self.product(seenX, seenW)
            var y = Tensor(zeros: [count, out])
            matrix.multiply(x, into: &y)
            var sum = Tensor(shape: [count, out], values: [Float](repeating: 2, count: y.count))
            matrix.multiply(x, into: &sum, accumulate: true)
            for (index, value) in wanted.enumerated() {
                let bound = 1e-5 * Double(width)
                #expect(abs(Double(y.values[index]) - value) < bound, "\(precision) \(width)")
                #expect(abs(Double(sum.values[index]) - 2 - value) < bound)
            }
        }
    }

    @Test("A row's product is the same alone and among others", arguments: Precision.allCases)
    func batches(_ precision: Precision) {
        let x = Self.numbers([70, 512], seed: 7)
        let matrix = WeightMatrix(Self.numbers([300, 512], seed: 9)).prepared(for: precision)
        var together = Tensor(zeros: [70, 300])
        matrix.multiply(x, into: &together)
        for row in [0, 1, 33, 69] {
            var alone = Tensor(zeros: [1, 300])
            matrix.multiply(x.rowSlice(row..<row + 1), into: &alone)
            for column in 0..<300 {
                #expect(abs(alone.values[column] - together.values[row * 300 + column]) < 1e-4)
            }
        }
    }

    @Test("Stored rows are looked up and multiplied where they lie", arguments: [1, 9])
    func storedRows(_ count: Int) {
        let w = Self.roundedToBFloat16(Self.numbers([40, 96], seed: 11))
        let words = w.values.flatMap { value -> [UInt8] in
            let word = UInt16(value.bitPattern >> 16)
            return [UInt8(word & 0xFF), UInt8(word >> 8)]
        }
        let stored = BlockMatrix(
            format: .bfloat16, rows: 40, columns: 96, memory: WeightMemory(copying: words))
        #expect(stored.tensor == w)
        var found = Tensor(zeros: [3, 96])
        stored.gatherRows([39, 0, 7], scale: 2, into: &found)
        for (place, row) in [39, 0, 7].enumerated() {
            #expect(
                found.values[place * 96..<(place + 1) * 96].elementsEqual(
                    w.values[row * 96..<(row + 1) * 96].map { $0 * 2 }))
        }
        let x = Self.numbers([count, 96], seed: 13)
        var y = Tensor(zeros: [count, 10])
        WeightMatrix(stored.rows(20..<30)).multiply(x, into: &y)
        let wanted = Self.product(x, w.rowSlice(20..<30))
        for (value, expected) in zip(y.values, wanted) {
            #expect(abs(Double(value) - expected) < 1e-4)
        }
    }
}

/// Here, since a row is the same alone and among others only while no test changes the CPU features in use.
extension BlockProductTests {
    @Test("Blocks are multiplied as their widened rows, but for activations in 8 bits")
    func blocks() {
        // Blocks of q8_0: a half-precision scale of 2^-6 and 32 steps.
        var bytes: [UInt8] = []
        for block in 0..<(50 * 3) {
            bytes += [0x00, 0x24]
            bytes += (0..<32).map { UInt8(truncatingIfNeeded: (block * 7 + $0 * 13) % 251) }
        }
        let stored = BlockMatrix(
            format: .q8_0, rows: 50, columns: 96, memory: WeightMemory(copying: bytes))
        for count in [1, 4, 40] {
            let x = WeightMatrixTests.numbers([count, 96], seed: 17)
            var y = Tensor(zeros: [count, 50])
            WeightMatrix(stored).multiply(x, into: &y)
            let wanted = WeightMatrixTests.product(x, stored.tensor)
            let scale = wanted.map { $0 * $0 }.reduce(0, +) / Double(wanted.count)
            let error =
                zip(y.values, wanted).map { (Double($0) - $1) * (Double($0) - $1) }
                .reduce(0, +) / Double(wanted.count)
            // A step is 1/127 of a block's largest; its rounding error is a uniform one.
            #expect(error < scale * 1e-4)
            #expect(error > 0)
            if count == 1 { continue }
            var alone = Tensor(zeros: [1, 50])
            WeightMatrix(stored).multiply(x.rowSlice(2..<3), into: &alone)
            #expect(alone.values[...] == y.values[2 * 50..<3 * 50])
        }
    }

    @Test(
        "a product is kept under the number of threads that it was made for, whatever is set meanwhile"
    )
    func threadsOfProducts() {
        let before = ComputeThreads.count
        defer { ComputeThreads.set(before) }
        ComputeThreads.set(3)
        ComputeThreads.prepareThisThread()
        let made = ComputeThreads.ofThisThread
        // As another thread does between the two steps of a product.
        ComputeThreads.set(1)
        #expect(ComputeThreads.ofThisThread == made)
        ComputeThreads.set(2)
        var inLoop = [0, 0]
        inLoop.withUnsafeMutableBufferPointer { counts in
            nonisolated(unsafe) let counts = counts
            ComputeThreads.loop(2) { _, index in counts[index] = ComputeThreads.ofThisThread }
        }
        #expect(inLoop == [1, 1])
    }
}
