import ClinicalTasks
import ClinicalTypes
import Corpora
import Evaluation
import Foundation
import HeadTraining
import JapaneseText

/// Cross-validation of lung-cancer staging on the RRTNM reports.
///
/// The rules have no folds: they were written after reading these reports, so their figures are
/// in-sample. The head is fitted without the fold, on top of the same parser.
struct TNMFoldEvaluation {
    let directory: URL
    let analyzer: TextAnalyzer

    /// Agreement of one way to answer on one axis.
    struct Figures: Encodable {
        let method: String
        let axis: String
        let metrics: ClassificationMetrics
    }

    /// Gold and predicted class numbers.
    fileprivate struct Answers {
        var gold: [Int] = []
        var predicted: [Int] = []
    }

    func run(folds: [Int]) throws -> [Figures] {
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

extension TNMFoldEvaluation.Answers {
    mutating func add(gold: String, predicted: String) {
        let letters = ["A", "B", "C", "D", "E"]
        guard let right = letters.firstIndex(of: gold),
            let answer = letters.firstIndex(of: predicted)
        else { return }
        self.gold.append(right)
        self.predicted.append(answer)
    }
}

extension [TNMFoldEvaluation.Figures] {
    /// The figures for people.
    var table: TextTable {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        return TextTable(
            columns: ["method", "axis", "rows", "kappa", "accuracy", "balanced", "bal. acc."],
            rows: map { row in
                [row.method, row.axis, String(row.metrics.count)]
                    + [
                        row.metrics.kappa, row.metrics.accuracy, row.metrics.balancedKappa,
                        row.metrics.balancedAccuracy,
                    ].map(text)
            })
    }
}
