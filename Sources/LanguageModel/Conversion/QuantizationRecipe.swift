// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// Which format each tensor of a GGUF file gets.
///
/// Vectors and an expert model's router stay in 32 bits. In recipes of fewer than eight bits the head,
/// or the embedding where it is the head, is Q6_K. In the mixes (`_M`) so are the value projection and
/// the last feed-forward matrix of the first and last eighth of the layers and of every third between,
/// and queries, keys and values in one matrix are Q5_K: the choice of llama.cpp (`llama-quant.cpp`).
package enum QuantizationRecipe: String, Sendable, CaseIterable {
    case f32, f16, bf16, q8_0, q6_K, q5_K_M, q5_K_S, q5_1, q5_0, q4_K_M, q4_K_S, q4_1, q4_0

    /// The recipe of a name, whatever its case; `q4_K` and `q5_K` mean the mixes, as in llama.cpp.
    package init?(name: String) {
        let name = name.lowercased()
        let full = ["q4_k", "q5_k"].contains(name) ? name + "_m" : name
        guard let recipe = Self.allCases.first(where: { $0.rawValue.lowercased() == full }) else {
            return nil
        }
        self = recipe
    }

    /// The format of matrices for which nothing else is said.
    package var base: BlockFormat {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .bf16: .bfloat16
        case .q8_0: .q8_0
        case .q6_K: .q6_K
        case .q5_K_M, .q5_K_S: .q5_K
        case .q5_1: .q5_1
        case .q5_0: .q5_0
        case .q4_K_M, .q4_K_S: .q4_K
        case .q4_1: .q4_1
        case .q4_0: .q4_0
        }
    }

    /// The number of `general.file_type`, llama.cpp's `llama_ftype`.
    var fileType: Int {
        switch self {
        case .f32: 0
        case .f16: 1
        case .bf16: 32
        case .q8_0: 7
        case .q6_K: 18
        case .q5_K_M: 17
        case .q5_K_S: 16
        case .q5_1: 9
        case .q5_0: 8
        case .q4_K_M: 15
        case .q4_K_S: 14
        case .q4_1: 3
        case .q4_0: 2
        }
    }

    /// Whether some matrices get more bits than the others.
    private var isMix: Bool { self == .q4_K_M || self == .q5_K_M }

    /// The format of a matrix of `columns` columns; `isPure` gives every one the base format.
    func format(
        for place: StoredTensor.Place, columns: Int, of configuration: DecoderConfiguration,
        isPure: Bool
    ) -> BlockFormat {
        Self.fitting(wish(for: place, configuration, isPure), columns: columns)
    }

    private func wish(
        for place: StoredTensor.Place, _ configuration: DecoderConfiguration, _ isPure: Bool
    ) -> BlockFormat {
        let isPlain = base.blockElements == 1
        guard !isPlain, self != .q8_0, !isPure else { return base }
        switch place {
        case .head: return .q6_K
        case .embedding: return configuration.tieWordEmbeddings ? .q6_K : base
        case .finalNorm: return base
        case .layer(let index, let parts):
            guard isMix else { return base }
            if parts == [.query, .key, .value] { return self == .q4_K_M ? .q5_K : .q6_K }
            let deserves = parts.contains { part in
                switch part {
                case .value, .down, .expertDown: true
                default: false
                }
            }
            let layers = configuration.numHiddenLayers
            let more =
                index < layers / 8 || index >= 7 * layers / 8 || (index - layers / 8) % 3 == 2
            return deserves && more ? .q6_K : base
        }
    }

    /// The same, or where rows are not whole blocks of it, the next best format: of 32 elements for one
    /// of 256, 16-bit floats for either.
    static func fitting(_ format: BlockFormat, columns: Int) -> BlockFormat {
        if columns % format.blockElements == 0 { return format }
        switch format {
        case .q4_K: return fitting(.q5_0, columns: columns)
        case .q5_K: return fitting(.q5_1, columns: columns)
        case .q6_K: return fitting(.q8_0, columns: columns)
        default: return .float16
        }
    }
}
