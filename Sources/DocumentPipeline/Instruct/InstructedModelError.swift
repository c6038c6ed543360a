// SPDX-License-Identifier: Apache-2.0
package import Faults

/// Why a model cannot be asked about documents.
package enum InstructedModelError: Error, Hashable, Sendable {
    /// It reads MeCab's words, of which no part of a document can be cut.
    case readsWords(String)
    /// A document may have more tokens than the model reads at once.
    case context(file: String, wanted: Int, longest: Int)
}

extension InstructedModelError: Explained {
    /// The file, and what is expected of it.
    package var explanation: String {
        switch self {
        case .readsWords(let file):
            "\(file): a model that reads MeCab's words cannot be bound to a document; one with a published "
                + "tokenizer is needed"
        case .context(let file, let wanted, let longest):
            "\(file): \(wanted) tokens for a document, and the model reads \(longest) at most"
        }
    }

    /// The model is at fault.
    package var disposition: Disposition { .badData }
}
