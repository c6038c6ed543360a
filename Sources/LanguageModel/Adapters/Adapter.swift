// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// What an adapter (LoRA) is, besides its numbers: rank, alpha, dropout and target modules.
package struct AdapterSettings: Hashable, Sendable {
    /// Rows of A and columns of B.
    package var rank: Int
    /// What the change is multiplied by, before it is divided by the rank.
    package var alpha: Double
    /// Dropout on what A sees, in training.
    package var dropout: Double
    /// The layers that are changed.
    package var targets: AdapterTargets
    /// Whether the change is divided by the root of the rank instead (Kalajdzievski 2023,
    /// arXiv 2312.03732).
    package var isRankStabilized: Bool
    /// The base model as the adapter's files name it, or nil.
    package var base: String?

    /// Settings; the defaults are PEFT's.
    package init(
        rank: Int = 8, alpha: Double = 8, dropout: Double = 0,
        targets: AdapterTargets = .named(["q_proj", "v_proj"]), isRankStabilized: Bool = false,
        base: String? = nil
    ) {
        (self.rank, self.alpha, self.dropout) = (rank, alpha, dropout)
        (self.targets, self.isRankStabilized, self.base) = (targets, isRankStabilized, base)
    }

    /// Factor of the change: alpha / r.
    package var scale: Double {
        alpha / (isRankStabilized ? Double(rank).squareRoot() : Double(rank))
    }
}

/// The two matrices of a change of low rank, LoRA's A (`lora_A`) and B (`lora_B`).
package struct LowRankPair: Hashable, Sendable {
    /// A (r, in).
    package var down: Tensor
    /// B (out, r).
    package var up: Tensor

    /// A pair; A and B agree in r.
    package init(down: Tensor, up: Tensor) {
        precondition(down.rows == up.columns, "one rank")
        (self.down, self.up) = (down, up)
    }
}

/// A trained change of low rank to some linear layers of a decoder, W + scale · B · A: a LoRA adapter
/// (low-rank adaptation; Hu et al. 2021, arXiv 2106.09685).
package struct Adapter: Hashable, Sendable {
    /// What it is.
    package let settings: AdapterSettings
    /// The change of each layer, by its name in checkpoints.
    package let pairs: [String: LowRankPair]

    /// An adapter of pairs that fit the layers they are named by.
    package init(settings: AdapterSettings, pairs: [String: LowRankPair]) {
        precondition(pairs.values.allSatisfy { $0.down.rows == settings.rank }, "one rank")
        (self.settings, self.pairs) = (settings, pairs)
    }

    /// Number of trained numbers.
    package var parameterCount: Int {
        pairs.values.reduce(0) { $0 + $1.down.count + $1.up.count }
    }

    /// Some rows of what is added to a layer's matrix (rows, in); nil where it is not changed.
    package func change(of module: String, rows: Range<Int>) -> Tensor? {
        guard let pair = pairs[module] else { return nil }
        var up = pair.up.rowSlice(rows)
        let scale = Float(settings.scale)
        for index in up.values.indices { up.values[index] *= scale }
        var change = Tensor(zeros: [rows.count, pair.down.columns])
        MatrixProduct.multiply(up, pair.down, into: &change)
        return change
    }
}
