// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import ClinicalTypes
package import Corpora

/// Answers the questions of JMED-LLM with the tasks of a model.
///
/// Every row is answered from its own question alone. Documents are read in batches, whose company
/// does not change an answer. The official protocol shares documents between training and test;
/// figures on document-disjoint folds belong beside its own.
package struct JMEDBenchmark {
    /// Why a task was not answered.
    package enum Missing: String, Codable, Hashable, Sendable {
        /// The model has no such task.
        case task
        /// The model has no language model to compare the options by.
        case languageModel
    }

    /// What became of a task.
    package enum Outcome: Sendable {
        case answered([BenchmarkPrediction.Answer])
        case missing(Missing)
    }

    /// The model's tasks.
    package let tasks: TaskSet
    /// Makes documents ready for the tasks, in their order.
    package let read: ([ClinicalDocument]) throws -> [DocumentReading]
    /// How well each option of each question follows it: mean log-likelihood of its tokens.
    ///
    /// Examination questions are answered by the best option. They ask for knowledge that a small
    /// trunk does not have: expect figures near chance there.
    package let optionScores: (([OptionLikelihood.Question]) throws -> [[Double]])?
    /// Number of documents that are read at once.
    private static let batch = 64

    /// A benchmark of a model's tasks.
    package init(
        tasks: TaskSet, read: @escaping ([ClinicalDocument]) throws -> [DocumentReading],
        optionScores: (([OptionLikelihood.Question]) throws -> [[Double]])? = nil
    ) {
        self.tasks = tasks
        self.read = read
        self.optionScores = optionScores
    }

    /// One answer for each row, in the file's order.
    package func answer(_ table: BenchmarkTable) throws -> Outcome {
        switch table.task {
        case .examination: try examination(table)
        case .jcsts: try similarity(table)
        case .crade:
            try each(table, tasks.adverseEvents) { grader, row, reading in
                .letter(Self.grade(row.parsed, reading, grader))
            }
        case .rrtnm:
            try each(table, tasks.tnm) { classifier, row, reading in
                let axis = TNMAxis(rawValue: row.parsed.tag) ?? .t
                return .letter(classifier.letter(for: axis, text: reading.text))
            }
        case .smdis:
            try each(table, tasks.symptoms) { detector, row, reading in
                let probabilities = detector.symptoms(
                    in: reading.text, states: reading.wordStates ?? [])
                let present = detector.isPresent(probabilities[row.parsed.tag] ?? 0)
                return .letter(present ? "A" : "B")
            }
        case .caseReportDiseases, .caseReportDrugs, .nursingEntities:
            try each(table, tasks.entities) { recognizer, row, reading in
                let entities = recognizer.forcedEntities(
                    in: reading, type: Self.entityType(row.parsed.tag))
                var seen: Set<String> = []
                return .strings(
                    entities.map(\.span.surface).filter { seen.insert($0).inserted })
            }
        }
    }

    /// Reads the documents of all rows in batches and asks about each.
    private func each<Model>(
        _ table: BenchmarkTable, _ model: Model?,
        _ answer: (Model, BenchmarkTable.Row, DocumentReading) -> BenchmarkPrediction.Answer
    ) throws -> Outcome {
        guard let model else { return .missing(.task) }
        var answers: [BenchmarkPrediction.Answer] = []
        for rows in table.rows.chunks(of: Self.batch) {
            let readings = try read(rows.map { Self.document($0.parsed.document, $0.parsed.kind) })
            answers += zip(rows, readings).map { answer(model, $0, $1) }
        }
        return .answered(answers)
    }

    private func similarity(_ table: BenchmarkTable) throws -> Outcome {
        guard let judge = tasks.similarity else { return .missing(.task) }
        var answers: [BenchmarkPrediction.Answer] = []
        for rows in table.rows.chunks(of: Self.batch) {
            let pairs = rows.map { $0.parsed.sentences ?? .init(first: "", second: "") }
            let first = try read(pairs.map { Self.document($0.first, nil) })
            let second = try read(pairs.map { Self.document($0.second, nil) })
            answers += zip(first, second).map { a, b in
                let verdict = judge.judge(a.text, b.text)
                // Letter A is level 5.
                return .letter(
                    BenchmarkChoice.letters[SimilarityJudge.levelCount - 1 - verdict.level])
            }
        }
        return .answered(answers)
    }

    private func examination(_ table: BenchmarkTable) throws -> Outcome {
        guard let optionScores else { return .missing(.languageModel) }
        let questions = table.rows.map {
            OptionLikelihood.Question(text: $0.question, options: $0.options)
        }
        let answers = try optionScores(questions).map { scores -> BenchmarkPrediction.Answer in
            let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
            return .letter(BenchmarkChoice.letters[best])
        }
        return .answered(answers)
    }

    private static func grade(
        _ question: BenchmarkQuestion, _ reading: DocumentReading, _ grader: AdverseEventGrader
    ) -> String {
        let report = AdverseEventFeatures.Report(reading.text, states: reading.wordStates ?? [])
        let entity = question.entity ?? ""
        let level = grader.grade(
            surface: entity, occurrences: report.occurrences(of: entity), report: report,
            role: question.tag == "medicine" ? .drug : .disease
        ).level
        return BenchmarkChoice.letters[level.rawValue]
    }

    private static func entityType(_ tag: String) -> EntityType {
        switch tag {
        case "m-key": .drug
        case "m-val": .dose
        default: .disease
        }
    }

    private static func document(
        _ text: String, _ kind: BenchmarkQuestion.Kind?
    ) -> ClinicalDocument {
        let kind: DocumentKind =
            switch kind {
            case .caseReport: .caseReport
            case .radiologyReport: .radiology
            case .nursingRecord, .message, nil: .nursing
            }
        return ClinicalDocument(kind: kind, text: text)
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
