// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ServingError: Explained {
    /// The label, position or setting, and the limit; which request it is, is the caller's to say.
    package var explanation: String {
        switch self {
        case .emptyPrompt: "there is no token"
        case .tokenOutOfVocabulary(let label, let position, let id, let size):
            (label.map { "label \($0), " } ?? "")
                + "position \(position): the id \(id) is not below \(size)"
        case .sequenceTooLong(let tokens, let limit):
            "\(tokens) tokens are too many, the model takes \(limit) at most"
        case .exceedsBudget(let tokens, let budget):
            "\(tokens) tokens must be held, but the budget is \(budget); give more with --budget, "
                + "or ask for fewer new tokens"
        case .noLabels: "there is nothing to choose from"
        case .emptyLabel(let label): "label \(label) is empty"
        case .labelTooLong(let label, let tokens, let rows):
            "label \(label) has \(tokens) tokens, but a pass takes \(rows) rows"
        case .noAdapter(let number): "there is no adapter \(number)"
        case .setting(let name): "\(name) is out of range"
        }
    }

    /// The request is at fault.
    package var disposition: Disposition { .badData }
}

extension RefusedRequest: Explained {
    /// The request's place in the list, from 0, and why.
    package var explanation: String { "prompt \(index): " + reason.explanation }

    /// The request is at fault.
    package var disposition: Disposition { reason.disposition }
}
