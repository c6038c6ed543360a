import ClinicalTypes
import Foundation

/// The documents of a text with one JSON object a line.
///
/// Fields: `text` (required); `id`, `kind`, `patient_id`, `authored_at` (optional, null counts as
/// absent). All are strings; other fields are ignored, and so are lines of white space.
struct JSONLines {
    let limits: IntakeLimits
    let defaultKind: DocumentKind
    let encoding: TextEncoding

    func documents(in text: String) throws(IntakeError) -> [ClinicalDocument] {
        var result: [ClinicalDocument] = []
        var number = 0
        // In UTF-8 a line feed is no part of any other character. U+2028 may stand in a JSON string.
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x1A }) {
                continue
            }
            guard line.count <= limits.maximumJSONLineBytes else {
                throw .lineTooLong(
                    line: number, bytes: line.count, limit: limits.maximumJSONLineBytes)
            }
            result.append(try document(in: Data(line), line: number))
        }
        return result
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
