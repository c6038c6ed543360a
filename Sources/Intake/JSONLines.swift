// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// The documents of a text with one JSON object a line.
///
/// Fields: `text` (required); `id`, `kind`, `patient_id`, `authored_at` (optional, null counts as
/// absent, and so do an empty `id` and `patient_id`). All are strings, `id` and `patient_id` may be numbers, too. Other fields mean nothing, but have
/// to be JSON (RFC 8259), and no name may stand twice in an object, since other readers take the last.
/// Lines of white space are passed over. A line with `withdraw`, the key of a document of any format, takes
/// that document back; it has no `text`.
struct JSONLines: Sequence {
    let text: String
    let limits: IntakeLimits
    let defaultKind: DocumentKind
    let encoding: TextEncoding
    /// Lines before the first of `text`.
    var linesBefore = 0
    /// Lines of `text` that could not be decoded, counted from 1.
    var faults: [Int: DecodedText.LineFault] = [:]

    /// Whether a text has one object a line, as far as its first line that is not blank tells.
    ///
    /// A list, or an object over several lines, may hold lines that are objects, too, but is no such text.
    static func begin(_ text: String) -> Bool {
        let start = text.utf8.drop { $0 == 0x0A || isSpace($0) }
        let first = start.prefix { $0 != 0x0A }.trimmed { isSpace($0) }
        guard !first.isEmpty else { return true }
        guard first.first == UInt8(ascii: "{") else { return false }
        return TextSignature.isWholeJSON(Array(first)[...])
            || !TextSignature.isWholeJSON(Array(text.utf8)[...])
    }

    func makeIterator() -> AnyIterator<ReadDocument> {
        var number = linesBefore
        // In UTF-8 a line feed is no part of any other character. U+2028 may stand in a JSON string.
        let bytes = Array(text.utf8)
        var place = 0
        return AnyIterator {
            while place < bytes.count {
                let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
                let line = bytes[place..<end]
                place = end + 1
                number += 1
                if let fault = self.faults[number - self.linesBefore] {
                    return ReadDocument(
                        line: number, result: .failure(fault.error), object: fault.bytes)
                }
                if let entry = self.entry(in: line, line: number) { return entry }
            }
            return nil
        }
    }

    /// The document of one line, without its line feed; nil for a line of white space.
    private func entry(in line: ArraySlice<UInt8>, line number: Int) -> ReadDocument? {
        if line.allSatisfy(Self.isSpace) { return nil }
        let object = Array(line)
        do throws(IntakeError) {
            guard object.count <= limits.maximumJSONLineBytes else {
                throw .lineTooLong(
                    line: number, bytes: object.count, limit: limits.maximumJSONLineBytes)
            }
            return ReadDocument(
                line: number, result: .success(try document(in: object, line: number)),
                object: object)
        } catch {
            return ReadDocument(line: number, result: .failure(error), object: object)
        }
    }

    /// White space of JSON within a line, and the mark at the end of files from DOS.
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x1A
    }

    private func document(in json: [UInt8], line: Int) throws(IntakeError) -> ClinicalDocument {
        let fields = Fields(try members(of: json, line: line), line: line)
        if let key = try fields.text("withdraw") {
            return try withdrawal(of: key, fields, line: line)
        }
        guard let text = try fields.text("text") else {
            throw .missingField(line: line, field: "text")
        }
        guard DocumentReader.hasContent(text) else { throw .emptyText(line: line) }
        let length = text.scalarCount
        guard length <= limits.maximumDocumentScalars else {
            throw .documentTooLong(
                line: line, scalars: length, limit: limits.maximumDocumentScalars)
        }
        let kind = try kind(fields.text("kind"), line: line)
        let identifier = try fields.identifier("id")
        let patient = try fields.identifier("patient_id")
        var source = DocumentSource(format: .jsonLines)
        // Identifiers are those of one system and one patient, hardly ever of all.
        source.key = identifier.map { identifier in
            "jsonl:\(kind.rawValue):\(identifier)" + (patient.map { "^" + $0 } ?? "")
        }
        return ClinicalDocument(
            kind: kind, text: text, encoding: encoding.rawValue, externalIdentifier: identifier,
            patientIdentifier: patient, authoredAt: try fields.text("authored_at"), source: source)
    }

    private func withdrawal(
        of key: String, _ fields: Fields, line: Int
    ) throws(IntakeError) -> ClinicalDocument {
        guard DocumentReader.hasContent(key) else {
            throw .missingField(line: line, field: "withdraw")
        }
        guard try fields.text("text") == nil else { throw .withdrawalWithText(line: line) }
        var source = DocumentSource(format: .jsonLines)
        source.key = key
        source.status = .withdrawn
        return ClinicalDocument(
            kind: try kind(fields.text("kind"), line: line), text: "", encoding: encoding.rawValue,
            source: source)
    }

    private func kind(_ stated: String?, line: Int) throws(IntakeError) -> DocumentKind {
        guard let stated else { return defaultKind }
        guard let kind = DocumentKind(rawValue: stated) else { throw .unknownKind(line: line) }
        return kind
    }

    private func members(
        of json: [UInt8], line: Int
    ) throws(IntakeError) -> [JSONWrittenMember] {
        do throws(JSONSyntaxError) {
            if let members = try JSONWrittenMember.members(ofObject: json) { return members }
        } catch .duplicate(let name) {
            throw .repeatedField(line: line, field: name)
        } catch {}
        throw .malformedJSON(line: line)
    }
}

/// The fields of one line by their names.
private struct Fields {
    let members: [JSONWrittenMember]
    let line: Int

    init(_ members: [JSONWrittenMember], line: Int) {
        (self.members, self.line) = (members, line)
    }

    /// A field that is a string; nil where it is lacking or null.
    func text(_ name: String) throws(IntakeError) -> String? {
        switch self[name]?.value {
        case nil, .null: nil
        case .string(let text): try checked(text, name)
        default: throw .wrongType(line: line, field: name)
        }
    }

    /// A field that is a string or a number; of a number all that is written. An empty string names nothing,
    /// so that documents with it do not take each other's place.
    func identifier(_ name: String) throws(IntakeError) -> String? {
        guard let member = self[name] else { return nil }
        switch member.value {
        case .integer, .number: return member.written
        case .string, .null:
            return try text(name).flatMap { DocumentReader.hasContent($0) ? $0 : nil }
        default: throw .wrongIdentifierType(line: line, field: name)
        }
    }

    private subscript(name: String) -> JSONWrittenMember? {
        members.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    private func checked(_ text: String, _ name: String) throws(IntakeError) -> String {
        guard !text.hasByte(0) else { throw .nulCharacter(line: line, field: name) }
        return text
    }
}
