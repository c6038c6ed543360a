// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Corpora
import DurableFiles
package import Foundation
import Intake
import JSONFiles
import RowFiles

/// Reads labelled rows: an admin's own JSON Lines, or a table (`.csv`, `.tsv`, `.txt`) with commas or, where
/// its first line holds one, tabs. Files come in any encoding that documents come in.
///
/// Fields are `text`; `second` for pairs; `spans` (`[{"start", "end", "label"}]`, Unicode scalars, the
/// end not included) or `label` (a string, or a number for heads that give numbers); `annotated`, the
/// labels that were looked for where these are not all; `fold`. In CSV `spans` and `annotated` are JSON in
/// a field. Other fields are ignored.
package struct LabelledTextFile {
    /// Largest file that is read, in bytes.
    static let byteLimit = 2 << 30

    /// What rows must say.
    package enum Form: Hashable, Sendable {
        /// Labelled places.
        case spans
        /// A label of the whole, of one text or a pair.
        case label(isPair: Bool)
        /// A number, of one text or a pair.
        case number(isPair: Bool)
    }

    private let form: Form

    /// A reader of rows of a form.
    package init(_ form: Form) { self.form = form }

    /// The rows of a file; throws ``LabelledDataError`` naming file and line, or `FileError`.
    package func read(_ file: URL, name: String) throws -> [LabelledText] {
        let content = try DiskFiles().read(FilePath(file), maximumBytes: Self.byteLimit)
        let text: Data
        do throws(IntakeError) {
            text = try RowsText.utf8(content)
        } catch {
            throw LabelledDataError.unreadable(file: name, detail: error.explanation)
        }
        switch file.pathExtension.lowercased() {
        case "jsonl": return try lines(text, name)
        case "csv", "tsv", "txt": return try records(String(decoding: text, as: UTF8.self), name)
        default: throw LabelledDataError.unknownKind(file: name)
        }
    }

    private func lines(_ content: Data, _ name: String) throws -> [LabelledText] {
        var rows: [LabelledText] = []
        let decoder = JSONDecoder()
        for line in NumberedLines(content) {
            let place = RowPlace(file: name, line: line.number)
            if let name = JSONWrittenMember.repeatedName(inObject: Array(line.bytes)) {
                throw LabelledDataError.repeatedField(place, field: name)
            }
            do {
                rows.append(try row(decoder.decode(Fields.self, from: line.bytes), place))
            } catch DecodingError.typeMismatch(_, let context),
                DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(
                    _, let context)
            {
                guard let field = context.codingPath.first?.stringValue else {
                    throw LabelledDataError.malformed(place)
                }
                throw LabelledDataError.field(place, field: field)
            } catch is DecodingError {
                throw LabelledDataError.malformed(place)
            }
        }
        return rows
    }

    private func records(_ text: String, _ name: String) throws -> [LabelledText] {
        let records: [SeparatedValues.Row]
        do throws(SeparatedValues.Malformed) {
            // Excel's text in UTF-16 has tabs.
            var table = SeparatedValues(text)
            records = try table.rows()
        } catch {
            throw LabelledDataError.malformed(RowPlace(file: name, line: error.line))
        }
        let heading = records.first?.fields ?? []
        if let column = RowsText.repeated(in: heading) {
            throw LabelledDataError.repeatedColumn(
                RowPlace(file: name, line: records.first?.line ?? 1), column: column)
        }
        guard heading.contains("text") else {
            throw LabelledDataError.missingColumn(file: name, column: "text")
        }
        let needed = form == .spans ? "spans" : "label"
        guard heading.contains(needed) else {
            throw LabelledDataError.missingColumn(file: name, column: needed)
        }
        return try records.dropFirst().map { record in
            let place = RowPlace(file: name, line: record.line)
            guard record.fields.count == heading.count else {
                throw LabelledDataError.malformed(place)
            }
            func value(_ column: String) -> String? {
                heading.firstIndex(of: column).map { record.fields[$0] }
            }
            var fields = Fields(text: value("text"), second: value("second"))
            fields.fold = try value("fold").flatMap { text in
                guard !text.isEmpty else { return nil }
                guard let number = Int(text) else {
                    throw LabelledDataError.field(place, field: "fold")
                }
                return number
            }
            fields.label = value("label").map { text in
                Double(text).map { .init(text: text, number: $0) } ?? .init(text: text)
            }
            if let spans = value("spans") {
                let json = Data((spans.isEmpty ? "[]" : spans).utf8)
                guard let found = try? JSONDecoder().decode([Fields.Span].self, from: json) else {
                    throw LabelledDataError.field(place, field: "spans")
                }
                fields.spans = found
            }
            if let names = value("annotated"), !names.isEmpty {
                guard let found = try? JSONDecoder().decode([String].self, from: Data(names.utf8))
                else { throw LabelledDataError.field(place, field: "annotated") }
                fields.annotated = found
            }
            return try row(fields, place)
        }
    }

    private func row(_ fields: Fields, _ place: RowPlace) throws -> LabelledText {
        guard let text = fields.text, !text.isBlank else {
            throw LabelledDataError.field(place, field: "text")
        }
        var row = LabelledText(place: place, text: text, answer: .spans([]), fold: fields.fold)
        switch form {
        case .spans:
            guard let spans = fields.spans else {
                throw LabelledDataError.field(place, field: "spans")
            }
            row.answer = .spans(try Self.checked(spans, in: text, place))
            row.annotated = fields.annotated.map(Set.init)
        case .label(let isPair), .number(let isPair):
            if isPair {
                guard let second = fields.second, !second.isBlank else {
                    throw LabelledDataError.field(place, field: "second")
                }
                row.second = second
            }
            guard let label = fields.label else {
                throw LabelledDataError.field(place, field: "label")
            }
            if case .number = form {
                guard let number = label.number, number.isFinite else {
                    throw LabelledDataError.field(place, field: "label")
                }
                row.answer = .number(number)
            } else {
                row.answer = .label(label.text)
            }
        }
        return row
    }

    private static func checked(
        _ spans: [Fields.Span], in text: String, _ place: RowPlace
    ) throws -> [LabelledText.Span] {
        let count = text.unicodeScalars.count
        let found = try spans.map { span in
            guard span.start >= 0, span.start < span.end, span.end <= count else {
                throw LabelledDataError.field(place, field: "spans")
            }
            return LabelledText.Span(
                range: SourceRange(start: span.start, end: span.end), label: span.label)
        }.sorted { $0.range < $1.range }
        guard zip(found, found.dropFirst()).allSatisfy({ !$0.range.overlaps($1.range) }) else {
            throw LabelledDataError.overlappingSpans(place)
        }
        return found
    }

    /// A row as files hold it.
    private struct Fields: Decodable {
        struct Span: Decodable {
            let start: Int
            let end: Int
            let label: String
        }

        /// A label: a string, or a number.
        struct Label: Decodable {
            var text: String
            var number: Double?

            init(text: String, number: Double? = nil) { (self.text, self.number) = (text, number) }

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if let whole = try? value.decode(Int.self) {
                    self.init(text: String(whole), number: Double(whole))
                } else if let number = try? value.decode(Double.self) {
                    self.init(text: String(number), number: number)
                } else {
                    self.init(text: try value.decode(String.self))
                }
            }
        }

        var text: String?
        var second: String?
        var spans: [Span]?
        var label: Label?
        var annotated: [String]?
        var fold: Int?
    }
}

extension String {
    fileprivate var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
