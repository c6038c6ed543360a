// SPDX-License-Identifier: Apache-2.0
package import Faults

extension QuestioningError: Explained {
    /// The letters, and what else can be done.
    package var explanation: String {
        switch self {
        case .sameTokens(let letters):
            "the model's tokenizer does not tell the letters \(letters.joined(separator: ", ")) apart, so that none is "
                + "likelier; ask with --answers free, or use a tokenizer that has them"
        }
    }

    /// The model is not fit for it.
    package var disposition: Disposition { .badData }
}
