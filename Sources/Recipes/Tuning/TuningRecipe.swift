// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import Foundation
package import LanguageModel
import ModelBundle
package import Tensors
package import Training

/// How a trunk is trained through heads, start to finish, as a TOML file with `kind = "encoder"` says.
package struct TuningRecipe: Hashable, Sendable {
    /// Name of the model that comes out.
    package var name: String
    /// Decides every random choice.
    package var seed: UInt64
    /// Threads to compute with; 0 takes all of the machine.
    package var threads: Int
    /// What is trained.
    package var trunk: TrunkChoice
    /// What it is trained through.
    package var heads: [HeadSource]
    /// How.
    package var training: TuningSettings
    /// The change of low rank that is trained instead of the trunk's weights; nil to train these.
    package var adapter: AdapterSettings?
    /// What is held out to measure the model; nil without.
    package var validation: TuningValidation?
    /// When states of the run are kept.
    package var checkpoints: CheckpointSettings
    /// What is done when the loss is no number or leaps.
    package var stability: StabilitySettings
    /// The recipe's text.
    package var text: String
}

/// Which model a run begins with.
package struct TrunkChoice: Hashable, Sendable {
    /// Its folder: `config.json`, tokenizer, and weights unless it begins at random.
    package var folder: String
    /// Its licence, as its publisher states it.
    package var licence: String
    /// Whether weights are drawn instead of read.
    package var isRandom: Bool
    /// Longest text in tokens; nil for all that the model takes, but not above 512.
    package var context: Int?
    /// Whether the tokenizer gets MeCab's words, as our own trunk does.
    package var readsWords: Bool
    /// How many of an encoder's layers, from the first, are kept; nil for all.
    package var layers: Int?
    /// What the gain and bias of the last norm are multiplied by before training, so that heads begin with
    /// states of a usable size; 1 for none.
    package var normScale: Double
    /// Whether a decoder's token sees only those before it.
    package var isCausal: Bool
    /// Which pieces of a word decide what it is.
    package var pieces: LabelMap.Pieces
}

/// A head and the data that it learns from.
package struct HeadSource: Hashable, Sendable {
    /// The form of the data's rows.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        /// An admin's own JSON Lines or CSV.
        case rows
        /// JSON Lines of JMED-LLM's tasks.
        case jmedLLM = "jmed-llm"
    }

    /// Name, for logs and results.
    package var name: String
    /// What it answers.
    package var kind: HeadKind
    /// Classes of entities, or labels of texts; empty for numbers and masked tokens.
    package var labels: [String]
    /// Files below the data directory.
    package var files: [String]
    /// The licence of each, as its authors state it; empty where nothing is said.
    package var licences: [String]
    /// Their form.
    package var form: Form
    /// The subtask of JMED-LLM that is kept; nil for all.
    package var tag: String?
    /// Whether documents of JMED-LLM are kept of which not every label was annotated.
    package var isPartial: Bool
    /// Whether rows have two texts.
    package var isPair: Bool
    /// What a target of each label counts; nil for 1.
    package var classWeights: [Float]?
    /// Whether weights make up for how often labels occur.
    package var isBalanced: Bool
    /// Share of a target's probability that is spread over all labels.
    package var labelSmoothing: Double
    /// How often its data is drawn among that of all heads.
    package var share: Double
    /// Share of the words that are hidden; for masked tokens.
    package var maskedShare: Double
    /// Whether all pieces of a word are hidden together; for masked tokens.
    package var hidesWords: Bool
}

/// How weights are changed.
package struct TuningSettings: Hashable, Sendable {
    /// Times that all examples are seen, where steps are not given.
    package var epochs: Double
    /// Steps; nil to follow from the epochs.
    package var steps: Int?
    /// Texts of a step.
    package var batchTexts: Int
    /// Tokens that one thread holds at a time, unless one text has more.
    package var microBatchTokens: Int
    /// Peak of the learning rate.
    package var learningRate: Double
    /// Peak of the heads' learning rate; nil for the same.
    package var headLearningRate: Double?
    /// How long the learning rate rises.
    package var warmup: Warmup
    /// Weight decay of matrices.
    package var weightDecay: Double
    /// Dropout.
    package var dropout: Double
    /// The arithmetic of products.
    package var precision: TrainingPrecision
    /// Factor on the learning rate for each layer further from the head; 1 for none.
    package var layerDecay: Double
}

/// What a run holds out to measure itself on.
package struct TuningValidation: Hashable, Sendable {
    /// The fold that is held out; nil to take a share of the texts.
    package var fold: Int?
    /// Share of the texts that is held out, where there is no fold.
    package var share: Double
    /// When it is measured, and what follows.
    package var settings: ValidationSettings

    /// The fold that is held out where nothing follows from its measurements; nil without such.
    var untouchedFold: Int? { settings.patience == nil && !settings.keepsBest ? fold : nil }
}

extension TuningRecipe {
    /// The value of `kind`.
    package static let kind = RecipeKind.encoder.rawValue

    /// Reads a recipe; throws ``RecipeError`` naming file and key, or `FileError`.
    package init(file: URL) throws {
        let recipe = try RecipeText(file: file)
        try self.init(text: recipe.text, file: file.lastPathComponent)
    }

    /// Reads a recipe from text; `file` is its name in errors.
    package init(text: String, file: String) throws {
        let top = try RecipeSection(text: text, file: file)
        try top.allow(RunRecipe.keys + ["trunk", "heads", "training", "lora"])
        guard try top.recipeKind() == .encoder else {
            throw top.bad("kind", "\"\(Self.kind)\" for this command")
        }
        let common = try RunRecipe(top, spikeFactor: 0)
        (name, seed, threads) = (common.name, common.seed, common.threads)
        (checkpoints, stability) = (common.checkpoints, common.stability)
        trunk = try TrunkChoice(top.required("trunk"))
        adapter = try top.section("lora").map(AdapterSettings.init)
        if trunk.isRandom, adapter != nil {
            throw top.bad("trunk.start", "checkpoint with [lora], which trains beside its weights")
        }
        if trunk.normScale != 1, trunk.isRandom || adapter != nil {
            throw top.bad("trunk.norm_scale", "1 where the trunk's own weights are not trained")
        }
        let sections = try top.sections("heads")
        guard !sections.isEmpty else { throw top.bad("heads", "at least one head") }
        heads = try sections.map { try HeadSource($0) }
        guard Set(heads.map(\.name)).count == heads.count else {
            throw top.bad("heads", "heads whose names differ")
        }
        training = try TuningSettings(top.required("training"))
        let metrics = Self.metrics(heads)
        validation = try top.section("validation").map {
            try TuningValidation($0, metrics: metrics)
        }
        self.text = text
    }

    /// Names of what heads are measured by, and whether smaller is better: with several heads each
    /// has its own, after its name and a full stop.
    static func metrics(_ heads: [HeadSource]) -> [String: Bool] {
        var metrics = ["loss": true]
        for head in heads {
            let prefix = heads.count > 1 ? head.name + "." : ""
            metrics[prefix + "loss"] = true
            for name in head.kind.metricNames { metrics[prefix + name] = name == "error" }
        }
        return metrics
    }
}

extension HeadKind {
    /// What a head is measured by beside its loss.
    var metricNames: [String] {
        switch self {
        case .tokens: ["f1", "precision", "recall"]
        case .label, .ordinal: ["accuracy", "f1", "kappa"]
        case .number: ["error", "correlation"]
        case .maskedTokens: []
        }
    }
}

extension TrunkChoice {
    fileprivate init(_ section: RecipeSection) throws {
        try section.allow(
            "directory", "licence", "start", "context", "words", "causal", "pieces", "layers",
            "norm_scale")
        folder = try section.string("directory")
        licence = try section.string("licence", default: ModelOrigin.notStated)
        let start = try section.string("start", default: "checkpoint")
        guard ["checkpoint", "random"].contains(start) else {
            throw section.bad("start", "checkpoint or random")
        }
        isRandom = start == "random"
        let context = try section.integer("context", in: 0...1 << 20, default: 0)
        self.context = context > 0 ? context : nil
        readsWords = try section.bool("words", default: false)
        isCausal = try section.bool("causal", default: false)
        pieces = try section.choice("pieces", default: .first)
        let layers = try section.integer("layers", in: 0...1024, default: 0)
        self.layers = layers > 0 ? layers : nil
        normScale = try section.number("norm_scale", in: 0.001...1000, default: 1)
    }
}

extension HeadSource {
    private static let keys = [
        "name", "kind", "files", "licences", "form", "tag", "labels", "chain", "pair",
        "class_weights",
        "balanced", "label_smoothing", "share", "masked_share", "whole_words", "partial",
    ]

    fileprivate init(_ section: RecipeSection) throws {
        try section.allow(Self.keys)
        name = try section.string("name")
        guard !name.isEmpty,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else { throw section.bad("name", "letters, digits and hyphens") }
        kind = try Self.kind(section)
        files = try section.strings("files")
        guard !files.isEmpty,
            files.allSatisfy({ !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") })
        else { throw section.bad("files", "paths below the data directory") }
        licences = try section.strings("licences")
        guard licences.isEmpty || licences.count == files.count else {
            throw section.bad("licences", "one for each of the files")
        }
        form = try section.choice("form", default: .rows)
        let tag = try section.string("tag", default: "")
        self.tag = tag.isEmpty ? nil : tag
        labels = try section.strings("labels")
        let needsLabels = kind != .number && kind != .maskedTokens
        let least = kind == .label || kind == .ordinal ? 2 : needsLabels ? 1 : 0
        guard labels.count >= least, needsLabels || labels.isEmpty,
            Set(labels).count == labels.count, !labels.contains("")
        else { throw section.bad("labels", "names that differ, as many as there are labels") }
        isPartial = try section.bool("partial", default: false)
        isPair = try section.bool("pair", default: false)
        isBalanced = try section.bool("balanced", default: false)
        let weights = try section.section("class_weights")?.numbers()
        let names = Self.classNames(kind, labels)
        try section.section("class_weights")?.allow(names)
        classWeights = weights.map { weights in names.map { Float(weights[$0] ?? 1) } }
        labelSmoothing = try section.number("label_smoothing", in: 0...0.9, default: 0)
        share = try section.number("share", in: 0.001...1000, default: 1)
        maskedShare = try section.number("masked_share", in: 0.01...0.9, default: 0.15)
        hidesWords = try section.bool("whole_words", default: true)
        try checkFit(section)
    }

    private static func kind(_ section: RecipeSection) throws -> HeadKind {
        let chain: LabelDependence = try section.choice("chain", default: .constraints)
        switch try section.string("kind") {
        case "tokens": return .tokens(chain)
        case "label": return .label
        case "ordinal": return .ordinal
        case "number": return .number
        case "masked": return .maskedTokens
        default: throw section.bad("kind", "tokens, label, ordinal, number or masked")
        }
    }

    /// The settings that have no meaning for the kind are refused, not passed over.
    private func checkFit(_ section: RecipeSection) throws {
        let weighed = classWeights != nil || isBalanced
        switch kind {
        case .tokens(let chain) where chain != .none:
            guard !weighed, labelSmoothing == 0 else {
                throw section.bad(
                    "chain", "none where there are class_weights, balanced or label_smoothing")
            }
        case .ordinal, .number, .maskedTokens:
            guard labelSmoothing == 0 else {
                throw section.bad("label_smoothing", "0 for a head of this kind")
            }
            guard kind == .ordinal || !weighed else {
                throw section.bad("class_weights", "left out for a head of this kind")
            }
        default: break
        }
        if classWeights != nil, isBalanced {
            throw section.bad("balanced", "false where there are class_weights")
        }
        if isPair, kind.readsTokens {
            throw section.bad("pair", "false for a head that reads tokens")
        }
        if isPartial,
            form != .jmedLLM || labels.isEmpty || !kind.readsTokens
                || labels.count > LabelledText.mostPartialLabels
        {
            throw section.bad("partial", "false but for a head of tokens over rows of JMED-LLM")
        }
        if form == .jmedLLM, kind == .number || kind == .maskedTokens {
            throw section.bad("form", "rows for a head of this kind")
        }
    }

    /// The labels that scores are for.
    package var classNames: [String] { Self.classNames(kind, labels) }

    private static func classNames(_ kind: HeadKind, _ labels: [String]) -> [String] {
        guard case .tokens = kind else { return labels }
        return TokenLabels.names(of: labels)
    }

    /// The head, with weights that make up for how often labels occur where that is wanted.
    func settings(counts: [Int]) -> HeadSettings {
        var weights = classWeights
        if isBalanced {
            let all = Double(counts.reduce(0, +))
            weights = counts.map {
                $0 == 0 ? 1 : Float(all / (Double(counts.count) * Double($0)))
            }
        }
        let names = kind == .number || kind == .maskedTokens ? [] : classNames
        return HeadSettings(
            name: name, kind: kind, labels: names, order: labelOrder, classWeights: weights,
            labelSmoothing: Float(labelSmoothing), share: share)
    }

    /// Sequences that make whole entities; nil for a head that does not tag tokens.
    private var labelOrder: LabelOrder? {
        guard case .tokens = kind else { return nil }
        let labels = TokenLabels(classNames)
        return LabelOrder(
            count: classNames.count, mayStart: labels.mayStart, mayFollow: labels.mayFollow)
    }
}

extension TuningSettings {
    fileprivate init(_ section: RecipeSection) throws {
        try section.refuseStepUnits(otherThan: .texts)
        try section.allow(
            Warmup.keys + [
                "epochs", "steps", "batch_texts", "micro_batch_tokens", "learning_rate",
                "head_learning_rate", "weight_decay", "dropout", "layer_decay", "precision",
            ])
        let steps = try section.integer("steps", in: 0...1 << 30, default: 0)
        self.steps = steps > 0 ? steps : nil
        epochs = try section.number("epochs", in: 0.001...10_000, default: 3)
        batchTexts = try section.integer("batch_texts", in: 1...65536, default: 16)
        microBatchTokens = try section.integer("micro_batch_tokens", in: 1...1 << 20, default: 2048)
        learningRate = try section.number("learning_rate", in: 0...1)
        headLearningRate =
            section.has("head_learning_rate")
            ? try section.number("head_learning_rate", in: 0...1) : nil
        guard headLearningRate == nil || learningRate > 0 else {
            throw section.bad("learning_rate", "above 0 where heads have a rate of their own")
        }
        warmup = try Warmup(section, steps: self.steps, default: .fraction(0.1))
        weightDecay = try section.number("weight_decay", in: 0...1, default: 0.01)
        dropout = try section.number("dropout", in: 0...0.9, default: 0.1)
        layerDecay = try section.number("layer_decay", in: 0.1...1, default: 1)
        precision = try section.choice("precision", default: .float32)
    }
}

extension TuningValidation {
    fileprivate init(_ section: RecipeSection, metrics: [String: Bool]) throws {
        try section.allow(ValidationSettings.keys + ["fold", "share"])
        let fold = try section.integer("fold", in: -1...1_000_000, default: -1)
        self.fold = fold >= 0 ? fold : nil
        share = try section.number("share", in: 0.001...0.5, default: 0.1)
        settings = try ValidationSettings(section, metrics: metrics)
    }
}
