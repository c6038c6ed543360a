// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
package import LanguageModel
package import Tensors
import Tokenizers

/// Reads analysed texts with a trunk, of whatever kind: states of words, labels of tokens.
///
/// A text that is longer than the trunk's context is read in windows. A word's state is the mean of
/// its tokens'. What a text gives does not depend on those that are read with it.
package struct TrunkReader: Sendable {
    private enum Source {
        case words(WordTrunkReader)
        case text(TextTrunkReader)
    }

    private let source: Source
    /// Width of a state, C.
    package let width: Int

    /// What a trunk makes of one text.
    package struct Reading: Sendable {
        /// (words, C) a sentence; nil where they were not wanted.
        package let wordStates: [Tensor]?
        /// Tokens with the logits of the trunk's own head; nil for a trunk without one.
        package let labelled: LabelledTokens?
    }

    /// A reader; `tokensPerBatch` bounds the memory of one pass.
    package init(_ trunk: TokenizedTrunk, tokensPerBatch: Int = 8192) {
        width = trunk.width
        switch trunk {
        case .words(let tokenizer, let model):
            source = .words(
                WordTrunkReader(
                    tokenizer: tokenizer, trunk: model,
                    context: model.configuration.maxPositionEmbeddings,
                    tokensPerBatch: tokensPerBatch))
        case .text(let trunk):
            source = .text(TextTrunkReader(trunk, tokensPerBatch: tokensPerBatch))
        }
    }

    /// What the trunk makes of each text; `wordStates` says whether states of words are wanted.
    ///
    /// Throws what the trunk throws for ids outside its vocabulary.
    package func readings(of texts: [AnalyzedText], wordStates: Bool) throws -> [Reading] {
        switch source {
        case .words(let reader):
            guard wordStates else {
                return texts.map { _ in Reading(wordStates: nil, labelled: nil) }
            }
            return try reader.wordStates(of: texts).map { Reading(wordStates: $0, labelled: nil) }
        case .text(let reader):
            return try reader.readings(of: texts, wordStates: wordStates).map { reading in
                Reading(
                    wordStates: reading.wordStates,
                    labelled: reading.logits.map {
                        LabelledTokens(tokens: reading.tokens, logits: $0)
                    })
            }
        }
    }

    /// For every text one tensor a sentence, of shape (words, C).
    ///
    /// Throws what the trunk throws for ids outside its vocabulary.
    package func wordStates(of texts: [AnalyzedText]) throws -> [[Tensor]] {
        try readings(of: texts, wordStates: true).map { $0.wordStates ?? [] }
    }
}

extension [Tensor] {
    /// Makes sure that a trunk's states are numbers: of others no head would find anything, and a
    /// document would be recorded as one without findings.
    ///
    /// Throws `TrunkError.notFinite` naming the first sequence.
    func checkFinite() throws(TrunkError) {
        if let sequence = firstIndex(where: { !$0.values.allSatisfy(\.isFinite) }) {
            throw .notFinite(sequence: sequence)
        }
    }
}
