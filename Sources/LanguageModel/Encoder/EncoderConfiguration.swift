// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import WeightFiles

/// The encoders that are known, by `model_type`.
package enum EncoderArchitecture: String, Hashable, Sendable, CaseIterable {
    case bert, roberta, modernbert
    case debertaV2 = "deberta-v2"
}

/// What an encoder's checkpoint was made to answer.
package enum EncoderTask: Hashable, Sendable {
    /// Nothing: states alone.
    case none
    /// A label for every token (token classification, named-entity recognition).
    case tokenClassification
    /// A label for the whole text (sequence classification).
    case sequenceClassification
    /// The token behind a mask (masked language modelling, MLM).
    case maskedLanguageModel
}

/// What `config.json` says of the fold that a model was trained without.
package enum HeldFold {
    /// The name of the field.
    package static let field = "shoken_held_fold"
}

/// The sizes and settings of an encoder, with the names of its `config.json` in camel case.
package struct EncoderConfiguration: Hashable, Sendable {
    /// Which encoder.
    package let architecture: EncoderArchitecture
    /// What it answers.
    package let task: EncoderTask
    /// Tokens in the vocabulary, V.
    package let vocabSize: Int
    /// Width of the states, C.
    package let hiddenSize: Int
    /// Width of the feed-forward block, F.
    package let intermediateSize: Int
    /// Layers, L.
    package let numHiddenLayers: Int
    /// Heads, H.
    package let numAttentionHeads: Int
    /// Elements of a head, D.
    package var headDim: Int { hiddenSize / numAttentionHeads }
    /// Positions that the file counts; RoBERTa's longest text is shorter by `padTokenID` + 1.
    package let maxPositionEmbeddings: Int
    /// Rows of the token-type embedding; 0 where there is none.
    package let typeVocabSize: Int
    /// What is added to the variance before the root.
    package let layerNormEps: Double
    /// The activation of the feed-forward blocks.
    package let activation: Activation
    /// The token that fills rows.
    package let padTokenID: Int
    /// Names of the labels by number; empty where the model has none.
    package let labels: [String]
    /// What only some architectures have.
    package let particular: EncoderParticulars
    /// Whether its tokenizer gets MeCab's words one by one.
    package let readsWords: Bool

    /// The longest text, in tokens.
    package var longestText: Int {
        architecture == .roberta
            ? maxPositionEmbeddings - padTokenID - 1 : maxPositionEmbeddings
    }

    /// Reads and checks a `config.json`; throws `ModelConfigurationError` naming file and field.
    package init(file: URL) throws(ModelConfigurationError) {
        try self.init(try ConfigurationFields(file: file))
    }

    /// Reads and checks fields.
    package init(_ fields: ConfigurationFields) throws(ModelConfigurationError) {
        do throws(ModelConfigurationError) {
            try self.init(checking: fields)
        } catch {
            throw error.found(in: fields)
        }
    }

    private init(checking fields: ConfigurationFields) throws(ModelConfigurationError) {
        func length(
            _ name: String, _ range: ClosedRange<Int>, default usual: Int? = nil
        ) throws(ModelConfigurationError) -> Int {
            let value = try fields.integer(name) ?? usual
            let length = try fields.required(name, value)
            guard range.contains(length) else {
                throw .outOfRange(
                    file: fields.file, field: name,
                    expected: "\(range.lowerBound) to \(range.upperBound)")
            }
            return length
        }
        let type = try fields.required("model_type", try fields.string("model_type"))
        guard let architecture = EncoderArchitecture(rawValue: type) else {
            throw .unsupported(
                file: fields.file, field: "model_type",
                supported: EncoderArchitecture.allCases.map(\.rawValue))
        }
        self.architecture = architecture
        vocabSize = try length("vocab_size", 1...4_194_304)
        hiddenSize = try length("hidden_size", 1...65536)
        intermediateSize = try length("intermediate_size", 1...1_048_576)
        numHiddenLayers = try length("num_hidden_layers", 1...1024)
        numAttentionHeads = try length("num_attention_heads", 1...1024)
        maxPositionEmbeddings = try length("max_position_embeddings", 1...1_048_576)
        typeVocabSize =
            architecture == .modernbert ? 0 : try length("type_vocab_size", 0...65536, default: 2)
        let pad = try fields.integer("pad_token_id")
        padTokenID = pad ?? (architecture == .roberta ? 1 : 0)
        guard (0..<vocabSize).contains(padTokenID) else {
            throw .outOfRange(
                file: fields.file, field: "pad_token_id", expected: "0 to \(vocabSize - 1)")
        }
        let epsName = architecture == .modernbert ? "norm_eps" : "layer_norm_eps"
        let eps = try fields.number(epsName)
        layerNormEps = eps ?? (architecture == .modernbert ? 1e-5 : 1e-12)
        activation = try Self.activation(
            architecture == .modernbert ? "hidden_activation" : "hidden_act", fields)
        task = try Self.task(fields)
        labels =
            [.tokenClassification, .sequenceClassification].contains(task)
            ? try fields.labelNames() : []
        readsWords = try fields.bool(TokenHead.Field.readsWords) ?? false
        particular = try EncoderParticulars(
            fields, architecture, layers: numHiddenLayers, context: maxPositionEmbeddings)
        let conditions: [(String, Bool, expected: String)] = [
            (
                "num_attention_heads", hiddenSize % numAttentionHeads == 0,
                "a divisor of hidden_size (\(hiddenSize))"
            ),
            (epsName, layerNormEps > 0 && layerNormEps < 1, "a number between 0 and 1"),
            ("max_position_embeddings", longestText > 0, "more than pad_token_id + 1"),
        ]
        for (field, holds, expected) in conditions where !holds {
            throw .outOfRange(file: fields.file, field: field, expected: expected)
        }
        if let kind = try fields.string("position_embedding_type") {
            let usual = architecture == .modernbert ? "rope" : "absolute"
            try fields.expect("position_embedding_type", kind == usual)
        }
    }

    private static func activation(
        _ name: String, _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> Activation {
        let text = try fields.string(name) ?? "gelu"
        guard let activation = Activation(name: text) else {
            throw .unsupported(
                file: fields.file, field: name, supported: Activation.names)
        }
        return activation
    }

    private static func task(
        _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> EncoderTask {
        guard let name = try fields.strings("architectures")?.first else { return .none }
        if name.hasSuffix("ForTokenClassification") { return .tokenClassification }
        if name.hasSuffix("ForSequenceClassification") { return .sequenceClassification }
        if name.hasSuffix("ForMaskedLM") || name.hasSuffix("ForPreTraining") {
            return .maskedLanguageModel
        }
        try fields.expect("architectures", name.hasSuffix("Model"))
        return .none
    }
}
