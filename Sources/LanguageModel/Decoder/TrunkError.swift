// SPDX-License-Identifier: Apache-2.0

/// Why a trunk does not compute a sequence.
package enum TrunkError: Error, Equatable {
    /// A token id is not in the vocabulary.
    case tokenOutOfVocabulary(sequence: Int, position: Int, id: Int32, vocabularySize: Int)
    /// A sequence is longer than `max_position_embeddings`.
    case sequenceTooLong(sequence: Int, tokens: Int, limit: Int)
    /// The token types of a text are not as many as its tokens, or one is not in the model.
    case tokenTypes(sequence: Int, count: Int)
    /// A state is infinite or no number: the weights are damaged, or the text is beyond their range.
    case notFinite(sequence: Int)
}
