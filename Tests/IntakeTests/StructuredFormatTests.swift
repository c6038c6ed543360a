// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Intake

@Suite("What is no text")
struct StructuredFormatTests {
    /// What a file of a name gives: its documents' texts, or the fault.
    private func texts(_ bytes: [UInt8], as name: String = "a.txt") throws(IntakeError) -> [String]
    {
        try DocumentReader().documents(in: Data(bytes), fileName: name, kind: .nursing).map(\.text)
    }

    @Test(
        "what a file is shows by its content, under any name, and is no text",
        arguments: [
            (
                "MSH|^~\\&|HIS||SHOKEN||20260501||ORU^R01|1|P|2.5\rPID|1||0001\r",
                StructuredFormat.hl7
            ),
            (
                "\u{B}MSH|^~\\&|HIS||SHOKEN||20260501||ORU^R01|1|P|2.5\rOBX|1|TX|||発熱\r\u{1C}\r",
                .hl7
            ),
            ("MSH$^~\\&$HIS$$SHOKEN\rPID$1\r", .hl7),
            ("FHS|^~\\&|A\r\nBHS|^~\\&|A\r\n", .hl7),
            ("PID|1||0001\r\nOBX|1|TX|||発熱\r\n", .hl7),
            ("<?xml version=\"1.0\"?>\n<a>発熱</a>", .xml),
            ("\u{FEFF}\n <ClinicalDocument xmlns=\"urn:hl7-org:v3\"><text>発熱", .xml),
            ("<!DOCTYPE x [<!ENTITY e \"x\">]><x>&e;</x>", .xml),
            ("<報告書><患者ID>0001</患者ID><所見>右肺に腫瘤</所見></報告書>", .xml),
            ("<mml:Mml version=\"4.0\">", .xml), ("<report id='3'>\n発熱\n", .xml),
            ("<!DOCTYPE html>\n<p>発熱", .html), ("<HTML><BODY>発熱", .html),
            ("<div class=note>発熱</div>", .html), ("<p>発熱あり</p>\n<p>咳なし</p>", .html),
            ("<!-- 表 -->\n<table border=1><tr><td>発熱</td></tr></table>", .html),
            ("<br/>発熱あり<br/>", .html), ("<BR>発熱あり<BR>咳なし", .html), ("<b>重要</b> 発熱", .html),
            ("{\"resourceType\": \"DiagnosticReport\",\n \"conclusion\": \"発熱\"}", .json),
            ("{\"text\":\"発熱\"}\n{\"text\":\"咳\"}\n", .json),
            ("[{\"text\":\"発熱\"},", .json), ("[\"発熱\", \"咳\"]", .json), ("[1]", .json),
            ("{}", .json),
            ("{'text': '発熱'}", .json), ("{ \"a\\\"b\" : ", .json),
            (String(repeating: "[", count: 50_000), .json),
            ("{\\rtf1\\ansi\\ansicpg932 \\'94\\'4d}", .rtf), ("\n{\\rtf1", .rtf),
            ("%PDF-1.7\n1 0 obj", .pdf), ("junk\n%PDF-1.4\n", .pdf),
            ("%!PS-Adobe-3.0\n", .postScript),
            ("JVBERi0xLjcKMSAwIG9iag==", .pdf),
            ("PK\u{3}\u{4}\u{14}\u{0}", .archive),
            ("From: a@example.org\nTo: b@example.org\nSubject: 検査\n\n発熱", .mail),
            ("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n発熱", .mail),
            ("Received: from a\n by b\nDate: x\n\n", .mail),
            ("--x\r\nContent-Type: text/plain\r\n\r\n発熱", .mail),
            ("患者ID,記録日,本文\n0001,2026/5/1,発熱\n", .table),
            ("\"patient_id\",\"text\"\r\n\"1\",\"発熱\n咳\"\r\n", .table),
            ("患者番号\t記録日\t本文\n0001\t2026/5/1\t発熱\n", .table),
            ("病棟,氏名,食事\r\n3東,見本,常食\r\n3東,架空,粥\r\n", .table),
            ("\"No\",\"検査\",\"値\"\n\"1\",\"CRP\",\"0.3\"\n\"2\",\"WBC\",\"5600\"\n", .table),
            ("時刻\t体温\t脈拍\n10:00\t36.5\t80\n14:00\t37.0\t82", .table),
            ("Name,Age,Note\nA,1,x\n", .table),
            ("<p>右胸痛あり。<br>発熱", .html), ("右胸痛あり。<br>発熱なし<br/>&nbsp;咳あり&lt;2日", .html),
            ("発熱<BR />咳</b>", .html), ("CRP&lt;0.3&#12289;WBC", .html),
            ("BEGIN:VCARD\r\nVERSION:3.0\r\n", .calendar), ("begin:vcalendar\n", .calendar),
            ("<?php echo 1; ?>", .program), ("#!/bin/sh\necho a\n", .program),
        ] as [(String, StructuredFormat)])
    func content(text: String, format: StructuredFormat) throws {
        for name in ["a.txt", "a", "a.xml", "a.pdf"] {
            let found = try Recognition(of: Array(text.utf8), fileName: name)
            #expect(found.format == format && found.evidence == .content)
            expectNoText(Array(text.utf8), as: name)
        }
    }

    /// A file is read by the reader of its format, or refused.
    private func expectNoText(_ bytes: [UInt8], as name: String) {
        do throws(IntakeError) {
            let entries = try DocumentReader().entries(
                in: Data(bytes), fileName: name, kind: .nursing)
            for entry in entries {
                guard case .success(let document) = entry.result else { continue }
                #expect(document.source.format != .text && document.source.format != .jsonLines)
            }
        } catch { #expect(!error.code.isEmpty) }
    }

    @Test("bytes of no text are named, too")
    func binary() throws {
        let preamble = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        let table: [([UInt8], StructuredFormat)] = [
            (preamble, .dicom), ([0x1F, 0x8B, 0x08, 0x00], .archive),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0x00], .officeDocument),
            ([0xFF, 0xD8, 0xFF, 0xE0], .image),
        ]
        for (bytes, format) in table {
            #expect(try Recognition(of: bytes, fileName: "a").format == format)
            #expect(throws: IntakeError.self) { try texts(bytes) }
        }
    }

    @Test("an archive that is no workbook is called what it is")
    func archives() {
        for name in ["a.docx", "a.xlsx", "a.zip"] {
            let bytes = Array("PK\u{3}\u{4}word/document.xml".utf8)
            #expect(throws: IntakeError.foreignFormat(.archive, by: .content)) {
                try texts(bytes, as: name)
            }
        }
    }

    @Test("what a format is does not hang on the encoding")
    func encodings() throws {
        let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><所見>右肺に腫瘤</所見>"
        for (name, mark) in [
            ("CP932", []), ("EUC-JP", []), ("UTF-16LE", [0xFF, 0xFE] as [UInt8]),
            ("ISO-2022-JP", []),
        ] {
            let bytes = mark + (try #require(encoded(xml, in: name)))
            #expect(try Recognition(of: bytes, fileName: "a.txt").format == .xml)
            expectNoText(bytes, as: "a.txt")
        }
    }

    @Test(
        "notes that begin with a bracket are notes",
        arguments: [
            "<所見>\n右肺に腫瘤を認める。\n<診断>\n肺癌の疑い", "<S>眠れない\n<O>36.5℃\n<A>変わりなし\n<P>経過観察",
            "<A/P>\n肺炎", "<Head> 異常なし\n<Chest> 右肺に結節", "<P> 経過観察\n<P> 再検", "< 3 cm の結節",
            "<3cm、>1cm",
            "<採血 WBC=12000>\n炎症あり", "<<現病歴>>\n発熱", "<b 重要> 発熱", "＜主訴＞発熱", "<HR> 88",
            "[1] 発熱\n[2] 咳", "[主訴] 発熱", "[\"咳\"] とのこと", "[S] 眠れない", "{発熱} あり", "{ } 欄は空白",
            "{\"咳\"} あり", "【所見】\n右肺に腫瘤", "「眠れない」", "\"眠れない\"", "38.5", "null",
            "MSH2蛋白の欠失を認める。", "MSH-2/MSH-6 欠失", "OBX|なし", "PIDの疑い",
            "From: 3F 佐藤\nTo: 主治医\nDate: 5/1\n\n発熱あり", "Date: 2026-05-01\nSubject: 68M",
            "Subject: =発熱",
            "-- 経過 --\n発熱", "患者ID: 0001, 氏名: 架空\n発熱, 咳", "患者ID\t0001\t氏名\t架空\n性別\t男\t年齢\t６５",
            "時刻\t体温\t脈拍\n10:00\t36.5\t80", "%を超える", "PDFを参照", "発熱<br>咳", "a,b,c\n1,2,3",
            "発熱,咳,痰あり。\n頭痛,嘔気,嘔吐なし。\n食事,睡眠,排便良好。", "発熱,咳,痰\n頭痛,嘔気\n睡眠,排便,食事",
            "BT 36.5, BP 120/80, P 72\nSpO2 98, RR 16, JCS 0\nCRP 0.3, WBC 5600, Hb 12",
            "R&amp;D", "時刻\t体温\t脈拍\n6:00\t36.5\t70\n7:00\t37.8\t88\n\n右胸痛あり。", "# 経過\n発熱",
        ])
    func prose(text: String) throws {
        for name in ["a.txt", "a", "a.dat"] {
            #expect(try texts(Array(text.utf8), as: name) == [text])
        }
    }

    @Test(
        "a name that promises a format is believed where the content says nothing",
        arguments: [
            ("a.csv", StructuredFormat.table), ("B.TSV", .table), ("a.Json", .json),
            ("a.xml", .xml),
            ("a.htm", .html), ("a.hl7", .hl7), ("a.rtf", .rtf), ("a.PDF", .pdf),
            ("a.docx", .archive),
            ("a.py", .program), ("Desktop.INI", .program), ("site.url", .program),
            ("a.ics", .calendar),
            ("a.doc", .officeDocument), ("a.eml", .mail), ("a.dcm", .dicom), ("a.png", .image),
        ])
    func names(name: String, format: StructuredFormat) throws {
        let bytes = Array("発熱あり、咳なし".utf8)
        let found = try Recognition(of: bytes, fileName: name)
        #expect(found.format == format && found.evidence == .name)
        expectNoText(bytes, as: name)
    }

    @Test("JSON Lines are told from lists and from objects over several lines")
    func jsonLines() throws {
        let foreign = IntakeError.foreignFormat(.json, by: .content)
        #expect(throws: foreign) {
            try texts(Array("[{\"text\":\"a\"},\n{\"text\":\"b\"}]".utf8), as: "a.jsonl")
        }
        let object = "{\n\"items\": [\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n]\n}\n"
        #expect(throws: foreign) { try texts(Array(object.utf8), as: "a.jsonl") }
        #expect(throws: IntakeError.self) {
            try texts(Array("<?xml version=\"1.0\"?>\n".utf8), as: "a.jsonl")
        }
        // The first line may be the bad one.
        #expect(throws: IntakeError.malformedJSON(line: 1)) {
            try texts(Array("{\"text\":\n{\"text\":\"b\"}".utf8), as: "a.jsonl")
        }
        #expect(try texts(Array("\n{\"text\":\"<p>a</p>\"}".utf8), as: "a.jsonl") == ["<p>a</p>"])
    }

    @Test("a stream refuses what a file is refused for, and a reader of any text nothing")
    func streamAndAnyText() throws {
        for (text, format) in [("<?xml version=\"1.0\"?><a/>", "XML"), ("%PDF-1.7\n", "PDF")] {
            var stream = DocumentStream(kind: .nursing)
            let entries = stream.take(Array(text.utf8)) + stream.finish()
            #expect(entries.count == 1)
            #expect(entries.first?.explanation?.contains(format) == true)
            let read = try DocumentReader(takesAnyText: true).documents(
                in: Data(text.utf8), fileName: "a.txt", kind: .nursing)
            #expect(read.map(\.text) == [text])
        }
    }

    @Test("the reason says what the file is and what is read, and nothing of its text")
    func explanations() {
        for format in StructuredFormat.allCases {
            for evidence in [FormatEvidence.content, .name] {
                let error = IntakeError.foreignFormat(format, by: evidence)
                #expect(error.code == "unsupported-format")
                #expect(error.explanation.contains("JSON Lines"))
                #expect(error.explanation.contains(format.title))
            }
        }
    }
}
