// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A text to be continued.
package struct GenerationRequest: Sendable {
    /// What stands before, at least one token.
    package var prompt: [Int32]
    /// The most new tokens; the model's longest sequence bounds them too.
    package var limit: Int
    /// How tokens are picked.
    package var sampling = SamplingSettings()
    /// Where the request's own random numbers begin.
    package var seed: UInt64 = 0
    /// Tokens that end the text, and are no part of it.
    package var stopTokens: Set<Int32> = []
    /// What bounds the text, or nil.
    package var constraint: (any TokenConstraint)?
    /// The text before its first token, where it is wanted or may be ended by a string; else nil.
    package var text: StreamedText?
    /// The number of the model's adapter that answers; nil for the model without one.
    package var adapter: Int?

    /// A greedy continuation.
    package init(prompt: [Int32], limit: Int) {
        self.prompt = prompt
        self.limit = limit
    }
}

/// Labels to be compared by how likely each follows a prompt (log-likelihood scoring of choices).
package struct ChoiceRequest: Sendable {
    /// What stands before, at least one token.
    package var prompt: [Int32]
    /// The tokens of each label, at least one of each.
    package var labels: [[Int32]]
    /// The number of the model's adapter that answers; nil for the model without one.
    package var adapter: Int?

    /// A choice among labels.
    package init(prompt: [Int32], labels: [[Int32]]) {
        self.prompt = prompt
        self.labels = labels
    }
}

/// Something that a model is asked.
package enum ServingRequest: Sendable {
    /// To continue a text.
    case generation(GenerationRequest)
    /// To compare labels.
    case choice(ChoiceRequest)

    /// What stands before the answer.
    var prompt: [Int32] {
        switch self {
        case .generation(let request): request.prompt
        case .choice(let request): request.prompt
        }
    }

    /// The number of the adapter that answers.
    var adapter: Int? {
        switch self {
        case .generation(let request): request.adapter
        case .choice(let request): request.adapter
        }
    }
}

/// Why a text ended.
package enum FinishReason: Hashable, Sendable {
    /// The model wrote this stop token, which is no part of the text.
    case stopToken(Int32)
    /// The text came to the stop string of this number, which is no part of it.
    case stopString(Int)
    /// The text reached the request's most new tokens, or the model's longest sequence.
    case limit
    /// The constraint lets nothing follow: the text is whole.
    case complete
    /// The constraint allows only text that no token of the vocabulary can continue.
    case noFittingToken
}

/// A text that was continued.
package struct GenerationResult: Hashable, Sendable {
    /// The new tokens, without a stop token; those of a stop string are among them.
    package var tokens: [Int32]
    /// The text, where the request follows it.
    package var text: String?
    /// Why it ended.
    package var reason: FinishReason
    /// Whether the text meets its constraint; true where there is none.
    package var isComplete: Bool
}

/// How likely each label is after a prompt.
package struct ChoiceResult: Hashable, Sendable {
    /// The natural logarithm of each label's probability: the sum over its tokens.
    package let logProbabilities: [Double]
    /// Tokens of each label.
    package let lengths: [Int]

    /// The mean of the logarithms over each label's tokens, so that long labels are not at a
    /// disadvantage.
    package var meanLogProbabilities: [Double] {
        zip(logProbabilities, lengths).map { $0 / Double($1) }
    }

    /// The probabilities of the labels if one of them must follow; their sum is 1.
    package var distribution: [Double] { Self.normalized(logProbabilities) }

    /// The same of the means.
    package var meanDistribution: [Double] { Self.normalized(meanLogProbabilities) }

    private static func normalized(_ logarithms: [Double]) -> [Double] {
        let largest = logarithms.max() ?? 0
        let powers = logarithms.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

/// What became of a request.
package enum ServingResult: Hashable, Sendable {
    /// A continued text.
    case generation(GenerationResult)
    /// Compared labels.
    case choice(ChoiceResult)
}
