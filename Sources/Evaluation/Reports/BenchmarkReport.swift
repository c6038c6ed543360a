// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTMLReports

/// The figures of a model on a benchmark.
package struct BenchmarkReport: Codable, Sendable {
    /// A task without figures.
    package struct MissingTask: Codable, Sendable {
        /// Its name.
        package let task: String
        /// Why.
        package let reason: String

        /// A task without figures.
        package init(task: String, reason: String) { (self.task, self.reason) = (task, reason) }
    }

    /// The model's name.
    package let model: String
    /// What answered, and how it was asked; nil where it was not worked out.
    package var setting: [String: String]?
    /// The tasks' figures.
    package var scores: [BenchmarkScore] = []
    /// Tasks without figures.
    package var missing: [MissingTask] = []

    /// A report without figures yet.
    package init(model: String, setting: [String: String]? = nil) {
        (self.model, self.setting) = (model, setting)
    }

    /// The figures as a page that needs no other file; no text of a row is in it.
    package var page: String {
        let choices = scores.filter { $0.kappa != nil }
        let entities = scores.filter { $0.exactF1 != nil }
        var parts: [String] = []
        if let setting {
            parts.append(
                HTML.table(["", ""], setting.sorted { $0.key < $1.key }.map { [$0.0, $0.1] }))
        }
        parts.append(
            chart(
                choices, "Kappa", \.kappa,
                entities: entities, "Exact F1", \.exactF1))
        parts.append(
            HTML.table(
                [
                    "task", "rows", "documents", "kappa", "95 %", "accuracy", "95 %",
                    "balanced kappa", "no answer",
                ],
                choices.map { score in
                    [
                        score.task, "\(score.rows)", "\(score.documents)", Self.text(score.kappa),
                        Self.text(score.intervals["kappa"]), Self.text(score.accuracy),
                        Self.text(score.intervals["accuracy"]), Self.text(score.balancedKappa),
                        "\(score.unparsed + score.tooLong)",
                    ]
                }))
        parts.append(
            HTML.table(
                [
                    "task", "rows", "documents", "exact F1", "95 %", "partial F1", "strict F1",
                    "95 %", "overlap F1", "95 %", "not in the document", "no answer",
                ],
                entities.map { score in
                    [
                        score.task, "\(score.rows)", "\(score.documents)",
                        Self.text(score.exactF1), Self.text(score.intervals["exactF1"]),
                        Self.text(score.partialF1), Self.text(score.strictF1),
                        Self.text(score.intervals["strictF1"]), Self.text(score.overlapF1),
                        Self.text(score.intervals["overlapF1"]),
                        score.notInDocument.map(String.init) ?? "",
                        "\(score.unparsed + score.tooLong)",
                    ]
                }))
        parts += scores.flatMap { Self.details($0) }
        if !missing.isEmpty {
            parts.append("<h2>Not answered</h2>")
            parts.append(HTML.table(["task", "reason"], missing.map { [$0.task, $0.reason] }))
        }
        return HTML.page("Evaluation of \(model)", parts)
    }

    private func chart(
        _ choices: [BenchmarkScore], _ first: String, _ kappa: KeyPath<BenchmarkScore, Double?>,
        entities: [BenchmarkScore], _ second: String, _ f1: KeyPath<BenchmarkScore, Double?>
    ) -> String {
        func bars(_ scores: [BenchmarkScore], _ value: KeyPath<BenchmarkScore, Double?>)
            -> [ChartNumber]
        {
            scores.map {
                let number = $0[keyPath: value] ?? 0
                return ChartNumber($0.task, max(0, number), text: Self.text(number))
            }
        }
        return BarChart(title: first, bars: bars(choices, kappa)).svg
            + BarChart(title: second, colour: 2, bars: bars(entities, f1)).svg
    }

    private static func details(_ score: BenchmarkScore) -> [String] {
        guard let classes = score.classes, let confusion = score.confusion else {
            guard let tags = score.tags else { return [] }
            return [
                "<h2>\(HTML.escaped(score.task))</h2>",
                HTML.table(
                    ["subtask", "rows", "exact F1", "partial F1"],
                    tags.map { [$0.tag, "\($0.rows)", text($0.exactF1), text($0.partialF1)] }),
            ]
        }
        return [
            "<h2>\(HTML.escaped(score.task))</h2>",
            HTML.table(
                ["class", "right", "answered", "precision", "recall", "F1"],
                classes.map {
                    [
                        $0.name, "\($0.gold)", "\($0.predicted)", text($0.precision),
                        text($0.recall), text($0.f1),
                    ]
                }),
            "<p>Rows by right class (lines) and answer (columns):</p>",
            HTML.table(
                [""] + confusion.classes + ["no answer"],
                confusion.classes.indices.map { row in
                    [confusion.classes[row]] + confusion.rows[row].map(String.init)
                        + ["\(confusion.unanswered[row])"]
                }),
            score.tags.map { tags in
                HTML.table(
                    ["subtask", "rows", "kappa", "accuracy"],
                    tags.map { [$0.tag, "\($0.rows)", text($0.kappa), text($0.accuracy)] })
            } ?? "",
        ]
    }

    static func text(_ value: Double?) -> String {
        value.map { String(format: "%.4f", $0) } ?? ""
    }

    static func text(_ interval: Bootstrap.Interval?) -> String {
        interval.map { String(format: "%.4f to %.4f", $0.low, $0.high) } ?? ""
    }
}
