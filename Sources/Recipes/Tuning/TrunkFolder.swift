// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Foundation
import LanguageModel
import Tokenizers
import Training
import WeightFiles

/// The folder of a model that a run begins with: `config.json`, its tokenizer, and its weights.
struct TrunkFolder {
    /// Where it is.
    let url: URL
    let tokenizer: any TextTokenizer
    let special: SpecialTokens
    /// Longest text in tokens, special ones included.
    let context: Int
    let source: TrunkTokens
    private let choice: TrunkChoice
    private let model: Model

    /// What the configuration describes.
    private enum Model {
        case encoder(EncoderConfiguration)
        case decoder(DecoderConfiguration)
    }

    /// Longest context where none is asked for.
    static let longestContext = 512

    /// Opens a folder; throws the errors of its files' readers, and ``TrainingError`` where the recipe
    /// does not fit it.
    init(
        _ url: URL, _ choice: TrunkChoice, dictionary: String?, userDictionary: String?,
        recipe file: String
    ) throws {
        (self.url, self.choice) = (url, choice)
        let config = url.appending(path: "config.json")
        let fields = try ConfigurationFields(file: config)
        if try fields.string("model_type").flatMap(EncoderArchitecture.init) != nil {
            model = .encoder(try Self.encoder(fields, choice, recipe: file))
        } else {
            guard choice.layers == nil else {
                throw RecipeError.badValue(
                    file: file, key: "trunk.layers", expected: "left out for a decoder")
            }
            model = .decoder(try DecoderConfiguration(file: config))
        }
        let (longest, vocabulary) =
            switch model {
            case .encoder(let configuration): (configuration.longestText, configuration.vocabSize)
            case .decoder(let configuration):
                (configuration.maxPositionEmbeddings, configuration.vocabSize)
            }
        tokenizer = try TokenizerLocation.open(
            url, dictionary: dictionary, userDictionary: userDictionary)
        guard tokenizer.vocabularySize <= vocabulary else {
            throw RecipeError.badValue(
                file: file, key: "trunk.directory",
                expected: "a model whose vocabulary has all tokens of its tokenizer")
        }
        let isEncoder = if case .encoder = model { true } else { false }
        guard let source = TrunkTokens(tokenizer, readsWords: choice.readsWords),
            isEncoder || !choice.readsWords || tokenizer is UnigramTokenizer
        else {
            throw RecipeError.badValue(
                file: file, key: "trunk.words",
                expected:
                    "false for all but decoders with a tokenizer of Shoken's kind and encoders "
                    + "with a Unigram tokenizer")
        }
        self.source = source
        if case .words(let words) = source {
            special = SpecialTokens(
                before: [words.beginOfText], between: [words.newline], after: [], mask: nil)
        } else {
            special = try Self.special(tokenizer, in: url, isEncoder: isEncoder, model)
        }
        let least = special.before.count + special.between.count + special.after.count + 2
        context = choice.context ?? min(longest, Self.longestContext)
        guard (least...max(least, longest)).contains(context), context <= longest else {
            throw RecipeError.badValue(
                file: file, key: "trunk.context", expected: "a number from \(least) to \(longest)")
        }
    }

    /// An encoder's configuration, with fewer layers where the recipe wants only the first ones.
    private static func encoder(
        _ fields: ConfigurationFields, _ choice: TrunkChoice, recipe file: String
    ) throws -> EncoderConfiguration {
        let all = try EncoderConfiguration(fields)
        guard let layers = choice.layers, layers != all.numHiddenLayers else { return all }
        guard layers < all.numHiddenLayers else {
            throw RecipeError.badValue(
                file: file, key: "trunk.layers",
                expected: "at most \(all.numHiddenLayers), the layers that there are")
        }
        var values = fields.all
        values["num_hidden_layers"] = .integer(layers)
        return try EncoderConfiguration(ConfigurationFields(file: fields.file, values: values))
    }

    /// The tokens around texts: the tokenizer's own, or for an encoder those of usual names, as an
    /// import finds them.
    private static func special(
        _ tokenizer: any TextTokenizer, in url: URL, isEncoder: Bool, _ model: Model
    ) throws -> SpecialTokens {
        let settings = try TokenizerSettings.read(
            beside: url.appending(path: "config.json"))
        func id(_ names: [String?]) -> [Int32] {
            names.lazy.compactMap { $0 }.compactMap { tokenizer.id(of: $0) }.first.map { [$0] }
                ?? []
        }
        var (before, after) = (tokenizer.tokensBefore, tokenizer.tokensAfter)
        if isEncoder, before.isEmpty, after.isEmpty {
            before = id([settings?.classToken?.content, "[CLS]", "<s>"])
            after = id([settings?.separatorToken?.content, "[SEP]", "</s>"])
        }
        var between = after
        // RoBERTa sets its separator twice.
        if case .encoder(let configuration) = model, configuration.architecture == .roberta {
            between = after + after
        }
        return SpecialTokens(
            before: before, between: between, after: after,
            mask: id(["[MASK]", "<mask>"]).first)
    }

    /// Whether two texts are told by types.
    var hasTypes: Bool {
        guard case .encoder(let configuration) = model else { return false }
        return configuration.architecture != .roberta && configuration.typeVocabSize > 1
    }

    /// Layers of an encoder of which only the first are kept; nil where all are.
    var keptLayers: Int? { choice.layers }

    /// Tokens in the vocabulary, V.
    var vocabularySize: Int {
        switch model {
        case .encoder(let configuration): configuration.vocabSize
        case .decoder(let configuration): configuration.vocabSize
        }
    }

    /// Whether it is an encoder.
    var isEncoder: Bool { if case .encoder = model { true } else { false } }

    /// Whether a decoder's token sees only those before it.
    var isCausal: Bool { choice.isCausal }

    /// Whether the tokenizer gets MeCab's words.
    var readsWords: Bool { choice.readsWords }

    /// The trunk as a network.
    var trunk: TrainedTrunk {
        switch model {
        case .encoder(let configuration):
            .encoder(EncoderNetwork(configuration, longestRow: context))
        case .decoder(let configuration):
            .decoder(configuration, causal: choice.isCausal, longestRow: context)
        }
    }

    /// The first name among `architectures` for a head of a kind.
    func architecture(_ kind: HeadKind, stated: String?) -> String {
        let suffix =
            switch kind {
            case .tokens: "ForTokenClassification"
            case .label, .ordinal, .number: "ForSequenceClassification"
            case .maskedTokens: "ForMaskedLM"
            }
        switch model {
        case .encoder(let configuration):
            let name =
                switch configuration.architecture {
                case .bert: "Bert"
                case .roberta: "Roberta"
                case .modernbert: "ModernBert"
                case .debertaV2: "DebertaV2"
                }
            return name + suffix
        case .decoder:
            let stated = stated ?? "LlamaForCausalLM"
            return (stated.components(separatedBy: "For").first ?? stated) + suffix
        }
    }
}
