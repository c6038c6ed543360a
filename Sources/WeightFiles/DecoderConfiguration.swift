/// The sizes and settings of a decoder, with the names of its `config.json` in camel case.
///
/// One architecture is known, `ncvc` (NCVC-slm-1): RMSNorm before each block, rotary positions over
/// the whole head, grouped-query attention, `down · SiLU(up · x)` without a gate, no bias anywhere.
package struct DecoderConfiguration: Hashable, Sendable {
    /// The value of `model_type`.
    package static let modelType = "ncvc"

    /// Tokens in the vocabulary, V.
    package var vocabSize: Int
    /// Width of the residual stream, C.
    package var hiddenSize: Int
    /// Width of the feed-forward block, F.
    package var intermediateSize: Int
    /// Layers, L.
    package var numHiddenLayers: Int
    /// Query heads, H.
    package var numAttentionHeads: Int
    /// Key and value heads, G; H is a multiple of it.
    package var numKeyValueHeads: Int
    /// Elements of a head, D; even, and not always C / H.
    package var headDim: Int
    /// What is added to the mean square before the root.
    package var rmsNormEps: Double
    /// Base of the rotary angles.
    package var ropeTheta: Double
    /// The longest sequence, in tokens.
    package var maxPositionEmbeddings: Int
    /// What token embeddings are multiplied by; 1 where the file says nothing.
    package var embeddingScale: Double
    /// Whether the head is the embedding matrix itself.
    package var tieWordEmbeddings: Bool
    /// The token before a text.
    package var bosTokenID: Int32
    /// The token after a text.
    package var eosTokenID: Int32
    /// How the weights beside the file are stored.
    package var dtype: WeightStorage

    /// A configuration; `headDim` is C / H unless given. Nothing is checked before `validate`.
    package init(
        vocabSize: Int, hiddenSize: Int, intermediateSize: Int, numHiddenLayers: Int,
        numAttentionHeads: Int, numKeyValueHeads: Int, headDim: Int? = nil,
        rmsNormEps: Double = 1e-5, ropeTheta: Double = 10000, maxPositionEmbeddings: Int = 2048,
        embeddingScale: Double = 1, tieWordEmbeddings: Bool = false, bosTokenID: Int32 = 0,
        eosTokenID: Int32 = 1, dtype: WeightStorage = .float32
    ) {
        self.vocabSize = vocabSize
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.numHiddenLayers = numHiddenLayers
        self.numAttentionHeads = numAttentionHeads
        self.numKeyValueHeads = numKeyValueHeads
        self.headDim = headDim ?? hiddenSize / max(1, numAttentionHeads)
        self.rmsNormEps = rmsNormEps
        self.ropeTheta = ropeTheta
        self.maxPositionEmbeddings = maxPositionEmbeddings
        self.embeddingScale = embeddingScale
        self.tieWordEmbeddings = tieWordEmbeddings
        self.bosTokenID = bosTokenID
        self.eosTokenID = eosTokenID
        self.dtype = dtype
    }

    /// The configuration of the paper's model: 1.19 billion parameters.
    package static let ncvcFullSize = DecoderConfiguration(
        vocabSize: 32768, hiddenSize: 2048, intermediateSize: 8192, numHiddenLayers: 24,
        numAttentionHeads: 32, numKeyValueHeads: 8, bosTokenID: 1, eosTokenID: 2,
        dtype: .bfloat16)

    /// Number of parameters; a head that is the embedding itself counts once.
    package var parameterCount: Int {
        let attention = 2 * hiddenSize * headDim * (numAttentionHeads + numKeyValueHeads)
        let layer = attention + 2 * hiddenSize * intermediateSize + 2 * hiddenSize
        let embeddings = (tieWordEmbeddings ? 1 : 2) * vocabSize * hiddenSize
        return embeddings + numHiddenLayers * layer + hiddenSize
    }

    /// Throws `outOfRange` naming the first field that is not acceptable; `file` goes into it.
    package func validate(file: String) throws(ModelConfigurationError) {
        let lengths: [(String, Int, ClosedRange<Int>)] = [
            ("vocab_size", vocabSize, 1...4_194_304),
            ("hidden_size", hiddenSize, 1...65536),
            ("intermediate_size", intermediateSize, 1...1_048_576),
            ("num_hidden_layers", numHiddenLayers, 1...1024),
            ("num_attention_heads", numAttentionHeads, 1...1024),
            ("num_key_value_heads", numKeyValueHeads, 1...1024),
            ("head_dim", headDim, 2...1024),
            ("max_position_embeddings", maxPositionEmbeddings, 1...1_048_576),
        ]
        for (field, value, range) in lengths where !range.contains(value) {
            throw .outOfRange(file: file, field: field)
        }
        let conditions: [(String, Bool)] = [
            ("num_key_value_heads", numAttentionHeads % numKeyValueHeads == 0),
            ("head_dim", headDim % 2 == 0),
            ("rms_norm_eps", rmsNormEps > 0 && rmsNormEps < 1),
            ("rope_theta", ropeTheta >= 1 && ropeTheta <= 1e12),
            ("embedding_scale", embeddingScale > 0 && embeddingScale <= 65536),
            ("bos_token_id", bosTokenID >= 0 && bosTokenID < vocabSize),
            ("eos_token_id", eosTokenID >= 0 && eosTokenID < vocabSize),
        ]
        for (field, holds) in conditions where !holds {
            throw .outOfRange(file: file, field: field)
        }
    }
}
