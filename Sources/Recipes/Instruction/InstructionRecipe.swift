// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import LanguageModel
package import Tensors
package import Training

/// How a model is tuned to follow instructions, as a TOML file says.
package struct InstructionRecipe: Hashable, Sendable {
    /// Name of what comes out.
    package var name: String
    /// Decides every random choice.
    package var seed: UInt64
    /// Threads to compute with; 0 takes all of the machine.
    package var threads: Int
    /// The folder or GGUF file of the base.
    package var base: String
    /// The form in which frozen weights are held; nil for 32-bit floats row by row.
    package var precision: Precision?
    /// A chat template's name; nil for the base's own.
    package var template: String?
    /// How rows of new tokens begin.
    package var tokenInitialization: TokenInitialization
    /// The data, less what the licences exclude.
    package var sources: [InstructionSource]
    /// Licences whose data is left out.
    package var excludedLicences: [String]
    /// How tasks are mixed.
    package var mixture: MixtureWeights
    /// What is learnt and how.
    package var tuning: InstructionTuning
    /// The adapter to train; nil to train all weights.
    package var adapter: AdapterSettings?
    /// When states of the run are kept.
    package var checkpoints: CheckpointSettings
    /// What is held out to measure the run; nil without.
    package var validation: InstructionValidation?
    /// What is done when the loss is no number or leaps.
    package var stability: StabilitySettings
    /// The recipe's text.
    package var text: String
}

/// One file of instruction data.
package struct InstructionSource: Hashable, Sendable {
    /// The file below the data directory.
    package var file: InstructionFile
    /// The licence as its authors state it.
    package var licence: String
}

/// The steps of instruction tuning.
package struct InstructionTuning: Hashable, Sendable {
    /// Steps in all.
    package var steps: Int
    /// Conversations of one step.
    package var rows: Int
    /// Tokens that one thread holds at a time.
    package var microBatchTokens: Int
    /// The most tokens of a conversation.
    package var context: Int
    /// What is done with longer ones.
    package var longRows: LongRowPolicy
    /// Peak of the learning rate.
    package var learningRate: Double
    /// How long it rises.
    package var warmup: Warmup
    /// Weight decay of matrices.
    package var weightDecay: Double
    /// Dropout on attention and residuals.
    package var dropout: Double
    /// NEFTune's α.
    package var noise: Double
    /// The arithmetic of products that is asked for; 32-bit floats where the processor has no other.
    package var precision: TrainingPrecision
}

/// What a run holds out.
package struct InstructionValidation: Hashable, Sendable {
    /// Share of the documents whose rows are held out.
    package var share: Double
    /// The most rows that a measurement reads.
    package var rows: Int
    /// When it is measured, and what follows.
    package var settings: ValidationSettings
}

extension InstructionRecipe {
    /// The value of `kind`.
    package static let kind = RecipeKind.instruct.rawValue

    /// Reads a recipe; throws ``RecipeError`` naming file and key, or `FileError`.
    package init(file: URL) throws {
        let recipe = try RecipeText(file: file)
        try self.init(text: recipe.text, file: file.lastPathComponent)
    }

    /// Reads a recipe from text; `file` is its name in errors.
    package init(text: String, file: String) throws {
        let top = try RecipeSection(text: text, file: file)
        try top.allow(
            RunRecipe.keys + ["base", "chat", "data", "sampling", "training", "lora"])
        guard try top.recipeKind() == .instruct else { throw top.bad("kind", Self.kind) }
        let common = try RunRecipe(top, spikeFactor: 0)
        (name, seed, threads) = (common.name, common.seed, common.threads)
        (checkpoints, stability) = (common.checkpoints, common.stability)
        adapter = try top.section("lora").map(AdapterSettings.init)
        let base = try top.required("base")
        try base.allow("model", "precision")
        self.base = try base.string("model")
        precision = try Self.precision(base, isFrozen: adapter != nil)
        let chat = try top.section("chat")
        try chat?.allow("template", "token_initialization")
        template = try chat?.string("template", default: "")
        if template == "" { template = nil }
        tokenInitialization =
            try chat?.choice("token_initialization", default: TokenInitialization.normal) ?? .normal
        if adapter != nil, tokenInitialization == .mean, let chat {
            throw chat.bad(
                "token_initialization", "normal with [lora], which does not train embeddings")
        }
        let data = try top.required("data")
        excludedLicences = try data.strings("exclude_licences")
        sources = try Self.sources(data)
        let tasks = Set(sources.map(\.file.task))
        mixture = try Self.mixture(top.section("sampling"), tasks)
        tuning = try InstructionTuning(top.required("training"))
        validation = try top.section("validation").map(InstructionValidation.init)
        self.text = text
    }

    private static func precision(
        _ section: RecipeSection, isFrozen: Bool
    ) throws -> Precision? {
        let precision: Precision = try section.choice("precision", default: .float32)
        guard precision == .float32 || isFrozen else {
            throw section.bad("precision", "f32 without [lora]: what is trained has 32 bits")
        }
        return precision == .float32 ? nil : precision
    }

    private static func sources(_ section: RecipeSection) throws -> [InstructionSource] {
        try section.allow("exclude_licences", "sources")
        let excluded = Set(try section.strings("exclude_licences"))
        return try section.sections("sources").map { source in
            try source.allow("file", "format", "licence", "task", "system")
            let file = try source.string("file")
            guard !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
                throw source.bad("file", "a path below the data directory")
            }
            let system = try source.string("system", default: "")
            return InstructionSource(
                file: InstructionFile(
                    name: file, format: try source.choice("format", default: .init(file)),
                    task: try source.string("task"), system: system.isEmpty ? nil : system),
                licence: try source.string("licence"))
        }.filter { !excluded.contains($0.licence) }
    }

    private static func mixture(
        _ section: RecipeSection?, _ tasks: Set<String>
    ) throws -> MixtureWeights {
        guard let section else { return .temperature(1) }
        try section.allow("temperature", "weights")
        guard let weights = try section.section("weights") else {
            return .temperature(try section.number("temperature", in: 0.1...1000, default: 1))
        }
        guard !section.has("temperature") else {
            throw section.bad("temperature", "left out where there are weights")
        }
        try weights.allow(tasks.sorted())
        return .explicit(try weights.numbers())
    }
}

extension InstructionFile.Format {
    /// What a file's name says.
    fileprivate init(_ name: String) {
        let isTable = [".csv", ".tsv", ".txt"].contains { name.lowercased().hasSuffix($0) }
        self = isTable ? .csv : .jsonLines
    }
}

extension InstructionTuning {
    fileprivate init(_ section: RecipeSection) throws {
        try section.refuseStepUnits(otherThan: .rows)
        try section.allow(
            Warmup.keys + [
                "steps", "batch_rows", "micro_batch_tokens", "context", "long_rows",
                "learning_rate",
                "weight_decay", "dropout", "neftune_alpha", "precision",
            ])
        steps = try section.integer("steps", in: 1...1 << 30)
        rows = try section.integer("batch_rows", in: 1...1 << 20)
        context = try section.integer("context", in: 8...1 << 17)
        microBatchTokens = try section.integer(
            "micro_batch_tokens", in: 8...1 << 24, default: context)
        longRows = try section.choice("long_rows", default: .refuse)
        learningRate = try section.number("learning_rate", in: 1e-9...1, default: 1e-4)
        warmup = try Warmup(section, steps: steps, default: .steps(min(50, steps)))
        weightDecay = try section.number("weight_decay", in: 0...1, default: 0.01)
        dropout = try section.number("dropout", in: 0...0.9, default: 0)
        noise = try section.number("neftune_alpha", in: 0...1000, default: 5)
        precision = try section.choice("precision", default: .float32)
    }
}

extension InstructionValidation {
    fileprivate init(_ section: RecipeSection) throws {
        try section.allow(ValidationSettings.keys + ["share", "rows"])
        share = try section.number("share", in: 0.0001...0.5, default: 0.05)
        rows = try section.integer("rows", in: 1...1 << 20, default: 512)
        settings = try ValidationSettings(section, metrics: ["loss": true, "perplexity": true])
    }
}

extension AdapterSettings {
    /// Reads `[lora]`.
    init(_ section: RecipeSection) throws {
        try section.allow("rank", "alpha", "dropout", "targets", "rank_stabilized")
        let rank = try section.integer("rank", in: 1...1024, default: 16)
        let names = section.has("targets") ? try section.names("targets") : ["all"]
        guard !names.isEmpty else { throw section.bad("targets", "\"all\", or names of layers") }
        self.init(
            rank: rank,
            alpha: try section.number("alpha", in: 1e-3...1e6, default: Double(2 * rank)),
            dropout: try section.number("dropout", in: 0...0.9, default: 0),
            targets: names == ["all"] || names == ["all-linear"] ? .all : .named(names),
            isRankStabilized: try section.bool("rank_stabilized", default: false))
    }
}
