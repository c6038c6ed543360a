// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Configuration
import Foundation
import Intake
import Testing

@Suite("Sections of tables")
struct TableSectionTests {
    private func tables(_ toml: String) throws -> [DocumentKind: TableMapping] {
        try ServiceConfiguration(toml: toml, file: "s.toml").siteRules.tables
    }

    @Test("The example of the sample file says what columns mean")
    func sample() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../etc/shoken/shoken.toml").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") }.map { $0.dropFirst() }
        let mapping = try #require(tables(lines.joined(separator: "\n"))[.radiology])
        #expect(mapping.sheet == "読影" && mapping.patientDigits == 8 && mapping.hasHeadings)
        #expect(mapping.timeForms == ["M/d/yyyy H:mm", "M/d/yyyy"].compactMap(TimeForm.init))
        #expect(
            mapping.columns == [
                .id: [.named("施設"), .named("受付番号")], .patient: [.named("患者番号")],
                .authored: [.named("検査日"), .named("検査時刻")], .status: [.named("区分")],
                .order: [.numbered(7)],
            ])
        #expect(
            mapping.sections == [
                TableMapping.Section(column: .named("読影文"), title: "所見", code: "18782-3"),
                TableMapping.Section(column: .named("診断")),
            ])
        #expect(mapping.constants == [.department: "放射線科"])
        #expect(mapping.statusWords == ["1": .final, "9": .withdrawn])
        #expect(mapping.kindWords == ["読影": .radiology])
    }

    @Test(
        "A kind without a section has no mapping, and an empty section is one of standard headings")
    func none() throws {
        #expect(try tables("") == [:])
        #expect(try tables("[tables.nursing]\n") == [.nursing: TableMapping()])
    }

    static let faults: [(toml: String, key: String)] = [
        ("tables = 1", "tables"), ("tables.nursing = 1", "tables.nursing"),
        ("[tables.nursng]", "tables.nursng"),
        ("[tables.nursing]\nsheets = 1", "tables.nursing.sheets"),
        ("[tables.nursing]\nheadings = 1", "tables.nursing.headings"),
        ("[tables.nursing]\npatient_digits = 0", "tables.nursing.patient_digits"),
        ("[tables.nursing]\ntime_forms = [\"d/M\"]", "tables.nursing.time_forms"),
        ("[tables.nursing.columns]\nnumber = \"x\"", "tables.nursing.columns.number"),
        ("[tables.nursing.columns]\nid = 0", "tables.nursing.columns.id"),
        ("[tables.nursing.columns]\nid = \"\"", "tables.nursing.columns.id"),
        ("[tables.nursing.columns]\nid = []", "tables.nursing.columns.id"),
        ("[tables.nursing.columns]\nid = true", "tables.nursing.columns.id"),
        ("[tables.nursing.columns]\nid = \"x\"", "tables.nursing.sections"),
        ("[tables.nursing]\nsections = 1", "tables.nursing.sections"),
        ("[[tables.nursing.sections]]\ntitle = \"x\"", "tables.nursing.sections[0].column"),
        ("[[tables.nursing.sections]]\ncolumn = [1, 2]", "tables.nursing.sections[0].column"),
        (
            "[[tables.nursing.sections]]\ncolumn = 1\nname = \"x\"",
            "tables.nursing.sections[0].name"
        ),
        ("[tables.nursing.status_words]\n\"済\" = \"done\"", "tables.nursing.status_words.済"),
        ("[tables.nursing.kind_words]\n\"済\" = \"done\"", "tables.nursing.kind_words.済"),
        ("[tables.nursing.constants]\ncolour = \"x\"", "tables.nursing.constants.colour"),
        (
            "[tables.nursing]\nheadings = false\n[[tables.nursing.sections]]\ncolumn = \"x\"",
            "tables.nursing.headings"
        ),
        ("[tables.nursing]\nheadings = false", "tables.nursing.sections"),
    ]

    @Test("A fault names file and key", arguments: faults)
    func fault(toml: String, key: String) {
        let error = #expect(throws: ConfigurationError.self) { try tables(toml) }
        #expect(error?.explanation.contains(" \(key)") == true, "\(error as Any)")
    }
}
