// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles
import WeightFiles

/// A decoder's settings as a GGUF file says them.
///
/// Keys are those of llama.cpp's `gguf-py`. What they cannot say stands, as fields of a `config.json`,
/// under a key of our own, so that a model comes back from a file as it went in.
struct GGUFMetadata {
    let configuration: DecoderConfiguration

    /// Fields of a `config.json` that may stand under our own key; none of them changes a shape but
    /// through a tensor that must then be there.
    static let furtherFields: Set<String> = DecoderArchitecture.allCases.reduce(
        into: [
            "rope_scaling", "rope_theta", "rms_norm_eps", "layer_types", "use_sliding_window",
            "sliding_window", "hidden_act", "hidden_activation", "attention_bias", "mlp_bias",
            "eos_token_id", "embedding_scale",
        ]
    ) { $0.formUnion($1.description.gguf.furtherFields) }

    /// The name of the architecture, which is part of the keys.
    var architecture: String { conventions.name }

    private var conventions: GGUFConventions { configuration.architecture.description.gguf }

    /// All entries, in the order in which they are written.
    func entries(fileType: Int?) -> [(key: String, value: GGUFValue)] {
        var entries: [(key: String, value: GGUFValue)] = [
            ("general.architecture", .text(architecture)),
            ("general.quantization_version", .integer(2)),
        ]
        if let fileType { entries.append(("general.file_type", .integer(fileType))) }
        for (key, value) in settings { entries.append(("\(architecture).\(key)", value)) }
        if let json = further { entries.append((GGUFSettings.furtherFieldsKey, .text(json))) }
        return entries
    }

    private var settings: [(key: String, value: GGUFValue)] {
        let model = configuration
        var settings: [(key: String, value: GGUFValue)] = [
            ("vocab_size", .integer(model.vocabSize)),
            ("context_length", .integer(model.maxPositionEmbeddings)),
            ("embedding_length", .integer(model.hiddenSize)),
            ("block_count", .integer(model.numHiddenLayers)),
            ("feed_forward_length", .integer(model.intermediateSize)),
            ("attention.head_count", .integer(model.numAttentionHeads)),
            ("attention.head_count_kv", .integer(model.numKeyValueHeads)),
            ("attention.key_length", .integer(model.headDim)),
            ("attention.value_length", .integer(model.headDim)),
            ("attention.layer_norm_rms_epsilon", .number(model.rmsNormEps)),
            ("rope.dimension_count", .integer(model.rotaryWidth)),
            ("rope.freq_base", .number(model.ropeTheta)),
        ]
        if let window = model.slidingWindow {
            settings.append(("attention.sliding_window", .integer(window)))
        }
        if case .experts(let count, let active) = model.feedForward {
            settings.append(("expert_count", .integer(count)))
            settings.append(("expert_used_count", .integer(active)))
        }
        if let cap = model.attentionSoftcap {
            settings.append(("attn_logit_softcapping", .number(cap)))
        }
        if let cap = model.logitSoftcap {
            settings.append(("final_logit_softcapping", .number(cap)))
        }
        return settings + conventions.write(model) + scaling
    }

    private var scaling: [(key: String, value: GGUFValue)] {
        switch configuration.ropeScaling {
        case .none, .llama3: []
        case .linear(let factor):
            [
                ("rope.scaling.type", .text("linear")), ("rope.scaling.factor", .number(factor)),
            ]
        case .yarn(let factor, let fast, let slow, let context, let attention):
            [
                ("rope.scaling.type", .text("yarn")), ("rope.scaling.factor", .number(factor)),
                ("rope.scaling.original_context_length", .integer(context)),
                ("rope.scaling.attn_factor", .number(attention)),
                ("rope.scaling.yarn_beta_fast", .number(fast)),
                ("rope.scaling.yarn_beta_slow", .number(slow)),
            ]
        case .longRope(_, _, let context, let attention):
            [
                ("rope.scaling.type", .text("longrope")),
                ("rope.scaling.original_context_length", .integer(context)),
                ("rope.scaling.attn_factor", .number(attention)),
            ]
        }
    }

    /// Divisors of rotary frequencies, which llama.cpp reads from tensors.
    var scalingTensors: [(name: String, values: [Float])] {
        switch configuration.ropeScaling {
        case .none, .linear, .yarn: []
        case .llama3:
            [
                (
                    "rope_freqs.weight",
                    configuration.ropeScaling.divisors(configuration).map(Float.init)
                )
            ]
        case .longRope(let short, let long, _, _):
            [
                ("rope_factors_long.weight", long.map(Float.init)),
                ("rope_factors_short.weight", short.map(Float.init)),
            ]
        }
    }

    /// The fields that the keys above do not say, as JSON, or nil where they say all.
    private var further: String? {
        let model = configuration
        let all = model.fields
        var names = conventions.furtherFields
        if model.ropeScaling != .none { names.insert("rope_scaling") }
        // Numbers that 32 bits do not bring back.
        for (name, value) in [
            ("rope_theta", model.ropeTheta), ("rms_norm_eps", model.rmsNormEps),
            ("embedding_scale", model.embeddingScale),
        ] where Double("\(Float(value))") != value { names.insert(name) }
        if model.slidingWindow != nil {
            names.formUnion(["use_sliding_window", "sliding_window", "layer_types"])
        }
        if model.activation != model.architecture.description.activation {
            names.formUnion(["hidden_act", "hidden_activation"])
        }
        if model.queryKeyValueBias { names.insert("attention_bias") }
        if model.mlpBias { names.insert("mlp_bias") }
        if model.eosTokenIDs.count > 1 { names.insert("eos_token_id") }
        let fields = all.filter { names.contains($0.key) }
        guard !fields.isEmpty else { return nil }
        return (try? JSONEncoder.sorted().encode(fields)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
