// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing

@Suite struct MatrixProductTests {
    @Test(
        "a product agrees with the sum written out, whichever side is transposed",
        arguments: ComputeBackend.allCases,
        [(1, 1, 1), (1, 7, 5), (3, 5, 1), (17, 33, 65), (64, 48, 100), (130, 9, 257)])
    func agreesWithReference(backend: ComputeBackend, lengths: (Int, Int, Int)) {
        let (m, n, k) = lengths
        var numbers = NumberStream(seed: 3)
        for (transposeA, transposeB) in [
            (false, false), (false, true), (true, false), (true, true),
        ] {
            let a = transposeA ? numbers.tensor(k, m) : numbers.tensor(m, k)
            let b = transposeB ? numbers.tensor(n, k) : numbers.tensor(k, n)
            let c = MatrixProduct.product(
                a, b, transposeA: transposeA, transposeB: transposeB, backend: backend)
            let expected = Reference.product(a, b, transposeA: transposeA, transposeB: transposeB)
            #expect(c.shape == [m, n])
            #expect(largestDifference(c.values, expected) < 1e-6 * Double(k) + 1e-6)
        }
    }

    @Test(
        "accumulating adds the scaled product to what was there", arguments: ComputeBackend.allCases
    )
    func accumulates(backend: ComputeBackend) {
        var numbers = NumberStream(seed: 4)
        let (a, b) = (numbers.tensor(5, 7), numbers.tensor(3, 7))
        var c = numbers.tensor(5, 3)
        let expected = zip(
            c.values, Reference.product(a, b, transposeA: false, transposeB: true, scale: 0.25)
        ).map { Double($0) + $1 }
        MatrixProduct.multiply(
            a, b, transposeB: true, into: &c, accumulate: true, scale: 0.25, backend: backend)
        #expect(largestDifference(c.values, expected) < 1e-5)
    }

    @Test("a product that does not accumulate forgets what was there, even what is not a number")
    func overwrites() {
        var c = Tensor(shape: [2, 2], values: [.nan, .infinity, .nan, 1])
        let unit = Tensor(shape: [2, 2], values: [1, 0, 0, 1])
        MatrixProduct.multiply(unit, unit, into: &c)
        #expect(c == unit)
    }

    @Test("a product over nothing is zero, and a product without rows is empty")
    func emptyLengths() {
        var c = Tensor(shape: [2, 2], values: [1, 2, 3, 4])
        MatrixProduct.multiply(Tensor(zeros: [2, 0]), Tensor(zeros: [0, 2]), into: &c)
        #expect(c.values == [0, 0, 0, 0])
        #expect(MatrixProduct.product(Tensor(zeros: [0, 3]), Tensor(zeros: [3, 2])).count == 0)
    }
}
