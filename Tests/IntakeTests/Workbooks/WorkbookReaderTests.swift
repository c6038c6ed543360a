// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import TestSupport
import Testing

@testable import Intake

@Suite("Workbooks")
struct WorkbookReaderTests {
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let office =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006/relationships"

    /// The files of a workbook with a sheet of these rows, and one more sheet.
    private static func files(
        rows: String, strings: String? = nil, styles: String? = nil,
        workbook: String = "<workbookPr/>",
        states: (String, String) = ("visible", "visible")
    ) -> [(name: String, content: [UInt8])] {
        func sheet(_ rows: String) -> String {
            "<?xml version='1.0' encoding='UTF-8'?><worksheet xmlns='\(main)'><sheetData>\(rows)</sheetData></worksheet>"
        }
        var relationships = """
            <Relationship Id='r1' Type='\(office)/worksheet' Target='worksheets/sheet1.xml'/>
            <Relationship Id='r2' Type='\(office)/worksheet' Target='/xl/worksheets/sheet2.xml'/>
            """
        var files: [(String, String)] = [
            ("[Content_Types].xml", "<Types/>"),
            (
                "_rels/.rels",
                "<Relationships xmlns='\(package)'><Relationship Id='a' Type='\(office)/officeDocument' Target='xl/workbook.xml'/></Relationships>"
            ),
            (
                "xl/workbook.xml",
                """
                <workbook xmlns='\(main)' xmlns:r='\(office)'>\(workbook)<sheets>
                <sheet name='記録' sheetId='1' state='\(states.0)' r:id='r1'/>
                <sheet name='凡例' sheetId='2' state='\(states.1)' r:id='r2'/></sheets></workbook>
                """
            ),
            ("xl/worksheets/sheet1.xml", sheet(rows)),
            ("xl/worksheets/sheet2.xml", sheet("<row r='1'><c r='A1'><v>1</v></c></row>")),
        ]
        if let strings {
            relationships +=
                "<Relationship Id='r3' Type='\(office)/sharedStrings' Target='sharedStrings.xml'/>"
            files.append(("xl/sharedStrings.xml", "<sst xmlns='\(main)'>\(strings)</sst>"))
        }
        if let styles {
            relationships += "<Relationship Id='r4' Type='\(office)/styles' Target='styles.xml'/>"
            files.append(("xl/styles.xml", "<styleSheet xmlns='\(main)'>\(styles)</styleSheet>"))
        }
        files.append(
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns='\(package)'>\(relationships)</Relationships>"
            ))
        return files.map { ($0.0, Array($0.1.utf8)) }
    }

    /// A row of texts that stand in their cells; one in braces is XML of a cell's own.
    private static func row(_ number: Int, _ cells: [String]) -> String {
        let content = zip("ABCDEFGH", cells).map { column, cell in
            cell.hasPrefix("<")
                ? cell.replacing("@", with: "\(column)\(number)")
                : "<c r='\(column)\(number)' t='inlineStr'><is><t>\(cell)</t></is></c>"
        }.joined()
        return "<row r='\(number)'>\(content)</row>"
    }

    private func reader(_ mapping: TableMapping = TableMapping()) -> WorkbookReader {
        WorkbookReader(
            limits: IntakeLimits(), kind: .nursing, codes: DocumentCodes(), mapping: mapping)
    }

    private func flaw(_ bytes: [UInt8], _ limits: IntakeLimits = IntakeLimits()) -> FormatFlaw? {
        do throws(IntakeError) {
            _ = try WorkbookReader(limits: limits, kind: .nursing, codes: DocumentCodes())
                .entries(in: bytes)
            return nil
        } catch {
            guard case .flaw(let flaw, .xlsx, nil) = error else { return nil }
            return flaw
        }
    }

    private static let simple = files(
        rows: row(1, ["患者ID", "文書ID", "本文"]) + row(2, ["007", "D1", "良好"]))

    @Test(
        "Each row of the first sheet is a document, with texts, numbers and times as they are shown."
    )
    func values() throws {
        let styles = """
            <numFmts><numFmt numFmtId='170' formatCode='yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;'/></numFmts>
            <cellXfs><xf numFmtId='0'/><xf numFmtId='22'/><xf numFmtId='170'/><xf numFmtId='9'/></cellXfs>
            """
        let strings = """
            <si><t>患者ID</t></si><si><r><t>経</t></r><r><t xml:space="preserve">過 </t></r><rPh sb="0" eb="2"><t>ケイカ</t></rPh></si>
            <si><t>一行_x000D_
            二行_x005F_</t></si>
            """
        let rows =
            Self.row(
                1,
                [
                    "<c r='@' t='s'><v>0</v></c>", "文書ID", "記録日時", "S", "O", "A",
                    "<c r='@' t='s'><v>1</v></c>",
                ])
            + Self.row(
                3,
                [
                    "007", "<c r='@'><v>12</v></c>", "<c r='@' s='1'><v>46154.256944444445</v></c>",
                    "<c r='@'><v>36.799999999999997</v></c>", "<c r='@' s='3'><v>0.96</v></c>",
                    "<c r='@' t='str'><f>A1</f><v>計算</v></c>", "<c r='@' t='s'><v>2</v></c>",
                ])
            + Self.row(4, ["008", "13", "<c r='@' s='2'><v>46154</v></c>", "<c r='@'/>"])
            + "<row r='5'><c r='Z5' s='1'/></row>"
        let bytes = StoredArchive(Self.files(rows: rows, strings: strings, styles: styles)).bytes
        let entries = try reader().entries(in: bytes)
        #expect(entries.faults == ["no-text row 2 (line 4)"])
        let document = try #require(entries.documents.first)
        #expect(entries.first?.place?.words == "row 1 (line 3)")
        #expect(document.patientIdentifier == "007")
        #expect(document.externalIdentifier == "12")
        #expect(document.authoredAt == "2026-05-12 06:10")
        #expect(document.sectionTexts == ["S|36.8", "O|96%", "A|計算", "経過|一行\n二行_"])
        #expect(document.source.format == .xlsx)
        #expect(document.source.notices == ["1 other sheets are not read"])
    }

    @Test(
        "A number that is a patient's has lost its zeros, unless the mapping says how many digits there are."
    )
    func numbersOfPatients() throws {
        let rows =
            Self.row(1, ["患者ID", "文書ID", "本文"])
            + Self.row(2, ["<c r='@'><v>12</v></c>", "D1", "良好"])
        let bytes = StoredArchive(Self.files(rows: rows)).bytes
        #expect(try reader().entries(in: bytes).faults == ["wrong-value row 1 (line 2)"])
        var mapping = TableMapping()
        mapping.patientDigits = 8
        #expect(
            try reader(mapping).entries(in: bytes).documents.first?.patientIdentifier == "00000012")
    }

    @Test("The first sheet that is shown is read, or the one that the mapping names.")
    func sheets() throws {
        let rows = Self.row(1, ["患者ID", "文書ID", "本文"]) + Self.row(2, ["007", "D1", "良好"])
        let hidden = StoredArchive(Self.files(rows: rows, states: ("hidden", "visible"))).bytes
        #expect(flaw(hidden) != nil)
        var mapping = TableMapping()
        mapping.sheet = "記録"
        #expect(try reader(mapping).entries(in: hidden).documents.count == 1)
        mapping.sheet = "別"
        #expect(
            throws: IntakeError.flaw(
                .missing(field: "the sheet that the mapping names"), in: .xlsx, at: nil)
        ) {
            try reader(mapping).entries(in: hidden)
        }
    }

    @Test("A row with an error or a formula without a value is a fault.")
    func faultyCells() throws {
        let rows =
            Self.row(1, ["患者ID", "文書ID", "本文"])
            + Self.row(2, ["007", "D1", "<c r='@' t='e'><v>#REF!</v></c>"])
            + Self.row(3, ["007", "D2", "<c r='@'><f>A1</f></c>"])
            + Self.row(4, ["007", "D3", "<c r='@' t='s'><v>9</v></c>"])
            + Self.row(5, ["007", "D4", "<c r='@'><v>x</v></c>"])
            + Self.row(6, ["007", "D5", "良好"])
        let entries = try reader().entries(in: StoredArchive(Self.files(rows: rows)).bytes)
        #expect(entries.faults.count == 4)
        #expect(entries.documents.map(\.externalIdentifier) == ["D5"])
    }

    @Test(
        "Days from the end of 1899 or from 1904 are dates, and parts of a day its time.",
        arguments: [
            (46154.0, false, "2026-05-12"), (46154.256944444445, false, "2026-05-12 06:10"),
            (0.256944444445, false, "06:10"), (1, false, "1900-01-01"), (59, false, "1900-02-28"),
            (60, false, nil), (61, false, "1900-03-01"), (44692, true, "2026-05-12"),
            (46022.999988, false, "2025-12-31 23:59:59"),
            (46022.9999999, false, "2026-01-01"), (-1, false, nil), (2_958_466, false, nil),
        ] as [(Double, Bool, String?)])
    func serialTimes(days: Double, from1904: Bool, expected: String?) {
        #expect(SerialTime.text(of: days, countsFrom1904: from1904) == expected)
    }

    @Test(
        "Formats of cells say whether a number is a time.",
        arguments: [
            ("General", CellFormats.Meaning.number), ("0.00E+00", .number),
            ("#,##0;[Red]-#,##0", .number),
            ("0.0\" days\"", .number), ("0%", .percentage), ("yyyy/m/d", .time),
            ("[$-411]ggge\"年\"m\"月\"", .time),
            ("[h]:mm", .time), ("0\\d", .number), ("e", .time), ("@", .number),
        ])
    func cellFormats(code: String, meaning: CellFormats.Meaning) {
        #expect(CellFormats.meaning(of: code) == meaning)
    }

    @Test("What is no workbook, or one that may do harm, is refused with the reason.")
    func refused() throws {
        #expect(flaw(Array("PK".utf8))?.code == "malformed")
        #expect(
            flaw(StoredArchive([("word/document.xml", [])]).bytes)
                == .missing(field: "xl/workbook.xml"))
        #expect(
            flaw(StoredArchive(Self.simple + [("xl/vbaProject.bin", [])]).bytes)?.code
                == "contradiction")
        for name in ["../evil", "/etc/x", "xl/../../x", "..\\b", "C:x"] {
            #expect(
                flaw(StoredArchive(Self.simple + [(name, [])]).bytes)?.code == "wrong-value",
                "\(name)")
        }
        #expect(flaw(StoredArchive(Self.simple + [Self.simple[0]]).bytes)?.code == "contradiction")
        var link = StoredArchive(Self.simple)
        link.add("xl/link", Array("/etc/passwd".utf8), mode: 0o120777)
        #expect(flaw(link.bytes)?.code == "wrong-value")
        var encrypted = StoredArchive(Self.simple)
        encrypted.add("xl/x.xml", [1, 2, 3], flags: 1)
        #expect(flaw(encrypted.bytes) == .encrypted)
        let container = [0xD0, 0xCF, 0x11, 0xE0] + [UInt8](repeating: 0, count: 508)
        #expect(flaw(container)?.code == "malformed")
        #expect(flaw(container + "EncryptedPackage".utf8.flatMap { [$0, 0] }) == .encrypted)
        let declared = Self.files(rows: "").map {
            (
                $0.name,
                $0.name == "xl/workbook.xml"
                    ? Array("<!DOCTYPE x [<!ENTITY a 'b'>]><x/>".utf8) : $0.content
            )
        }
        #expect(flaw(StoredArchive(declared).bytes) == .declaration)
    }

    @Test("Rows, columns, cells, depth and unpacked bytes have limits.")
    func limits() {
        func flaw(_ rows: String) -> FormatFlaw? {
            self.flaw(StoredArchive(Self.files(rows: rows)).bytes)
        }
        let head = Self.row(1, ["患者ID", "文書ID", "本文"])
        #expect(
            flaw(head + "<row r='2'><c r='XFD2'><v>1</v></c></row>")
                == .tooMuch(of: "columns", limit: 1000))
        #expect(
            flaw(head + "<row r='2'><c r='B2'><v>1</v></c><c r='A2'><v>1</v></c></row>")?.code
                == "wrong-value")
        #expect(flaw(head + Self.row(1, ["a"]))?.code == "wrong-value")
        #expect(
            flaw(head + String(repeating: "<row><c><v>1</v></c></row>", count: 10_001))
                == .tooMuch(of: "rows", limit: 10_000))
        #expect(
            flaw(String(repeating: "<row>", count: 200) + String(repeating: "</row>", count: 200))?
                .code == "too-large")
        let wide = (2...1100).map { "<row r='\($0)'><c r='ALL\($0)'><v>1</v></c></row>" }.joined()
        #expect(flaw(head + wide) == .tooMuch(of: "cells", limit: 1_000_000))
        var limits = IntakeLimits()
        limits.maximumUnpackedBytes = 100
        #expect(
            self.flaw(StoredArchive(Self.simple).bytes, limits)
                == .tooMuch(of: "bytes when it is unpacked", limit: 100))
    }

    @Test("Whatever a workbook is made of, it gives documents, faults or a refusal.")
    func anything() throws {
        var numbers = SeededNumbers(seed: 37)
        let rows =
            Self.row(1, ["患者ID", "文書ID", "本文"])
            + Self.row(2, ["007", "<c r='@' s='1'><v>46154.5</v></c>", "良好"])
        let files = Self.files(
            rows: rows, strings: "<si><t>a</t></si>",
            styles: "<cellXfs><xf numFmtId='22'/></cellXfs>")
        let whole = StoredArchive(files).bytes
        for round in 0..<2000 {
            var bytes = whole
            if round.isMultiple(of: 2) {
                bytes = mutated(whole, &numbers)
            } else {
                // Within a file, so that the archive's checksums are right.
                var changed = files
                let place = numbers.number(below: files.count)
                changed[place].content = mutated(files[place].content, &numbers)
                bytes = StoredArchive(changed).bytes
            }
            guard let entries = try? reader().entries(in: bytes) else { continue }
            for document in entries.documents { document.expectSoundSections() }
        }
    }
}
