// SPDX-License-Identifier: Apache-2.0
package import Tensors
package import Tokenizers

/// A model that gives a state to every token, the backbone of task heads: a decoder or an encoder, read in
/// one way.
package enum Trunk: Sendable {
    /// A decoder; `bidirectional` where every token is to see those after it, too; with or without a head of
    /// its own.
    case decoder(DecoderModel, bidirectional: Bool, head: TokenHead? = nil)
    /// An encoder, with or without a head of its own.
    case encoder(EncoderModel)

    /// Width of a state, C.
    package var width: Int {
        switch self {
        case .decoder(let model, _, _): model.configuration.hiddenSize
        case .encoder(let model): model.configuration.hiddenSize
        }
    }

    /// Tokens in the vocabulary, V.
    package var vocabularySize: Int {
        switch self {
        case .decoder(let model, _, _): model.configuration.vocabSize
        case .encoder(let model): model.configuration.vocabSize
        }
    }

    /// Whether its configuration says that the tokenizer gets MeCab's words.
    package var readsWords: Bool {
        switch self {
        case .decoder(_, _, let head): head?.readsWords ?? false
        case .encoder(let model): model.configuration.readsWords
        }
    }

    /// The longest sequence, in tokens.
    package var longestText: Int {
        switch self {
        case .decoder(let model, _, _): model.configuration.maxPositionEmbeddings
        case .encoder(let model): model.configuration.longestText
        }
    }

    /// The states (T, C) of each sequence, special tokens included.
    ///
    /// Sequences are laid end to end without padding and do not see each other. Throws `TrunkError`
    /// for ids outside the vocabulary and sequences above `longestText`.
    package func hiddenStates(_ sequences: [[Int32]]) throws(TrunkError) -> [Tensor] {
        switch self {
        case .decoder(let model, let bidirectional, _):
            try model.hiddenStates(sequences, bidirectional: bidirectional)
        case .encoder(let model):
            try model.hiddenStates(sequences.map { EncoderModel.Input(ids: $0) })
        }
    }

    /// The names of the labels that the model's own head gives tokens; nil without such a head.
    package var tokenLabels: [String]? {
        switch self {
        case .decoder(_, _, let head): head?.labels
        case .encoder(let model):
            model.configuration.task == .tokenClassification ? model.configuration.labels : nil
        }
    }

    /// How well these labels follow each other; nil where the model does not say.
    package var labelTransitions: LabelTransitions? {
        switch self {
        case .decoder(_, _, let head): head?.transitions
        case .encoder(let model): model.labelTransitions
        }
    }

    /// How many labels the model's own head has for whole texts; nil without such a head.
    package var textLabelCount: Int? {
        guard case .encoder(let model) = self,
            model.configuration.task == .sequenceClassification
        else { return nil }
        return model.configuration.labels.count
    }

    /// The logits (T, K) that the model's own head makes of tokens' states (T, C); nil without such a
    /// head.
    package func tokenLogits(ofStates states: Tensor) -> Tensor? {
        switch self {
        case .decoder(_, _, let head): head?.logits(ofStates: states)
        case .encoder(let model):
            model.configuration.task == .tokenClassification
                ? model.logits(ofStates: states) : nil
        }
    }
}

/// A trunk with the tokenizer that belongs to it.
package enum TokenizedTrunk: Sendable {
    /// Our own kind: MeCab's words in pieces, read from both sides.
    case words(UnigramTokenizer, DecoderModel)
    /// As others publish models: the tokenizer takes the text itself.
    case text(TextTrunk)

    /// Width of a state, C.
    package var width: Int {
        switch self {
        case .words(_, let model): model.configuration.hiddenSize
        case .text(let trunk): trunk.model.width
        }
    }
}

/// A published model with its tokenizer.
package struct TextTrunk: Sendable {
    /// Cuts texts into the model's tokens.
    package let tokenizer: any TextTokenizer
    /// Whether the tokenizer gets MeCab's words instead of text.
    package let readsWords: Bool
    /// Gives them states.
    package let model: Trunk
    /// Tokens that belong before a text, as `[CLS]`.
    package let before: [Int32]
    /// Tokens that belong after a text, as `[SEP]`.
    package let after: [Int32]
    /// The longest text that is read at once, in tokens, those before and after it included.
    package let context: Int

    /// A model with its tokenizer, which must be one for words where it is to read them; `context` must
    /// leave room for a token of the text.
    package init(
        tokenizer: any TextTokenizer, readsWords: Bool = false, model: Trunk,
        before: [Int32], after: [Int32], context: Int
    ) {
        precondition(!readsWords || tokenizer.readsWords, "a tokenizer for words")
        precondition(context > before.count + after.count, "room for a token")
        precondition(context <= model.longestText, "positions for every token")
        self.tokenizer = tokenizer
        self.readsWords = readsWords
        self.model = model
        self.before = before
        self.after = after
        self.context = context
    }
}

extension TextTokenizer {
    /// Whether it can be given words that were cut before: one that Shoken trained, or a published
    /// Unigram model.
    package var readsWords: Bool { self is UnigramTokenizer || wordTokenizer != nil }
}
