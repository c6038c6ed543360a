// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Exports
import Foundation
import RowFiles
import TestSupport
import Testing

@testable import ResultStore

@Suite("Tables of comma-separated values")
struct CSVExportTests {
    private let store: FictionalStore

    init() throws {
        store = try FictionalStore([
            .init(
                "=1+2を要す。発熱なし。\r\n鎮痛剤甲を内服し、発疹が出現した。𠮷野，😀", patient: "0012",
                [("disease", "発熱"), ("drug", "鎮痛剤甲"), ("disease", "発疹")]),
            .init("咳嗽あり。", patient: "P-2", [("disease", "咳嗽")]),
        ])
    }

    private func rows(
        _ table: ExportedTable, _ dialect: CSVDialect, withText: Bool = true,
        _ selection: DocumentSelection = .init()
    ) throws -> (bytes: Data, rows: [[String: String]]) {
        var bytes = Data()
        let counts = try CSVExport(of: [table], dialect: dialect, withText: withText)
            .write(selection, from: store.reader) { bytes += $1 }.counts
        let text = String(decoding: bytes, as: UTF8.self)
        var values = SeparatedValues(text, separator: .comma)
        let records = try values.rows().map(\.fields)
        let header = try #require(records.first)
        #expect(header == table.columns(withText: withText))
        #expect(records.count == 1 + (counts[table]?.rows ?? 0))
        return (
            bytes, records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
        )
    }

    @Test("for programs have every mention with its place, section and sentence")
    func findings() throws {
        let (bytes, rows) = try rows(.findings, CSVDialect())
        #expect(!bytes.starts(with: [0xEF, 0xBB, 0xBF]) && !bytes.contains(0x0D))
        #expect(rows.map { $0["surface"] } == ["発熱", "鎮痛剤甲", "発疹", "咳嗽"])
        #expect(rows[2]["sentence"] == "鎮痛剤甲を内服し、発疹が出現した。")
        #expect(rows[0]["patient_id"] == "0012" && rows[0]["start"] == "8")
        #expect(rows[0]["authored_at"] == "2026-01-02T12:04:05+09:00")
    }

    @Test("hold each document as it was sent")
    func documents() throws {
        let (_, rows) = try rows(.documents, CSVDialect())
        #expect(rows.map { $0["text"] } == store.texts)
        #expect(rows[0]["characters"] == String(store.texts[0].unicodeScalars.count))
    }

    @Test("leave texts and sentences out where they are not wanted")
    func withoutText() throws {
        for table in ExportedTable.allCases {
            let (bytes, _) = try rows(table, CSVDialect(), withText: false)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("出現した") && !text.contains("なし"))
        }
    }

    @Test("for spreadsheets have a mark, CR LF, and no formula")
    func spreadsheets() throws {
        let dialect = try CSVDialect(forSpreadsheets: true)
        let (bytes, rows) = try rows(.documents, dialect)
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(rows[0]["text"] == "'" + store.texts[0])
        #expect(rows[1]["text"] == store.texts[1])
        #expect(String(decoding: bytes, as: UTF8.self).unicodeScalars.last == "\n")
        #expect(bytes.dropLast().last == 0x0D)
    }

    @Test("in CP932 have 〓 for what it lacks, count it, or fail where that is not wanted")
    func lossy() throws {
        let dialect = try CSVDialect(encoding: .cp932)
        var bytes = Data()
        let counts = try CSVExport(of: [.documents], dialect: dialect)
            .write(.init(), from: store.reader) { bytes += $1 }.counts
        #expect(counts[.documents]?.lost == 2)
        #expect(bytes.range(of: Data([0x81, 0xAC, 0x96, 0xEC])) != nil)
        #expect(throws: ExportError.self) {
            try CSVExport(of: [.documents], dialect: dialect, isStrict: true)
                .write(.init(), from: store.reader) { _, _ in }
        }
    }

    @Test("hold only what is asked for")
    func selected() throws {
        var selection = DocumentSelection()
        selection.type = "drug"
        #expect(try rows(.findings, CSVDialect(), selection).rows.count == 1)
        #expect(try rows(.pairs, CSVDialect(), selection).rows.isEmpty)
        selection = DocumentSelection()
        selection.patient = "P-2"
        #expect(try rows(.findings, CSVDialect(), selection).rows.map { $0["surface"] } == ["咳嗽"])
        selection.since = StatedTime("2026-02")
        #expect(try rows(.documents, CSVDialect(), selection).rows.isEmpty)
    }

    @Test("join a drug to its reaction by the rows of the findings")
    func pairs() throws {
        let findings = try rows(.findings, CSVDialect()).rows
        let pairs = try rows(.pairs, CSVDialect()).rows
        #expect(pairs.count == 1)
        #expect(pairs[0]["drug_id"] == findings[1]["finding_id"])
        #expect(pairs[0]["reaction_id"] == findings[2]["finding_id"])
        #expect(pairs[0]["reaction"] == "発疹" && pairs[0]["level"] == "2")
    }
}
