// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import TestSupport
import Testing

@testable import Intake

@Suite("Tables")
struct TableReaderTests {
    private func entries(
        _ text: String, mapping: TableMapping = TableMapping(), kind: DocumentKind = .nursing
    ) throws -> [ReadDocument] {
        try reader(mapping, kind).entries(in: Array(text.utf8))
    }

    private func reader(_ mapping: TableMapping, _ kind: DocumentKind = .nursing) -> TableReader {
        TableReader(limits: IntakeLimits(), kind: kind, codes: DocumentCodes(), mapping: mapping)
    }

    private func document(
        _ text: String, mapping: TableMapping = TableMapping(), kind: DocumentKind = .nursing
    ) throws -> ClinicalDocument {
        let entries = try entries(text, mapping: mapping, kind: kind)
        #expect(entries.faults == [])
        return try #require(entries.documents.first)
    }

    private func refusal(_ bytes: [UInt8], _ mapping: TableMapping = TableMapping()) -> FormatFlaw?
    {
        do throws(IntakeError) {
            _ = try reader(mapping).entries(in: bytes)
            return nil
        } catch {
            guard case .flaw(let flaw, .csv, nil) = error else { return nil }
            return flaw
        }
    }

    private static let nursing =
        "患者ID,記録日時,文書番号,記録種別,S,O,A,P,記録者\r\n"
        + "00012,2026/05/12 06:10,N-1,看護記録,眠れた,体温36.8℃,,経過観察,看護 花子\r\n"
        + "00034,2026/05/12 07:00,N-2,看護記録,,\"\"\"変わりない\"\"\r\nとのこと\",安定,,看護 花子\r\n"

    // MARK: What is read

    @Test("Each row is a document with fields and sections by the headings that everybody uses.")
    func standardHeadings() throws {
        let entries = try entries(Self.nursing)
        #expect(entries.faults == [])
        let documents = entries.documents
        #expect(documents.map(\.externalIdentifier) == ["N-1", "N-2"])
        #expect(documents.map(\.patientIdentifier) == ["00012", "00034"])
        #expect(documents.map(\.authoredAt) == ["2026/05/12 06:10", "2026/05/12 07:00"])
        #expect(documents.map(\.source.key) == ["table:nursing:N-1", "table:nursing:N-2"])
        #expect(documents.map(\.kind) == [.nursing, .nursing])
        #expect(documents[0].source.author == "看護 花子")
        #expect(documents[0].text == "【S】\n眠れた\n【O】\n体温36.8℃\n【P】\n経過観察")
        #expect(documents[0].sectionTexts == ["S|眠れた", "O|体温36.8℃", "P|経過観察"])
        #expect(documents[1].sectionTexts == ["O|\"変わりない\"\nとのこと", "A|安定"])
        #expect(entries.map { $0.place?.words } == ["row 1 (line 2)", "row 2 (line 3)"])
    }

    @Test("A table comes in any encoding of documents, with a mark or without.")
    func encodings() throws {
        for name in ["CP932", "EUC-JP", "ISO-2022-JP", "UTF-16", "UTF-8"] {
            let bytes = try #require(encoded(Self.nursing, in: name))
            let entries = try reader(TableMapping()).entries(in: bytes)
            #expect(entries.documents.count == 2, "\(name)")
        }
        #expect(try entries("\u{FEFF}" + Self.nursing).documents.count == 2)
    }

    @Test(
        "Tabs and semicolons separate where the headings have them, with or without quotation marks."
    )
    func separators() throws {
        let tabs = try document(
            "オーダ番号\t患者番号\t検査日\tモダリティ\t所見\t診断\tステータス\nR1\t007\t20260511\tCT\t\"結節、\n増大\"\t肺癌疑い\t確定\n",
            kind: .radiology)
        #expect(tabs.sectionTexts == ["所見|結節、\n増大", "診断|肺癌疑い"])
        #expect(tabs.source.status == .final)
        #expect((tabs.externalIdentifier, tabs.source.order) == ("R1", "R1"))
        #expect(tabs.source.notices == ["columns passed over: \"モダリティ\""])
        let semicolons = try document("患者ID;文書ID;本文\r1;D1;経過,良好\r")
        #expect(semicolons.text == "経過,良好")
        #expect(semicolons.source.sections == [])
    }

    @Test(
        "Headings are known in any width, case and spacing, with notes in brackets behind them.",
        arguments: [
            "患者ＩＤ,文書ＩＤ,本文", "患者 ID,文書_ID,【本文】", "patient_id,document-id,Text",
            "\"患者ID(7桁)\",文書番号,本文", "ｶﾙﾃ番号,ﾚﾎﾟｰﾄID,本文", "患者ID,ID,本文", "患者番号,オーダーNo.,レポート本文",
        ])
    func headings(line: String) throws {
        let document = try document(line + "\n012,D1,良好\n")
        #expect(document.patientIdentifier == "012")
        #expect(document.externalIdentifier == "D1")
        #expect(document.text == "良好")
    }

    @Test("Titles of sections may have a number behind or a letter before them.")
    func sectionHeadings() throws {
        let document = try document("患者ID,S:主観的情報,P（計画）,O 情報,所見1,所見２\n1,a,b,c,d,e\n")
        #expect(document.source.sections.count == 5)
    }

    @Test("A date and a time of day in two columns are one time.")
    func timeOfDay() throws {
        for (date, clock, time) in [
            ("2026/5/12", "6:10", "2026-05-11T21:10:00.000Z"),
            ("20260512", "0610", "2026-05-11T21:10:00.000Z"),
            ("令和8年5月12日", "", "2026-05-11T15:00:00.000Z"),
        ] {
            let document = try document("患者ID,記録日,記録時刻,本文\n1,\(date),\(clock),良好\n")
            #expect(document.authoredAt.flatMap { StatedTime($0)?.utc } == time)
        }
    }

    @Test(
        "Words say how settled a document is.",
        arguments: [
            ("確定", SenderStatus.final), ("仮", .preliminary), ("訂正", .corrected), ("取消", .withdrawn),
            ("追記", .amended), ("", .unknown), ("ＦＩＮＡＬ", .final), ("取り消し", .withdrawn),
            ("P", .preliminary),
        ])
    func status(word: String, status: SenderStatus) throws {
        let document = try document("患者ID,文書ID,状態,版,更新日時,本文\n1,D1,\(word),2,2026-05-12 10:00,良好\n")
        #expect(document.source.status == status)
        #expect(document.source.version == "2")
        #expect(document.source.versionTime == "2026-05-12T01:00:00.000Z")
    }

    @Test("A document that was taken back needs no text; a mark says so as well as a word.")
    func withdrawn() throws {
        let word = try document("患者ID,文書ID,状態,本文\n1,D1,取消,\n")
        #expect((word.source.status, word.text) == (.withdrawn, ""))
        let bare = try entries("患者ID,文書ID,状態,本文\n1,D1,確定,良好\n,D1,取消,\n")
        #expect(bare.documents.map(\.source.status) == [.final, .withdrawn])
        let mark = try entries("患者ID,文書ID,削除フラグ,本文\n1,D1,1,良好\n1,D2,0,良好\n1,D3,?,良好\n")
        #expect(mark.documents.map(\.source.status) == [.withdrawn, .unknown])
        #expect(mark.faults == ["wrong-value row 3 (line 4)"])
    }

    @Test("A word for the kind counts before the folder; an unknown word is another kind.")
    func kinds() throws {
        for (heading, word, kind) in [
            ("文書種別", "退院時サマリー", DocumentKind.dischargeSummary), ("文書種別", "診療情報提供書", .referral),
            ("文書種別", "", .nursing), ("文書種別", "同意書", .other), ("種別", "夜勤", .nursing),
            ("Kind", "progress-note", .progressNote), ("文書種別", "18748-4", .radiology),
        ] {
            let document = try document("患者ID,文書ID,\(heading),本文\n1,D1,\(word),良好\n")
            #expect(document.kind == kind, "\(word)")
        }
    }

    @Test(
        "Titles above the headings, blank rows and empty cells behind the last column do not matter."
    )
    func decoration() throws {
        let entries = try entries("看護記録一覧,,\n\n患者ID,本文,,\n,,,\n1,良好,,\n2,不変\n")
        #expect(entries.documents.map(\.text) == ["良好", "不変"])
        #expect(entries.faults == [])
    }

    @Test("Identifiers that are protected from spreadsheets are freed of it.")
    func protected() throws {
        let entries = try entries(
            "患者ID,文書ID,本文\n=\"0012\",'0034,良好\n\"=\"\"0012\"\"\",D2,=SUM(A1)\n")
        #expect(entries.documents.map(\.patientIdentifier) == ["0012", "0012"])
        #expect(entries.documents.map(\.externalIdentifier) == ["0034", "D2"])
        #expect(entries.documents.map(\.text) == ["良好", "=SUM(A1)"])
    }

    @Test("An identifier stands twice in a table for versions of a document.")
    func versions() throws {
        let entries = try entries("患者ID,文書ID,版,本文\n1,D1,1,良好\n1,D1,2,不変\n1,D1,2,不変\n")
        #expect(entries.documents.map(\.source.version) == ["1", "2", "2"])
    }

    // MARK: By a mapping

    @Test("A mapping says what columns mean, by name or number, with words, forms and constants.")
    func mapping() throws {
        var mapping = TableMapping()
        mapping.columns = [
            .id: [.named("病院コード"), .named("連番")], .patient: [.numbered(3)],
            .authored: [.named("日")],
            .status: [.named("済")], .kind: [.named("型")],
        ]
        mapping.sections = [
            TableMapping.Section(column: .named("まとめ"), title: "結論", code: "19005-8"),
            TableMapping.Section(column: .named("文")),
        ]
        mapping.constants = [.department: "放射線科"]
        mapping.statusWords = ["済": .final]
        mapping.kindWords = ["線": .radiology]
        mapping.timeForms = [try #require(TimeForm("M/d/yyyy"))]
        let table = "病院コード,連番,番号,日,済,型,文,まとめ,その他\nH1,7,0012,5/12/2026,済,線,影あり,肺炎,x\n"
        let document = try document(table, mapping: mapping)
        #expect(document.externalIdentifier == "H1-7")
        #expect(document.patientIdentifier == "0012")
        #expect(document.authoredAt == "2026-05-12")
        #expect(document.source.status == .final)
        #expect(document.source.department == "放射線科")
        #expect(document.kind == .radiology)
        #expect(document.sectionTexts == ["結論|肺炎", "文|影あり"])
        #expect(document.source.sections.map(\.code) == ["19005-8", nil])

        mapping.columns[.author] = [.named("書いた人")]
        #expect(refusal(Array(table.utf8), mapping) == .missing(field: "the column \"書いた人\""))
    }

    @Test("Without headings columns are told by their numbers.")
    func noHeadings() throws {
        var mapping = TableMapping()
        mapping.hasHeadings = false
        mapping.columns = [.patient: [.numbered(1)]]
        mapping.sections = [TableMapping.Section(column: .numbered(2), title: "所見")]
        #expect(try document("007,影なし\n", mapping: mapping).sectionTexts == ["所見|影なし"])
        mapping.sections = [TableMapping.Section(column: .numbered(3))]
        #expect(refusal(Array("007,影なし\n".utf8), mapping) == .missing(field: "column 3"))
    }

    @Test("Words alone may be added to the standard headings.")
    func words() throws {
        var mapping = TableMapping()
        mapping.statusWords = ["９": .withdrawn]
        let document = try document("患者ID,文書ID,状態,本文\n1,D1,9,良好\n", mapping: mapping)
        #expect(document.source.status == .withdrawn)
    }

    @Test(
        "A form of times has year, month and day, and each part once.",
        arguments: [
            ("M/d/yyyy", "5/12/2026", "2026-05-12"),
            ("dd.MM.yyyy HH:mm", "12.05.2026 06:10", "2026-05-12T06:10"),
            ("yyyyMMdd-HHmmss", "20260512-061000", "2026-05-12T06:10:00"),
            ("M/d/yyyy", "2/30/2026", nil),
            ("M/d/yyyy", "5/12/26", nil), ("M/d/yyyy", "5/12/2026 ", nil),
            ("d/M/yyyy", "5/13/2026", nil),
        ])
    func timeForms(form: String, text: String, iso: String?) throws {
        #expect(try #require(TimeForm(form)).iso8601(of: text) == iso)
    }

    @Test(
        "What is no form of times is none.",
        arguments: ["M/d", "yy/M/d", "yyyy/M/d mm", "yyyy/M/d/d", "yyyy/MMM/d", "yyyy/M/dT", ""])
    func noTimeForm(form: String) { #expect(TimeForm(form) == nil) }

    // MARK: What is refused

    @Test("A faulty row is told with its number and line, and the others are read.")
    func faultyRows() throws {
        let entries = try entries(
            """
            患者ID,記録日時,文書番号,状態,本文
            1,2026/05/12,D1,確定,"行の
            途中"
            1,2026/05/12,D2
            1,2026/13/45 99:99,D3,確定,良好
            1,2026/05/12,D4,確定,良好,余り
            ,2026/05/12,D5,確定,良好
            1,2026/05/12,D6,未知,良好
            1,2026/05/12,D7,確定,
            1.2E+07,2026/05/12,D8,確定,良好
            1,2026/05/12,,確定,良好
            """)
        #expect(
            entries.faults == [
                "contradiction row 2 (line 4)", "wrong-value row 3 (line 5)",
                "contradiction row 4 (line 6)", "missing-field row 5 (line 7)",
                "wrong-value row 6 (line 8)", "no-text row 7 (line 9)",
                "wrong-value row 8 (line 10)",
            ])
        #expect(entries.documents.map(\.externalIdentifier) == ["D1", nil])
        #expect(
            entries.documents[1].source.notices == ["the row has no identifier of the document"])
    }

    @Test("A quotation mark that is not closed costs its own row, not those behind it.")
    func openQuotation() throws {
        let entries = try entries("患者ID,文書ID,本文\n1,D1,\"良好\n2,D2,不変\n3,D3,\"ab\"c\n4,D4,良好\n")
        #expect(entries.documents.map(\.patientIdentifier) == ["2", "4"])
        #expect(entries.faults == ["malformed row 1 (line 2)", "malformed row 3 (line 4)"])
    }

    @Test(
        "Rows that bear the same identifier and cannot be versions of one document are refused all."
    )
    func sameIdentifier() throws {
        let patients = try entries("患者ID,文書ID,本文\n1,D1,良好\n2,D1,良好\n3,D2,良好\n")
        #expect(patients.documents.map(\.patientIdentifier) == ["3"])
        #expect(
            patients.faults == ["contradiction row 1 (line 2)", "contradiction row 2 (line 3)"])
        let parts = try entries("患者ID,文書ID,本文\n1,D1,良好\n1,D1,不変\n")
        #expect(parts.faults.count == 2)
    }

    @Test(
        "A table whose columns are not understood without doubt is refused, with their names.",
        arguments: [
            ("患者ID,文書ID,謎の欄,本文", FormatFlaw.unknownColumns(["\"謎の欄\""])),
            ("患者ID,患者番号,本文", .unknownColumns(["\"患者番号\""])),
            ("ID,本文", .unknownColumns(["\"ID\""])), ("患者ID,S,本文", .unknownColumns(["\"S\""])),
            ("患者ID,文書ID,記録日", .missing(field: "a column of text")),
            ("診療科,本文", .missing(field: "a column with the patient's or the document's identifier")),
            ("患者ID,,本文", .unknownColumns(["column 2"])),
            (
                "患者ID,測定時,体温,脈拍,呼吸,備考",
                .unknownColumns(["\"測定時\"", "\"体温\"", "\"脈拍\"", "\"呼吸\""])
            ),
        ])
    func unknownColumns(headings: String, flaw: FormatFlaw) {
        #expect(refusal(Array((headings + "\n1,2,3,4\n").utf8)) == flaw)
    }

    @Test("Of a first row that is no row of headings nothing is quoted.")
    func noQuotation() {
        let flaw = refusal(Array("0012,見本 太郎,腹痛あり\n0013,見本 花子,発熱\n".utf8))
        #expect(flaw == .unknownColumns(["column 1", "column 2", "column 3"]))
        let long = "患者ID,本文,昨夜から腹痛が続いている\n1,2,3\n"
        #expect(refusal(Array(long.utf8)) == .unknownColumns(["\"昨夜から腹痛が続いている\""]))
    }

    @Test("A NUL, a cell or a table that is too large, and a table without rows are refused.")
    func limits() throws {
        #expect(throws: IntakeError.nulBytes(count: 1, line: 2, byteOffset: 13)) {
            try reader(TableMapping()).entries(in: Array("患者ID,a\n1,\0\n".utf8))
        }
        let large = String(repeating: "あ", count: TableReader.maximumCellBytes / 3 + 1)
        let entries = try entries("患者ID,本文\n1,\(large)\n2,\"\(large)\"\n3,良好\n")
        #expect(entries.faults == ["too-large row 1 (line 2)", "too-large row 2 (line 3)"])
        #expect(entries.documents.count == 1)
        let many = "患者ID,本文\n" + String(repeating: "1,良好\n", count: 10_001)
        #expect(refusal(Array(many.utf8)) == .tooMuch(of: "rows", limit: 10_000))
        let commas = "患者ID,本文\n" + String(repeating: ",", count: 200_000) + "\n1,良好\n"
        #expect(try self.entries(commas).documents.count == 1)
        let square =
            "患者ID,本文\n" + String(repeating: String(repeating: "x,", count: 900) + "\n", count: 1200)
        #expect(refusal(Array(square.utf8)) == .tooMuch(of: "cells", limit: 1_000_000))
        let wide = String(repeating: "患者ID,", count: 2000) + "\n"
        #expect(refusal(Array(wide.utf8)) == .tooMuch(of: "columns", limit: 1000))
        #expect(refusal(Array("患者ID,本文\n".utf8)) == .noText)
        #expect(refusal(Array("一覧\n".utf8)) == .missing(field: "a row of headings"))
        #expect(refusal(Array("\"患者ID,本文\n1,2\n".utf8))?.code == "malformed")
    }

    @Test(
        "Whatever a table is made of, it gives documents with sound sections, faults or a refusal.")
    func anything() throws {
        var numbers = SeededNumbers(seed: 35)
        let samples = [
            Array(Self.nursing.utf8), try #require(encoded(Self.nursing, in: "CP932")),
            Array("患者ID\t文書ID\t状態\t本文\n1\tD1\t確定\t\"良\"\"好\n\"\n".utf8),
        ]
        for _ in 0..<3000 {
            let bytes = mutated(samples[numbers.number(below: samples.count)], &numbers)
            guard let entries = try? reader(TableMapping()).entries(in: bytes) else { continue }
            for document in entries.documents { document.expectSoundSections() }
        }
    }
}
