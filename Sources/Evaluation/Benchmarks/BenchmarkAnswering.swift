// SPDX-License-Identifier: Apache-2.0
package import Corpora
import DurableFiles
import Foundation

/// Who answers the rows of a benchmark.
package enum BenchmarkAnswering {
    /// The heads of a bundle.
    case heads(JMEDBenchmark)
    /// A language model in writing.
    case written(Questioning, AnswerMode)

    /// How a task is answered; nil for heads.
    package func mode(of task: BenchmarkTask) -> AnswerMode? {
        guard case .written(_, let mode) = self else { return nil }
        return mode == .choices && !task.isChoice ? .bound : mode
    }

    /// Answers the rows of a table, and tells of each; says if the model cannot.
    package func answer(
        _ table: BenchmarkTable, tell: (BenchmarkPrediction) throws -> Void
    ) throws -> JMEDBenchmark.Missing? {
        switch self {
        case .heads(let benchmark):
            switch try benchmark.answer(table) {
            case .missing(let reason): return reason
            case .answered(let answers):
                for (row, answer) in zip(table.rows, answers) {
                    try tell(table.prediction(for: row, answer))
                }
            }
        case .written(let questioning, _):
            let questions = table.rows.map { table.written($0) }
            try questioning.answer(questions) { index, answer in
                let row = table.rows[index]
                var prediction: BenchmarkPrediction
                switch answer.content {
                case .options(let numbers):
                    let letters = numbers.map { questions[index].letters[$0] }
                    prediction = table.prediction(
                        for: row, .letter(letters.joined(separator: ",")))
                case .strings(let strings):
                    prediction = table.prediction(for: row, .strings(strings))
                case .none(let fault):
                    prediction = table.prediction(for: row, nil)
                    prediction.fault = fault
                }
                prediction.text = answer.text
                prediction.isCut = answer.isCut ? true : nil
                try tell(prediction)
            }
        }
        return nil
    }
}

extension BenchmarkTable {
    /// A row as it is put to a model in writing: as rows are learnt from.
    func written(_ row: Row) -> WrittenQuestion {
        let text = BenchmarkPrompt.text(question: row.question, options: row.options)
        guard task.isChoice else {
            return WrittenQuestion(text: text, document: row.parsed.document)
        }
        return WrittenQuestion(
            text: text, letters: Array(BenchmarkPrompt.letters.prefix(row.options.count)),
            options: row.options)
    }

    /// A prediction with what it is about.
    func prediction(
        for row: Row, _ answer: BenchmarkPrediction.Answer?
    ) -> BenchmarkPrediction {
        var prediction = BenchmarkPrediction(task: task, row: row.number, prediction: answer)
        prediction.answer = .init(row.answer)
        prediction.question = Self.digest(of: row)
        prediction.document = ContentDigest.short(of: row.parsed.document)
        prediction.tag = row.parsed.tag
        return prediction
    }

    /// A digest of a row's question, options and answer.
    package static func digest(of row: Row) -> String {
        ContentDigest.short(
            of: ([row.question] + row.options + [BenchmarkPrompt.answer(row.answer)])
                .joined(separator: "\u{0}"))
    }

    /// The figures of answers to all rows, by the rows' numbers; a row without one was not answered.
    package func score(_ predictions: [Int: BenchmarkPrediction]) -> BenchmarkScore {
        BenchmarkScore(
            task,
            rows: rows.map { row in
                let found = predictions[row.number]
                var scored = BenchmarkScore.Row(
                    gold: .init(row.answer), prediction: found?.prediction,
                    group: row.parsed.document)
                scored.fault = found?.fault
                scored.isCut = found?.isCut ?? false
                scored.document = row.parsed.document
                scored.tag = row.parsed.tag
                return scored
            })
    }
}

extension ContentDigest {
    /// The first 16 digits of a text's digest.
    static func short(of text: String) -> String {
        String(ContentDigest(of: Data(text.utf8)).hexadecimal.prefix(16))
    }
}
