// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing

@Suite struct AttentionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var heads: Int
        var keyValueHeads: Int
        var headWidth: Int
        var lengths: [Int]
        var testDescription: String { "\(heads)/\(keyValueHeads)×\(headWidth) \(lengths)" }
    }

    static let cases = [
        Case(heads: 1, keyValueHeads: 1, headWidth: 2, lengths: [1]),
        Case(heads: 4, keyValueHeads: 2, headWidth: 16, lengths: [12, 5, 9]),
        Case(heads: 6, keyValueHeads: 2, headWidth: 10, lengths: [1, 0, 33, 2]),
        Case(heads: 3, keyValueHeads: 3, headWidth: 24, lengths: [150, 3]),
        Case(heads: 2, keyValueHeads: 1, headWidth: 8, lengths: [600]),
    ]

    @Test("attention agrees with the formula", arguments: cases, [false, true])
    func agreesWithReference(lengths: Case, causal: Bool) {
        let input = Input(lengths)
        let attention = Attention(
            heads: lengths.heads, keyValueHeads: lengths.keyValueHeads,
            headWidth: lengths.headWidth, causal: causal)
        var output = Tensor(zeros: input.q.shape)
        attention.forward(
            q: input.q, k: input.k, v: input.v, offsets: input.offsets, into: &output)
        let expected = Reference.attention(
            attention, q: input.q, k: input.k, v: input.v, offsets: input.offsets)
        #expect(largestDifference(output.values, expected) < 3e-6)
    }

    @Test("a segment's result is the same alone and among others", arguments: [false, true])
    func company(causal: Bool) {
        let input = Input(Case(heads: 4, keyValueHeads: 2, headWidth: 16, lengths: [40, 150, 7]))
        let attention = Attention(heads: 4, keyValueHeads: 2, headWidth: 16, causal: causal)
        var together = Tensor(zeros: input.q.shape)
        attention.forward(
            q: input.q, k: input.k, v: input.v, offsets: input.offsets, into: &together)
        for (start, end) in zip(input.offsets, input.offsets.dropFirst()) {
            let (q, k, v) = (
                slice(input.q, start, end), slice(input.k, start, end), slice(input.v, start, end)
            )
            var alone = Tensor(zeros: q.shape)
            attention.forward(q: q, k: k, v: v, offsets: [0, end - start], into: &alone)
            let expected = slice(together, start, end).values.map(Double.init)
            #expect(largestDifference(alone.values, expected) < 1e-6)
        }
    }

    @Test("the number of threads changes nothing")
    func threads() {
        let before = ComputeThreads.count
        defer { ComputeThreads.set(before) }
        let input = Input(Case(heads: 4, keyValueHeads: 2, headWidth: 16, lengths: [90, 20, 300]))
        let attention = Attention(heads: 4, keyValueHeads: 2, headWidth: 16, causal: true)
        let results = [1, 2, 3].map { count in
            ComputeThreads.set(count)
            var output = Tensor(zeros: input.q.shape)
            attention.forward(
                q: input.q, k: input.k, v: input.v, offsets: input.offsets, into: &output)
            return output
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test("equal values come through unchanged, whatever the scores: weights sum to one")
    func convexity() {
        var input = Input(Case(heads: 2, keyValueHeads: 2, headWidth: 4, lengths: [31]))
        input.v = Tensor(shape: input.v.shape, values: input.v.values.map { _ in 0.5 })
        var output = Tensor(zeros: input.q.shape)
        Attention(heads: 2, keyValueHeads: 2, headWidth: 4, causal: true)
            .forward(q: input.q, k: input.k, v: input.v, offsets: input.offsets, into: &output)
        #expect(output.values.allSatisfy { abs($0 - 0.5) < 1e-6 })
    }

    struct Input {
        var q: Tensor
        var k: Tensor
        var v: Tensor
        var offsets = [0]

        init(_ lengths: Case) {
            var numbers = NumberStream(seed: 9)
            for length in lengths.lengths { offsets.append((offsets.last ?? 0) + length) }
            let tokens = offsets.last ?? 0
            let narrow = lengths.keyValueHeads * lengths.headWidth
            q = numbers.tensor(tokens, lengths.heads * lengths.headWidth, scale: 2)
            k = numbers.tensor(tokens, narrow, scale: 2)
            v = numbers.tensor(tokens, narrow)
        }
    }

    private func slice(_ x: Tensor, _ start: Int, _ end: Int) -> Tensor {
        Tensor(
            shape: [end - start, x.columns],
            values: Array(x.values[start * x.columns..<end * x.columns]))
    }
}
