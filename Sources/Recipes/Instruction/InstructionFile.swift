// SPDX-License-Identifier: Apache-2.0
import Corpora
import DurableFiles
package import Foundation
import Intake
import JSONFiles
import RowFiles
import Tokenizers

/// A file of instruction data.
package struct InstructionFile: Hashable, Sendable {
    /// How its rows are written.
    package enum Format: String, Hashable, Sendable, CaseIterable {
        /// JMED-LLM: JSON lines with `question`, `options` and `answer`.
        case jmed = "jmed-llm"
        /// JSON lines with `messages`, or with `instruction`, `input` and `output`.
        case jsonLines = "jsonl"
        /// A table whose first line names the columns `instruction`, `input` and `output`.
        case csv
    }

    /// Path below the data directory, for errors.
    package let name: String
    /// How its rows are written.
    package let format: Format
    /// The task of its rows, where they do not say.
    package let task: String
    /// The system's message of rows without one, or nil.
    package let system: String?

    /// A file.
    package init(name: String, format: Format, task: String, system: String? = nil) {
        (self.name, self.format, self.task, self.system) = (name, format, task, system)
    }

    /// Largest file that is read, in bytes.
    static let byteLimit = 1 << 30

    /// The rows of the file's content, in any encoding that documents come in.
    ///
    /// Throws ``InstructionDataError`` naming every bad row, up to some, or
    /// ``RecipeError/undecodable(file:detail:)``.
    package func examples(_ encoded: Data) throws -> [InstructionExample] {
        let content: Data
        do throws(IntakeError) {
            content = try RowsText.utf8(encoded)
        } catch {
            throw RecipeError.undecodable(file: name, detail: error.explanation)
        }
        let rows: [(line: Int, row: InstructionRow)]
        var faults: [FaultyRow] = []
        switch format {
        case .csv: rows = try table(content, &faults)
        case .jmed, .jsonLines: rows = lines(content, &faults)
        }
        let examples = rows.compactMap { line, row -> InstructionExample? in
            do throws(InstructionFault) {
                return try row.example(of: self, line: line)
            } catch {
                faults.append(FaultyRow(file: name, line: line, fault: error))
                return nil
            }
        }
        guard faults.isEmpty else {
            throw InstructionDataError.of(faults.sorted { $0.line < $1.line })
        }
        guard !examples.isEmpty else { throw InstructionDataError.empty(file: name) }
        return examples
    }

    private func lines(
        _ content: Data, _ faults: inout [FaultyRow]
    ) -> [(line: Int, row: InstructionRow)] {
        var rows: [(Int, InstructionRow)] = []
        let decoder = JSONDecoder()
        for line in NumberedLines(content) {
            if let field = JSONWrittenMember.repeatedName(inObject: Array(line.bytes)) {
                faults.append(
                    FaultyRow(file: name, line: line.number, fault: .repeated(field: field)))
                continue
            }
            do {
                rows.append(
                    (line.number, try decoder.decode(InstructionRow.self, from: line.bytes)))
            } catch {
                let fault = (error as? DecodingError).map { InstructionFault($0) } ?? .notJSON
                faults.append(FaultyRow(file: name, line: line.number, fault: fault))
            }
        }
        return rows
    }

    private func table(
        _ content: Data, _ faults: inout [FaultyRow]
    ) throws -> [(line: Int, row: InstructionRow)] {
        var records: [SeparatedValues.Row]
        do throws(SeparatedValues.Malformed) {
            // Excel's text in UTF-16 has tabs.
            var table = SeparatedValues(String(decoding: content, as: UTF8.self))
            records = try table.rows()
        } catch {
            throw InstructionDataError.table(file: name, line: error.line)
        }
        guard !records.isEmpty else { throw InstructionDataError.empty(file: name) }
        let heading = records.removeFirst()
        let columns = heading.fields
        if let column = RowsText.repeated(in: columns) {
            throw InstructionDataError.repeatedColumn(
                file: name, line: heading.line, column: column)
        }
        for column in ["instruction", "output"] where !columns.contains(column) {
            throw InstructionDataError.column(file: name, column: column)
        }
        return records.compactMap { record in
            guard record.fields.count == columns.count else {
                faults.append(
                    FaultyRow(
                        file: name, line: record.line,
                        fault: .fieldCount(expected: columns.count, found: record.fields.count)))
                return nil
            }
            let fields = Dictionary(zip(columns, record.fields), uniquingKeysWith: { $1 })
            return (record.line, InstructionRow(fields))
        }
    }
}

/// A row as it is written, with any of the fields of the formats.
struct InstructionRow: Decodable {
    private struct Message: Decodable {
        let role: String
        let content: String
    }

    private enum Answer: Decodable {
        case text(String)
        case texts([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .texts(try container.decode([String].self))
            }
        }
    }

    private var messages: [Message]?
    private var instruction: String?
    private var input: String?
    private var output: String?
    private var system: String?
    private var task: String?
    private var document: String?
    private var question: String?
    private var options: [String]?
    private var answer: Answer?
    private var group: Group?
    private var documentIdentifier: String?

    /// A cluster's name or number.
    private enum Group: Decodable {
        case name(String)
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .name(String(number))
            } else {
                self = .name(try container.decode(String.self))
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case messages, instruction, input, output, system, task, document, question, options
        case answer, group
        case documentIdentifier = "doc_id"
    }

    /// The row of a table.
    init(_ fields: [String: String]) {
        func field(_ name: String) -> String? {
            fields[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        (instruction, input) = (field("instruction"), field("input"))
        (output, system) = (field("output"), field("system"))
        (task, document) = (field("task"), field("document"))
    }

    func example(of file: InstructionFile, line: Int) throws(InstructionFault) -> InstructionExample
    {
        let messages = try messages(file.format)
        var all = messages
        if let system = file.system, all.first?.role != .system {
            all.insert(ChatMessage(role: .system, content: system), at: 0)
        }
        return InstructionExample(
            messages: all, task: task ?? file.task, document: documentName(messages), line: line)
    }

    private func messages(_ format: InstructionFile.Format) throws(InstructionFault)
        -> [ChatMessage]
    {
        if format == .jmed { return try benchmarkMessages() }
        guard let messages else { return try turns() }
        return try chat(messages)
    }

    /// What stands for the document: its name, or a digest of the text that is asked about.
    private func documentName(_ messages: [ChatMessage]) -> String {
        if case .name(let group)? = group { return "group \(group)" }
        if let name = document ?? documentIdentifier { return "document \(name)" }
        let asked = input ?? messages.first { $0.role == .user }?.content ?? ""
        return ContentDigest(of: Data(asked.utf8)).hexadecimal
    }

    private func turns() throws(InstructionFault) -> [ChatMessage] {
        let instruction = try filled("instruction", instruction)
        let answer = try filled("output", output)
        let asked = input.map { $0.isEmpty ? instruction : "\(instruction)\n\($0)" } ?? instruction
        return (system.map { [ChatMessage(role: .system, content: $0)] } ?? []) + [
            ChatMessage(role: .user, content: asked),
            ChatMessage(role: .assistant, content: answer),
        ]
    }

    private func chat(_ messages: [Message]) throws(InstructionFault) -> [ChatMessage] {
        var result: [ChatMessage] = []
        for message in messages {
            guard let role = ChatMessage.Role(rawValue: message.role) else {
                throw .role
            }
            guard !message.content.isEmpty else { throw .missing("content") }
            result.append(ChatMessage(role: role, content: message.content))
        }
        guard result.last?.role == .assistant else { throw .noAnswer }
        return result
    }

    /// A question with lettered options and a letter, or with strings of the document, a line each.
    private func benchmarkMessages() throws(InstructionFault) -> [ChatMessage] {
        let options = options ?? []
        let asked = BenchmarkPrompt.text(
            question: try filled("question", question), options: options)
        let answered: String
        switch answer {
        case .text(let text):
            guard options.isEmpty || BenchmarkPrompt.letters.prefix(options.count).contains(text)
            else { throw .answerOutOfOptions }
            answered = text
        case .texts(let texts): answered = BenchmarkPrompt.answer(.strings(texts))
        case nil: throw .missing("answer")
        }
        return [
            ChatMessage(role: .user, content: asked),
            ChatMessage(role: .assistant, content: try filled("answer", answered)),
        ]
    }

    private func filled(_ name: String, _ text: String?) throws(InstructionFault) -> String {
        guard let text, !text.isEmpty else { throw .missing(name) }
        return text
    }
}

extension InstructionFault {
    /// What a decoder's error says, without the text.
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, _): self = .missing(key.stringValue)
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let path = context.codingPath.filter { $0.intValue == nil }
            self = path.isEmpty ? .notJSON : .type(path.map(\.stringValue).joined(separator: "."))
        default: self = .notJSON
        }
    }
}
