// SPDX-License-Identifier: Apache-2.0
package import Corpora

/// An answer to one row of a benchmark, as a line of the predictions file.
package struct BenchmarkPrediction: Sendable {
    /// A letter, or the strings of an entity task.
    package enum Answer: Hashable, Sendable {
        case letter(String)
        case strings([String])

        /// The right answer of a row.
        package init(_ answer: BenchmarkRow.Answer) {
            switch answer {
            case .letter(let letter): self = .letter(letter)
            case .strings(let strings): self = .strings(strings)
            }
        }
    }

    /// Why a row has no answer.
    package enum Fault: String, Codable, Hashable, Sendable {
        /// What the model wrote is no answer to the question.
        case unparsed
        /// The question does not fit the model's context.
        case tooLong = "too-long"
    }

    /// Name of the task.
    package let task: String
    /// Number of the row in the task's file, from 0.
    package let row: Int
    /// The answer; nil where there is none, which counts as wrong.
    package let prediction: Answer?
    /// Why there is none.
    package var fault: Fault?
    /// The right answer.
    package var answer: Answer?
    /// What the model wrote, where it was asked in writing.
    package var text: String?
    /// Whether the text was cut by the most new tokens.
    package var isCut: Bool?
    /// A digest of the question, its options and the right answer.
    package var question: String?
    /// What stands for the row's document: rows of one document are drawn together.
    package var document: String?
    /// The subtask.
    package var tag: String?
    /// What answered, and how it was asked.
    package var setting: [String: String]?

    /// An answer to row `row` of `task`.
    package init(task: BenchmarkTask, row: Int, prediction: Answer?) {
        self.init(task: task.rawValue, row: row, prediction: prediction)
    }

    /// An answer to row `row` of a task by its name.
    package init(task: String, row: Int, prediction: Answer?) {
        (self.task, self.row, self.prediction) = (task, row, prediction)
    }
}

extension BenchmarkPrediction: Codable {
    enum CodingKeys: String, CodingKey {
        case task, row, prediction, fault, answer, text, question, document, tag, setting
        case isCut = "cut"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        task = try fields.decode(String.self, forKey: .task)
        row = try fields.decode(Int.self, forKey: .row)
        prediction = try fields.decode(Answer?.self, forKey: .prediction)
        fault = try fields.decodeIfPresent(Fault.self, forKey: .fault)
        answer = try fields.decodeIfPresent(Answer.self, forKey: .answer)
        text = try fields.decodeIfPresent(String.self, forKey: .text)
        isCut = try fields.decodeIfPresent(Bool.self, forKey: .isCut)
        question = try fields.decodeIfPresent(String.self, forKey: .question)
        document = try fields.decodeIfPresent(String.self, forKey: .document)
        tag = try fields.decodeIfPresent(String.self, forKey: .tag)
        setting = try fields.decodeIfPresent([String: String].self, forKey: .setting)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(task, forKey: .task)
        try fields.encode(row, forKey: .row)
        // No answer is said, not left out.
        try fields.encode(prediction, forKey: .prediction)
        try fields.encodeIfPresent(fault, forKey: .fault)
        try fields.encodeIfPresent(answer, forKey: .answer)
        try fields.encodeIfPresent(text, forKey: .text)
        try fields.encodeIfPresent(isCut, forKey: .isCut)
        try fields.encodeIfPresent(question, forKey: .question)
        try fields.encodeIfPresent(document, forKey: .document)
        try fields.encodeIfPresent(tag, forKey: .tag)
        try fields.encodeIfPresent(setting, forKey: .setting)
    }
}

extension BenchmarkPrediction.Answer: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let letter = try? container.decode(String.self) {
            self = .letter(letter)
        } else {
            self = .strings(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .letter(let letter): try container.encode(letter)
        case .strings(let strings): try container.encode(strings)
        }
    }
}
