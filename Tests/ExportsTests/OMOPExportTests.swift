// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Exports
import Foundation
import ResultStore
import RowFiles
import TestSupport
import Testing

@Suite("Tables of OMOP")
struct OMOPExportTests {
    private let notes, mentions: [[String: String]]
    private let count: OMOPExport.Count
    private let store: FictionalStore

    init() throws {
        store = try FictionalStore([
            .init(
                "発熱なし。😀\r\n鎮痛剤甲を内服し、\"発疹\"が出現した。", patient: "0012",
                key: String(repeating: "長い", count: 40),
                [("disease", "発熱"), ("drug", "鎮痛剤甲"), ("disease", "発疹")]),
            .init("咳嗽あり。", patient: "nobody", [("disease", "咳嗽")]),
            .init(
                String(repeating: "文", count: 600) + "咳嗽" + String(repeating: "字", count: 600),
                patient: "0012", key: "short", [("disease", "咳嗽")]),
        ])
        let export = OMOPExport(persons: ["0012": 7], concepts: ["case-report": 11])
        var (notes, mentions) = (
            OMOPExport.header(OMOPExport.noteColumns), OMOPExport.header(OMOPExport.mentionColumns)
        )
        var count = OMOPExport.Count()
        try store.reader.eachDocument(of: .init()) { document in
            let records = try export.records(of: document, count: &count)
            notes += records.note
            mentions += records.mentions
        }
        self.count = count
        (self.notes, self.mentions) = (try Self.rows(notes), try Self.rows(mentions))
    }

    private static func rows(_ content: Data) throws -> [[String: String]] {
        var table = SeparatedValues(String(decoding: content, as: UTF8.self), separator: .comma)
        let records = try table.rows().map(\.fields)
        return records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(records[0], $0)) }
    }

    @Test("have a note for each document of a person that the site knows")
    func persons() {
        #expect(notes.map { $0["person_id"] } == ["7", "7"])
        #expect(count.withoutPerson == 1 && count.notes == 2)
        #expect(notes.map { $0["note_text"] } == [store.texts[0], store.texts[2]])
        #expect(notes.map { $0["note_class_concept_id"] } == ["11", "11"])
        #expect(notes[0]["note_date"] == "2026-01-02")
        #expect(notes[0]["note_datetime"] == "2026-01-02T12:04:05")
        #expect(notes[0]["note_source_value"]?.hasPrefix("sha256:") == true)
        #expect(notes[1]["note_source_value"] == "short")
    }

    @Test("have a row for each mention and grade, at its place in the note")
    func mentionRows() throws {
        for row in mentions {
            let note = try #require(notes.first { $0["note_id"] == row["note_id"] })
            let scalars = Array((note["note_text"] ?? "").unicodeScalars)
            let start = try #require(row["offset"].flatMap { Int($0) })
            let surface = (row["lexical_variant"] ?? "").unicodeScalars
            #expect(scalars[start...].starts(with: surface))
            #expect(row["snippet"]?.contains(row["lexical_variant"] ?? "?") == true)
        }
        #expect(mentions.map { $0["term_exists"] } == ["N", "Y", "Y", "Y", "Y"])
        #expect(mentions[0]["term_modifiers"]?.contains("certainty=negative") == true)
        #expect(Set(mentions.map { $0["note_nlp_id"] }).count == mentions.count)
    }

    @Test(
        "keep to the field tables of the CDM",
        .enabled(
            if: SharedFormats.folder != nil, "../shared/fixtures/formats is not there"),
        arguments: ["note", "note_nlp"])
    func fields(name: String) throws {
        let folder = try #require(SharedFormats.folder)
        let file = folder.appending(path: "omop/cdm-OMOP_CDMv5.4_Field_Level.csv")
        let rules = try Self.rows(Data(contentsOf: file)).filter { $0["cdmTableName"] == name }
        let columns = name == "note" ? OMOPExport.noteColumns : OMOPExport.mentionColumns
        #expect(
            rules.map { ($0["cdmFieldName"] ?? "").replacing("\"", with: "").lowercased() }
                == columns)
        for row in name == "note" ? notes : mentions {
            for (rule, column) in zip(rules, columns) {
                let value = row[column] ?? ""
                if rule["isRequired"] == "Yes" { #expect(!value.isEmpty, "\(column)") }
                guard !value.isEmpty, let type = rule["cdmDatatype"] else { continue }
                switch type {
                case "integer": #expect(Int32(value) != nil, "\(column)")
                case "date": #expect(value.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil)
                case "datetime":
                    #expect(value.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
                default:
                    let length = type.firstMatch(of: /\((\d+)\)/).flatMap { Int($0.1) } ?? .max
                    #expect(value.unicodeScalars.count <= length, "\(column)")
                }
            }
        }
    }
}
