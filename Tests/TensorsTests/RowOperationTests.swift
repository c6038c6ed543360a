// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing

@Suite struct RowOperationTests {
    @Test(
        "a root mean square norm agrees with the formula over odd shapes",
        arguments: [(1, 1), (3, 7), (5, 64), (2, 257), (700, 80)])
    func rmsNorm(shape: (Int, Int)) {
        var numbers = NumberStream(seed: 5)
        let x = numbers.tensor(shape.0, shape.1, scale: 3)
        let weight = numbers.tensor(shape.1)
        var y = Tensor(zeros: [shape.0, shape.1])
        RMSNorm.forward(x, weight: weight, epsilon: 1e-5, into: &y)
        #expect(largestDifference(y.values, Reference.rmsNorm(x, weight, epsilon: 1e-5)) < 5e-6)
    }

    @Test("a row of zeros stays zero under the norm")
    func rmsNormOfZeros() {
        let x = Tensor(zeros: [2, 9])
        var y = Tensor(shape: [2, 9], values: [Float](repeating: .nan, count: 18))
        RMSNorm.forward(
            x, weight: Tensor(shape: [9], values: [Float](repeating: 2, count: 9)), epsilon: 1e-5,
            into: &y)
        #expect(y == x)
    }

    @Test("SiLU agrees with the formula from very small to very large arguments")
    func silu() {
        let points = (-12000...12000).map { Float($0) / 100 }
        let x = Tensor(shape: [points.count], values: points)
        var inPlace = x
        ElementWise.siluInPlace(&inPlace)
        let worst = zip(inPlace.values, points).map { value, point in
            abs(Double(value) - Reference.silu(point)) / max(1e-30, abs(Reference.silu(point)))
        }
        // Below −87 the value itself is less than 1e-36.
        #expect(zip(worst, points).allSatisfy { $1 < -87 || $0 < 1e-6 })
        #expect(inPlace.values.allSatisfy { $0.isFinite })
    }

    @Test(
        "a softmax row sums to one and agrees with the formula",
        arguments: [
            (1, 1), (4, 3), (5, 15), (5, 16), (9, 17), (3, 31), (3, 33), (33, 300), (2, 5000),
        ])
    func softmax(shape: (Int, Int)) {
        var numbers = NumberStream(seed: 6)
        let x = numbers.tensor(shape.0, shape.1, scale: 40)
        var y = x
        let logSums = ElementWise.softmaxRows(&y)
        for row in 0..<shape.0 {
            let range = row * shape.1..<(row + 1) * shape.1
            let expected = Reference.softmax(x.values[range].map(Double.init))
            #expect(largestDifference(Array(y.values[range]), expected.probabilities) < 1e-6)
            #expect(abs(y.values[range].reduce(0, +) - 1) < 1e-5)
            #expect(abs(Double(logSums[row]) - expected.logSum) < 1e-5)
        }
    }

    @Test("a softmax does not change when every entry grows by the same")
    func softmaxShift() {
        var a = Tensor(shape: [1, 3], values: [1, 2, 3])
        var b = Tensor(shape: [1, 3], values: [1001, 1002, 1003])
        ElementWise.softmaxRows(&a)
        ElementWise.softmaxRows(&b)
        #expect(largestDifference(a.values, b.values.map(Double.init)) < 1e-6)
    }

    @Test("a softmax row follows the formula to 1e-38 and is exactly zero beyond")
    func softmaxFarBelow() {
        let x = Tensor(shape: [1, 2048], values: (0..<2048).map { -Float($0) / 16 })
        var y = x
        ElementWise.softmaxRows(&y)
        let expected = Reference.softmax(x.values.map(Double.init)).probabilities
        for (entry, (weight, exact)) in zip(x.values, zip(y.values, expected)) {
            if entry < -88 {
                #expect(weight == 0)
            } else if entry > -84 {
                #expect(abs(Double(weight) / exact - 1) < 1e-5)
            } else {
                // Below 2^−126 fewer digits are left.
                #expect(weight >= 0 && Double(weight) < exact * 1.01)
            }
        }
    }

    @Test("gathered rows are the table's, multiplied by the scale")
    func gather() {
        var numbers = NumberStream(seed: 7)
        let table = numbers.tensor(11, 5)
        let ids: [Int32] = [3, 0, 10, 3]
        var rows = Tensor(zeros: [4, 5])
        ElementWise.gatherRows(table, ids: ids, scale: 2, into: &rows)
        for (row, id) in ids.enumerated() {
            for column in 0..<5 {
                #expect(rows.values[row * 5 + column] == 2 * table.values[Int(id) * 5 + column])
            }
        }
    }

    @Test("adding multiplies by the scale first")
    func add() {
        var y = Tensor(shape: [3], values: [1, 2, 3])
        ElementWise.add(Tensor(shape: [3], values: [2, 4, 6]), scale: 0.5, to: &y)
        #expect(y.values == [2, 4, 6])
    }

    @Test(
        "rotation agrees with the formula and restarts in every segment",
        arguments: [2, 10, 16, 64])
    func rotary(headWidth: Int) {
        var numbers = NumberStream(seed: 8)
        let x = numbers.tensor(40, 3 * headWidth)
        let offsets = [0, 13, 13, 14, 40]
        let table = RotaryTable(headWidth: headWidth, theta: 10000, positions: 26)
        var y = x
        table.rotate(&y, segments: Segments(lengths: [13, 0, 1, 26]))
        let expected = Reference.rotate(x, headWidth: headWidth, theta: 10000, offsets: offsets)
        #expect(largestDifference(y.values, expected) < 5e-6)
    }
}
