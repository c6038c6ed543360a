// SPDX-License-Identifier: Apache-2.0
package import Foundation
import RowFiles

/// Reads examination questions: JSON lines, or a table whose first line names its columns.
///
/// Fields are `question` (or `problem_text`); `choices` or `options`, a list of texts or an object of letters, in a
/// table a JSON list, or columns `optionA`, `optionB`, … or `A`, `B`, …; `answer` (or `answers`, `answer_idx`), a
/// letter, several with commas or as a list, a choice's text, `a or d` where either will do, or what is to be found
/// where there are no choices. Besides `id` (or `problem_id`), `group` (or `year`, `subject`, `tag`), `points` and
/// `text_only`. Others are ignored.
package enum ExaminationFile {
    /// The questions of a file; those without a group get `group`.
    ///
    /// Throws `CorpusError` naming file and row.
    package static func read(_ file: URL, group: String = "") throws -> [ExaminationQuestion] {
        guard let data = try? Data(contentsOf: file) else {
            throw CorpusError.unreadable(file: file.path)
        }
        var questions: [ExaminationQuestion] = []
        func add(_ row: Fields, _ line: Int) throws {
            guard let question = row.question(line: line, group: group) else {
                throw CorpusError.malformedRow(file: file.path, line: line)
            }
            guard question.isGivenAway || !question.right.isEmpty || !question.rightTexts.isEmpty
            else { throw CorpusError.labelOutOfSet(file: file.path, line: line) }
            questions.append(question)
        }
        if file.pathExtension.lowercased() == "jsonl" {
            let decoder = JSONDecoder()
            for line in NumberedLines(data) {
                guard let row = try? decoder.decode(Fields.self, from: line.bytes) else {
                    throw CorpusError.malformedRow(file: file.path, line: line.number)
                }
                try add(row, line.number)
            }
        } else {
            guard let text = String(data: data, encoding: .utf8) else {
                throw CorpusError.unreadable(file: file.path)
            }
            let records: [SeparatedValues.Row]
            do throws(SeparatedValues.Malformed) {
                var table = SeparatedValues(text)
                records = try table.rows()
            } catch {
                throw CorpusError.malformedRow(file: file.path, line: error.line)
            }
            let heading = records.first?.fields ?? []
            for column in ["question", "answer"] where !heading.contains(column) {
                throw CorpusError.missingColumn(file: file.path, column: column)
            }
            for record in records.dropFirst() {
                guard record.fields.count == heading.count else {
                    throw CorpusError.malformedRow(file: file.path, line: record.line)
                }
                try add(
                    Fields(Dictionary(zip(heading, record.fields), uniquingKeysWith: { $1 })),
                    record.line)
            }
        }
        return questions
    }

    /// A row as files hold it.
    private struct Fields: Decodable {
        private var question: String?
        private var choices: [String] = []
        private var answers: [String] = []
        private var id: String?
        private var group: String?
        private var points: Int?
        private var isTextOnly = true

        /// A value that may be a text or a number.
        private struct Text: Decodable {
            let value: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    value = text
                } else if let whole = try? container.decode(Int.self) {
                    value = String(whole)
                } else {
                    value = String(try container.decode(Double.self))
                }
            }
        }

        private struct Key: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            func first<Value: Decodable>(_ names: String..., as type: Value.Type) throws -> Value? {
                for name in names {
                    let key = Key(stringValue: name)
                    if let value = try fields.decodeIfPresent(Value.self, forKey: key) {
                        return value
                    }
                }
                return nil
            }
            question = try first("question", "problem_text", as: String.self)
            for name in ["choices", "options"] {
                let key = Key(stringValue: name)
                guard fields.contains(key) else { continue }
                if let list = try? fields.decode([String].self, forKey: key) {
                    choices = list
                } else {
                    let named = try fields.decode([String: String].self, forKey: key)
                    choices = named.sorted { $0.key < $1.key }.map(\.value)
                }
            }
            for name in ["answer_idx", "answer", "answers"] {
                let key = Key(stringValue: name)
                guard answers.isEmpty, fields.contains(key) else { continue }
                if let list = try? fields.decode([Text].self, forKey: key) {
                    answers = list.map(\.value)
                } else {
                    answers = [try fields.decode(Text.self, forKey: key).value]
                }
            }
            id = try first("id", "problem_id", as: Text.self)?.value
            group = try first("group", "year", "subject", "tag", as: Text.self)?.value
            if let text = try first("points", as: Text.self)?.value {
                guard let number = Double(text), number >= 0, number == number.rounded() else {
                    throw DecodingError.dataCorrupted(
                        .init(codingPath: [], debugDescription: "points"))
                }
                points = Int(number)
            }
            isTextOnly = try first("text_only", as: Bool.self) ?? true
        }

        /// A record of a table.
        init(_ fields: [String: String]) {
            func field(_ name: String) -> String? {
                fields[name].flatMap { $0.isEmpty ? nil : $0 }
            }
            question = field("question")
            if let list = field("choices") ?? field("options") {
                choices = PythonListLiteral.strings(list) ?? []
            } else {
                for letter in BenchmarkPrompt.letters {
                    guard let text = field("option" + letter) ?? field(letter) else { break }
                    choices.append(text)
                }
            }
            answers = field("answer").map { [$0] } ?? []
            id = field("id")
            group = field("group") ?? field("year") ?? field("subject") ?? field("tag")
            points = field("points").flatMap { Int($0) }
            isTextOnly = field("text_only")?.lowercased() != "false"
        }

        /// The question; nil where it asks nothing.
        func question(line: Int, group standard: String) -> ExaminationQuestion? {
            guard let question, !question.isEmpty, choices.count <= BenchmarkPrompt.letters.count,
                choices.count != 1
            else { return nil }
            let id = id ?? String(line)
            // The benchmark's own rules: everyone was given the points of 116A71, and 112B30 has two answers.
            let alternatives =
                id == "112B30"
                ? [["a"], ["d"]]
                : answers.count == 1
                    ? answers[0].components(separatedBy: " or ").map { Self.parts($0, choices) }
                    : [answers]
            let right = alternatives.compactMap { Self.numbers(of: $0, among: choices) }
            return ExaminationQuestion(
                id: id, group: group ?? standard, question: question, choices: choices,
                right: choices.isEmpty || right.count < alternatives.count ? [] : right,
                rightTexts: choices.isEmpty ? answers.filter { !$0.isEmpty } : [],
                points: points ?? 1, needsImage: !isTextOnly, isGivenAway: id == "116A71")
        }

        /// The parts of an answer that names several choices; a choice's text is one, whatever is in it.
        private static func parts(_ answer: String, _ choices: [String]) -> [String] {
            choices.contains(answer) ? [answer] : answer.split(separator: ",").map(String.init)
        }

        /// The numbers of choices by letter or text; nil where one is no choice.
        private static func numbers(of answers: [String], among choices: [String]) -> [Int]? {
            var numbers: Set<Int> = []
            for answer in answers {
                let word = answer.trimmingCharacters(in: .whitespaces)
                let letter = BenchmarkPrompt.letters.prefix(choices.count)
                    .firstIndex(of: word.uppercased())
                guard let number = letter ?? choices.firstIndex(of: word) else { return nil }
                numbers.insert(number)
            }
            return numbers.isEmpty ? nil : numbers.sorted()
        }
    }
}
