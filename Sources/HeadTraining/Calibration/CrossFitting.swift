// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads

/// Chooses a kind of map and tells what its probabilities are worth, each answer under a map that was fitted and
/// chosen without its documents.
package struct CrossFitting {
    /// The answers with the probabilities of maps that had not seen them, part after part.
    package let mapped: [[HeldOutAnswer]]
    /// The kind that is best on all parts.
    package let kind: ScoreMapFit.Kind
    /// The map of that kind, fitted to all answers.
    package let map: ScoreMap

    /// Fits; nil where there are too few documents or no kind makes a map that rises.
    package init?(_ answers: [HeldOutAnswer]) {
        let parts = Self.parts(answers)
        guard parts.count >= Self.fewestParts, let kind = Self.best(answers),
            let map = ScoreMapFit.map(kind, answers)
        else { return nil }
        (self.kind, self.map) = (kind, map)
        var mapped: [[HeldOutAnswer]] = []
        for number in parts.indices {
            // The kind, too, is chosen without the part, or its figure would be a chosen one.
            let others = Self.without(number, parts)
            guard let kind = Self.best(others), let map = ScoreMapFit.map(kind, others) else {
                return nil
            }
            mapped.append(parts[number].map { $0.mapped(by: map) })
        }
        self.mapped = mapped
    }

    private static let fewestParts = 3
    /// Groups of documents by which a kind is chosen, and where there are too few folds.
    private static let groups = 5

    /// The answers by their folds; where these are too few, by groups of documents.
    private static func parts(_ answers: [HeldOutAnswer]) -> [[HeldOutAnswer]] {
        let folds = Dictionary(grouping: answers, by: \.fold).sorted { $0.key < $1.key }
            .map(\.value)
        return folds.count >= fewestParts ? folds : documentGroups(answers)
    }

    /// Groups that share no document; the same wherever and in whichever order they are made.
    private static func documentGroups(_ answers: [HeldOutAnswer]) -> [[HeldOutAnswer]] {
        let documents = Set(answers.map(\.document)).sorted()
        let group = Dictionary(
            uniqueKeysWithValues: documents.enumerated().map { ($0.element, $0.offset % groups) })
        return Dictionary(grouping: answers) { group[$0.document] ?? 0 }
            .sorted { $0.key < $1.key }.map(\.value)
    }

    private static func without(
        _ number: Int, _ parts: [[HeldOutAnswer]]
    ) -> [HeldOutAnswer] {
        parts.indices.filter { $0 != number }.flatMap { parts[$0] }
    }

    /// The kind under which answers about some documents are least surprising to a map fitted to other documents; one
    /// that makes a map of all answers, too.
    private static func best(_ answers: [HeldOutAnswer]) -> ScoreMapFit.Kind? {
        let parts = documentGroups(answers)
        var best: (kind: ScoreMapFit.Kind, loss: Double)?
        for kind in ScoreMapFit.Kind.allCases where ScoreMapFit.map(kind, answers) != nil {
            var loss = 0.0
            for number in parts.indices {
                let map = ScoreMapFit.map(kind, without(number, parts))
                for answer in parts[number] {
                    loss += map.map { answer.mapped(by: $0).surprise } ?? .infinity
                }
            }
            if loss < (best?.loss ?? .infinity) { best = (kind, loss) }
        }
        return best?.kind
    }
}

extension HeldOutAnswer {
    /// The answer with the probability that a map makes of its score.
    package func mapped(by map: ScoreMap) -> HeldOutAnswer {
        HeldOutAnswer(
            task: task, type: type, fold: fold, document: document,
            score: map.probability(of: score), isRight: isRight)
    }

    /// Negative logarithm of the probability of what is the case.
    fileprivate var surprise: Double { -log(max(isRight ? score : 1 - score, 1e-12)) }
}
