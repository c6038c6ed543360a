// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

private let folder = URL(filePath: #filePath)
    .appending(path: "../../../../../shared/fixtures/formats").standardized
private let isThere = FileManager.default.fileExists(atPath: folder.path)

private struct Expectation: Decodable {
    struct Document: Decodable {
        let id: String?
        let kind: String?
        let patient_id: String?
        let authored_at: String?
        let status: String?
        let contains: [String]?
        let absent: [String]?
        let sections: [String]?
        let replaces: String?
    }
    let file: String
    let outcome: String
    let documents: [Document]?
}

@Suite("Shared files of HL7", .enabled(if: isThere, "needs ../shared/fixtures/formats"))
struct SharedHL7Tests {
    private func expectations() throws -> [Expectation] {
        let lines = try String(
            contentsOf: folder.appending(path: "expected.jsonl"), encoding: .utf8)
        return try lines.split(separator: "\n").map {
            try JSONDecoder().decode(Expectation.self, from: Data($0.utf8))
        }.filter { $0.file.hasSuffix(".hl7") }
    }

    private func entries(_ file: String) throws(IntakeError) -> [ReadDocument] {
        let data = (try? Data(contentsOf: folder.appending(path: file))) ?? Data()
        return try HL7Samples.reader().entries(in: Array(data))
    }

    @Test("each comes out as is expected of it")
    func expected() throws {
        let all = try expectations()
        #expect(all.count >= 15)
        for expectation in all {
            if expectation.outcome == "refused" {
                let taken = (try? entries(expectation.file)) ?? []
                #expect(
                    taken.allSatisfy { if case .failure = $0.result { true } else { false } },
                    "\(expectation.file)")
                continue
            }
            let entries = try entries(expectation.file)
            let documents = entries.compactMap { try? $0.result.get() }
            let expected = expectation.documents ?? []
            #expect(documents.count == expected.count, "\(expectation.file): \(entries)")
            #expect((entries.count > documents.count) == (expectation.outcome == "partial"))
            for (document, expected) in zip(documents, expected) {
                check(document, expected, expectation)
            }
        }
    }

    private func check(
        _ document: ClinicalDocument, _ expected: Expectation.Document, _ expectation: Expectation
    ) {
        let file = Comment(rawValue: expectation.file)
        #expect(document.externalIdentifier == expected.id, file)
        #expect(document.kind.rawValue == expected.kind, file)
        #expect(document.patientIdentifier == expected.patient_id, file)
        if let time = expected.authored_at {
            #expect(
                document.authoredAt.flatMap(StatedTime.init)?.utc == StatedTime(time)?.utc, file)
        }
        if let status = expected.status {
            #expect(document.source.status.rawValue == status, file)
        }
        if expectation.outcome == "withdrawn" {
            #expect(document.source.status == .withdrawn, file)
        }
        for part in expected.contains ?? [] {
            #expect(document.text.contains(part), "\(expectation.file): \(part)")
        }
        for part in expected.absent ?? [] { #expect(!document.text.contains(part), file) }
        for title in expected.sections ?? [] { #expect(document.body(title) != nil, file) }
        #expect(document.source.replaces == expected.replaces.map { "hl7v2:" + $0 }, file)
    }

    @Test("the second message of the batch is a fault with its number and control id")
    func batch() throws {
        let entries = try entries("hl7v2/fict-batch.hl7")
        #expect(
            entries.map { $0.place?.words } == [
                "message 1 (B1)", "message 2 (B2)", "message 3 (B3)",
            ])
        #expect(throws: IntakeError.flaw(.missing(field: "OBR"), in: .hl7, at: entries[1].place)) {
            try entries[1].result.get()
        }
    }

    @Test("a PDF beside the text is an attachment with its digest")
    func attachment() throws {
        let document = try entries("hl7v2/fict-oru-4-with-pdf.hl7")[0].result.get()
        let attachment = try #require(document.source.attachments.first)
        #expect(attachment.mediaType == "application/pdf")
        #expect(attachment.sha256?.count == 64)
        #expect((attachment.byteCount ?? 0) > 1000)
        #expect(attachment.refusal != nil)
    }

    @Test(
        "the text of an endoscopy's order and of an electrocardiogram are read, and nothing of a patient's data"
    )
    func standardisedStorage() throws {
        let root = "ssmix2/nho-standard/999/901/9999013/"
        let order = try entries(
            root + "20111220/OMG-12/9999013_20111220_OMG-12_201112201656100_20111220224447339_01_1"
        )
        let texts = order.compactMap { try? $0.result.get() }
        #expect(texts.count == 1)
        #expect(texts[0].source.sections.map(\.title) == ["外来所見", "臨床病名", "内視鏡検査理由"])
        let curve = try entries(
            root + "20111220/OMG-13/9999013_20111220_OMG-13_999999999999999_20111220224447339_01_1"
        )
        #expect(try curve[0].result.get().body("心電図所見") == "心筋虚血疑い")
        let patient = try entries(
            root + "-/ADT-00/9999013_-_ADT-00_999999999999999_20111220224447339_-_1")
        guard case .failure(let error) = patient[0].result else {
            Issue.record("a patient's data became a document")
            return
        }
        #expect(error.code == "no-narrative")
    }
}
