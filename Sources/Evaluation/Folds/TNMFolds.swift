// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Corpora
package import Foundation
package import HeadTraining
package import JapaneseText

/// Cross-validation of lung-cancer staging on the RRTNM reports.
///
/// The rules have no folds: they were written after reading these reports, so their figures are
/// in-sample. The head is fitted without the fold, on top of the same parser.
package struct TNMFolds {
    private let directory: URL
    private let analyzer: TextAnalyzer

    /// Over a data directory.
    package init(directory: URL, analyzer: TextAnalyzer) {
        (self.directory, self.analyzer) = (directory, analyzer)
    }

    /// Agreement of one way to answer on one axis.
    package struct Figures: Encodable, Sendable {
        /// `whole` (the rules decide) or `learned` (the head alone).
        package let method: String
        /// `T`, `N`, `M` or `all`.
        package let axis: String
        /// Agreement with the labels.
        package let metrics: ClassificationMetrics
    }

    /// Gold and predicted class numbers.
    fileprivate struct Answers {
        var gold: [Int] = []
        var predicted: [Int] = []
    }

    /// Fits and answers one fold after the other; throws what reading and fitting throw.
    ///
    /// `record` is given each answer of the learned head, with its probability.
    package func run(
        folds: [Int], recording record: (HeldOutAnswer) -> Void = { _ in }
    ) throws -> [Figures] {
        let rows = try BenchmarkRow.read(directory.appending(path: "jmed-llm/train/rrtnm.jsonl"))
        var answers: [String: [String: Answers]] = [:]
        for fold in folds {
            let fitted = try TNMTraining.fit(
                rows: rows, analyze: analyzer.analyze, excludingFold: fold)
            let classifier = try TNMClassifier(
                parameters: fitted.parameters().roundedToHalf())
            for row in rows where row.fold == fold {
                guard let axis = TNMAxis(rawValue: row.tag), case .letter(let gold) = row.answer
                else { continue }
                let text = analyzer.analyze(row.document)
                // The rules decide in the whole, so the first figures are also the rules'.
                let predictions = [
                    "whole": classifier.letter(for: axis, text: text),
                    "learned": classifier.learnedLetter(for: axis, text: text),
                ]
                record(
                    HeldOutAnswer(
                        task: "tnm", type: axis.rawValue, fold: fold,
                        document: row.documentIdentifier,
                        score: classifier.learnedScore(for: axis, text: text),
                        isRight: predictions["learned"] == gold))
                for (method, letter) in predictions {
                    for name in ["all", row.tag] {
                        answers[method, default: [:]][name, default: Answers()]
                            .add(gold: gold, predicted: letter)
                    }
                }
            }
        }
        return ["whole", "learned"].flatMap { method in
            ["all", "T", "N", "M"].compactMap { axis in
                answers[method]?[axis].map {
                    Figures(
                        method: method, axis: axis,
                        metrics: ClassificationMetrics(
                            gold: $0.gold, predicted: $0.predicted, classCount: 5,
                            weighting: .none))
                }
            }
        }
    }
}

extension TNMFolds.Answers {
    mutating func add(gold: String, predicted: String) {
        let letters = ["A", "B", "C", "D", "E"]
        guard let right = letters.firstIndex(of: gold),
            let answer = letters.firstIndex(of: predicted)
        else { return }
        self.gold.append(right)
        self.predicted.append(answer)
    }
}
