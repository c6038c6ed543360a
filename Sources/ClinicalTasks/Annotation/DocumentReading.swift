// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText
package import Tensors

/// A document made ready for the tasks: its text analysed and, where there is a trunk, read by it.
package struct DocumentReading: Sendable {
    /// The document.
    package let document: ClinicalDocument
    /// Its text: cleaned, in sentences and words.
    package let text: AnalyzedText
    /// The trunk's states, one tensor a sentence of shape (words, C); nil without a trunk.
    package let wordStates: [Tensor]?
    /// The text's tokens with the labels that the trunk's own head gives them; nil without one.
    package let labelled: LabelledTokens?
    /// What a model that follows instructions says of it; nil where it was not asked.
    package var instructed: InstructedAnswer?

    /// A reading.
    package init(
        document: ClinicalDocument, text: AnalyzedText, wordStates: [Tensor]? = nil,
        labelled: LabelledTokens? = nil
    ) {
        self.document = document
        self.text = text
        self.wordStates = wordStates
        self.labelled = labelled
    }
}
