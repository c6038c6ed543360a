// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors

/// How the next token is picked from logits; the default is the most likely one
/// (greedy decoding).
///
/// Steps in this order, as in Hugging Face's `generate`: repetition penalty, temperature, top-k,
/// top-p (nucleus sampling).
package struct SamplingSettings: Hashable, Sendable {
    /// What positive logits of tokens that were there already are divided by, and negative ones
    /// multiplied (Keskar et al. 2019, CTRL, arXiv 1909.05858); 1 for no penalty.
    package var repetitionPenalty: Float = 1
    /// What logits are divided by; 0 takes the most likely token.
    package var temperature: Float = 0
    /// Tokens that are kept, more where several tie with the last; 0 for all.
    package var topK = 0
    /// The probability that the smallest set of most likely tokens must reach to be kept alone
    /// (Holtzman et al. 2020, arXiv 1904.09751); 1 for all.
    package var topP: Float = 1

    /// Greedy decoding.
    package init() {}

    /// The name of the first setting outside its range, or nil.
    package var firstFault: String? {
        if !(repetitionPenalty > 0 && repetitionPenalty.isFinite) { return "repetition-penalty" }
        if !(temperature >= 0 && temperature.isFinite) { return "temperature" }
        if topK < 0 { return "top-k" }
        return topP > 0 && topP <= 1 ? nil : "top-p"
    }

    /// The logits after all steps; those of tokens that are left out are −∞.
    ///
    /// What a mask does not let through is left out after the repetition penalty and before the rest,
    /// so that the other steps choose among what is allowed.
    package func scores(
        _ logits: [Float], history: [Int32], allowed: TokenMask? = nil
    ) -> [Float] {
        var scores = logits
        if repetitionPenalty != 1 { penalize(history, in: &scores) }
        if let allowed { scores = allowed.applied(to: scores) }
        if temperature > 0, temperature != 1 {
            for index in scores.indices { scores[index] /= temperature }
        }
        if topK > 0, topK < scores.count { keepBest(in: &scores) }
        if topP < 1 { keepLikely(in: &scores) }
        return scores
    }

    private func penalize(_ history: [Int32], in scores: inout [Float]) {
        for token in Set(history) where scores.indices.contains(Int(token)) {
            let score = scores[Int(token)]
            scores[Int(token)] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty
        }
    }

    private func keepBest(in scores: inout [Float]) {
        let least = scores.sorted(by: >)[topK - 1]
        for index in scores.indices where scores[index] < least { scores[index] = -.infinity }
    }

    private func keepLikely(in scores: inout [Float]) {
        let probabilities = Self.probabilities(scores)
        let order = scores.indices.sorted {
            scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
        }
        var sum: Double = 0
        for (place, index) in order.enumerated() {
            if place > 0, sum >= Double(topP) { scores[index] = -.infinity }
            sum += probabilities[index]
        }
    }

    /// exp(score) divided by their sum.
    package static func probabilities(_ scores: [Float]) -> [Double] {
        let largest = scores.max() ?? 0
        let powers = scores.map { exp(Double($0 - largest)) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

/// Picks tokens by settings, with random numbers of its own that a seed decides.
package struct TokenSampler: Sendable {
    /// How tokens are picked.
    package let settings: SamplingSettings
    private var random: SplitMix64

    /// A sampler; the same seed picks the same tokens from the same logits.
    package init(_ settings: SamplingSettings, seed: UInt64 = 0) {
        self.settings = settings
        random = SplitMix64(seed: seed)
    }

    /// The next token after `history`, of those that a mask lets through, at least one.
    ///
    /// Without temperature the most likely one, of equal ones the first.
    package mutating func pick(
        _ logits: [Float], history: [Int32], allowed: TokenMask? = nil
    ) -> Int32 {
        guard settings.temperature > 0 else {
            var greedy = settings
            (greedy.topK, greedy.topP) = (0, 1)
            return Self.best(greedy.scores(logits, history: history, allowed: allowed), allowed)
        }
        let scores = settings.scores(logits, history: history, allowed: allowed)
        let probabilities = SamplingSettings.probabilities(scores)
        var rest = random.unit()
        for (index, probability) in probabilities.enumerated() where probability > 0 {
            rest -= probability
            if rest < 0 { return Int32(index) }
        }
        // Rounding may leave a little over: it belongs to the last token that can be picked.
        return Int32(probabilities.lastIndex { $0 > 0 } ?? 0)
    }

    private static func best(_ scores: [Float], _ allowed: TokenMask?) -> Int32 {
        var best: Int?
        func consider(_ token: Int) {
            if let found = best, !(scores[token] > scores[found]) { return }
            best = token
        }
        if let allowed {
            allowed.forEach { if $0 < scores.count { consider($0) } }
        } else {
            for token in scores.indices { consider(token) }
        }
        return Int32(best ?? 0)
    }
}
