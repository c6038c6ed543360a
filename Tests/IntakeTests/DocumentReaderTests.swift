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
        let unnamed = DocumentSource(format: .jsonLines)
        var named = unnamed
        named.key = "jsonl:nursing:a-1^0001"
        #expect(
            try read(file, as: "batch.JSONL") == [
                ClinicalDocument(
                    kind: .nursing, text: "咳あり\n熱なし", externalIdentifier: "a-1",
                    patientIdentifier: "0001", authoredAt: "2026-01-02", source: named),
                ClinicalDocument(
                    kind: .radiology, text: "右肺に腫瘤\u{2028}を認める", source: unnamed),
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
            ("{\"text\":\"咳\",\"id\":[7]}", .wrongIdentifierType(line: 2, field: "id")),
            ("{\"text\":\"咳\",\"id\":true}", .wrongIdentifierType(line: 2, field: "id")),
            (
                "{\"text\":\"咳\",\"patient_id\":{}}",
                .wrongIdentifierType(line: 2, field: "patient_id")
            ),
            (
                "{\"text\":\"咳\",\"authored_at\":20260501}",
                .wrongType(line: 2, field: "authored_at")
            ),
            ("{\"text\":\"咳\",\"text\":\"咳\"}", .repeatedField(line: 2, field: "text")),
            (
                "{\"patient_id\":\"1\",\"text\":\"咳\",\"p\\u0061tient_id\":\"2\"}",
                .repeatedField(line: 2, field: "patient_id")
            ),
            ("{\"text\":\"咳\",\"x\":[{\"か\":1,\"か\":2}]}", .repeatedField(line: 2, field: "か")),
            ("{\"text\":\"咳\",\"id\":\"a\\u0000\"}", .nulCharacter(line: 2, field: "id")),
            ("{\"text\":\"咳\",\"authored_at\":true}", .wrongType(line: 2, field: "authored_at")),
            ("{\"text\":\"咳\",\"kind\":\"letter\"}", .unknownKind(line: 2)),
            ("{\"text\":\" \\n　\"}", .emptyText(line: 2)),
            ("{\"text\":\"a\\u0000b\"}", .nulCharacter(line: 2, field: "text")),
        ] as [(String, IntakeError)])
    func badLine(line: String, expected: IntakeError) {
        let file = "{\"text\":\"熱\"}\n\(line)\n{\"text\":\"痰\"}\n"
        #expect(throws: expected) { try read(file, as: "a.jsonl") }
    }

    @Test(
        "a number is taken as identifier with all that is written",
        arguments: ["12345", "0", "-7", "12345678901234567890123", "1.50", "1E+3"])
    func numbers(number: String) throws {
        let documents = try read(
            "{\"id\": \(number) ,\"patient_id\":\(number),\"text\":\"咳\"}", as: "a.jsonl")
        #expect(documents.map(\.externalIdentifier) == [number])
        #expect(documents.map(\.patientIdentifier) == [number])
    }

    @Test(
        "a field that nothing uses has to be JSON, too",
        arguments: [
            "01", "1.", ".5", "+1", "-", "0x1", "1e", "NaN", "Infinity", "1_0", "True", "nul",
            "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\"}", "'a'", "\"\t\"",
            "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "[\u{C}]", "1 /* a */", "1}{", "\"a", "[[]", "１",
        ])
    func strictness(value: String) {
        #expect(throws: IntakeError.malformedJSON(line: 1)) {
            try read("{\"text\":\"咳\",\"x\":\(value)}", as: "a.jsonl")
        }
    }

    @Test(
        "every form of JSON is read in a field that nothing uses",
        arguments: [
            "-0", "1.5e-10", "1E400", "\"\\ud83d\\ude00\\u0000\\/\"", "\"\u{FFFF}\"",
            "[ [ ] , { } ]",
            "{\"\":null,\"text\":{\"text\":[true,false]}}",
        ])
    func leniency(value: String) throws {
        #expect(
            try read("{ \"text\" : \"咳\" , \"x\" : \(value) }\t", as: "a.jsonl").map(\.text) == [
                "咳"
            ])
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
        "a file without content is empty",
        arguments: ["", "\u{1A}", "\r\n\u{1A}", " \n\r\n　\t", "\u{FEFF}", "\u{FEFF}\n"])
    func empty(content: String) {
        for name in ["a.txt", "a.jsonl"] {
            #expect(throws: IntakeError.emptyFile) { try read(content, as: name) }
        }
    }

    @Test("NUL bytes behind a text are left out and counted, and one within it is refused")
    func padding() throws {
        let reader = DocumentReader()
        let windows = try #require(encoded("右胸痛あり。", in: "CP932"))
        let wide = [0xFF, 0xFE] + (try #require(encoded("右胸痛あり。", in: "UTF-16LE")))
        let line = Array("{\"text\":\"右胸痛あり。\"}\n".utf8)
        for (bytes, name) in [(windows, "a.txt"), (wide, "a.txt"), (line, "a.jsonl")] {
            for count in [0, 2, 20, 5000] {
                let padded = bytes + [UInt8](repeating: 0, count: count)
                let contents = try reader.contents(
                    of: Data(padded), fileName: name, kind: .nursing)
                let texts = try contents.entries.map { try $0.result.get().text }
                #expect(texts == ["右胸痛あり。"] && contents.paddingBytes == count)
                var stream = DocumentStream(fileName: name, kind: .nursing)
                let entries = stream.take(padded) + stream.finish()
                #expect(try entries.map { try $0.result.get().text } == ["右胸痛あり。"])
            }
        }
        // The last byte of a text in UTF-16 is no padding.
        #expect(try read("\u{FEFF}a", as: "a.txt").map(\.text) == ["a"])
        let ascii = Data([0xFF, 0xFE, 0x61, 0x00])
        #expect(
            try reader.documents(in: ascii, fileName: "a", kind: .nursing).map(\.text) == ["a"])
        #expect(throws: IntakeError.emptyFile) { try read("\0\0\0", as: "a.txt") }
        #expect(throws: IntakeError.nulBytes(count: 1, line: 1, byteOffset: 1)) {
            try read("a\0b\0\0", as: "a.txt")
        }
    }

    @Test(
        "NUL bytes before a text and before line ends are padding, and those within a line are told"
    )
    func paddingOfLines() throws {
        func texts(_ content: String, _ name: String = "a.txt") throws -> ([String], Int) {
            let contents = try DocumentReader().contents(
                of: Data(content.utf8), fileName: name, kind: .nursing)
            return (try contents.entries.map { try $0.result.get().text }, contents.paddingBytes)
        }
        for (content, text, count) in [
            ("\0\0発熱", "発熱", 2), ("発熱\0\0\0\r\n", "発熱\r\n", 3),
            ("発熱\0\r\n\0\0\r\n咳\0\n\0", "発熱\r\n\r\n咳\n", 5),
        ] {
            let (found, bytes) = try texts(content)
            #expect(found == [text] && bytes == count)
        }
        #expect(try texts("\0\0{\"text\":\"咳\"}\n\0\r\n", "a.jsonl") == (["咳"], 3))
        #expect(throws: IntakeError.nulBytes(count: 3, line: 2, byteOffset: 9)) {
            try texts("\0発\0\n\n熱\0\0\0咳".replacing("\n\n", with: "\n"))
        }
        let reason = IntakeError.nulBytes(count: 3, line: 2, byteOffset: 7).explanation
        #expect(reason.hasPrefix("line 2: 3 NUL bytes stand within the text, the first at byte 7"))
        #expect(!reason.contains("UTF-16"))
        // Of records the line is at fault, and no other.
        let lines = "{\"text\":\"咳\"}\n\0\0\0\n{\"text\":\"痰\"}\0\n{\"text\":\"熱\"}\n\0"
        let records = Array(
            try DocumentReader().entries(
                in: Data(lines.utf8), fileName: "a.jsonl", kind: .nursing))
        #expect(records.documents.map(\.text) == ["咳", "熱"])
        #expect(records.faults == ["binary line 2", "binary line 3"])
        let table = "患者ID,本文\r\n1,咳\r\n2,痰\0\0\r\n3,熱\r\n\0\0"
        let rows = Array(
            try DocumentReader().entries(
                in: Data(table.utf8), fileName: "a.csv", kind: .nursing))
        #expect(rows.documents.map(\.text) == ["咳", "熱"])
        #expect(rows.faults == ["malformed row 2 (line 3)"])
    }

    @Test("UTF-16 without a mark is called so")
    func unmarked() throws {
        for text in ["SpO2 98% BP 120/80", "右胸痛あり。\r\n発熱なし。SpO2 98%"] {
            for name in ["UTF-16LE", "UTF-16BE"] {
                let bytes = try #require(encoded(text, in: name))
                for file in ["a.txt", "a.jsonl", "a.csv"] {
                    #expect(throws: IntakeError.unmarkedUTF16) {
                        try DocumentReader().documents(
                            in: Data(bytes), fileName: file, kind: .nursing)
                    }
                }
            }
        }
    }

    @Test("a line that is not in the others' UTF-8 is a fault by itself")
    func linesOfOtherEncodings() throws {
        func line(_ id: Int, _ text: String, _ encoding: String = "UTF-8") throws -> [UInt8] {
            try #require(encoded("{\"id\":\"\(id)\",\"text\":\"\(text)\"}\n", in: encoding))
        }
        let good = try line(1, "発熱")
        let windows = try line(2, "右胸痛あり", "CP932")
        var damaged = try line(2, "右胸痛あり。")
        damaged[26] = 0xFF
        for (bad, place) in [
            (windows, windows.firstIndex { $0 >= 0x80 } ?? 0),
            (damaged, UTF8Scan(damaged).firstFault ?? 0),
        ] {
            for mark: [UInt8] in [[], [0xEF, 0xBB, 0xBF]] {
                let bytes = mark + good + bad + (try line(3, "咳"))
                let entries = Array(
                    try DocumentReader().entries(
                        in: Data(bytes), fileName: "a.jsonl", kind: .nursing))
                #expect(entries.documents.map(\.externalIdentifier) == ["1", "3"])
                #expect(entries.faults == ["undecodable line 2"])
                let expected = IntakeError.undecodable(
                    encoding: .utf8, byteOffset: mark.count + good.count + place)
                let fault = try #require(entries.first { $0.line == 2 })
                guard case .failure(expected) = fault.result else {
                    Issue.record("\(fault.result)")
                    continue
                }
                // What is put back after a correction is the line as it came.
                #expect(fault.object.map { $0 + [0x0A] } == bad)
                var stream = DocumentStream(fileName: "a.jsonl", kind: .nursing)
                let streamed = stream.take(bytes) + stream.finish()
                #expect(streamed.faults == entries.faults && streamed.documents.count == 2)
            }
        }
        // Where other encodings prevail nothing is recorded.
        let other = windows + (try line(2, "咳あり。", "EUC-JP-MS"))
        #expect(throws: IntakeError.mixedEncodings(.windows31J, .eucJP, line: 2)) {
            try DocumentReader().documents(
                in: Data(other), fileName: "a.jsonl", kind: .nursing)
        }
        let most = windows + windows + good
        #expect(throws: IntakeError.mixedEncodings(.windows31J, .utf8, line: 3)) {
            try DocumentReader().documents(in: Data(most), fileName: "a.jsonl", kind: .nursing)
        }
    }

    @Test("an identifier that is empty is none")
    func emptyIdentifiers() throws {
        for value in ["\"\"", "\" \"", "\"\\u3000\\t\"", "null"] {
            let documents = try read(
                "{\"id\":\(value),\"patient_id\":\(value),\"text\":\"咳\"}", as: "a.jsonl")
            let document = try #require(documents.first)
            #expect(document.externalIdentifier == nil && document.patientIdentifier == nil)
            #expect(document.source.key == nil)
        }
        let named = try read("{\"id\":\"A\",\"patient_id\":\" \",\"text\":\"咳\"}", as: "a.jsonl")
        #expect(named.map(\.source.key) == ["jsonl:nursing:A"])
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

    @Test("a line may take a document of any format back")
    func withdrawal() throws {
        let lines = """
            {"withdraw":"hl7v2:R1","kind":"radiology"}
            {"withdraw":"hl7v2:R2","text":"影"}
            {"withdraw":" "}
            {"withdraw":7}
            {"withdraw":null,"text":"影"}
            """
        let entries = Array(
            try DocumentReader().entries(
                in: Data(lines.utf8), fileName: "a.jsonl", kind: .nursing))
        #expect(
            entries.faults == [
                "contradiction line 2", "missing-field line 3", "wrong-type line 4",
            ])
        let documents = entries.documents
        let withdrawal = try #require(documents.first)
        #expect(withdrawal.source.key == "hl7v2:R1" && withdrawal.source.status == .withdrawn)
        #expect(withdrawal.text.isEmpty && withdrawal.kind == .radiology)
        #expect(documents.count == 2 && documents[1].text == "影")
    }
}
