// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import DurableFiles
package import Foundation
import Intake
import JSONFiles
import RowFiles

/// A file of a site's own rows, as a recipe names it: JSON Lines, or a table (`.csv`, `.tsv`, `.txt`) whose first
/// line names the same fields, of which `spans`, `annotated`, `tnm` and `symptoms` are JSON.
///
/// A table may have the columns `t`, `n` and `m` instead of `tnm`. Files come in any encoding that documents
/// come in.
package struct OwnRowsFile: Hashable, Sendable {
    /// Largest file that is read, in bytes.
    private static let byteLimit = 2 << 30
    private static let structured: Set = ["spans", "annotated", "tnm", "symptoms"]
    private static let numbers: Set = ["fold", "level", "similarity"]
    private static let axes = ["t", "n", "m"]

    /// Path below the data directory.
    package var file: String
    /// The licence, as whoever gives the rows states it.
    package var licence: String
    /// What the rows are read for; nil for all that they say something of.
    package var tasks: Set<OwnRowTask>?
    /// The kind of rows that say none.
    package var kind: DocumentKind?

    /// A file.
    package init(
        file: String, licence: String, tasks: Set<OwnRowTask>? = nil, kind: DocumentKind? = nil
    ) {
        (self.file, self.licence, self.tasks, self.kind) = (file, licence, tasks, kind)
    }

    /// Whether the rows are read for a task.
    func isFor(_ task: OwnRowTask) -> Bool { tasks?.contains(task) ?? true }

    /// The rows below a data directory. Throws ``OwnRowsError`` naming each line that cannot be used, or `FileError`.
    package func read(below data: URL) throws -> [OwnRow] {
        let path = data.appending(path: file)
        let content = try DiskFiles().read(FilePath(path), maximumBytes: Self.byteLimit)
        let text: Data
        do throws(IntakeError) {
            text = try RowsText.utf8(content)
        } catch {
            throw OwnRowsError.unreadable(file: file, detail: error.explanation)
        }
        var fields: [(line: Int, field: Result<OwnRowField, OwnRowFault>)]
        switch path.pathExtension.lowercased() {
        case "jsonl":
            fields = NumberedLines(text).map { line in
                (
                    line.number,
                    Result { () throws(OwnRowFault) in
                        try OwnRowField(parsing: Array(line.bytes), namesOnce: true, file: file)
                    }
                )
            }
        case "csv", "tsv", "txt":
            fields = try records(String(decoding: text, as: UTF8.self))
        default: throw OwnRowsError.unknownKind(file: file)
        }
        var rows: [OwnRow] = []
        var faults: [OwnRowsError.Row] = []
        for (line, field) in fields {
            do throws(OwnRowFault) {
                rows.append(try OwnRow(field.get(), line: line, kind: kind))
            } catch {
                faults.append(OwnRowsError.Row(line: line, fault: error))
            }
        }
        guard faults.isEmpty else {
            throw OwnRowsError.rows(
                file: file, Array(faults.prefix(OwnRowsError.mostNamed)), count: faults.count)
        }
        for task in OwnRowTask.allCases where tasks?.contains(task) == true {
            guard rows.contains(where: { $0.serves(task) }) else {
                throw OwnRowsError.nothing(file: file, task: task)
            }
        }
        return rows
    }

    private func records(
        _ text: String
    ) throws -> [(line: Int, field: Result<OwnRowField, OwnRowFault>)] {
        let records: [SeparatedValues.Row]
        do throws(SeparatedValues.Malformed) {
            var table = SeparatedValues(text)
            records = try table.rows()
        } catch {
            throw OwnRowsError.table(file: file, line: error.line)
        }
        let heading = records.first?.fields ?? []
        let known = OwnRow.names + Self.axes
        if let column = RowsText.repeated(in: heading) {
            throw OwnRowsError.repeatedColumn(
                file: file, line: records.first?.line ?? 1, column: column)
        }
        guard heading.contains("text") else {
            throw OwnRowsError.column(file: file, column: "text", known: [])
        }
        if let stranger = heading.first(where: { !(known + OwnRow.notes).contains($0) }) {
            throw OwnRowsError.column(file: file, column: stranger, known: known)
        }
        return records.dropFirst().map { record in
            (
                record.line,
                Result { () throws(OwnRowFault) in try self.row(record.fields, heading) }
            )
        }
    }

    /// A line of a table as the object that a line of JSON would be; empty fields are left out.
    private func row(
        _ fields: [String], _ heading: [String]
    ) throws(OwnRowFault) -> OwnRowField {
        guard fields.count == heading.count else {
            throw .fieldCount(found: fields.count, expected: heading.count)
        }
        var members: [JSONValue.Member] = []
        var stage: [JSONValue.Member] = []
        for (name, text) in zip(heading, fields) where !text.isEmpty {
            var value = JSONValue.string(text)
            if Self.structured.contains(name) {
                guard let parsed = try? JSONValue(parsing: Array(text.utf8), namesOnce: true)
                else { throw .type(field: name) }
                value = parsed
            } else if Self.numbers.contains(name) {
                guard let number = Int(text) else { throw .type(field: name) }
                value = .integer(number)
            }
            if Self.axes.contains(name) {
                stage.append(.init(name: name, value: value))
            } else {
                members.append(.init(name: name, value: value))
            }
        }
        if !stage.isEmpty { members.append(.init(name: "tnm", value: .object(stage))) }
        return OwnRowField(value: .object(members), file: file)
    }
}
