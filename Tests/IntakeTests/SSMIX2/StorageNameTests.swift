// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import Intake

private let shared = URL(filePath: #filePath)
    .appending(path: "../../../../../shared/fixtures/formats/ssmix2").standardized
private let isThere = FileManager.default.fileExists(atPath: shared.path)

@Suite("Names in SS-MIX2 storages")
struct StorageNameTests {
    private func name(_ path: String) throws -> StorageName? {
        try StorageName(path: Array(path.utf8))
    }

    private let summary =
        "ext/000/700/0007001/20260519/^退院時サマリー^^18842-5^退院時サマリー^LN/"
        + "0007001_20260519_18842-5_000000000000188_20260520180000000_01_1/main_document.xml"

    @Test("a file of standardised storage")
    func standardised() throws {
        let name = try #require(
            try name(
                "/srv/std/000/700/0007001/20260513/OMG-13/0007001_20260513_OMG-13_081251234567800_20260513163013012_03_1"
            ))
        #expect(name.patient == "0007001")
        #expect(name.date == "20260513")
        #expect(name.kind == "OMG-13")
        #expect(name.order == "081251234567800")
        #expect(name.time == "20260513163013012")
        #expect(name.versionTime == "2026-05-13T07:30:13.012Z")
        #expect(name.department == "03")
        #expect(name.condition == .valid)
        #expect(name.type == nil && name.contentName == nil)
        #expect(name.key == "ssmix2:0007001|20260513|OMG-13|081251234567800")
        #expect(name.mayHoldNarrative)
    }

    @Test("a file in a content folder of extension storage")
    func extended() throws {
        let name = try #require(try name(summary))
        #expect(name.type?.standardCode == "18842-5")
        #expect(name.type?.code == nil)
        #expect(name.type?.name == "退院時サマリー")
        #expect(name.contentName == "main_document.xml")
        #expect(name.kind == "18842-5")
        #expect(name.type?.kind(DocumentCodes()) == .dischargeSummary)
        let bytes = try #require(encoded(summary, in: "CP932"))
        #expect(try StorageName(path: bytes) == name)
    }

    @Test(
        "names as real servers have them",
        arguments: [
            "0007001_-_ADT-00_999999999999999_20111220224447339_-_1",
            "0007001_20260513_OML-11_0812512345678_201112202244473_01_2",
            "00_07_001_20260513_L0101_000000000000202_20260513090000000_-_0",
            "0007001_20260513_OMG-13_a_b_20260513090000_in_t_1",
        ])
    func forms(text: String) throws {
        let name = try #require(try name(text))
        #expect(name.patient.filter { $0 != "_" } == "0007001")
        #expect(name.versionTime != nil)
        #expect(name.mayHoldNarrative == !(text.contains("ADT") || text.contains("OML")))
        #expect(name.condition.rawValue == String(text.suffix(1)))
    }

    @Test(
        "what has another form is none",
        arguments: [
            "", "/", "main_document.xml", "report_20260513.hl7",
            "1_20260513_OMG-13_2_20260513090000_01_3",
            "1_20260513_OMG-13_2_2026_01_1", "_20260513_OMG-13_2_20260513090000_01_1",
            "1_20260513_OMG-13_20260513090000_01_1", "1_2_3_4_5_6_7_8_1",
        ])
    func others(text: String) throws {
        #expect(try name(text) == nil)
    }

    @Test("a file in the folder of another patient, day or kind is a fault")
    func misplaced() throws {
        let file = "0007001_20260513_OMG-13_1_20260513163013012_03_1"
        for folder in [
            "0007002/20260513/OMG-13", "0007001/20260514/OMG-13", "0007001/-/OMG-13",
            "0007001/20260513/OMP-11",
        ] {
            #expect(throws: IntakeError.self) { try name("000/700/\(folder)/\(file)") }
        }
        #expect(try name("0007001/20260513/OMG-13/\(file)") != nil)
        #expect(try name("anything/else/\(file)") != nil)
    }

    @Test("the main document of a content folder")
    func mainDocument() {
        #expect(
            StorageName.mainDocument(of: ["style.css", "main_document.xml", "a.xml"])
                == "main_document.xml")
        #expect(StorageName.mainDocument(of: ["style.css", "REPORT.XML", "a.jpg"]) == "REPORT.XML")
        #expect(StorageName.mainDocument(of: ["a.xml", "b.xml"]) == nil)
        #expect(StorageName.mainDocument(of: ["style.css"]) == nil)
    }

    // MARK: Laid over documents

    private func laid(_ path: String, _ entries: [ReadDocument]) throws -> [ReadDocument] {
        try #require(try name(path)).laid(over: entries, codes: DocumentCodes())
    }

    private func report(patient: String, orders: Int = 1) throws -> [ReadDocument] {
        let request = (1...orders).flatMap {
            [HL7Samples.request(number: "R\($0)", section: ""), HL7Samples.line("所見\($0)")]
        }
        return try HL7Samples.reader().entries(
            of: HL7Samples.message([HL7Samples.header(), "PID|1||\(patient)^^^^PI"] + request))
    }

    private let file = "0007001_20260513_OMG-13_7_20260513163013012_03_"

    @Test("the path names the record and orders its versions; the flag supersedes or withdraws it")
    func flags() throws {
        for (flag, status, isSuperseded) in [
            ("1", SenderStatus.final, false), ("2", .final, true), ("0", .withdrawn, false),
        ] {
            let entry = try #require(try laid(file + flag, report(patient: "0007001")).first)
            let document = try entry.result.get()
            #expect(document.source.key == "ssmix2:0007001|20260513|OMG-13|7")
            #expect(document.source.versionTime == "2026-05-13T07:30:13.012Z")
            #expect(document.source.format == .ssmix2)
            #expect(document.source.status == status)
            #expect(document.source.isSuperseded == isSuperseded)
            #expect(document.source.department == "03")
            #expect(document.externalIdentifier == "R1")
            #expect(document.text == "【所見】\n所見1")
        }
    }

    @Test("several documents of one file have keys of their own")
    func several() throws {
        let documents = try laid(file + "1", report(patient: "0007001", orders: 2)).map {
            try $0.result.get()
        }
        #expect(
            documents.map(\.source.key) == [
                "ssmix2:0007001|20260513|OMG-13|7", "ssmix2:0007001|20260513|OMG-13|7|R2",
            ])
    }

    @Test("a document of another patient is a fault; other zeros and none are not")
    func patients() throws {
        let other = try laid(file + "1", report(patient: "0007002"))
        #expect(other.count == 1 && (try? other[0].result.get()) == nil)
        let zeros = try laid(file + "1", report(patient: "7001"))[0].result.get()
        #expect(zeros.patientIdentifier == "7001")
        #expect(zeros.source.notices.count == 1)
        let none = try laid(file + "1", report(patient: ""))[0].result.get()
        #expect(none.patientIdentifier == "0007001")
    }

    @Test("the folder says the kind, code and title of a document that says none")
    func types() throws {
        let document = ClinicalDocument(kind: .other, text: "主訴 発熱")
        let entry = ReadDocument(place: nil, result: .success(document))
        let laid = try laid(summary, [entry])[0].result.get()
        #expect(laid.kind == .dischargeSummary)
        #expect(laid.source.code == "18842-5")
        #expect(laid.source.codeSystem == "LN")
        #expect(laid.source.title == "退院時サマリー")
        #expect(laid.authoredAt == "20260519")
        #expect(laid.externalIdentifier == "000000000000188")
    }

    @Test("a deleted record without content is withdrawn by its name alone")
    func withdrawal() throws {
        let name = try #require(try name(summary.replacing("_01_1/", with: "_01_0/")))
        let document = name.withdrawal(folder: .other, codes: DocumentCodes())
        #expect(document.source.status == .withdrawn)
        #expect(document.source.key == name.key)
        #expect(document.kind == .dischargeSummary)
        #expect(document.patientIdentifier == "0007001")
    }

    @Test("random names give facts or nothing")
    func random() throws {
        let pieces = ["_", "-", "1", "20260513", "20260513090000000", "^", "/", "あ", "_1", ""]
        var numbers = SeededNumbers(seed: 11)
        var found = 0
        for _ in 0..<5000 {
            var parts = summary.split(
                separator: "_", omittingEmptySubsequences: false
            ).map(String.init)
            for _ in 0...numbers.number(below: 3) {
                let place = numbers.number(below: parts.count)
                parts[place] = pieces[numbers.number(below: pieces.count)]
            }
            guard let name = try? name(parts.joined(separator: "_")) else { continue }
            found += 1
            #expect(!name.patient.isEmpty && !name.kind.isEmpty && !name.order.isEmpty)
        }
        #expect(found > 100)
    }

    @Test(
        "every file of the shared trees is told by its path",
        .enabled(if: isThere, "needs ../shared"))
    func sharedTrees() throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: shared.path)
        var conditions: [StorageName.Condition: Int] = [:]
        for path in paths {
            let url = shared.appending(path: path)
            guard !url.hasDirectoryPath, path.hasSuffix(".xml") || url.pathExtension.isEmpty,
                (try? Data(contentsOf: url)) != nil
            else { continue }
            let found = try #require(try name(url.path), "\(path)")
            conditions[found.condition, default: 0] += 1
        }
        #expect(conditions == [.valid: 6, .superseded: 1, .deleted: 2])
    }
}
