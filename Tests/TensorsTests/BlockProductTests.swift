// SPDX-License-Identifier: Apache-2.0
import Kernels
import Tensors
import Testing

/// One after the other, since the set of CPU features in use is the process's own.
@Suite(.serialized) struct BlockProductTests {
    /// The sets of CPU features that this machine has.
    static let levels: [Int32] = {
        shoken_limit_cpu_features(Int32(shoken_cpu_avx512))
        return Array(0...shoken_cpu_level())
    }()
    static let columns = [32, 64, 96, 128, 160, 256, 512, 1408]

    /// Runs `body` with each set of CPU features.
    private func atEachLevel(_ body: (Int32) throws -> Void) rethrows {
        defer { shoken_limit_cpu_features(Int32(shoken_cpu_avx512)) }
        for level in Self.levels {
            shoken_limit_cpu_features(level)
            #expect(shoken_cpu_level() == level)
            try body(level)
        }
    }

    @Test(
        "a product with blocks agrees with their elements times the quantised activations",
        arguments: BlockTwin.all.map(\.format))
    func product(format: UInt32) throws {
        let twin = try #require(BlockTwin.all.first { $0.format == format })
        var numbers = NumberStream(seed: UInt64(format))
        for columns in Self.columns + [2304] where columns % twin.blockElements == 0 {
            for (rows, count) in [
                (1, 1), (3, 2), (17, 1), (5, 3), (6, 4), (3, 5), (9, 7), (7, 8), (4, 9),
            ] {
                let bytes = twin.randomBlocks(rows * columns / twin.blockElements, &numbers)
                let x = numbers.tensor(count, columns, scale: 3)
                let expected = expectedProduct(twin, bytes, x, rows: rows)
                atEachLevel { level in
                    let start = Tensor(
                        shape: [count, rows], values: [Float](repeating: 0.5, count: count * rows))
                    for accumulate in [false, true] {
                        var y = start
                        bytes.withUnsafeBytes {
                            BlockProduct.multiply(
                                x, weights: $0, format: format, into: &y, accumulate: accumulate)
                        }
                        let worst = zip(y.values, expected).map { value, expected in
                            let sum = expected.sum + (accumulate ? 0.5 : 0)
                            return abs(Double(value) - sum) / (expected.magnitude + 0.5)
                        }.max()
                        #expect(
                            worst ?? .infinity < 1e-6,
                            "\(twin.name), level \(level), \(rows) × \(columns), \(count) rows")
                    }
                }
            }
        }
    }

    /// Exact sums, and the sums of the terms' magnitudes, to which rounding errors are relative.
    private func expectedProduct(
        _ twin: BlockTwin, _ bytes: [UInt8], _ x: Tensor, rows: Int
    ) -> [(sum: Double, magnitude: Double)] {
        let rowBytes = bytes.count / rows
        let weights = (0..<rows).map { twin.elements(bytes[$0 * rowBytes..<($0 + 1) * rowBytes]) }
        return (0..<x.rows).flatMap { c -> [(sum: Double, magnitude: Double)] in
            let activations = quantisedTwin(x.values[c * x.columns..<(c + 1) * x.columns])
            return weights.map { row in
                zip(row, activations).reduce((0, 0)) {
                    ($0.0 + $1.0 * $1.1, $0.1 + abs($1.0 * $1.1))
                }
            }
        }
    }

    @Test("eight-bit activations lose what half a step of each block allows, and no more")
    func activationError() throws {
        let columns = 2048
        var numbers = NumberStream(seed: 11)
        for twin in BlockTwin.all {
            let bytes = twin.randomBlocks(4 * columns / twin.blockElements, &numbers)
            let x = numbers.tensor(1, columns, scale: 2)
            let steps = stride(from: 0, to: columns, by: 32).map { start in
                Double(x.values[start..<start + 32].map(abs).max() ?? 0) / 127
            }
            atEachLevel { level in
                var y = Tensor(zeros: [1, 4])
                bytes.withUnsafeBytes {
                    BlockProduct.multiply(x, weights: $0, format: twin.format, into: &y)
                }
                for row in 0..<4 {
                    let rowBytes = bytes.count / 4
                    let w = twin.elements(bytes[row * rowBytes..<(row + 1) * rowBytes])
                    let exact = zip(w, x.values).reduce(0) { $0 + $1.0 * Double($1.1) }
                    let magnitude = zip(w, x.values).reduce(0) { $0 + abs($1.0 * Double($1.1)) }
                    let bound = w.indices.reduce(0) { $0 + abs(w[$1]) * steps[$1 / 32] / 2 }
                    let error = abs(Double(y.values[row]) - exact)
                    #expect(error <= bound * 1.001 + magnitude * 1e-6, "\(twin.name) \(level)")
                    // Errors of single elements are of either sign: far below the bound in sum.
                    #expect(error <= bound / 4, "\(twin.name) \(level)")
                }
            }
        }
    }

    @Test("a row's result does not depend on its company, to the last bit")
    func independence() {
        var numbers = NumberStream(seed: 3)
        for twin in BlockTwin.all {
            let (rows, columns) = (13, twin.blockElements == 32 ? 416 : 768)
            let bytes = twin.randomBlocks(rows * columns / twin.blockElements, &numbers)
            let x = numbers.tensor(9, columns)
            atEachLevel { level in
                bytes.withUnsafeBytes { weights in
                    var together = Tensor(zeros: [9, rows])
                    BlockProduct.multiply(
                        x, weights: weights, format: twin.format, into: &together)
                    for c in 0..<9 {
                        var alone = Tensor(zeros: [1, rows])
                        BlockProduct.multiply(
                            x.rowSlice(c..<c + 1), weights: weights, format: twin.format,
                            into: &alone)
                        #expect(alone == together.rowSlice(c..<c + 1), "\(twin.name) \(level)")
                    }
                    // One row of weights, which other loops take than many.
                    let rowBytes = weights.count / rows
                    var one = Tensor(zeros: [9, 1])
                    BlockProduct.multiply(
                        x,
                        weights: UnsafeRawBufferPointer(
                            rebasing: weights[5 * rowBytes..<6 * rowBytes]),
                        format: twin.format, into: &one)
                    let column = (0..<9).map { together.values[$0 * rows + 5] }
                    #expect(one.values == column, "\(twin.name) \(level)")
                }
            }
        }
    }

    @Test("any bytes at all give some number or none, and scales that are no number give none")
    func arbitraryBytes() {
        var numbers = NumberStream(seed: 8)
        for twin in BlockTwin.all {
            let columns = twin.blockElements * 5
            var bytes = (0..<2 * 5 * twin.blockBytes).map { _ in randomByte(&numbers) }
            // The first row's third block has a scale that is no number, the second row none.
            for block in 0..<10 {
                for place in twin.halves {
                    let high = block * twin.blockBytes + place + 1
                    bytes[high] = block == 2 ? 0x7f : bytes[high] & 0xbf
                }
            }
            let x = numbers.tensor(3, columns)
            let random = (0..<64 * twin.blockBytes).map { _ in randomByte(&numbers) }
            atEachLevel { level in
                var y = Tensor(zeros: [3, 2])
                bytes.withUnsafeBytes {
                    BlockProduct.multiply(x, weights: $0, format: twin.format, into: &y)
                }
                for c in 0..<3 {
                    #expect(y.values[c * 2].isNaN, "\(twin.name) \(level)")
                    #expect(y.values[c * 2 + 1].isFinite, "\(twin.name) \(level)")
                }
                var many = Tensor(zeros: [1, 64])
                random.withUnsafeBytes {
                    BlockProduct.multiply(
                        numbers.tensor(1, twin.blockElements), weights: $0, format: twin.format,
                        into: &many)
                }
            }
        }
    }

    @Test("activations of zeros, of tiny numbers and of none give zeros and no number")
    func extremeActivations() {
        var numbers = NumberStream(seed: 9)
        for twin in BlockTwin.all {
            let columns = twin.blockElements * 2
            let bytes = twin.randomBlocks(2, &numbers)
            var x = Tensor(zeros: [5, columns])
            x.values[columns] = .leastNonzeroMagnitude
            x.values[2 * columns + 3] = .nan
            x.values[3 * columns + 40] = -.infinity
            x.values[4 * columns + 1] = 1e38
            atEachLevel { level in
                var y = Tensor(zeros: [5, 1])
                bytes.withUnsafeBytes {
                    BlockProduct.multiply(x, weights: $0, format: twin.format, into: &y)
                }
                #expect(y.values[0] == 0 && y.values[1] == 0, "\(twin.name) \(level)")
                #expect(y.values[2].isNaN && y.values[3].isNaN, "\(twin.name) \(level)")
                #expect(!y.values[4].isNaN, "\(twin.name) \(level)")
            }
        }
    }

    @Test("activations keep to the features that they were quantised for")
    func limitBetween() {
        var numbers = NumberStream(seed: 10)
        let twin = BlockTwin.all[0]
        let bytes = twin.randomBlocks(3 * 8, &numbers)
        let x = numbers.tensor(2, 256)
        atEachLevel { level in
            let activations = BlockActivations(x, format: twin.format)
            var results: [[Float]] = []
            for other in Self.levels {
                shoken_limit_cpu_features(other)
                var y = Tensor(zeros: [2, 3])
                bytes.withUnsafeBytes { weights in
                    y.values.withUnsafeMutableBufferPointer {
                        guard let start = $0.baseAddress else { return }
                        BlockProduct.multiply(
                            activations, weights: weights, rows: 3, into: start, stride: 3)
                    }
                }
                results.append(y.values)
            }
            #expect(results.allSatisfy { $0 == results[0] && $0[0] != 0 }, "\(level)")
        }
    }

    @Test("rows that are quantised one by one, even for different features, are multiplied alike")
    func rowsApart() throws {
        var numbers = NumberStream(seed: 12)
        for twin in BlockTwin.all {
            let (count, columns) = (21, 512)
            let bytes = twin.randomBlocks(columns / twin.blockElements, &numbers)
            let x = numbers.tensor(count, columns)
            let size = Int(shoken_block_activation_bytes(twin.format, Int64(columns)))
            var activations = [UInt8](repeating: 0, count: count * size)
            var alone: [Float] = []
            for c in 0..<count {
                // The same features for two rows, then for ten, then for each row others.
                let level = Self.levels[(c < 2 ? 0 : c < 12 ? 1 : c) % Self.levels.count]
                shoken_limit_cpu_features(level)
                x.values.withUnsafeBufferPointer { x in
                    activations.withUnsafeMutableBufferPointer {
                        guard let x = x.baseAddress, let out = $0.baseAddress else { return }
                        shoken_block_quantise(
                            twin.format, x + c * columns, Int64(columns), 1, Int64(columns),
                            out + c * size)
                    }
                }
                var y = Tensor(zeros: [1, 1])
                bytes.withUnsafeBytes {
                    BlockProduct.multiply(
                        x.rowSlice(c..<c + 1), weights: $0, format: twin.format, into: &y)
                }
                alone.append(y.values[0])
            }
            shoken_limit_cpu_features(Int32(shoken_cpu_avx512))
            var together = [Float](repeating: .nan, count: count)
            shoken_block_product(
                twin.format, bytes, Int64(bytes.count), 1, Int64(columns), activations,
                Int64(count), &together, 1, 0)
            #expect(together == alone, "\(twin.name)")
        }
    }

    @Test("a matrix of blocks gives on all threads what its kernel gives on one")
    func matrices() throws {
        var numbers = NumberStream(seed: 13)
        for twin in BlockTwin.all {
            let format = try #require(BlockFormat(rawValue: twin.format))
            let (rows, columns, count) = (301, 512, 75)
            let bytes = twin.randomBlocks(rows * columns / twin.blockElements, &numbers)
            let matrix = WeightMatrix(
                BlockMatrix(
                    format: format, rows: rows, columns: columns,
                    memory: WeightMemory(copying: bytes)))
            let x = numbers.tensor(count, columns)
            var (one, all) = (Tensor(zeros: [count, rows]), Tensor(zeros: [count, rows]))
            bytes.withUnsafeBytes {
                BlockProduct.multiply(x, weights: $0, format: twin.format, into: &one)
            }
            matrix.multiply(x, into: &all)
            #expect(one == all, "\(twin.name)")
        }
    }

    @Test(
        "a row of blocks is widened exactly",
        arguments: BlockTwin.all.map(\.format))
    func widening(format: UInt32) throws {
        let twin = try #require(BlockTwin.all.first { $0.format == format })
        var numbers = NumberStream(seed: 20 + UInt64(format))
        let count = twin.blockElements * 7
        let bytes = twin.randomBlocks(7, &numbers)
        let expected = twin.elements(bytes[...])
        atEachLevel { level in
            var values = [Float](repeating: .nan, count: count)
            shoken_block_widen_float32(format, bytes, Int64(count), &values)
            // The value is the nearest float to the exact one: products are exact, one sum rounds.
            #expect(values == expected.map { Float($0) }, "\(twin.name) \(level)")
        }
    }

    @Test("formats without products are said to have none")
    func availability() {
        let known = Set(BlockTwin.all.map(\.format))
        for format in UInt32(0)..<64 {
            #expect((shoken_block_product_available(format) != 0) == known.contains(format))
        }
        for twin in BlockTwin.all {
            #expect(shoken_block_elements(twin.format) == twin.blockElements)
            #expect(
                BlockProduct.rowBytes(format: twin.format, columns: 512)
                    == 512 / twin.blockElements * twin.blockBytes)
        }
    }
}
