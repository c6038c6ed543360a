import DurableFiles
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
        let type = try fields.required("model_type", try fields.text("model_type"))
        guard let architecture = DecoderArchitecture(rawValue: type) else {
            throw .unsupported(file: fields.file, field: "model_type")
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
            throw .outOfRange(file: fields.file, field: "hidden_size")
        }
        guard heads > 0 else { throw .outOfRange(file: fields.file, field: "num_attention_heads") }
        let named = try fields.integer("head_dim") ?? usual.headDim
        guard named != nil || hiddenSize % heads == 0 else {
            throw .missing(file: fields.file, field: "head_dim")
        }
        let rope = try fields.object("rope_parameters")
        let ropeTheta = try rope?.number("rope_theta")
        let theta = try fields.number("rope_theta") ?? ropeTheta
        let older = try fields.text("torch_dtype")
        let newer = try fields.text("dtype")
        let dtype = older ?? newer ?? "float32"
        guard let storage = WeightStorage(rawValue: dtype) else {
            throw .unsupported(file: fields.file, field: older == nil ? "dtype" : "torch_dtype")
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
            tieWordEmbeddings: try fields.flag("tie_word_embeddings") ?? usual.tiesEmbeddings,
            bosTokenID: try Self.token("bos_token_id", fields).first,
            eosTokenIDs: try Self.token("eos_token_id", fields), dtype: storage)
        self.architecture = architecture
        let ropeShare = try rope?.number("partial_rotary_factor")
        partialRotaryFactor = try fields.number("partial_rotary_factor") ?? ropeShare ?? 1
        guard (0...1024).contains(headDim) else {
            throw .outOfRange(file: fields.file, field: "head_dim")
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

extension DecoderConfiguration {
    /// The content of a `config.json` of an `ncvc` decoder, keys sorted.
    package func json() throws -> Data {
        precondition(architecture == .ncvc, "only our own decoders are written")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(NcvcFile(self))
    }

    /// Writes a `config.json`, replacing it as a whole; throws `FileError` or what encoding throws.
    package func write(to file: URL) throws {
        try DiskFiles().write(json(), to: FilePath(file))
    }
}

/// The fields of our own `config.json`.
private struct NcvcFile: Encodable {
    let architectures = ["NcvcForCausalLM"]
    let modelType = DecoderArchitecture.ncvc.rawValue
    let vocabSize: Int
    let hiddenSize: Int
    let intermediateSize: Int
    let numHiddenLayers: Int
    let numAttentionHeads: Int
    let numKeyValueHeads: Int
    let headDim: Int
    let rmsNormEps: Double
    let ropeTheta: Double
    let maxPositionEmbeddings: Int
    let hiddenAct = "silu"
    let attentionBias = false
    let mlpBias = false
    let mlpGated = false
    let tieWordEmbeddings: Bool
    let bosTokenID: Int32?
    let eosTokenID: Int32?
    let torchDtype: String
    let embeddingScale: Double?

    enum CodingKeys: String, CodingKey {
        case architectures
        case modelType = "model_type"
        case vocabSize = "vocab_size"
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case numHiddenLayers = "num_hidden_layers"
        case numAttentionHeads = "num_attention_heads"
        case numKeyValueHeads = "num_key_value_heads"
        case headDim = "head_dim"
        case rmsNormEps = "rms_norm_eps"
        case ropeTheta = "rope_theta"
        case maxPositionEmbeddings = "max_position_embeddings"
        case hiddenAct = "hidden_act"
        case attentionBias = "attention_bias"
        case mlpBias = "mlp_bias"
        case mlpGated = "mlp_gated"
        case tieWordEmbeddings = "tie_word_embeddings"
        case bosTokenID = "bos_token_id"
        case eosTokenID = "eos_token_id"
        case torchDtype = "torch_dtype"
        case embeddingScale = "embedding_scale"
    }

    init(_ configuration: DecoderConfiguration) {
        vocabSize = configuration.vocabSize
        hiddenSize = configuration.hiddenSize
        intermediateSize = configuration.intermediateSize
        numHiddenLayers = configuration.numHiddenLayers
        numAttentionHeads = configuration.numAttentionHeads
        numKeyValueHeads = configuration.numKeyValueHeads
        headDim = configuration.headDim
        rmsNormEps = configuration.rmsNormEps
        ropeTheta = configuration.ropeTheta
        maxPositionEmbeddings = configuration.maxPositionEmbeddings
        tieWordEmbeddings = configuration.tieWordEmbeddings
        bosTokenID = configuration.bosTokenID
        eosTokenID = configuration.eosTokenIDs.first
        torchDtype = configuration.dtype.rawValue
        embeddingScale = configuration.embeddingScale == 1 ? nil : configuration.embeddingScale
    }
}
