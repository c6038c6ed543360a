// SPDX-License-Identifier: Apache-2.0
package import Foundation
import RowFiles

/// One official file of JMED-LLM: questions with options and answers, in the file's order.
package struct BenchmarkTable: Sendable {
    /// One row.
    package struct Row: Sendable {
        /// Number of the row, from 0, the heading not counted.
        package let number: Int
        /// The official wording with the document inside.
        package let question: String
        /// What it asks.
        package let parsed: BenchmarkQuestion
        /// Texts of the options that the row has, A first; empty for entity tasks.
        package let options: [String]
        /// The right answer.
        package let answer: BenchmarkRow.Answer
    }

    /// The task.
    package let task: BenchmarkTask
    /// The rows.
    package let rows: [Row]

    /// Reads `TASK.csv` with a heading that names `question`, `answer` and, for choices,
    /// `optionA` … `optionF`; other columns are ignored.
    ///
    /// Throws `CorpusError.unreadable` for bytes that cannot be read or are not UTF-8,
    /// `missingColumn`, and `malformedRow` with the record's number (the heading is 1).
    package static func read(_ task: BenchmarkTask, from file: URL) throws(CorpusError)
        -> BenchmarkTable
    {
        guard let data = try? Data(contentsOf: file), let text = String(data: data, encoding: .utf8)
        else { throw .unreadable(file: file.path) }
        let records: [[String]]
        do throws(SeparatedValues.Malformed) {
            var table = SeparatedValues(text, separator: .comma)
            records = try table.rows().map(\.fields)
        } catch {
            throw .malformedRow(file: file.path, line: error.line)
        }
        return try BenchmarkTable(task: task, records: records, name: file.path)
    }

    /// Reads the file of a task in a folder: `TASK.csv`, or `TASK.jsonl` with labelled rows; nil where there is
    /// neither. Throws as the readers of both.
    package static func read(_ task: BenchmarkTask, in folder: URL) throws -> BenchmarkTable? {
        let table = folder.appending(path: task.rawValue + ".csv")
        if FileManager.default.fileExists(atPath: table.path(percentEncoded: false)) {
            return try read(task, from: table)
        }
        let lines = folder.appending(path: task.rawValue + ".jsonl")
        guard FileManager.default.fileExists(atPath: lines.path(percentEncoded: false)) else {
            return nil
        }
        var rows: [Row] = []
        for (number, row) in try BenchmarkRow.read(lines).enumerated() {
            let isLetter = if case .letter = row.answer { true } else { false }
            guard isLetter == task.isChoice, row.options.count <= BenchmarkChoice.letters.count,
                let parsed = BenchmarkQuestion(task: task, question: row.question)
            else { throw CorpusError.malformedRow(file: lines.path, line: number + 1) }
            rows.append(
                Row(
                    number: number, question: row.question, parsed: parsed, options: row.options,
                    answer: row.answer))
        }
        return BenchmarkTable(task: task, rows: rows)
    }

    /// Some rows of a task.
    package init(task: BenchmarkTask, rows: [Row]) { (self.task, self.rows) = (task, rows) }

    /// A table from records, the heading first; `name` stands for the file in errors.
    package init(
        task: BenchmarkTask, records: [[String]], name: String
    ) throws(CorpusError) {
        self.task = task
        let heading = records.first ?? []
        func column(_ title: String) throws(CorpusError) -> Int {
            guard let index = heading.firstIndex(of: title) else {
                throw .missingColumn(file: name, column: title)
            }
            return index
        }
        let question = try column("question")
        let answer = try column("answer")
        var optionColumns: [Int] = []
        if task.isChoice {
            optionColumns = [try column("optionA"), try column("optionB")]
            for letter in ["C", "D", "E", "F"] {
                if let index = heading.firstIndex(of: "option" + letter) {
                    optionColumns.append(index)
                }
            }
        }
        var rows: [Row] = []
        for (number, record) in records.dropFirst().enumerated() {
            guard record.count == heading.count,
                let parsed = BenchmarkQuestion(task: task, question: record[question]),
                let right = Self.answer(record[answer], isChoice: task.isChoice)
            else { throw .malformedRow(file: name, line: number + 2) }
            rows.append(
                Row(
                    number: number, question: record[question], parsed: parsed,
                    options: optionColumns.map { record[$0] }.filter { !$0.isEmpty },
                    answer: right))
        }
        self.rows = rows
    }

    private static func answer(_ text: String, isChoice: Bool) -> BenchmarkRow.Answer? {
        if isChoice {
            let letter = text.trimmingCharacters(in: .whitespaces)
            return BenchmarkChoice.letters.contains(letter) ? .letter(letter) : nil
        }
        return PythonListLiteral.strings(text).map { .strings($0) }
    }
}

/// Letters of options and the classes they stand for.
package enum BenchmarkChoice {
    /// Option i has letter i.
    package static let letters = ["A", "B", "C", "D", "E", "F"]

    /// The number of a letter, from 0; nil if it is none.
    package static func index(of letter: String) -> Int? { letters.firstIndex(of: letter) }
}
