// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

@Suite("What a site says of its files")
struct SiteRulesTests {
    private func read(
        _ text: String, as name: String, kind: DocumentKind = .radiology, _ rules: SiteRules
    ) throws(IntakeError) -> [ClinicalDocument] {
        try DocumentReader(rules: rules).documents(
            in: Data(text.utf8), fileName: name, kind: kind)
    }

    @Test("the name of a file says what its text does not")
    func fileNames() throws {
        var rules = SiteRules()
        rules.fileNames[.radiology] = FileNamePattern(
            #"^(?<patient>\d+)_(?<authored>\d{8})_(?<id>[^_.]+)"# + #"(_(?<title>[^.]+))?\."#)
        let document = try #require(
            try read("右肺に結節あり。", as: "dir_1/0012_20260501_R-7_胸部CT.txt", rules).first)
        #expect(document.patientIdentifier == "0012" && document.externalIdentifier == "R-7")
        #expect(document.authoredAt == "20260501" && document.source.title == "胸部CT")
        #expect(document.source.key == "file:radiology:R-7^0012")
        for (name, kind) in [
            ("note.txt", DocumentKind.radiology), ("0012_20260501_R-7.txt", .nursing),
        ] {
            let other = try #require(try read("咳あり。", as: name, kind: kind, rules).first)
            #expect(other.patientIdentifier == nil && other.source.key == nil)
        }
        // What a record says itself counts, and a line of many is not what the name speaks of.
        let lines = "{\"text\":\"咳\",\"patient_id\":\"9\"}\n{\"text\":\"熱\"}"
        #expect(
            try read(lines, as: "0012_20260501_R-7.jsonl", rules).map(\.patientIdentifier)
                == ["9", nil])
    }

    @Test(
        "expressions without a known group are none",
        arguments: ["(?<patient>", #"^\d+"#, "(?<who>x)"])
    func noPattern(expression: String) { #expect(FileNamePattern(expression) == nil) }

    @Test("identifiers of patients are written in one way")
    func patients() throws {
        var rules = SiteRules()
        func identifiers() throws -> [String?] {
            let lines = [" 12 ", "００１２", "A-１", "123456789"].map {
                "{\"text\":\"咳\",\"patient_id\":\"\($0)\"}"
            }
            return try read(lines.joined(separator: "\n"), as: "a.jsonl", rules)
                .map(\.patientIdentifier)
        }
        #expect(try identifiers() == ["12", "００１２", "A-１", "123456789"])
        rules.patients.isHalfWidth = true
        #expect(try identifiers() == ["12", "0012", "A-1", "123456789"])
        rules.patients.digits = 8
        #expect(try identifiers() == ["00000012", "00000012", "A-1", "123456789"])
    }

    @Test("codes of the site decide on the kind")
    func codes() throws {
        let message = [
            "MSH|^~\\&|A|B|C|D|20260501||MDM^T02|1|P|2.5||||||UNICODE UTF-8",
            "PID|1||0012^^^K^PI", "TXA|1|LOCAL-9|TX|20260501||||||||DOC-1|||||AU",
            "OBX|1|TX|1^本文||発熱あり。||||||F", "",
        ].joined(separator: "\r")
        #expect(try read(message, as: "a", SiteRules()).map(\.kind) == [.other])
        var rules = SiteRules()
        rules.codes = DocumentCodes(site: ["LOCAL-9": .nursing])
        #expect(try read(message, as: "a", rules).map(\.kind) == [.nursing])
    }
}
