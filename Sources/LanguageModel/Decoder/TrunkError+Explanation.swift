// SPDX-License-Identifier: Apache-2.0
package import Faults

extension TrunkError: Explained {
    /// The sequence, by its number from 0, and what the model takes.
    package var explanation: String {
        switch self {
        case .tokenOutOfVocabulary(let sequence, let position, let id, let size):
            "list \(sequence), position \(position): the id \(id) is not below \(size)"
        case .sequenceTooLong(let sequence, let tokens, let limit):
            "list \(sequence) has \(tokens) tokens, the model takes \(limit) at most"
        case .tokenTypes(let sequence, _):
            "list \(sequence): token_type_ids are not one for each token, or unknown"
        case .notFinite(let sequence):
            "list \(sequence): the model gives what is no number"
        }
    }

    /// The sequence is at fault.
    package var disposition: Disposition { .badData }
}
