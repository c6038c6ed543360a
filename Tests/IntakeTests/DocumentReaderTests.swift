// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

@Suite("Reading documents")
struct DocumentReaderTests {
    private func read(
        _ text: String, as name: String, limits: IntakeLimits = IntakeLimits()
    ) throws(IntakeError) -> [ClinicalDocument] {
        try DocumentReader(limits: limits).documents(
            in: Data(text.utf8), fileName: name, kind: .nursing)
    }

    @Test(
        "a text file is one document as it stands",
        arguments: ["note.txt", "note", "NOTE.TXT", ".", "\u{FFFD}é.text", "jsonl"])
    func textFile(name: String) throws {
        let text = "\u{FEFF}S）眠れない。\r\nO）体温３６．５\r\n\n"
        #expect(
            try read(text, as: name) == [
                ClinicalDocument(kind: .nursing, text: "S）眠れない。\r\nO）体温３６．５\r\n\n")
            ])
    }

    @Test("a file of JSON lines gives a document a line")
    func jsonLines() throws {
        let file = """
            {"id":"a-1","text":"咳あり\\n熱なし","patient_id":"0001","authored_at":"2026-01-02"}\r
              \t\r

            {"text":"右肺に腫瘤\u{2028}を認める","kind":"radiology","id":null,"unknown":[1,{"a":2}]}
            """
        #expect(
            try read(file, as: "batch.JSONL") == [
                ClinicalDocument(
                    kind: .nursing, text: "咳あり\n熱なし", externalIdentifier: "a-1",
                    patientIdentifier: "0001", authoredAt: "2026-01-02"),
                ClinicalDocument(kind: .radiology, text: "右肺に腫瘤\u{2028}を認める"),
            ])
    }

    @Test("JSON lines may come in any encoding")
    func jsonLinesInWindows31J() throws {
        let bytes = try #require(encoded("{\"text\":\"表示、ソフト食\"}\n", in: "CP932"))
        let documents = try DocumentReader().documents(
            in: Data(bytes), fileName: "a.ndjson", kind: .caseReport)
        #expect(documents.map(\.text) == ["表示、ソフト食"])
        #expect(documents.map(\.encoding) == ["Windows-31J"])
    }

    @Test(
        "one bad line fails the whole file and is named",
        arguments: [
            ("{\"text\":\"咳\"", .malformedJSON(line: 2)),
            ("[1]", .malformedJSON(line: 2)),
            ("\"咳\"", .malformedJSON(line: 2)),
            ("{\"text\":\"\\ud800\"}", .malformedJSON(line: 2)),
            ("{\"id\":\"1\"}", .missingField(line: 2, field: "text")),
            ("{\"text\":null}", .missingField(line: 2, field: "text")),
            ("{\"text\":1}", .wrongType(line: 2, field: "text")),
            ("{\"text\":[\"咳\"]}", .wrongType(line: 2, field: "text")),
            ("{\"text\":\"咳\",\"id\":7}", .wrongType(line: 2, field: "id")),
            ("{\"text\":\"咳\",\"patient_id\":{}}", .wrongType(line: 2, field: "patient_id")),
            ("{\"text\":\"咳\",\"authored_at\":true}", .wrongType(line: 2, field: "authored_at")),
            ("{\"text\":\"咳\",\"kind\":\"letter\"}", .unknownKind(line: 2)),
            ("{\"text\":\" \\n　\"}", .emptyText(line: 2)),
            ("{\"text\":\"a\\u0000b\"}", .nulCharacter(line: 2, field: "text")),
        ] as [(String, IntakeError)])
    func badLine(line: String, expected: IntakeError) {
        let file = "{\"text\":\"熱\"}\n\(line)\n{\"text\":\"痰\"}\n"
        #expect(throws: expected) { try read(file, as: "a.jsonl") }
    }

    @Test("deeply nested JSON is refused, not followed")
    func deepNesting() {
        let depth = 100_000
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(throws: IntakeError.malformedJSON(line: 1)) {
            try read("{\"text\":\"咳\",\"x\":\(nested)}", as: "a.jsonl")
        }
    }

    @Test(
        "a file without content is empty", arguments: ["", " \n\r\n　\t", "\u{FEFF}", "\u{FEFF}\n"])
    func empty(content: String) {
        for name in ["a.txt", "a.jsonl"] {
            #expect(throws: IntakeError.emptyFile) { try read(content, as: name) }
        }
    }

    @Test("what exceeds a limit is refused with both numbers")
    func limits() {
        let limits = IntakeLimits(
            maximumBytes: 60, maximumDocumentScalars: 5, maximumJSONLineBytes: 30)
        #expect(throws: IntakeError.fileTooLarge(bytes: 61, limit: 60)) {
            try read(String(repeating: "a", count: 61), as: "a.txt", limits: limits)
        }
        #expect(throws: IntakeError.documentTooLong(line: nil, scalars: 6, limit: 5)) {
            try read("発熱と咳嗽", as: "a.txt", limits: limits) + read("発熱と頭痛有", as: "a", limits: limits)
        }
        #expect(throws: IntakeError.documentTooLong(line: 1, scalars: 6, limit: 5)) {
            try read("{\"text\":\"abcdef\"}", as: "a.jsonl", limits: limits)
        }
        #expect(throws: IntakeError.lineTooLong(line: 2, bytes: 31, limit: 30)) {
            try read(
                "\n{\"text\":\"a\"}" + String(repeating: " ", count: 19), as: "a.jsonl",
                limits: limits)
        }
    }

    @Test("an explanation names the place and no text of the document")
    func explanations() {
        #expect(
            IntakeError.undecodable(encoding: .windows31J, byteOffset: 7).explanation
                == "the file looks like Windows-31J, which byte 7 is not valid in")
        #expect(
            IntakeError.wrongType(line: 3, field: "id").explanation
                == "line 3: the field \"id\" must be a string")
        do {
            _ = try read("{\"text\":\"山田花子\",\"kind\":\"山田花子\"}", as: "a.jsonl")
            Issue.record("an unknown kind was read")
        } catch {
            #expect(!error.explanation.contains("山田花子") && !"\(error)".contains("山田花子"))
        }
    }
}
