// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing

@Suite("The gradient of an operation follows the differences of its result")
struct TapeOperationTests {
    @Test("Root mean square norm, of rows and of heads", arguments: [(1, 1), (7, 7), (48, 12)])
    func rmsNorm(width: Int, part: Int) {
        for offset: Float in [0, 1] {
            expectGradients([[5, width], [part]]) { tape, layout in
                tape.rmsNorm(
                    tape.parameter(0), gain: layout.vector(1), epsilon: 0.1, offset: offset)
            }
        }
    }

    @Test("Layer norm, with bias and without", arguments: [true, false])
    func layerNorm(hasBias: Bool) {
        expectGradients([[5, 37], [37], [37]]) { tape, layout in
            tape.layerNorm(
                tape.parameter(0), gain: layout.vector(1),
                bias: hasBias ? layout.vector(2) : nil, epsilon: 0.1)
        }
    }

    @Test("Activations", arguments: TapeActivation.allCases)
    func activations(_ activation: TapeActivation) {
        expectGradients([[3, 37]]) { tape, _ in
            tape.activation(activation, tape.parameter(0))
        }
        expectGradients([[3, 37], [3, 37]]) { tape, _ in
            tape.gated(activation, gate: tape.parameter(0), up: tape.parameter(1))
        }
    }

    @Test("A linear layer with bias, residual and dropout", arguments: [Float(0), 0.3])
    func linear(dropout: Float) {
        expectGradients([[4, 9], [6, 9], [6], [4, 6]]) { tape, layout in
            tape.linear(
                tape.parameter(0), LinearReference(layout.matrix(1), bias: layout.vector(2)),
                addingTo: tape.parameter(3), mask: tape.dropoutMask(dropout))
        }
    }

    @Test("Some rows of a matrix, as where several projections lie in one")
    func rowsOfMatrix() {
        expectGradients([[4, 9], [8, 9], [8]]) { tape, _ in
            tape.linear(
                tape.parameter(0),
                LinearReference(
                    .trained(1, rows: 2..<7, columns: 9), bias: .trained(2, 2..<7)))
        }
    }

    @Test("A change of low rank on a matrix that stays as it is", arguments: [Float(0), 0.3])
    func lowRank(dropout: Float) {
        let frozen = random([6, 64], seed: 31)
        expectGradients([[4, 64], [3, 64], [6, 3]]) { tape, layout in
            tape.linear(
                tape.parameter(0),
                LinearReference(
                    .frozen(WeightMatrix(frozen)),
                    adapter: LowRankReference(
                        down: layout.matrix(1), up: layout.matrix(2), scale: 0.5,
                        dropout: dropout)))
        }
    }

    @Test(
        "A frozen matrix in any form multiplies as its own numbers do, both ways",
        arguments: [Precision.float32, .bfloat16, .int8, .int4])
    func frozenForms(precision: Precision) {
        let matrix = WeightMatrix(random([300, 1024], seed: 1)).prepared(for: precision)
        let dense = WeightMatrix(matrix.tensor)
        let parameters = randomParameters([[5, 1024]])
        func run(_ matrix: WeightMatrix) -> (Tensor, Tensor) {
            let tape = Tape(parameters.layout)
            let y = tape.accumulate(parameters) { tape in
                let y = tape.linear(tape.parameter(0), LinearReference(.frozen(matrix)))
                tape.seed(y, gradient: random([5, 300], seed: 2))
                return tape.tensor(y)
            }
            return (y, tape.gradients.tensors[0])
        }
        let (found, expected) = (run(matrix), run(dense))
        // Packed in few bits, a matrix rounds what it multiplies; the way back does not.
        let rounding: Float = precision == .bfloat16 || precision == .int8 ? 2 : 1e-3
        #expect(largestDifference(found.0, expected.0) < rounding)
        #expect(largestDifference(found.1, expected.1) < 1e-3)
    }

    @Test("Rotation, whole and of a part of each head", arguments: [6, 4])
    func rotary(turning: Int) {
        for turnsNeighbours in [false, true] {
            let rotary = RotaryTable(
                headWidth: 6, frequencies: (0..<turning / 2).map { 1 / Double(1 + $0) },
                magnitude: 1.2, positions: 9, turnsNeighbours: turnsNeighbours)
            expectGradients([[5, 12]]) { tape, _ in
                tape.rotated(tape.parameter(0), rotary, positions: [3, 4, 0, 1, 8])
            }
        }
    }

    @Test("Embedding, gathered rows and means, with rows that come twice")
    func rows() {
        expectGradients([[7, 5]]) { tape, layout in
            tape.embedding([3, 0, 3, 6], layout.matrix(0), scale: 2.5)
        }
        expectGradients([[7, 5]]) { tape, _ in
            tape.gatherRows(tape.parameter(0), [6, 2, 2, 0])
        }
        expectGradients([[7, 5]]) { tape, _ in
            tape.meanRows(tape.parameter(0), [0..<3, 3..<4, 5..<7])
        }
    }

    @Test("Sums, factors and dropout, where one value is used three times")
    func elementwise() {
        expectGradients([[4, 5]]) { tape, _ in
            let x = tape.parameter(0)
            let y = tape.add(tape.scale(x, by: -0.7), tape.dropout(x, tape.dropoutMask(0.4)))
            return tape.add(y, constant: random([4, 5], seed: 3)).adding(x, tape)
        }
    }

    @Test("Experts, through shares and results")
    func experts() {
        expectGradients([[6, 4], [3, 4], [5, 4], [5, 4], [5, 4]], step: 2e-3) { tape, layout in
            let x = tape.parameter(0)
            let routing = tape.route(
                tape.linear(x, LinearReference(layout.matrix(1))), active: 2)
            let results = routing.rows.enumerated().map { expert, rows in
                rows.isEmpty
                    ? nil
                    : tape.linear(
                        tape.gatherRows(x, rows), LinearReference(layout.matrix(2 + expert)))
            }
            return tape.mixExperts(results, routing, columns: 5)
        }
    }

    struct AttentionCase: Sendable, CustomTestStringConvertible {
        var segments: [Range<Int>] = [0..<11]
        var causal = true
        var window: Int?
        var softcap: Float?
        var dropout: Float = 0
        var testDescription: String {
            "\(segments.map(\.count)), \(causal ? "causal" : "both sides"), "
                + "window \(window ?? 0), bound \(softcap ?? 0), dropout \(dropout)"
        }
    }

    static let attentionCases = [
        AttentionCase(),
        AttentionCase(segments: [0..<3, 3..<4, 4..<11]),
        AttentionCase(segments: [0..<3, 3..<4, 4..<11], causal: false),
        AttentionCase(causal: false, dropout: 0.3),
        AttentionCase(window: 4),
        AttentionCase(causal: false, window: 3),
        AttentionCase(segments: [0..<3, 3..<11], window: 2, softcap: 1.5),
        AttentionCase(softcap: 2, dropout: 0.2),
        AttentionCase(segments: [0..<150], dropout: 0.3),
        AttentionCase(segments: [0..<290], window: 70),
        AttentionCase(segments: [0..<290], causal: false, window: 70),
    ]

    private func plan(_ example: AttentionCase, _ mask: DropoutMask?) -> AttentionPlan {
        AttentionPlan(
            attention(of: example), segments: example.segments, dropout: mask)
    }

    private func attention(of example: AttentionCase) -> Attention {
        Attention(
            heads: 4, keyValueHeads: 2, headWidth: 6, causal: example.causal,
            window: example.window, scale: 0.3, softcap: example.softcap)
    }

    @Test("Attention, for query, key and value", arguments: attentionCases)
    func attention(_ example: AttentionCase) {
        let rows = example.segments.last?.upperBound ?? 0
        expectGradients([[rows, 24], [rows, 12], [rows, 12]]) { tape, _ in
            tape.attention(
                query: tape.parameter(0), key: tape.parameter(1), value: tape.parameter(2),
                plan(example, tape.dropoutMask(example.dropout)))
        }
    }

    @Test("Attention gives what the engine's gives", arguments: attentionCases)
    func attentionTwin(_ example: AttentionCase) {
        let rows = example.segments.last?.upperBound ?? 0
        let parameters = randomParameters([[rows, 24], [rows, 12], [rows, 12]])
        let found = Tape(parameters.layout).evaluate(parameters) { tape in
            tape.tensor(
                tape.attention(
                    query: tape.parameter(0), key: tape.parameter(1), value: tape.parameter(2),
                    plan(example, nil)))
        }
        var expected = Tensor(zeros: [rows, 24])
        attention(of: example).forward(
            q: parameters.tensors[0], k: parameters.tensors[1], v: parameters.tensors[2],
            offsets: [0] + example.segments.map(\.upperBound), into: &expected)
        #expect(largestDifference(found, expected) < 1e-5)
    }

    @Test("An operation of one's own over whole tensors")
    func custom() {
        expectGradients([[3, 4], [3, 4]]) { tape, _ in
            let (a, b) = (tape.parameter(0), tape.parameter(1))
            let (x, y) = (tape.tensor(a), tape.tensor(b))
            func product(_ x: Tensor, _ y: Tensor) -> Tensor {
                Tensor(shape: x.shape, values: zip(x.values, y.values).map { $0 * $1 })
            }
            return tape.custom([a, b], result: product(x, y)) {
                [product($0, y), product($0, x)]
            }
        }
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
}

extension TapeValue {
    fileprivate func adding(_ other: TapeValue, _ tape: Tape) -> TapeValue {
        tape.add(self, other)
    }
}
