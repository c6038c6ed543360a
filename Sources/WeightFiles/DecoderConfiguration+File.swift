import DurableFiles
package import Foundation

extension DecoderConfiguration {
    /// The longest `config.json` that is read, in bytes.
    static let maximumFileBytes = 1_000_000

    /// Reads and checks a `config.json`; throws `ModelConfigurationError` naming file and field.
    package init(file: URL) throws(ModelConfigurationError) {
        let path = FilePath(file)
        let json: Data
        do {
            json = try DiskFiles().read(path, maximumBytes: Self.maximumFileBytes)
        } catch {
            throw .file(error)
        }
        try self.init(json: json, name: path.description)
    }

    /// Reads and checks the content of a `config.json`; `name` is what errors call the file.
    package init(json: Data, name: String) throws(ModelConfigurationError) {
        let fields: StoredConfiguration
        do {
            fields = try JSONDecoder().decode(StoredConfiguration.self, from: json)
        } catch {
            throw Self.error(error, file: name)
        }
        try fields.checkSupported(file: name)
        self = try fields.configuration(file: name)
        try validate(file: name)
    }

    /// The content of a `config.json`, keys sorted.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(StoredConfiguration(self))
    }

    /// Writes a `config.json`, replacing it as a whole; throws `FileError` or what encoding throws.
    package func write(to file: URL) throws {
        try DiskFiles().write(json(), to: FilePath(file))
    }

    private static func error(_ error: any Error, file: String) -> ModelConfigurationError {
        switch error as? DecodingError {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            return field.isEmpty ? .notJSON(file: file) : .type(file: file, field: field)
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            return .type(file: file, field: field)
        default: return .notJSON(file: file)
        }
    }
}

/// The fields of `config.json` as Hugging Face writes them; those not listed have no effect here.
private struct StoredConfiguration: Codable {
    struct Rope: Codable {
        var ropeTheta: Double?
        var ropeType: String?
        enum CodingKeys: String, CodingKey {
            case ropeTheta = "rope_theta"
            case ropeType = "rope_type"
        }
    }

    var architectures: [String]?
    var modelType: String?
    var vocabSize: Int?
    var hiddenSize: Int?
    var intermediateSize: Int?
    var numHiddenLayers: Int?
    var numAttentionHeads: Int?
    var numKeyValueHeads: Int?
    var headDim: Int?
    var rmsNormEps: Double?
    var ropeTheta: Double?
    var ropeParameters: Rope?
    var ropeScaling: Rope?
    var maxPositionEmbeddings: Int?
    var hiddenAct: String?
    var attentionBias: Bool?
    var mlpBias: Bool?
    var mlpGated: Bool?
    var tieWordEmbeddings: Bool?
    var bosTokenID: Int32?
    var eosTokenID: Int32?
    var torchDtype: String?
    var dtype: String?
    var embeddingScale: Double?

    enum CodingKeys: String, CodingKey {
        case architectures, dtype
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
        case ropeParameters = "rope_parameters"
        case ropeScaling = "rope_scaling"
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
        architectures = ["NcvcForCausalLM"]
        modelType = DecoderConfiguration.modelType
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
        hiddenAct = "silu"
        attentionBias = false
        mlpBias = false
        mlpGated = false
        tieWordEmbeddings = configuration.tieWordEmbeddings
        bosTokenID = configuration.bosTokenID
        eosTokenID = configuration.eosTokenID
        torchDtype = configuration.dtype.rawValue
        embeddingScale = configuration.embeddingScale == 1 ? nil : configuration.embeddingScale
    }

    /// Throws `unsupported` for settings that other models have and this one does not.
    func checkSupported(file: String) throws(ModelConfigurationError) {
        guard let modelType else { throw .missing(file: file, field: "model_type") }
        let conditions: [(String, Bool)] = [
            ("model_type", modelType == DecoderConfiguration.modelType),
            ("hidden_act", (hiddenAct ?? "silu") == "silu"),
            ("attention_bias", attentionBias != true),
            ("mlp_bias", mlpBias != true),
            ("mlp_gated", mlpGated != true),
            ("rope_scaling", ropeScaling == nil),
            ("rope_parameters.rope_type", (ropeParameters?.ropeType ?? "default") == "default"),
            ("torch_dtype", WeightStorage(rawValue: torchDtype ?? dtype ?? "float32") != nil),
        ]
        for (field, holds) in conditions where !holds {
            throw .unsupported(file: file, field: field)
        }
    }

    func configuration(file: String) throws(ModelConfigurationError) -> DecoderConfiguration {
        func required<Value>(_ value: Value?, _ key: CodingKeys) throws(ModelConfigurationError)
            -> Value
        {
            guard let value else { throw .missing(file: file, field: key.rawValue) }
            return value
        }
        let hiddenSize = try required(hiddenSize, .hiddenSize)
        let heads = try required(numAttentionHeads, .numAttentionHeads)
        guard heads > 0 else { throw .outOfRange(file: file, field: "num_attention_heads") }
        guard headDim != nil || hiddenSize % heads == 0 else {
            throw .missing(file: file, field: "head_dim")
        }
        return DecoderConfiguration(
            vocabSize: try required(vocabSize, .vocabSize),
            hiddenSize: hiddenSize,
            intermediateSize: try required(intermediateSize, .intermediateSize),
            numHiddenLayers: try required(numHiddenLayers, .numHiddenLayers),
            numAttentionHeads: heads,
            numKeyValueHeads: numKeyValueHeads ?? heads,
            headDim: headDim,
            rmsNormEps: try required(rmsNormEps, .rmsNormEps),
            ropeTheta: try required(ropeTheta ?? ropeParameters?.ropeTheta, .ropeTheta),
            maxPositionEmbeddings: try required(maxPositionEmbeddings, .maxPositionEmbeddings),
            embeddingScale: embeddingScale ?? 1,
            tieWordEmbeddings: tieWordEmbeddings ?? false,
            bosTokenID: try required(bosTokenID, .bosTokenID),
            eosTokenID: try required(eosTokenID, .eosTokenID),
            dtype: WeightStorage(rawValue: torchDtype ?? dtype ?? "float32") ?? .float32)
    }
}
