// SPDX-License-Identifier: Apache-2.0
import Kernels
import TestSupport
import Testing

@testable import Tensors

@Suite(
    "Products of rounded rows",
    .enabled(
        if: TrainingPrecision.bfloat16.isAvailable,
        "this processor has no instructions for products of bfloat16"))
struct HalfProductTests {
    /// Random numbers that bfloat16 holds exactly, and their words.
    private func rounded(_ count: Int, seed: UInt64) -> (values: [Double], words: [UInt16]) {
        var numbers = SeededNumbers(seed: seed)
        let values = (0..<count).map { _ in Float(Int(numbers.next() % 255) - 127) / 64 }
        var words = [UInt16](repeating: 0, count: count)
        shoken_narrow_bfloat16(values, &words, Int64(count))
        return (values.map(Double.init), words)
    }

    @Test(
        "Any number of tokens, cut into pieces, gives the sums of the formula",
        arguments: [1, 2, 15, 37, 600, 1337], [false, true])
    func pieces(tokens: Int, accumulate: Bool) {
        let (n, inner) = (33, 40)
        let before: Float = accumulate ? 2 : 0
        // Rows of tokens: y = x · wᵀ.
        let (x, w) = (rounded(tokens * inner, seed: 1), rounded(n * inner, seed: 2))
        var y = [Float](repeating: 2, count: tokens * n)
        HalfProduct(
            m: tokens, n: n, k: inner, transposeB: true, strideA: inner, strideB: inner,
            strideC: n, accumulate: accumulate
        ).run(x.words, w.words, &y)
        for row in stride(from: 0, to: tokens, by: max(1, tokens / 50)) {
            for column in 0..<n {
                let sum = (0..<inner).reduce(0) {
                    $0 + x.values[row * inner + $1] * w.values[column * inner + $1]
                }
                #expect(abs(Double(y[row * n + column] - before) - sum) < 1e-3)
            }
        }
        // Sums over tokens: dw = dyᵀ · x.
        let dy = rounded(tokens * n, seed: 3)
        var dw = [Float](repeating: 2, count: n * inner)
        HalfProduct(
            m: n, n: inner, k: tokens, transposeA: true, strideA: n, strideB: inner,
            strideC: inner, accumulate: accumulate
        ).run(dy.words, x.words, &dw)
        for row in 0..<n {
            for column in 0..<inner {
                let sum = (0..<tokens).reduce(0) {
                    $0 + dy.values[$1 * n + row] * x.values[$1 * inner + column]
                }
                #expect(abs(Double(dw[row * inner + column] - before) - sum) < 1e-2)
            }
        }
    }
}
