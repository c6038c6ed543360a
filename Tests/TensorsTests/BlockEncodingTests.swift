// SPDX-License-Identifier: Apache-2.0
import Foundation
import Kernels
import TestSupport
import Testing

@testable import Tensors

@Suite struct BlockEncodingTests {
    static let writable = BlockFormat.allCases.filter(\.isWritable)
    static let scaled = writable.filter { $0.blockElements > 1 }

    /// The error of each format on normal values of variance 1. The limits of the formats with searched
    /// scales are what ggml's published search reaches (0.00514, 0.00131, 0.00031 on 2^20 values).
    @Test(
        "the mean square of the error on normal values is below what is known of the format",
        arguments: [
            (BlockFormat.q4_0, 0.0078), (.q4_1, 0.0065), (.q5_0, 0.0020), (.q5_1, 0.0016),
            (.q8_0, 0.00003), (.q4_K, 0.00500), (.q5_K, 0.00125), (.q6_K, 0.00030),
            (.float16, 1e-7), (.bfloat16, 4e-6), (.float32, 1e-30),
        ])
    func error(format: BlockFormat, limit: Double) throws {
        let values = BlockValues.normal(1 << 16)
        let error = try BlockValues.meanSquareError(format, values)
        #expect(error < limit)
    }

    /// 0.0152, 0.00387 and 0.00105 are what ggml's search reaches on 2^20 such values, times the
    /// variance 2 that they have.
    @Test(
        "heavy tails cost a format with searched scales less than ggml's search would leave",
        arguments: [(BlockFormat.q4_K, 0.0152), (.q5_K, 0.00387), (.q6_K, 0.00105)])
    func heavyTails(format: BlockFormat, limit: Double) throws {
        let error = try BlockValues.meanSquareError(format, BlockValues.heavyTailed(1 << 18))
        #expect(error < limit)
        let simple = try BlockValues.meanSquareError(.q4_0, BlockValues.heavyTailed(1 << 18))
        #expect(error < simple)
    }

    @Test("zeros stay zeros, in every format", arguments: writable)
    func zeros(format: BlockFormat) throws {
        let zeros = [Float](repeating: 0, count: 512)
        #expect(try BlockValues.roundTrip(format, zeros) == zeros)
    }

    @Test("a constant row keeps its value within the format's precision", arguments: scaled)
    func constant(format: BlockFormat) throws {
        for value: Float in [1, -1, 0.03125, -300] {
            let values = [Float](repeating: value, count: 256)
            for back in try BlockValues.roundTrip(format, values) {
                #expect(abs(back - value) <= abs(value) * 0.01, "\(value)")
            }
        }
    }

    @Test(
        "values too small for 16-bit scales become zeros or nearly so", arguments: scaled)
    func tiny(format: BlockFormat) throws {
        for magnitude: Float in [1e-12, 1e-30, 1e-38, .leastNonzeroMagnitude] {
            let values = BlockValues.normal(256).map { $0 * magnitude }
            for back in try BlockValues.roundTrip(format, values) { #expect(abs(back) < 1e-6) }
        }
    }

    @Test(
        "values that the format cannot hold are refused, not stored as infinite", arguments: scaled)
    func unrepresentable(format: BlockFormat) {
        for value: Float in [.infinity, -.infinity, .nan, 3e38, -3e38] {
            var values = BlockValues.normal(512)
            values[300] = value
            #expect(format.encoded(values) == nil, "\(value)")
        }
    }

    @Test("16-bit floats keep what is no number and refuse what would become infinite")
    func sixteenBits() throws {
        for format in [BlockFormat.float16, .bfloat16] {
            let special: [Float] = [.infinity, -.infinity, .nan, -0.0, 1]
            let back = try BlockValues.roundTrip(format, special)
            #expect(back[0] == .infinity && back[1] == -.infinity && back[2].isNaN && back[4] == 1)
        }
        #expect(BlockFormat.float16.encoded([65520]) == nil)
        #expect(BlockFormat.bfloat16.encoded([.greatestFiniteMagnitude]) == nil)
    }

    @Test("one block alone has the bytes that it has among many", arguments: scaled)
    func blocksAlone(format: BlockFormat) throws {
        let values = BlockValues.heavyTailed(1 << 17)
        let together = try #require(format.encoded(values))
        for block in [0, 1, values.count / format.blockElements - 1] {
            let start = block * format.blockElements
            let alone = try #require(
                format.encoded(Array(values[start..<start + format.blockElements])))
            #expect(
                alone.elementsEqual(
                    together[block * format.blockBytes..<(block + 1) * format.blockBytes]))
        }
    }

    @Test("the kernels of the search agree with their plain twin")
    func kernels() {
        let values = BlockValues.normal(32)
        for (inverse, offset, low, high) in [
            (Float(5), Float(-2), Float(0), Float(15)), (-10, 0, -32, 31), (.infinity, -1, 0, 15),
        ] {
            let plain = values.map { value -> Float in
                let level = (value - offset) * inverse
                return min(max(level > low ? level : low, low), high).rounded(.toNearestOrEven)
            }
            let fit = values.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { start in
                    let fit = LevelFit(start, count: 32, levels: low...high)
                    return (fit.sums(inverse: inverse, offset: offset), fit.largest, fit.smallest)
                }
            }
            #expect(abs((fit?.0.levels ?? .nan) - Double(plain.reduce(0, +))) < 1e-3)
            #expect(
                abs((fit?.0.squares ?? .nan) - Double(plain.reduce(0) { $0 + $1 * $1 })) < 1e-1)
            let products = zip(plain, values).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs((fit?.0.products ?? .nan) - Double(products)) < 1e-2)
            #expect(fit?.1 == values.max() && fit?.2 == values.min())
        }
    }
}

/// Values to encode, the same on every run.
enum BlockValues {
    static func normal(_ count: Int) -> [Float] {
        var random = Random()
        return (0..<count).map { _ in random.normal() }
    }

    /// Student's t with four degrees of freedom, whose variance is 2.
    static func heavyTailed(_ count: Int) -> [Float] {
        var random = Random()
        return (0..<count).map { _ in
            let squares = (0..<4).reduce(Float(0)) { sum, _ in
                let value = random.normal()
                return sum + value * value
            }
            return random.normal() / max(1e-3, (squares / 4).squareRoot())
        }
    }

    static func roundTrip(_ format: BlockFormat, _ values: [Float]) throws -> [Float] {
        let bytes = try #require(format.encoded(values))
        #expect(bytes.count == values.count / format.blockElements * format.blockBytes)
        return [Float](unsafeUninitializedCapacity: values.count) { result, count in
            bytes.withUnsafeBytes {
                BlockDecoding(bytes: $0).decode(
                    format, into: UnsafeMutableBufferPointer(rebasing: result[..<values.count]))
            }
            count = values.count
        }
    }

    static func meanSquareError(_ format: BlockFormat, _ values: [Float]) throws -> Double {
        let back = try roundTrip(format, values)
        return zip(values, back).reduce(0) { sum, pair in
            let difference = Double(pair.0 - pair.1)
            return sum + difference * difference
        } / Double(values.count)
    }

    private struct Random {
        private var random = SeededNumbers(seed: 1)

        /// Above 0 and below 1.
        private mutating func uniform() -> Float {
            (Float(random.next() >> 41) + 0.5) / Float(1 << 23)
        }

        mutating func normal() -> Float {
            let radius = (-2 * log(uniform())).squareRoot()
            return radius * cos(2 * .pi * uniform())
        }
    }
}
