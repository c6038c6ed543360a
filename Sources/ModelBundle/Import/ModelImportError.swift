// SPDX-License-Identifier: Apache-2.0

/// Why a published model cannot become a bundle.
package enum ModelImportError: Error, Equatable, Sendable {
    /// There is no tokenizer with the model, and none was named.
    case noTokenizer(location: String)
    /// The tokenizer has more tokens than the model's vocabulary, or fewer than its `vocab_size`.
    case vocabularySize(file: String, tokenizer: Int, model: Int)
    /// The wanted context leaves no room for text or is above the model's positions.
    case context(wanted: Int, allowed: ClosedRange<Int>)
    /// A file cannot be found under the name that a bundle's file needs.
    case missing(file: String)
    /// The model gives a sentence states that are no numbers.
    case notFinite(location: String)
    /// The model labels texts as a whole, for which the database has no place.
    case labelsTexts(labels: Int)
    /// The model has no head that labels tokens.
    case noTokenLabels(location: String)
    /// The file that says what a model was made from cannot be understood.
    case origin(file: String)
    /// A model that reads MeCab's words has another tokenizer than those that Shoken trains.
    case notOurTokenizer(file: String)
}
