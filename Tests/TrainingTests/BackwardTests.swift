import Tensors
import Testing
import Training

/// Compares a gradient with differences of a loss in double steps around single numbers.
private func expectGradient(
    _ gradient: Tensor, at point: Tensor, step: Float = 1e-2, tolerance: Float = 2e-2,
    _ loss: (Tensor) -> Double
) {
    for place in stride(from: 0, to: point.count, by: max(1, point.count / 23)) {
        var (above, below) = (point, point)
        above.values[place] += step
        below.values[place] -= step
        let slope = Float((loss(above) - loss(below)) / Double(2 * step))
        let scale = max(1, abs(slope))
        #expect(abs(gradient.values[place] - slope) < tolerance * scale, "number \(place)")
    }
}

private func random(_ shape: [Int], seed: UInt64) -> Tensor {
    var generator = SplitMix64(seed: seed)
    return Tensor(
        shape: shape, values: (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}

private func dot(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

@Suite("A backward twin follows the differences of its forward twin")
struct BackwardTests {
    @Test("RMSNorm, for input and gain", arguments: [1, 7, 48, 129])
    func rmsNorm(width: Int) {
        let (x, gain) = (random([5, width], seed: 1), random([width], seed: 2))
        let weights = random([5, width], seed: 3)
        func output(_ x: Tensor, _ gain: Tensor) -> (Tensor, Tensor) {
            var (y, inverse) = (x, Tensor(zeros: [5]))
            RMSNormPass.forward(x, gain: gain, epsilon: 0.1, output: &y, inverse: &inverse)
            return (y, inverse)
        }
        var (dx, dgain) = (Tensor(zeros: x.shape), Tensor(zeros: gain.shape))
        RMSNormPass.backward(
            weights, x: x, gain: gain, inverse: output(x, gain).1, addingTo: &dx, &dgain)
        expectGradient(dx, at: x) { dot(output($0, gain).0, weights) }
        expectGradient(dgain, at: gain) { dot(output(x, $0).0, weights) }
    }

    @Test("SiLU")
    func silu() {
        let (x, weights) = (random([3, 37], seed: 4), random([3, 37], seed: 5))
        var dx = weights
        SiLUPass.backward(&dx, x: x)
        expectGradient(dx, at: x) {
            var y = $0
            SiLUPass.forward($0, output: &y)
            return dot(y, weights)
        }
    }

    @Test("Rotation backwards undoes rotation and keeps lengths")
    func rotary() {
        let rotary = RotaryPass(positions: 9, headWidth: 12, theta: 10000)
        let x = random([9, 24], seed: 6)
        var y = x
        rotary.rotate(&y, positions: Array(0..<9))
        #expect(y != x)
        #expect(abs(dot(x, x) - dot(y, y)) < 1e-3)
        rotary.rotate(&y, positions: Array(0..<9), inverse: true)
        #expect(zip(x.values, y.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    struct AttentionCase: Sendable, CustomTestStringConvertible {
        let segments: [Range<Int>]
        let causal: Bool
        let dropout: Float
        var testDescription: String {
            "\(segments.map(\.count)), \(causal ? "causal" : "both sides"), dropout \(dropout)"
        }
    }

    @Test(
        "Attention, for query, key and value",
        arguments: [
            AttentionCase(segments: [0..<11], causal: true, dropout: 0),
            AttentionCase(segments: [0..<3, 3..<4, 4..<11], causal: true, dropout: 0),
            AttentionCase(segments: [0..<3, 3..<4, 4..<11], causal: false, dropout: 0),
            AttentionCase(segments: [0..<11], causal: false, dropout: 0.3),
            AttentionCase(segments: [0..<150], causal: true, dropout: 0.3),
            AttentionCase(segments: [0..<150], causal: false, dropout: 0),
        ])
    func attention(_ example: AttentionCase) {
        let rows = example.segments.last?.upperBound ?? 0
        let plan = AttentionPlan(
            heads: 4, groups: 2, headWidth: 6, segments: example.segments, causal: example.causal,
            dropout: example.dropout > 0
                ? DropoutMask(probability: example.dropout, seed: 77) : nil)
        let query = random([rows, 24], seed: 7)
        let (key, value) = (random([rows, 12], seed: 8), random([rows, 12], seed: 9))
        let weights = random([rows, 24], seed: 10)
        func forward(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> (Tensor, Tensor) {
            var (output, logSum) = (q, Tensor(zeros: [rows, 4]))
            var pass = AttentionPass()
            pass.forward(
                query: q, key: k, value: v, plan: plan, output: &output, logSum: &logSum)
            return (output, logSum)
        }
        let (output, logSum) = forward(query, key, value)
        var (dq, dk, dv, dots) = (query, key, value, logSum)
        var pass = AttentionPass()
        pass.backward(
            weights, query: query, key: key, value: value, output: output, logSum: logSum,
            plan: plan, rowDots: &dots, queryGradient: &dq, keyGradient: &dk, valueGradient: &dv)
        expectGradient(dq, at: query) { dot(forward($0, key, value).0, weights) }
        expectGradient(dk, at: key) { dot(forward(query, $0, value).0, weights) }
        expectGradient(dv, at: value) { dot(forward(query, key, $0).0, weights) }
    }

    @Test("Cross-entropy of chosen rows, for states and head")
    func crossEntropy() {
        let (hidden, head) = (random([6, 8], seed: 11), random([19, 8], seed: 12))
        let (rows, labels): ([Int32], [Int32]) = ([4, 0, 5], [18, 0, 7])
        func run(_ hidden: Tensor, _ head: Tensor) -> (Double, Tensor, Tensor) {
            var (dhidden, dhead) = (Tensor(zeros: hidden.shape), Tensor(zeros: head.shape))
            var pass = CrossEntropyPass()
            let loss = pass.accumulate(
                hidden: hidden, rows: rows, labels: labels, head: head, factor: 1,
                hiddenGradient: &dhidden, headGradient: &dhead)
            return (loss, dhidden, dhead)
        }
        let (_, dhidden, dhead) = run(hidden, head)
        expectGradient(dhidden, at: hidden) { run($0, head).0 }
        expectGradient(dhead, at: head) { run(hidden, $0).0 }
        #expect(dhidden.values[8..<16].allSatisfy { $0 == 0 })
    }

    @Test("Cross-entropy in several chunks is the sum of single rows")
    func chunks() {
        let count = CrossEntropyPass.chunkRows + 37
        let (hidden, head) = (random([count, 4], seed: 13), random([11, 4], seed: 14))
        let labels = (0..<Int32(count)).map { $0 % 11 }
        var (dhidden, dhead) = (Tensor(zeros: hidden.shape), Tensor(zeros: head.shape))
        var pass = CrossEntropyPass()
        let whole = pass.accumulate(
            hidden: hidden, rows: (0..<Int32(count)).map { $0 }, labels: labels, head: head,
            factor: 1, hiddenGradient: &dhidden, headGradient: &dhead)
        var sum = 0.0
        for row in 0..<Int32(count) {
            sum += pass.accumulate(
                hidden: hidden, rows: [row], labels: [labels[Int(row)]], head: head, factor: 0,
                hiddenGradient: &dhidden, headGradient: &dhead)
        }
        #expect(abs(whole - sum) < 1e-3)
    }

    @Test("A dropout mask drops its share, keeps the mean and repeats itself")
    func dropout() {
        let ones = Tensor(shape: [64, 64], values: [Float](repeating: 1, count: 4096))
        var (first, again, other) = (ones, ones, ones)
        DropoutMask(probability: 0.25, seed: 5).apply(to: &first)
        DropoutMask(probability: 0.25, seed: 5).apply(to: &again)
        DropoutMask(probability: 0.25, seed: 6).apply(to: &other)
        #expect(first == again)
        #expect(first != other)
        let dropped = first.values.count { $0 == 0 }
        #expect((900...1150).contains(dropped))
        #expect(first.values.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    }

    @Test("The whole network, tied or not, with dropout and a scaled embedding")
    func network() {
        for tied in [false, true] {
            let shape = NetworkShape(
                vocabulary: 13, hidden: 8, feedForward: 12, layers: 2, heads: 2, groups: 1,
                headWidth: 4, context: 8, embeddingScale: 3, tiedHead: tied)
            var parameters = DecoderParameters(randomFor: shape, seed: 1)
            for place in parameters.tensors.indices {
                parameters.tensors[place].add(
                    random(parameters.tensors[place].shape, seed: UInt64(place)), factor: 0.3)
            }
            let rows: [[Int32]] = [[1, 2, 3, 4, 5, 6, 7, 8], [12, 11, 10, 9, 0, 1, 2, 3]]
            let batch = TrainingBatch(rows: rows, labels: rows, documents: [[8], [3, 5]])
            func loss(_ parameters: DecoderParameters) -> (Double, DecoderParameters) {
                var pass = DecoderPass(shape)
                let loss = pass.accumulate(
                    batch, parameters: parameters, factor: 1, dropout: 0.2, seed: 9)
                return (loss, pass.gradients)
            }
            let gradients = loss(parameters).1
            for place in parameters.tensors.indices {
                expectGradient(
                    gradients.tensors[place], at: parameters.tensors[place], step: 5e-3,
                    tolerance: 3e-2
                ) {
                    var moved = parameters
                    moved.tensors[place] = $0
                    return loss(moved).0
                }
            }
        }
    }
}
