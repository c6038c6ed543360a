// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

@Suite(
    "Shared files of HL7", .enabled(if: SharedSample.areThere, "needs ../shared/fixtures/formats"))
struct SharedHL7Tests {
    private func entries(_ file: String) throws -> [ReadDocument] {
        try HL7Samples.reader().entries(in: SharedSample.bytes(file))
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
