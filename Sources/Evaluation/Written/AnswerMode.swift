// SPDX-License-Identifier: Apache-2.0

/// How a language model gives its answer.
package enum AnswerMode: String, Codable, CaseIterable, Hashable, Sendable {
    /// The likeliest letter of the options; questions without options are answered as `bound`.
    case choices
    /// In writing, bound to the letters, or to substrings of the document's lines.
    case bound
    /// In writing, as it likes; what is no answer counts as wrong.
    case free
}

/// A question as it is put to a model in writing.
package struct WrittenQuestion: Hashable, Sendable {
    /// What is asked, options included.
    package let text: String
    /// The options' letters, in their order; empty where strings are asked for.
    package let letters: [String]
    /// The options' texts.
    package let options: [String]
    /// How many options are to be chosen.
    package let chosen: Int
    /// The document whose strings are asked for; nil for choices.
    package let document: String?

    /// A question with options.
    package init(text: String, letters: [String], options: [String], chosen: Int = 1) {
        (self.text, self.letters, self.options) = (text, letters, options)
        (self.chosen, document) = (chosen, nil)
    }

    /// A question for strings of a document, or for a short text where there is none.
    package init(text: String, document: String?) {
        (self.text, self.document) = (text, document)
        (letters, options, chosen) = ([], [], 1)
    }
}

/// What a model answered.
package struct WrittenAnswer: Hashable, Sendable {
    /// The answer.
    package enum Content: Hashable, Sendable {
        /// The numbers of the chosen options, ascending.
        case options([Int])
        /// Strings in their order, each once.
        case strings([String])
        /// None.
        case none(BenchmarkPrediction.Fault)
    }

    /// The answer.
    package let content: Content
    /// What was written; nil where letters were compared, or the question does not fit.
    package var text: String?
    /// Whether it was cut by the most new tokens.
    package var isCut = false

    /// An answer.
    package init(_ content: Content, text: String? = nil, isCut: Bool = false) {
        (self.content, self.text, self.isCut) = (content, text, isCut)
    }
}
