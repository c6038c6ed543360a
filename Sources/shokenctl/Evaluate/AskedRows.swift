// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import DocumentPipeline
import DurableFiles
import Evaluation
import Faults
import Foundation
import Recipes

/// Labelled rows with what is right of them in the words of a bundle.
struct AskedRows {
    /// What is right, or was found.
    enum Answer: Hashable {
        case spans([LabelledSpans.Span])
        /// The number of a class; nil for none of them.
        case label(Int?)
    }

    private let rows: [LabelledText]
    private let question: RowQuestion
    private let certainties: Set<Certainty>?
    /// Labels or classes, by number.
    private let names: [String]
    private let gold: [Answer]

    private static let batch = 32
    private static let yes = ["yes", "true", "1", "present", "positive", "はい", "あり", "A"]
    private static let no = ["no", "false", "0", "absent", "negative", "いいえ", "なし", "B"]

    init(_ rows: [LabelledText], _ question: RowQuestion, certainties: Set<Certainty>?) throws {
        (self.rows, self.question, self.certainties) = (rows, question, certainties)
        var names: [String] = []
        func number(_ name: String) -> Int {
            if let place = names.firstIndex(of: name) { return place }
            names.append(name)
            return names.count - 1
        }
        switch question {
        case .spans:
            let used = rows.flatMap { row -> [(String, RowPlace)] in
                guard case .spans(let spans) = row.answer else { return [] }
                return (spans.map(\.label) + (row.annotated ?? []).sorted()).map { ($0, row.place) }
            }
            for (label, place) in used where LabelMeaning.usual(for: label) == nil {
                throw CommandFailure(
                    .badData,
                    "\(place.file), line \(place.line): the label \(label.prefix(40)) is none of disease, drug, dose, "
                        + "d, m-key, m-val, or these with _ and a certainty")
            }
            self.names = Set(used.map(\.0)).sorted()
        case .axis(let axis):
            // Categories in the order of the scale; what a report does not tell is none.
            let values = try rows.map { try Self.category($0, axis) }
            self.names = Set(values).sorted()
        case .symptom: self.names = ["yes", "no"]
        case .similarity:
            self.names = (0..<SimilarityJudge.levelCount).map(String.init)
        }
        let known = self.names
        gold = try rows.map { try Self.gold($0, question, known) }
    }

    // MARK: Right answers

    private static func gold(
        _ row: LabelledText, _ question: RowQuestion, _ names: [String]
    ) throws -> Answer {
        func fault(_ expected: String) -> CommandFailure {
            CommandFailure(
                .badData,
                "\(row.place.file), line \(row.place.line): label is not what it must be: \(expected)"
            )
        }
        switch (question, row.answer) {
        case (.spans, .spans(let spans)):
            return .spans(
                spans.compactMap { span in
                    names.firstIndex(of: span.label).map {
                        LabelledSpans.Span(range: span.range, label: $0)
                    }
                })
        case (.axis(let axis), _):
            return .label(names.firstIndex(of: try category(row, axis)))
        case (.symptom, .label(let label)):
            let word = label.lowercased()
            if yes.contains(where: { $0.lowercased() == word }) { return .label(0) }
            if no.contains(where: { $0.lowercased() == word }) { return .label(1) }
            throw fault("yes or no")
        case (.similarity, .label(let label)):
            guard let place = names.firstIndex(of: label) else {
                throw fault("a whole number from 0 to \(names.count - 1)")
            }
            return .label(place)
        default: throw fault("a row of the form that is asked for")
        }
    }

    /// A row's category, with the axis before it; `none` where it has none.
    private static func category(_ row: LabelledText, _ axis: TNMAxis) throws -> String {
        guard case .label(let label) = row.answer else { return "none" }
        let text = label.uppercased()
        if ["NONE", "", "-"].contains(text) { return "none" }
        let letter = axis.rawValue.uppercased()
        let category = text.hasPrefix(letter) ? String(text.dropFirst(letter.count)) : text
        guard category.wholeMatch(of: /(X|IS|[0-4][A-C]?[1-3]?|1MI)/) != nil else {
            throw CommandFailure(
                .badData,
                "\(row.place.file), line \(row.place.line): label is no category of \(letter), such as \(letter)1, "
                    + "nor none")
        }
        return letter + category
    }

    // MARK: Answers

    /// What a model finds in each row; throws where it has no such task.
    func answers(
        of model: LoadedModel, kind: DocumentKind, progress: (Int) -> Void
    ) throws -> [Answer] {
        try check(model)
        var answers: [Answer] = []
        for start in stride(from: 0, to: rows.count, by: Self.batch) {
            let part = rows[start..<min(rows.count, start + Self.batch)]
            let documents = part.map { ClinicalDocument(kind: kind, text: $0.text) }
            switch question {
            case .spans:
                let found = try model.annotator.findings(in: documents) { _ in [.entities] }
                answers += zip(part, found).map { .spans(spans(in: $1, $0)) }
            case .axis(let axis):
                let found = try model.annotator.findings(in: documents) { _ in [.tnm] }
                answers += found.map { .label(place(of: $0.tnm, axis)) }
            case .symptom(let symptom):
                let readings = try model.annotator.readings(of: documents)
                answers += readings.map { reading in
                    guard let detector = model.annotator.tasks.symptoms else { return .label(nil) }
                    let probability =
                        detector.symptoms(
                            in: reading.text, states: reading.wordStates ?? [])[symptom.rawValue]
                        ?? 0
                    return .label(detector.isPresent(probability) ? 0 : 1)
                }
            case .similarity:
                answers += part.map { row in
                    guard let judge = model.annotator.tasks.similarity else { return .label(nil) }
                    return .label(
                        judge.judge(
                            model.annotator.analyze(row.text),
                            model.annotator.analyze(row.second ?? "")
                        ).level)
                }
            }
            progress(answers.count)
        }
        return answers
    }

    private func check(_ model: LoadedModel) throws {
        let tasks = model.annotator.tasks
        let isThere =
            switch question {
            case .spans: tasks.entities != nil || tasks.tagger != nil
            case .axis: tasks.tnm != nil
            case .symptom: tasks.symptoms != nil
            case .similarity: tasks.similarity != nil
            }
        guard isThere else { throw CommandFailure(.unavailable, "the model has no such task") }
    }

    /// The mentions that labels of the data name, of those that were looked for in the row.
    private func spans(in findings: Findings, _ row: LabelledText) -> [LabelledSpans.Span] {
        findings.entities.flatMap { entity in
            names.indices.compactMap { number -> LabelledSpans.Span? in
                let name = names[number]
                guard row.annotated?.contains(name) ?? true,
                    case .entity(let type, let certainty)? = LabelMeaning.usual(for: name),
                    entity.type == type
                else { return nil }
                let isNamed = name.contains("_")
                guard
                    isNamed
                        ? entity.status.certainty == certainty
                        : certainties?.contains(entity.status.certainty) ?? true
                else { return nil }
                return LabelledSpans.Span(range: entity.span.range, label: number)
            }
        }
    }

    private func place(of stage: TNMStage?, _ axis: TNMAxis) -> Int? {
        let category =
            switch axis {
            case .t: stage?.t
            case .n: stage?.n
            case .m: stage?.m
            }
        let letter = axis.rawValue.uppercased()
        let name =
            category.map {
                $0.uppercased().hasPrefix(letter) ? $0.uppercased() : letter + $0.uppercased()
            }
            ?? "none"
        return names.firstIndex(of: name)
    }

    // MARK: Figures

    func report(_ answers: [Answer], model: String) -> LabelledReport {
        var report = LabelledReport(model: model, asked: question.name)
        if question == .spans {
            report.spans = LabelledSpans(
                labels: names,
                rows: rows.indices.map { index in
                    LabelledSpans.Row(
                        gold: gold[index].spans, found: answers[index].spans,
                        text: rows[index].text)
                })
        } else {
            report.classes = LabelledClasses(
                classes: names, weighting: question == .similarity ? .linear : .none,
                rows: rows.indices.map { index in
                    (gold[index].number ?? 0, answers[index].number, rows[index].text)
                })
        }
        return report
    }

    /// A row's answer as a line of a file of predictions.
    func prediction(_ number: Int, _ answer: Answer) -> BenchmarkPrediction {
        let row = rows[number]
        var prediction = BenchmarkPrediction(
            task: question.name, row: number, prediction: written(answer, row))
        prediction.answer = written(gold[number], row)
        prediction.document = Self.digest(row.text)
        prediction.question = Self.digest(
            [row.text, row.second ?? "", "\(gold[number])"].joined(separator: "\u{0}"))
        return prediction
    }

    private static func digest(_ text: String) -> String {
        String(ContentDigest(of: Data(text.utf8)).hexadecimal.prefix(16))
    }

    /// Labelled places as strings that tell place and text, or a class by its name.
    private func written(_ answer: Answer, _ row: LabelledText) -> BenchmarkPrediction.Answer? {
        switch answer {
        case .label(let number): return number.map { .letter(names[$0]) }
        case .spans(let spans):
            let scalars = Array(row.text.unicodeScalars)
            return .strings(
                spans.map { span in
                    var text = "\(names[span.label]) \(span.range.start)-\(span.range.end) "
                    text.unicodeScalars.append(
                        contentsOf: scalars[span.range.start..<span.range.end])
                    return text
                })
        }
    }
}

extension AskedRows.Answer {
    fileprivate var spans: [LabelledSpans.Span] {
        if case .spans(let spans) = self { spans } else { [] }
    }

    fileprivate var number: Int? {
        if case .label(let number) = self { number } else { nil }
    }
}

extension RowQuestion {
    /// Its name.
    var name: String {
        switch self {
        case .spans: "spans"
        case .axis(let axis): axis.rawValue.lowercased()
        case .symptom(let symptom): symptom.rawValue
        case .similarity: "similarity"
        }
    }
}

extension LabelledReport {
    /// Prints the figures for people.
    func print() {
        func text(_ value: Double?) -> String {
            value.map { String(format: "%.4f", $0) } ?? "-"
        }
        func text(_ interval: Bootstrap.Interval?) -> String {
            interval.map { String(format: "%.2f–%.2f", $0.low, $0.high) } ?? "-"
        }
        if let spans {
            TextTable(
                columns: [
                    "LABEL", "RIGHT", "FOUND", "STRICT F1", "95 %", "P", "R", "OVERLAP F1", "95 %",
                    "EXACT F1", "95 %",
                ],
                rows: spans.figures.map {
                    [
                        $0.label, "\($0.gold)", "\($0.found)", text($0.strictF1),
                        text($0.intervals["strictF1"]), text($0.strictPrecision),
                        text($0.strictRecall), text($0.overlapF1),
                        text($0.intervals["overlapF1"]), text($0.exactF1),
                        text($0.intervals["exactF1"]),
                    ]
                }
            ).print()
        }
        if let classes {
            TextTable(
                columns: ["ROWS", "ACCURACY", "95 %", "KAPPA", "95 %", "BALANCED KAPPA"],
                rows: [
                    [
                        "\(classes.rows)", text(classes.accuracy),
                        text(classes.intervals["accuracy"]), text(classes.kappa),
                        text(classes.intervals["kappa"]), text(classes.balancedKappa),
                    ]
                ]
            ).print()
            TextTable(
                columns: ["RIGHT \\ ANSWER"] + classes.confusion.classes + ["NONE"],
                rows: classes.confusion.classes.indices.map { row in
                    [classes.confusion.classes[row]] + classes.confusion.rows[row].map(String.init)
                        + ["\(classes.confusion.unanswered[row])"]
                }
            ).print()
        }
    }
}
