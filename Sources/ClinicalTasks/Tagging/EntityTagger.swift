// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
import JapaneseText
package import LanguageModel
package import LinearHeads
import Tensors

/// Finds entities by the labels that a published model's own head gives to tokens.
///
/// Unlike our recognizer it also returns what is denied, suspected or general, where the model's
/// labels say so.
package struct EntityTagger: Sendable {
    /// The name under which a bundle holds the task: that of `EntityRecognizer`, whose place it takes.
    package static let taskName = EntityRecognizer.taskName

    private let labels: TokenLabels
    private let pieces: LabelMap.Pieces
    private let transitions: LabelTransitions?
    /// What sums over all ways to label a sentence; nil where labels do not depend on each other.
    private let chain: LabelChain?
    /// What each class means.
    private let meanings: [LabelMeaning]

    /// A tagger of a bundle's settings, a `LabelMap` as JSON.
    ///
    /// `labelCount` is the number of labels of the model's head, K, and `transitions` says how well they
    /// follow each other, where the model says so. Throws `TaskParameterError` naming
    /// the field that does not fit.
    package init(
        settings: Data, labelCount: Int, transitions: LabelTransitions? = nil
    ) throws(TaskParameterError) {
        self.transitions = transitions
        let map = try TaskSettings.decode(LabelMap.self, from: settings, task: Self.taskName)
        guard map.names.count == labelCount else {
            throw .settings(task: Self.taskName, field: "names")
        }
        labels = TokenLabels(map.names)
        chain = transitions.map { [labels] in LabelChain($0, of: labels) }
        pieces = map.pieces
        var meanings: [LabelMeaning] = []
        for name in labels.classes {
            guard let meaning = map.meanings[name].flatMap({ LabelMeaning($0) }) else {
                throw .settings(task: Self.taskName, field: "meanings.\(name)")
            }
            meanings.append(meaning)
        }
        self.meanings = meanings
    }

    /// The entities of a document in the order of their places.
    ///
    /// A score is the probability of the labels that make the entity: with transitions among all ways to label
    /// the sentence, else with the tokens taken as independent, as the head takes them. The reading must bring labelled tokens.
    package func entities(in reading: DocumentReading) -> [Entity] {
        guard let labelled = reading.labelled else {
            preconditionFailure("a tagger must be given labelled tokens")
        }
        return TokenUnit.sentences(of: labelled.tokens, in: reading.text, pieces: pieces)
            .flatMap { entities(of: $0, reading, labelled.logits) }
    }

    /// The entities of one sentence's tokens.
    private func entities(
        of units: [TokenUnit], _ reading: DocumentReading, _ logits: Tensor
    ) -> [Entity] {
        let scores = units.map { logits.logProbabilities(ofRow: $0.row) }
        let path = labels.path(scores, transitions)
        var chain = chain
        chain?.run(emissions: scores.joined().map { Float($0) })
        return labels.runs(path).compactMap { run in
            guard case .entity(let type, let certainty) = meanings[run.classIndex] else {
                return nil
            }
            let range = CleanedRange(
                start: units[run.tokens.lowerBound].range.start,
                end: units[run.tokens.upperBound - 1].range.end)
            guard !reading.text.cleaned.holdsPlaceholder(in: range),
                let span = reading.text.textSpan(of: range).trimmed
            else { return nil }
            let score =
                chain?.probability(of: Array(path[run.tokens]), from: run.tokens.lowerBound)
                ?? exp(run.tokens.reduce(0.0) { $0 + scores[$1][path[$1]] })
            return Entity(type: type, span: span, certainty: certainty, score: min(score, 1))
        }
    }
}

extension Tensor {
    /// The logarithms of the probabilities that a row of logits stands for.
    func logProbabilities(ofRow row: Int) -> [Double] {
        let logits = values[row * columns..<(row + 1) * columns].map(Double.init)
        let largest = logits.max() ?? 0
        let sum = logits.reduce(0) { $0 + exp($1 - largest) }
        return logits.map { $0 - largest - log(sum) }
    }
}
