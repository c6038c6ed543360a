// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import LanguageModel
import Tensors
import Tokenizers
import Training

extension Recipe {
    /// The keys at the top.
    static let keys =
        RunRecipe.keys + [
            "data", "tokenizer", "model", "pretraining", "heads", "trunk_states", "tagger",
        ]

    /// Reads a recipe; throws ``RecipeError`` naming file and key, or `FileError`.
    ///
    /// Sources under a licence that `data.exclude_licences` names are left out.
    package init(file: URL) throws { try self.init(RecipeText(file: file)) }

    /// Reads a recipe from text; `file` is its name in errors.
    package init(text: String, file: String) throws {
        try self.init(RecipeText(text: text, file: file))
    }

    private init(_ recipe: RecipeText) throws {
        let top = recipe.section
        guard try top.recipeKind() == .pretrain else { throw top.bad("kind", "pretrain") }
        try top.allow(Self.keys)
        guard try top.section("tagger") == nil else {
            throw top.bad("tagger", "left out but for heads on a trunk that has a tagger")
        }
        let common = try RunRecipe(top, spikeFactor: 3)
        (name, seed, threads) = (common.name, common.seed, common.threads)
        (checkpoints, stability) = (common.checkpoints, common.stability)
        sources = try Self.sources(top.required("data"))
        let trunk = try top.required("model")
        if trunk.has("start") {
            try trunk.allow("start")
            let folder = try trunk.string("start")
            guard try top.section("tokenizer") == nil else {
                throw top.bad("tokenizer", "left out, since the model of model.start has one")
            }
            (start, tokenizer) = (folder, nil)
            model = try StartModel.configuration(at: URL(filePath: folder))
        } else {
            let settings = try TokenizerTrainingSettings(top.required("tokenizer"))
            (start, tokenizer) = (nil, settings)
            model = try DecoderConfiguration(trunk, vocabulary: settings.vocabularySize)
        }
        phases = try Self.phases(
            top.required("pretraining"), longest: model.maxPositionEmbeddings,
            groups: Set(sources.map(\.group)))
        validation = try top.section("validation").map(PretrainingValidation.init)
        heads = try top.section("heads")?.switches(HeadFitting.knownTasks) ?? [:]
        trunkStates = try top.trunkStates()
        headSources = try HeadSources(top.required("data"), heads: heads)
        excludedLicences = headSources.excludedLicences
        manifest = try Self.manifest(top.required("data"))
        text = recipe.text
        digest = ContentDigest(of: Data(text.utf8)).hexadecimal
    }

    private static func phases(
        _ section: RecipeSection, longest: Int, groups: Set<String>
    ) throws -> [PretrainingPhase] {
        try section.allow("phases")
        let phases = try section.sections("phases").map {
            try PretrainingPhase($0, longestContext: longest, groups: groups)
        }
        guard !phases.isEmpty else { throw section.bad("phases", "at least one phase") }
        guard Set(phases.map(\.name)).count == phases.count else {
            throw section.bad("phases", "phases with names that differ")
        }
        return phases
    }

    private static func manifest(_ section: RecipeSection) throws -> String? {
        guard section.has("manifest") else { return nil }
        let file = try section.string("manifest")
        guard isBelowData(file) else {
            throw section.bad("manifest", "a path below the data directory")
        }
        return file
    }

    private static func isBelowData(_ file: String) -> Bool {
        !file.hasPrefix("/") && !file.split(separator: "/").contains("..")
    }

    private static func sources(_ section: RecipeSection) throws -> [TextSource] {
        try section.allow(HeadSources.keys + ["manifest", "sources"])
        let excluded = Set(try section.strings("exclude_licences"))
        return try section.sections("sources").map { source in
            try source.allow("file", "licence", "group", "repeat")
            let file = try source.string("file")
            guard isBelowData(file) else {
                throw source.bad("file", "a path below the data directory")
            }
            let licence = try source.string("licence")
            guard !licence.isEmpty else { throw source.bad("licence", "the licence's name") }
            return TextSource(
                file: file, licence: licence, group: try source.string("group"),
                repetitions: try source.number("repeat", in: 0...1000, default: 1))
        }.filter { !excluded.contains($0.licence) }
    }
}

extension TokenizerTrainingSettings {
    fileprivate init(_ section: RecipeSection) throws {
        try section.allow(
            "vocabulary_size", "shrinking_factor", "maximum_piece_length", "sub_iterations",
            "minimum_word_count")
        vocabularySize = try section.integer("vocabulary_size", in: 64...1 << 18)
        shrinkingFactor = try section.number("shrinking_factor", in: 0.1...0.99, default: 0.75)
        maximumPieceLength = try section.integer("maximum_piece_length", in: 1...64, default: 16)
        subIterations = try section.integer("sub_iterations", in: 1...100, default: 8)
        minimumWordCount = try section.integer("minimum_word_count", in: 1...1000, default: 1)
    }
}

extension DecoderConfiguration {
    /// The network of a recipe: one of NCVC-slm-1's kind.
    fileprivate init(_ section: RecipeSection, vocabulary: Int) throws {
        try section.allow(
            "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
            "num_key_value_heads", "head_dim", "max_position_embeddings", "rope_theta",
            "rms_norm_eps", "tie_word_embeddings", "scale_embedding")
        let hidden = try section.integer("hidden_size", in: 1...1 << 15)
        let scaled = try section.bool("scale_embedding", default: false)
        self.init(
            vocabSize: vocabulary, hiddenSize: hidden,
            intermediateSize: try section.integer("intermediate_size", in: 1...1 << 17),
            numHiddenLayers: try section.integer("num_hidden_layers", in: 1...256),
            numAttentionHeads: try section.integer("num_attention_heads", in: 1...512),
            numKeyValueHeads: try section.integer("num_key_value_heads", in: 1...512),
            headDim: try section.integer("head_dim", in: 2...1024),
            rmsNormEps: try section.number("rms_norm_eps", in: 1e-12...0.1, default: 1e-5),
            ropeTheta: try section.number("rope_theta", in: 1...1e9, default: 10000),
            maxPositionEmbeddings: try section.integer(
                "max_position_embeddings", in: 2...1 << 16),
            embeddingScale: scaled ? Double(hidden).squareRoot() : 1,
            tieWordEmbeddings: try section.bool("tie_word_embeddings", default: false))
        let fault: String? =
            numAttentionHeads % numKeyValueHeads != 0
            ? "num_key_value_heads" : headDim % 2 != 0 ? "head_dim" : nil
        if let fault { throw section.bad(fault, "a length that fits the others") }
    }
}

extension PretrainingPhase {
    fileprivate init(
        _ section: RecipeSection, longestContext: Int, groups: Set<String>
    ) throws {
        try section.refuseStepUnits(otherThan: .tokens)
        try section.allow(
            Warmup.keys + [
                "name", "objective", "tokens", "batch_tokens", "micro_batch_tokens", "context",
                "learning_rate", "weight_decay", "dropout", "precision",
                "cross_documents",
                "masked_share", "mask_token", "weights",
            ])
        name = try section.string("name")
        guard !name.isEmpty,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else { throw section.bad("name", "letters, digits and hyphens") }
        objective = try section.choice("objective")
        context = try section.integer("context", in: 2...longestContext)
        tokens = try section.integer("tokens", in: 1...Int.max >> 8)
        batchTokens = try section.integer("batch_tokens", in: context...1 << 28)
        microBatchTokens = try section.integer(
            "micro_batch_tokens", in: context...1 << 20,
            default: min(max(2048, context), batchTokens))
        guard batchTokens % context == 0 else {
            throw section.bad("batch_tokens", "a multiple of context")
        }
        guard microBatchTokens % context == 0, batchTokens % microBatchTokens == 0 else {
            throw section.bad(
                "micro_batch_tokens", "a multiple of context that divides batch_tokens")
        }
        learningRate = try section.number("learning_rate", in: 0...1)
        warmup = try Warmup(
            section, steps: max(1, tokens / batchTokens), default: .fraction(0.03))
        weightDecay = try section.number("weight_decay", in: 0...1, default: 0.1)
        dropout = try section.number("dropout", in: 0...0.9, default: 0)
        precision = try section.choice("precision", default: .float32)
        crossesDocuments = try section.bool("cross_documents", default: false)
        maskedShare = try section.number("masked_share", in: 0.01...0.9, default: 0.15)
        maskToken = try section.string("mask_token", default: "<|unk|>")
        weights = try section.section("weights")?.numbers() ?? [:]
        try section.section("weights")?.allow(groups.sorted())
    }
}

extension PretrainingValidation {
    fileprivate init(_ section: RecipeSection) throws {
        try section.allow(ValidationSettings.keys + ["share", "tokens"])
        share = try section.number("share", in: 0.0001...0.5, default: 0.01)
        tokens = try section.integer("tokens", in: 1...1 << 30, default: 1 << 16)
        settings = try ValidationSettings(section, metrics: ["loss": true, "perplexity": true])
    }
}
