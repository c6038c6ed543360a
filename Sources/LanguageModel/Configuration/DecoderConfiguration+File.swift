// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import WeightFiles

extension DecoderConfiguration {
    /// Reads and checks a `config.json`; throws `ModelConfigurationError` naming file and field.
    package init(file: URL) throws(ModelConfigurationError) {
        try self.init(try ConfigurationFields(file: file))
    }

    /// Reads and checks the content of a `config.json`; `name` is what errors call the file.
    package init(json: Data, name: String) throws(ModelConfigurationError) {
        try self.init(try ConfigurationFields(json: json, name: name))
    }

    /// Reads and checks fields by the description of their architecture.
    package init(_ fields: ConfigurationFields) throws(ModelConfigurationError) {
        do throws(ModelConfigurationError) {
            try self.init(checking: fields)
        } catch {
            throw error.found(in: fields)
        }
    }

    private init(checking fields: ConfigurationFields) throws(ModelConfigurationError) {
        let type = try fields.required("model_type", try fields.string("model_type"))
        guard let architecture = DecoderArchitecture(rawValue: type) else {
            throw .unsupported(
                file: fields.file, field: "model_type",
                supported: DecoderArchitecture.allCases.map(\.rawValue))
        }
        var configuration = try DecoderConfiguration(sizes: fields, architecture)
        try architecture.description.read(fields, &configuration)
        try configuration.validate(file: fields.file)
        self = configuration
    }

    /// The fields that every decoder's file has.
    private init(
        sizes fields: ConfigurationFields, _ architecture: DecoderArchitecture
    ) throws(ModelConfigurationError) {
        func required(_ name: String) throws(ModelConfigurationError) -> Int {
            try fields.required(name, try fields.integer(name))
        }
        let usual = architecture.description
        let hiddenSize = try required("hidden_size")
        let heads = try required("num_attention_heads")
        guard (1...65536).contains(hiddenSize) else {
            throw .outOfRange(file: fields.file, field: "hidden_size", expected: "1 to 65536")
        }
        guard heads > 0 else {
            throw .outOfRange(
                file: fields.file, field: "num_attention_heads", expected: "1 to 1024")
        }
        let named = try fields.integer("head_dim") ?? usual.headDim
        guard named != nil || hiddenSize % heads == 0 else {
            throw .missing(file: fields.file, field: "head_dim")
        }
        let rope = try fields.object("rope_parameters")
        let ropeTheta = try rope?.number("rope_theta")
        let theta = try fields.number("rope_theta") ?? ropeTheta
        let older = try fields.string("torch_dtype")
        let newer = try fields.string("dtype")
        let dtype = older ?? newer ?? "float32"
        guard let storage = WeightStorage(rawValue: dtype) else {
            throw .unsupported(
                file: fields.file, field: older == nil ? "dtype" : "torch_dtype",
                supported: WeightStorage.allCases.map(\.rawValue))
        }
        let context = try required("max_position_embeddings")
        self.init(
            vocabSize: try required("vocab_size"), hiddenSize: hiddenSize,
            intermediateSize: try required("intermediate_size"),
            numHiddenLayers: try required("num_hidden_layers"), numAttentionHeads: heads,
            numKeyValueHeads: try fields.integer("num_key_value_heads") ?? heads, headDim: named,
            rmsNormEps: try fields.required("rms_norm_eps", try fields.number("rms_norm_eps")),
            ropeTheta: try fields.required("rope_theta", theta ?? usual.ropeTheta),
            maxPositionEmbeddings: context,
            tieWordEmbeddings: try fields.bool("tie_word_embeddings") ?? usual.tiesEmbeddings,
            bosTokenID: try Self.token("bos_token_id", fields).first,
            eosTokenIDs: try Self.token("eos_token_id", fields), dtype: storage)
        self.architecture = architecture
        activation = usual.activation
        let ropeShare = try rope?.number("partial_rotary_factor")
        partialRotaryFactor = try fields.number("partial_rotary_factor") ?? ropeShare ?? 1
        guard (0...1024).contains(headDim) else {
            throw .outOfRange(file: fields.file, field: "head_dim", expected: "2 to 1024")
        }
        ropeScaling = try RotaryScaling(fields, headWidth: rotaryWidth, context: context)
    }

    private static func token(
        _ name: String, _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> [Int32] {
        var ids: [Int32] = []
        for id in try fields.integers(name) ?? [] {
            guard let id = Int32(exactly: id) else {
                throw .outOfRange(file: fields.file, field: name)
            }
            ids.append(id)
        }
        return ids
    }
}
