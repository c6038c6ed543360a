import ClinicalTasks
import ClinicalTypes
import Corpora
import Evaluation
import Foundation
import HeadTraining
import JapaneseText

/// Cross-validation of the tasks whose answer is one class: every row is answered by a model that
/// was fitted to the other folds.
struct ClassificationFolds {
    let task: BenchmarkTask
    let directory: URL
    let analyzer: TextAnalyzer
    let trunk: TrunkReader?

    /// What a cross-validation gives; all folds together.
    struct Result: Encodable {
        let task: String
        let folds: [Int]
        /// All rows.
        let all: ClassificationMetrics
        /// The rows of each subtask.
        let tags: [String: ClassificationMetrics]
        /// Seconds of training a fold, the mean.
        let trainingSeconds: Double
    }

    private struct Answer {
        let tag: String
        let gold: Int
        let predicted: Int
    }

    /// Fits and answers one fold after the other.
    func run(folds: [Int]) throws -> Result {
        let rows = try BenchmarkRow.read(
            directory.appending(path: "jmed-llm/train/\(task.rawValue).jsonl"))
        var analyzed: [String: AnalyzedText] = [:]
        func analyze(_ text: String) -> AnalyzedText {
            if let known = analyzed[text] { return known }
            let new = analyzer.analyze(text)
            analyzed[text] = new
            return new
        }
        var answers: [Answer] = []
        var seconds = 0.0
        for fold in folds {
            let start = Date()
            let predict = try predictor(rows, excludingFold: fold, analyze: analyze)
            seconds -= start.timeIntervalSinceNow
            for row in rows.inFold(fold) {
                guard let gold = row.answerClass else { continue }
                answers.append(Answer(tag: row.tag, gold: gold, predicted: try predict(row)))
            }
        }
        let tags = Dictionary(grouping: answers, by: \.tag)
        return Result(
            task: task.rawValue, folds: folds, all: metrics(answers),
            tags: tags.count > 1 ? tags.mapValues(metrics) : [:],
            trainingSeconds: seconds / Double(max(folds.count, 1)))
    }

    private func metrics(_ answers: [Answer]) -> ClassificationMetrics {
        ClassificationMetrics(
            gold: answers.map(\.gold), predicted: answers.map(\.predicted),
            classCount: task.classCount, weighting: task.weighting)
    }

    /// A model fitted without a fold, as a function from a row to the number of its answer.
    private func predictor(
        _ rows: [BenchmarkRow], excludingFold fold: Int,
        analyze: @escaping (String) -> AnalyzedText
    ) throws -> (BenchmarkRow) throws -> Int {
        switch task {
        case .smdis:
            let detector = try SymptomTraining.fit(
                rows: rows, analyze: analyze, excludingFold: fold)
            return { row in
                let probability = detector.symptoms(in: analyze(row.document))[row.tag] ?? 0
                return detector.isPresent(probability) ? 0 : 1
            }
        case .jcsts:
            let judge = try SimilarityTraining.fit(
                rows: rows, analyze: analyze, excludingFold: fold)
            return { row in
                let level = judge.judge(
                    analyze(row.firstSentence ?? ""), analyze(row.secondSentence ?? "")
                ).level
                return SimilarityJudge.levelCount - 1 - level
            }
        case .crade:
            var settings = AdverseEventGrader.Settings()
            settings.stateWidth = trunk?.width ?? 0
            let trunk = trunk
            let grader = try AdverseEventTraining.fit(
                rows: rows, analyze: analyze, excludingFold: fold, settings: settings,
                states: trunk.map { trunk in { try trunk.states(of: $0) } })
            return { row in
                let text = analyze(row.document)
                let report = AdverseEventFeatures.Report(
                    text, states: try trunk?.states(of: text) ?? [])
                let entity = row.entity ?? ""
                return grader.grade(
                    surface: entity, occurrences: report.occurrences(of: entity), report: report,
                    role: row.adverseEventRole ?? .disease
                ).level.rawValue
            }
        case .rrtnm, .examination, .caseReportDiseases, .caseReportDrugs, .nursingEntities:
            throw CommandFailure(
                CommandFailure.Code.usage, "\(task.rawValue) is not cross-validated here")
        }
    }
}

extension ClassificationFolds.Result {
    /// The figures for people.
    var table: TextTable {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        let rows = [(name: task, metrics: all)] + tags.sorted { $0.key < $1.key }.map { ($0, $1) }
        return TextTable(
            columns: [
                "TASK", "ROWS", "KAPPA", "ACCURACY", "BALANCED KAPPA", "BALANCED ACCURACY",
            ],
            rows: rows.map { name, metrics in
                [
                    name, "\(metrics.count)", text(metrics.kappa), text(metrics.accuracy),
                    text(metrics.balancedKappa), text(metrics.balancedAccuracy),
                ]
            })
    }
}
