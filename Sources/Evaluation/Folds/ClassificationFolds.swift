// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
import Corpora
package import Foundation
package import HeadTraining
package import JapaneseText

/// Cross-validation of the tasks whose answer is one class: every row is answered by a model that
/// was fitted to the other folds.
package struct ClassificationFolds {
    /// The tasks that have one class as their answer and a head that is fitted to rows.
    package enum Task: String, Hashable, Sendable {
        case crade, jcsts, smdis

        fileprivate var benchmark: BenchmarkTask {
            switch self {
            case .crade: .crade
            case .jcsts: .jcsts
            case .smdis: .smdis
            }
        }
    }

    private let task: Task
    private let directory: URL
    private let analyzer: TextAnalyzer
    private let trunk: TrunkReader?

    /// A task over a data directory; `trunk` gives `crade` the states of words.
    package init(task: Task, directory: URL, analyzer: TextAnalyzer, trunk: TrunkReader?) {
        (self.task, self.directory, self.analyzer, self.trunk) = (task, directory, analyzer, trunk)
    }

    /// What a cross-validation gives; all folds together.
    package struct Result: Encodable, Sendable {
        /// Name of the task.
        package let task: String
        /// The folds that were asked about.
        package let folds: [Int]
        /// All rows.
        package let all: ClassificationMetrics
        /// The rows of each subtask.
        package let tags: [String: ClassificationMetrics]
        /// Seconds of training a fold, the mean.
        package let trainingSeconds: Double
    }

    private struct Answer {
        let tag: String
        let gold: Int
        let predicted: Int
    }

    /// What a model says of one row.
    private struct Prediction {
        /// Number of the answer.
        let number: Int
        /// What the score is the probability of: a level, or a symptom.
        let meaning: String
        /// The score.
        let score: Double
        /// Number of the answer whose probability it is.
        let rightNumber: Int
    }

    /// Fits and answers one fold after the other; throws what reading and fitting throw.
    ///
    /// `record` is given each answer with its score.
    package func run(
        folds: [Int], recording record: (HeldOutAnswer) -> Void = { _ in }
    ) throws -> Result {
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
                let prediction = try predict(row)
                answers.append(Answer(tag: row.tag, gold: gold, predicted: prediction.number))
                record(
                    HeldOutAnswer(
                        task: task.rawValue, type: prediction.meaning, fold: fold,
                        document: row.documentIdentifier, score: prediction.score,
                        isRight: gold == prediction.rightNumber))
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
            classCount: task.benchmark.classCount,
            weighting: task.benchmark.weighting)
    }

    /// A model fitted without a fold, as a function from a row to its answer.
    private func predictor(
        _ rows: [BenchmarkRow], excludingFold fold: Int,
        analyze: @escaping (String) -> AnalyzedText
    ) throws -> (BenchmarkRow) throws -> Prediction {
        switch task {
        case .smdis:
            let detector = try SymptomTraining.fit(
                rows: rows, analyze: analyze, excludingFold: fold)
            return { row in
                let probability = detector.symptoms(in: analyze(row.document))[row.tag] ?? 0
                return Prediction(
                    number: detector.isPresent(probability) ? 0 : 1, meaning: row.tag,
                    score: probability, rightNumber: 0)
            }
        case .jcsts:
            let judge = try SimilarityTraining.fit(
                rows: rows, analyze: analyze, excludingFold: fold)
            return { row in
                let verdict = judge.judge(
                    analyze(row.firstSentence ?? ""), analyze(row.secondSentence ?? ""))
                let number = SimilarityJudge.levelCount - 1 - verdict.level
                return Prediction(
                    number: number, meaning: "\(verdict.level)", score: verdict.score,
                    rightNumber: number)
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
                let grade = grader.grade(
                    surface: entity, occurrences: report.occurrences(of: entity), report: report,
                    role: row.adverseEventRole ?? .disease)
                let number = grade.level.rawValue
                return Prediction(
                    number: number, meaning: "\(number)", score: grade.probabilities[number],
                    rightNumber: number)
            }
        }
    }
}
