// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation

/// The documents of a text with one JSON object a line.
///
/// Fields: `text` (required); `id`, `kind`, `patient_id`, `authored_at` (optional, null counts as
/// absent). All are strings; other fields are ignored, and so are lines of white space.
struct JSONLines: Sequence {
    let text: String
    let limits: IntakeLimits
    let defaultKind: DocumentKind
    let encoding: TextEncoding
    /// Lines before the first of `text`.
    var linesBefore = 0

    /// Whether a text has one object a line, as far as its first line that is not blank tells.
    ///
    /// A list, or an object over several lines, may hold lines that are objects, too, but is no such text.
    static func begin(_ text: String) -> Bool {
        let lines = text.utf8.split(separator: 0x0A).lazy.map { $0.trimmed { isSpace($0) } }
        guard let first = lines.first(where: { !$0.isEmpty }) else { return true }
        guard first.first == UInt8(ascii: "{") else { return false }
        return TextSignature.isWholeJSON(Array(first)[...])
            || !TextSignature.isWholeJSON(Array(text.utf8)[...])
    }

    func makeIterator() -> AnyIterator<ReadDocument> {
        var number = linesBefore
        // In UTF-8 a line feed is no part of any other character. U+2028 may stand in a JSON string.
        var rest = text.utf8[...]
        return AnyIterator {
            while !rest.isEmpty {
                let line = rest.prefix { $0 != 0x0A }
                rest = rest[line.endIndex...].dropFirst()
                number += 1
                if let entry = self.entry(in: line, line: number) { return entry }
            }
            return nil
        }
    }

    /// The document of one line, without its line feed; nil for a line of white space.
    private func entry(in line: Substring.UTF8View, line number: Int) -> ReadDocument? {
        if line.allSatisfy(Self.isSpace) { return nil }
        let object = Array(line)
        do throws(IntakeError) {
            guard object.count <= limits.maximumJSONLineBytes else {
                throw .lineTooLong(
                    line: number, bytes: object.count, limit: limits.maximumJSONLineBytes)
            }
            return ReadDocument(
                line: number, result: .success(try document(in: Data(object), line: number)),
                object: object)
        } catch {
            return ReadDocument(line: number, result: .failure(error), object: object)
        }
    }

    /// White space of JSON within a line, and the mark at the end of files from DOS.
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x1A
    }

    private func document(in json: Data, line: Int) throws(IntakeError) -> ClinicalDocument {
        let fields = try fields(of: json, line: line)
        guard let text = fields.text else { throw .missingField(line: line, field: "text") }
        guard DocumentReader.hasContent(text) else { throw .emptyText(line: line) }
        let length = text.unicodeScalars.count
        guard length <= limits.maximumDocumentScalars else {
            throw .documentTooLong(
                line: line, scalars: length, limit: limits.maximumDocumentScalars)
        }
        for (field, value) in fields.named where value?.utf8.contains(0) ?? false {
            throw .nulCharacter(line: line, field: field)
        }
        return ClinicalDocument(
            kind: try kind(fields.kind, line: line), text: text, encoding: encoding.rawValue,
            externalIdentifier: fields.id, patientIdentifier: fields.patient_id,
            authoredAt: fields.authored_at)
    }

    private func kind(_ stated: String?, line: Int) throws(IntakeError) -> DocumentKind {
        guard let stated else { return defaultKind }
        guard let kind = DocumentKind(rawValue: stated) else { throw .unknownKind(line: line) }
        return kind
    }

    private func fields(of json: Data, line: Int) throws(IntakeError) -> Fields {
        do {
            return try JSONDecoder().decode(Fields.self, from: json)
        } catch let DecodingError.typeMismatch(_, context) {
            guard let field = context.codingPath.first?.stringValue else {
                throw .malformedJSON(line: line)
            }
            throw .wrongType(line: line, field: field)
        } catch let DecodingError.valueNotFound(_, context) {
            guard let field = context.codingPath.first?.stringValue else {
                throw .malformedJSON(line: line)
            }
            throw .wrongType(line: line, field: field)
        } catch {
            throw .malformedJSON(line: line)
        }
    }

    /// The fields as they are called in the file.
    private struct Fields: Decodable {
        let id: String?
        let kind: String?
        let text: String?
        let patient_id: String?
        let authored_at: String?

        var named: [(field: String, value: String?)] {
            [
                ("id", id), ("text", text), ("patient_id", patient_id),
                ("authored_at", authored_at),
            ]
        }
    }
}
