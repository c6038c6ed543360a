// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Exports
import Foundation
import ResultStore
import Testing

@Suite("Resources of FHIR")
struct FHIRExportTests {
    private let store: FictionalStore

    init() throws {
        store = try FictionalStore([
            .init(
                "発熱なし。鎮痛剤甲を内服し、発疹が出現した。", patient: "0012",
                [("disease", "発熱"), ("drug", "鎮痛剤甲"), ("disease", "発疹")]),
            .init("咳嗽あり。", [("disease", "咳嗽")]),
        ])
    }

    private func resources(
        withText: Bool = false
    ) throws -> (lines: [String], values: [[String: Any]], count: FHIRExport.Count) {
        var count = FHIRExport.Count()
        var lines: [String] = []
        try store.reader.eachDocument(of: .init()) { document in
            lines += FHIRExport(withText: withText).lines(of: document, count: &count).map(\.line)
        }
        let values = try lines.map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        return (lines, values, count)
    }

    /// A value by the names and indices that lead to it.
    private func value(_ object: Any?, _ path: Any...) -> String? {
        var found = object
        for step in path {
            if let name = step as? String {
                found = (found as? [String: Any])?[name]
            } else if let index = step as? Int {
                found = (found as? [Any])?[index]
            }
        }
        return found.map { "\($0)" }
    }

    @Test("say what is certain, refuted and taken, and refer to their document")
    func contents() throws {
        let (_, values, count) = try resources()
        #expect(
            values.map { $0["resourceType"] as? String } == [
                "Condition", "MedicationStatement", "Condition", "Observation",
                "DocumentReference", "Provenance",
            ])
        #expect(count.withoutPatient == 1)
        #expect(value(values[0], "verificationStatus", "coding", 0, "code") == "refuted")
        #expect(values[0]["clinicalStatus"] == nil)
        #expect(value(values[2], "verificationStatus", "coding", 0, "code") == "confirmed")
        #expect(value(values[2], "clinicalStatus", "coding", 0, "code") == "active")
        #expect(value(values[2], "code", "text") == "発疹")
        #expect(value(values[1], "medicationCodeableConcept", "text") == "鎮痛剤甲")
        let source = "DocumentReference/" + (value(values[4], "id") ?? "")
        #expect(value(values[2], "evidence", 0, "detail", 0, "reference") == source)
        #expect(value(values[1], "derivedFrom", 0, "reference") == source)
        for object in values.dropLast() {
            #expect(value(object, "subject", "identifier", "value") == "0012")
        }
        let targets = try #require(values[5]["target"] as? [[String: String]])
        #expect(
            Set(targets.compactMap { $0["reference"] })
                == Set(
                    values.dropLast().compactMap {
                        "\($0["resourceType"] ?? "")/\($0["id"] ?? "")"
                    }))
    }

    @Test("are the same in each export, with identifiers of their own")
    func identifiers() throws {
        let (first, second) = (try resources(), try resources())
        #expect(first.lines == second.lines)
        let identifiers = first.values.compactMap { $0["id"] as? String }
        #expect(Set(identifiers).count == first.values.count)
        #expect(identifiers.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
    }

    @Test("hold text only if it is asked for")
    func text() throws {
        #expect(
            try resources().lines.allSatisfy { !$0.contains("出現した") && !$0.contains("\"data\"") })
        let (lines, values, _) = try resources(withText: true)
        #expect(lines.contains { $0.contains("出現した") })
        let data = value(values[4], "content", 0, "attachment", "data")
        #expect(data.flatMap { Data(base64Encoded: $0) } == Data(store.texts[0].utf8))
    }

    @Test("define their extension")
    func definition() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(FHIRExport.definition.utf8))
                as? [String: Any])
        let url = try #require(object["url"] as? String)
        #expect(try resources().lines[0].contains(url))
    }
}
