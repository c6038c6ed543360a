// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import Intake

private typealias Samples = HL7Samples

@Suite("Documents of HL7 (MDM)")
struct HL7DocumentTests {
    private let text = Samples.line(
        #"主訴\.br\発熱\.br\入院経過\.br\抗菌薬で軽快した。"#, type: "FT", title: "18842-5^退院時サマリー^LN")

    private func message(_ trigger: String, _ document: String, content: Bool = true) -> [String] {
        [
            Samples.header("MDM^\(trigger)^MDM_T02"), "EVN|\(trigger)|20260520", Samples.patient,
            document,
        ]
            + (content ? [text] : [])
    }

    private func document(
        _ trigger: String, _ document: String = Samples.document(), content: Bool = true
    ) throws -> ClinicalDocument? {
        try Samples.reader().documents(of: message(trigger, document, content: content)).first
    }

    @Test("a document gives its text, titles within it, and what its sender says")
    func original() throws {
        let document = try #require(try document("T02"))
        #expect(document.text == "主訴\n発熱\n入院経過\n抗菌薬で軽快した。")
        #expect(document.body("入院経過") == "抗菌薬で軽快した。")
        #expect(document.kind == .dischargeSummary)
        #expect(document.externalIdentifier == "DS-1")
        #expect(document.authoredAt == "20260520100000")
        #expect(document.source.key == "hl7v2:DS-1")
        #expect(document.source.status == .final)
        #expect(document.source.author == "架空 医子")
        #expect(document.source.title == "退院時サマリー")
        #expect(document.source.code == "18842-5")
        #expect(document.source.codeSystem == "LN")
    }

    @Test("TXA-13 replaces in T10 only")
    func replacing() throws {
        let sent = Samples.document("DS-2", replaces: "DS-1")
        #expect(try document("T02", sent)?.source.replaces == nil)
        let replacement = try document("T10", sent)
        #expect(replacement?.source.replaces == "hl7v2:DS-1")
        #expect(replacement?.source.status == .amended)
        #expect(try document("T08")?.source.key == "hl7v2:DS-1")
        #expect(try document("T08")?.source.status == .amended)
    }

    @Test("an addendum does not take the place of its parent")
    func addendum() throws {
        let own = try document("T06", Samples.document("DS-2", replaces: "DS-1"))
        #expect(own?.source.key == "hl7v2:DS-2")
        #expect(own?.source.replaces == nil)
        let same = try document("T06", Samples.document("DS-1"))
        #expect(same?.source.key == "hl7v2:DS-1#addendum-20260520100000")
    }

    @Test(
        "what is cancelled, deleted or not to be had is withdrawn; what is obsolete is superseded")
    func withdrawn() throws {
        #expect(try document("T11", content: false)?.source.status == .withdrawn)
        for availability in ["CA", "UN"] {
            let sent = Samples.document(availability: availability)
            #expect(try document("T02", sent)?.source.status == .withdrawn)
            #expect(try document("T03", sent, content: false)?.source.status == .withdrawn)
        }
        let obsolete = try document("T02", Samples.document(availability: "OB"))
        #expect(obsolete?.source.isSuperseded == true)
        #expect(obsolete?.source.status == .final)
    }

    @Test(
        "TXA-17 says how settled it is",
        arguments: [
            ("DI", SenderStatus.preliminary), ("IP", .preliminary), ("PA", .final), ("AU", .final),
            ("LA", .final), ("", .unknown),
        ])
    func status(code: String, status: SenderStatus) throws {
        #expect(try document("T02", Samples.document(completion: code))?.source.status == status)
    }

    @Test("a notification without content is passed over, content without text is a fault")
    func empty() throws {
        let reader = Samples.reader()
        for trigger in ["T01", "T03", "T05", "T07", "T09"] {
            let flaw = try reader.flaw(of: message(trigger, Samples.document(), content: false))
            #expect(flaw?.code == "no-narrative")
        }
        #expect(try reader.flaw(of: message("T02", Samples.document(), content: false)) == .noText)
        #expect(
            try reader.flaw(of: message("T11", Samples.document(""), content: false))
                == .missing(field: "TXA-12"))
        #expect(
            try reader.flaw(of: [Samples.header("MDM^T02"), Samples.patient, text])
                == .missing(field: "TXA"))
        #expect(try reader.flaw(of: message("T99", Samples.document()))?.code == "wrong-value")
    }

    @Test("the trigger may stand in EVN or in the structure only")
    func triggers() throws {
        for type in ["MDM", "MDM_T02", "mdm^t02"] {
            let documents = try Samples.reader().documents(of: [
                Samples.header(type), "EVN|T02", Samples.patient, Samples.document(), text,
            ])
            #expect(documents.map(\.externalIdentifier) == ["DS-1"])
        }
    }

    @Test(
        "TXA-2 says the kind by a code of either system, by table 0270, or by a clear name",
        arguments: [
            ("18842-5", DocumentKind.dischargeSummary), ("DS", .dischargeSummary),
            ("L1^入院サマリ^L^57133-1^診療情報提供書^LN", .referral), ("PN", .progressNote),
            ("RA", .radiology), ("CN", .other), ("L9^看護記録^L", .nursing),
            ("L2^退院時サマリ(内科)^L", .dischargeSummary), ("99999-9^不明^LN", .other), ("", .nursing),
        ])
    func kinds(type: String, kind: DocumentKind) throws {
        let documents = try Samples.reader(kind: .nursing).documents(
            of: message("T02", Samples.document(type: type)))
        #expect(documents.map(\.kind) == [kind])
    }

    // MARK: Files within messages

    private func embedded(_ values: [String], _ type: String = "ED") -> [String] {
        [Samples.header("MDM^T02"), Samples.patient, Samples.document()]
            + values.map { Samples.line($0, type: type, title: "") }
    }

    @Test("plain text within a message is its text, however it is coded")
    func plainText() throws {
        // 右肺に結節あり。
        let base64 = "5Y+z6IK644Gr57WQ56+A44GC44KK44CC"
        for value in [
            "^text^plain^Base64^\(base64)", "^TEXT^PLAIN^BASE64^\(base64)^",
            #"^text^plain^Base64^5Y+z6IK644Gr57WQ\.br\56+A44GC44KK44CC"#,
            "^Text^text/plain^A^右肺に結節あり。", "^TEXT^^ASCII^右肺に結節あり。",
        ] {
            let documents = try Samples.reader().documents(of: embedded([value]))
            #expect(documents.map(\.text) == ["右肺に結節あり。"], "\(value)")
            #expect(documents[0].source.attachments.map(\.refusal) == [nil])
        }
    }

    @Test("another file is read by what is plugged in; the plainest that has a text is taken")
    func pluggedIn() throws {
        let html = "^text^html^A^<p>本文</p>"
        let xml = "^Text^text/xml^ASCII^<ClinicalDocument/>"
        let pdf = "^application^pdf^Base64^JVBERi0="
        #expect(try Samples.reader().flaw(of: embedded([pdf])) == .noText)
        #expect(try Samples.reader().flaw(of: embedded([xml])) == .noText)
        var reader = Samples.reader()
        reader.embeddedText = { type, bytes, depth in
            depth == 1 && type != "text/html" ? "\(type) \(bytes.count)" : nil
        }
        let documents = try reader.documents(of: embedded([pdf, xml, html]))
        #expect(documents.map(\.text) == ["text/xml 19"])
        #expect(
            documents[0].source.attachments.map(\.mediaType) == [
                "application/pdf", "text/xml", "text/html",
            ])
        #expect(documents[0].source.attachments.map { $0.refusal == nil } == [false, true, false])
        reader.nesting = reader.limits.maximumNesting
        #expect(try reader.flaw(of: embedded([xml]))?.code == "too-large")
    }

    @Test("what is no base64, or a reference, is an attachment that was not taken")
    func notTaken() throws {
        for (value, type) in [
            ("^application^pdf^Base64^JVBE*", "ED"), ("^image^jpeg^Base64^", "ED"),
            ("^text^plain^Base64^A", "ED"), ("^text^plain^ROT13^A", "ED"),
            ("file:///etc/passwd^^text^plain", "RP"),
        ] {
            let documents = try Samples.reader().documents(
                of: embedded([value], type) + [Samples.line("本文", title: "")])
            #expect(documents.map(\.text) == ["本文"])
            #expect(documents[0].source.attachments.map(\.byteCount) == [nil])
            #expect(documents[0].source.attachments[0].refusal != nil)
            #expect(try Samples.reader().flaw(of: embedded([value], type)) == .noText)
        }
    }

    @Test("bytes that are no text are no plain text")
    func binary() throws {
        let flaw = try Samples.reader().flaw(of: embedded(["^text^plain^Base64^AAAAAA=="]))
        #expect(flaw == .malformed(expected: "text in OBX-5", byteOffset: nil))
    }

    @Test("an attachment that is too large is refused before it is decoded")
    func tooLarge() throws {
        var limits = IntakeLimits()
        limits.maximumAttachmentBytes = 10
        let value = "^application^pdf^Base64^" + String(repeating: "A", count: 100)
        #expect(
            try Samples.reader(limits: limits).flaw(of: embedded([value]))
                == .tooMuch(of: "bytes of an attachment in OBX-5", limit: 10))
    }
}
