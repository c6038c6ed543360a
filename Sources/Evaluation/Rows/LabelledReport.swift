// SPDX-License-Identifier: Apache-2.0
import HTMLReports

/// The figures of a model on a site's own labelled rows.
package struct LabelledReport: Codable, Sendable {
    /// The model's name.
    package let model: String
    /// What was asked: `spans`, `similarity`, an axis of TNM or a symptom.
    package let asked: String
    /// Labelled places; nil where they were not asked for.
    package var spans: LabelledSpans?
    /// Labels of whole texts or pairs; nil where they were not asked for.
    package var classes: LabelledClasses?

    /// A report without figures yet.
    package init(model: String, asked: String) { (self.model, self.asked) = (model, asked) }

    /// The figures as a page that needs no other file; no text of a row is in it.
    package var page: String {
        var parts: [String] = []
        if let spans {
            parts.append("<p>\(spans.rows) rows.</p>")
            parts.append(
                HTML.table(
                    [
                        "label", "right", "found", "precision", "recall", "strict F1", "95 %",
                        "overlap F1", "95 %", "exact F1", "95 %",
                    ],
                    spans.figures.map {
                        [
                            $0.label, "\($0.gold)", "\($0.found)",
                            BenchmarkReport.text($0.strictPrecision),
                            BenchmarkReport.text($0.strictRecall),
                            BenchmarkReport.text($0.strictF1),
                            BenchmarkReport.text($0.intervals["strictF1"]),
                            BenchmarkReport.text($0.overlapF1),
                            BenchmarkReport.text($0.intervals["overlapF1"]),
                            BenchmarkReport.text($0.exactF1),
                            BenchmarkReport.text($0.intervals["exactF1"]),
                        ]
                    }))
            let confusion = spans.confusion
            parts.append("<p>Places by right label (lines) and found label (columns):</p>")
            parts.append(
                HTML.table(
                    [""] + confusion.labels + ["nothing"],
                    confusion.labels.indices.map { row in
                        [confusion.labels[row]] + confusion.rows[row].map(String.init)
                            + ["\(confusion.missed[row])"]
                    } + [["nothing"] + confusion.spurious.map(String.init) + [""]]))
        }
        if let classes {
            parts.append(
                HTML.table(
                    ["rows", "accuracy", "95 %", "kappa", "95 %", "balanced kappa"],
                    [
                        [
                            "\(classes.rows)", BenchmarkReport.text(classes.accuracy),
                            BenchmarkReport.text(classes.intervals["accuracy"]),
                            BenchmarkReport.text(classes.kappa),
                            BenchmarkReport.text(classes.intervals["kappa"]),
                            BenchmarkReport.text(classes.balancedKappa),
                        ]
                    ]))
            parts.append(
                HTML.table(
                    ["class", "right", "answered", "precision", "recall", "F1"],
                    classes.classes.map {
                        [
                            $0.name, "\($0.gold)", "\($0.predicted)",
                            BenchmarkReport.text($0.precision), BenchmarkReport.text($0.recall),
                            BenchmarkReport.text($0.f1),
                        ]
                    }))
            parts.append("<p>Rows by right class (lines) and answer (columns):</p>")
            parts.append(
                HTML.table(
                    [""] + classes.confusion.classes + ["no answer"],
                    classes.confusion.classes.indices.map { row in
                        [classes.confusion.classes[row]]
                            + classes.confusion.rows[row].map(String.init)
                            + ["\(classes.confusion.unanswered[row])"]
                    }))
        }
        return HTML.page("Evaluation of \(model): \(asked)", parts)
    }
}
