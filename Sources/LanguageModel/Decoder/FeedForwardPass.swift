// SPDX-License-Identifier: Apache-2.0
import Tensors

/// The feed-forward blocks of a decoder, in memory that is used again.
struct FeedForwardPass {
    private let activation: Activation
    private let active: Int
    private var inner: Tensor  // (T, F)
    private var gate: Tensor  // (T, F)

    init(_ configuration: DecoderConfiguration) {
        activation = configuration.activation
        inner = Tensor(zeros: [0, configuration.intermediateSize])
        gate = inner
        if case .experts(_, let active) = configuration.feedForward {
            self.active = active
        } else {
            active = 0
        }
    }

    /// Writes the block's result of each row of `x` (T, C) to `y` (T, C), or adds it.
    mutating func run(
        _ weights: FeedForward<Projection>, _ x: Tensor, into y: inout Tensor, accumulate: Bool,
        _ adapters: AdapterRows
    ) {
        switch weights {
        case .plain(let up, let down):
            inner.setRows(x.rows)
            up.apply(x, into: &inner, adapters: adapters)
            activation.apply(&inner)
            down.apply(inner, into: &y, accumulate: accumulate, adapters: adapters)
        case .gated(let block):
            run(block, x, into: &y, accumulate: accumulate, adapters)
        case .experts(let router, let experts):
            if !accumulate { y = Tensor(zeros: y.shape) }
            runExperts(router, experts, x, addingTo: &y, adapters)
        }
    }

    private mutating func run(
        _ block: GatedBlock<Projection>, _ x: Tensor, into y: inout Tensor, accumulate: Bool,
        _ adapters: AdapterRows
    ) {
        inner.setRows(x.rows)
        gate.setRows(x.rows)
        block.gate.apply(x, into: &gate, adapters: adapters)
        block.up.apply(x, into: &inner, adapters: adapters)
        activation.apply(&gate)
        ElementWise.multiply(gate, into: &inner)
        block.down.apply(inner, into: &y, accumulate: accumulate, adapters: adapters)
    }

    /// Each expert computes the rows that chose it, all at once.
    private mutating func runExperts(
        _ router: Projection, _ experts: [GatedBlock<Projection>], _ x: Tensor,
        addingTo y: inout Tensor,
        _ adapters: AdapterRows
    ) {
        var scores = Tensor(zeros: [x.rows, experts.count])
        router.apply(x, into: &scores, adapters: adapters)
        ElementWise.softmaxRows(&scores)
        let choices = (0..<x.rows).map { row in
            choose(scores.values[row * experts.count..<(row + 1) * experts.count])
        }
        // Where experts are read from the disk, the later ones are while the first computes.
        for choice in Set(choices.joined().map(\.expert)).sorted() {
            for matrix in [\GatedBlock<Projection>.gate, \.up, \.down] {
                experts[choice][keyPath: matrix].weight.prefetch()
            }
        }
        for (index, expert) in experts.enumerated() {
            let rows = choices.indices.filter { choices[$0].contains { $0.expert == index } }
            guard !rows.isEmpty else { continue }
            let ids = rows.map { Int32($0) }
            var chosen = Tensor(zeros: [rows.count, x.columns])
            ElementWise.gatherRows(x, ids: ids, into: &chosen)
            var result = Tensor(zeros: [rows.count, x.columns])
            run(expert, chosen, into: &result, accumulate: false, adapters.chosen(ids))
            let shares = rows.map { row in
                choices[row].first { $0.expert == index }?.share ?? 0
            }
            ElementWise.addRows(result, scales: shares, to: &y, rows: ids)
        }
    }

    /// The best experts of one token, their probabilities divided by the sum; of equal ones the
    /// first.
    private func choose(_ scores: ArraySlice<Float>) -> [(expert: Int, share: Float)] {
        let best = scores.enumerated().sorted {
            $0.element != $1.element ? $0.element > $1.element : $0.offset < $1.offset
        }.prefix(active)
        let sum = best.reduce(0) { $0 + $1.element }
        return best.map { ($0.offset, $0.element / sum) }
    }
}

extension Activation {
    /// Applies the function to each element.
    func apply(_ x: inout Tensor) {
        switch self {
        case .silu: ElementWise.siluInPlace(&x)
        case .gelu: ElementWise.geluInPlace(&x)
        case .geluTanh: ElementWise.geluTanhInPlace(&x)
        }
    }
}
