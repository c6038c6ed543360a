// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JSONFiles
import WeightFiles

/// The `adapter_config.json` of an adapter, as the PEFT library writes and reads it.
///
/// What changes the computation in a way that is not carried out here is refused, and so are fields
/// that nobody here knows, unless they say nothing.
enum PEFTConfiguration {
    /// Reads the settings; throws `ModelConfigurationError` naming file and field.
    static func settings(
        _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> AdapterSettings {
        let type = try fields.required("peft_type", try fields.string("peft_type"))
        try fields.expect("peft_type", type == "LORA")
        let task = try fields.string("task_type") ?? "CAUSAL_LM"
        try fields.expect("task_type", task == "CAUSAL_LM")
        try fields.expect("bias", (try fields.string("bias") ?? "none") == "none")
        try refuseWhatChangesTheBase(fields)
        for (name, value) in fields.all.sorted(by: { $0.key < $1.key }) {
            let isKnown = understood.contains(name) || informative.contains(name)
            try fields.expect(name, isKnown || value.saysNothing)
        }
        let rank = try fields.required("r", try fields.integer("r"))
        let alpha = try fields.required("lora_alpha", try fields.number("lora_alpha"))
        let dropout = try fields.number("lora_dropout") ?? 0
        for (name, holds) in [
            ("r", (1...largestRank).contains(rank)),
            ("lora_alpha", alpha > 0 && alpha <= 1e6),
            ("lora_dropout", dropout >= 0 && dropout < 1),
        ] where !holds {
            throw .outOfRange(file: fields.file, field: fields.place(name))
        }
        return AdapterSettings(
            rank: rank, alpha: alpha, dropout: dropout, targets: try targets(fields),
            isRankStabilized: try fields.bool("use_rslora") ?? false,
            base: try fields.string("base_model_name_or_path"))
    }

    /// The content of a file for an adapter.
    static func json(_ settings: AdapterSettings, head: AdaptedHead? = nil) throws -> Data {
        let targets: JSONValue =
            switch settings.targets {
            case .all: .string("all-linear")
            case .named(let names): .array(names.map { .string($0) })
            }
        let whole = Int(exactly: settings.alpha)
        let fields: [String: JSONValue] = [
            "peft_type": .string("LORA"), "task_type": .string(head?.task ?? "CAUSAL_LM"),
            "base_model_name_or_path": settings.base.map { .string($0) } ?? .null,
            "r": .integer(settings.rank),
            "lora_alpha": whole.map { .integer($0) } ?? .number(settings.alpha),
            "lora_dropout": .number(settings.dropout), "bias": .string("none"),
            "fan_in_fan_out": .bool(false), "target_modules": targets,
            "use_rslora": .bool(settings.isRankStabilized), "use_dora": .bool(false),
            "modules_to_save": head.map { .array($0.modules.map { .string($0) }) } ?? .null,
            "inference_mode": .bool(true),
            "init_lora_weights": .bool(true),
        ]
        return try JSONEncoder.sorted(.prettyPrinted).encode(fields)
    }

    /// Ranks above this are a mistake, or meant to take memory.
    static let largestRank = 8192

    /// Fields that are read.
    private static let understood: Set<String> = [
        "peft_type", "task_type", "r", "lora_alpha", "lora_dropout", "target_modules", "bias",
        "use_rslora", "base_model_name_or_path", "init_lora_weights",
    ]
    /// Fields that say nothing of the computation with the adapter.
    private static let informative: Set<String> = [
        "auto_mapping", "inference_mode", "peft_version", "revision", "runtime_config",
        "megatron_core", "qalora_group_size", "ensure_weight_tying",
    ]

    /// Ways to begin that change the base's weights too, so that the adapter alone does not fit them.
    private static func refuseWhatChangesTheBase(
        _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) {
        switch fields.all["init_lora_weights"] ?? .null {
        case .null, .bool, .string("gaussian"), .string("orthogonal"), .string("eva"): return
        default: throw .unsupported(file: fields.file, field: "init_lora_weights")
        }
    }

    /// A list of names, one name, or `all-linear`; an expression is refused.
    private static func targets(
        _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> AdapterTargets {
        let name = "target_modules"
        if case .string(let text)? = fields.all[name] {
            if text == "all-linear" { return .all }
            try fields.expect(name, isPlain(text))
            return .named([text])
        }
        let names = try fields.required(name, try fields.strings(name))
        guard !names.isEmpty, names.allSatisfy(isPlain) else {
            throw .unsupported(file: fields.file, field: name)
        }
        return .named(names)
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-")
            }
    }
}

extension JSONValue {
    /// Whether it is null, false, or empty.
    fileprivate var saysNothing: Bool {
        switch self {
        case .null, .bool(false): true
        case .array(let values): values.isEmpty
        case .object(let values): values.isEmpty
        case .string(let text): text.isEmpty
        default: false
        }
    }
}
