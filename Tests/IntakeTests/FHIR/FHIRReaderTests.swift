// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

private func reader(
    _ limits: IntakeLimits = IntakeLimits(),
    _ otherFormats: @escaping EmbeddedDocuments.OtherFormats = { _, _, _ in nil }
) -> FHIRReader {
    FHIRReader(limits: limits, kind: .nursing, codes: DocumentCodes(), otherFormats: otherFormats)
}

private func result(
    _ json: String, limits: IntakeLimits = IntakeLimits(),
    otherFormats: @escaping EmbeddedDocuments.OtherFormats = { _, _, _ in nil }
) -> FormatResult {
    FormatResult { try reader(limits, otherFormats).entries(in: Array(json.utf8)) }
}

private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

/// A report with more members.
private func report(_ members: String, status: String = "final") -> String {
    #"{"resourceType":"DiagnosticReport","id":"r1","status":"\#(status)","code":{"coding":[{"system":"http://loinc.org","code":"18748-4","display":"画像検査報告書"}]},"subject":{"identifier":{"system":"urn:p","value":"00012345"}},"effectiveDateTime":"2026-05-11T14:30:00+09:00"\#(members.isEmpty ? "" : "," + members)}"#
}

private func div(_ html: String, status: String = "additional") -> String {
    let content = html.replacing("\"", with: "\\\"")
    return
        #""text":{"status":"\#(status)","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">\#(content)</div>"}"#
}

private func reference(_ members: String, status: String = "current") -> String {
    #"{"resourceType":"DocumentReference","id":"d1","status":"\#(status)","type":{"coding":[{"code":"11506-3"}]},"subject":{"reference":"Patient/p9"},"date":"2026-05-13T08:45:00+09:00",\#(members)}"#
}

private func content(_ type: String, _ text: String) -> String {
    #"{"attachment":{"contentType":"\#(type)","data":"\#(base64(text))"}}"#
}

private func composition(_ sections: String, _ members: String = "") -> String {
    #"{"resourceType":"Composition","identifier":{"system":"urn:c","value":"C-1"},"status":"final","type":{"coding":[{"system":"urn:t","code":"18842-5"}]},"subject":{"reference":"urn:uuid:p"},"date":"2026-05-20","author":[{"reference":"urn:uuid:r"},{"reference":"urn:uuid:o"}],"title":"退院時サマリー","encounter":{"reference":"urn:uuid:e"},"section":[\#(sections)]\#(members)}"#
}

private func section(_ title: String, _ members: String) -> String {
    #"{"title":"\#(title)"\#(members.isEmpty ? "" : "," + members)}"#
}

/// A document bundle: a composition with a patient, a person, an organisation and a visit.
private func bundle(_ composition: String, _ more: String = "") -> String {
    #"""
    {"resourceType":"Bundle","identifier":{"system":"urn:b","value":"B-1"},"type":"document","timestamp":"2026-05-20T20:00:00+09:00","entry":[
    {"fullUrl":"urn:uuid:c","resource":\#(composition)},
    {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","identifier":[{"system":"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_member/1","value":"I"},{"system":"urn:oid:1.2.392.100495.20.3.51.11","value":"00012345"}],"name":[{"text":"見本 太郎"}]}},
    {"fullUrl":"urn:uuid:r","resource":{"resourceType":"Practitioner","name":[{"family":"架空","given":["花子"]}]}},
    {"fullUrl":"urn:uuid:o","resource":{"resourceType":"Organization","name":"架空病院","extension":[{"url":"http://jpfhir.jp/fhir/eCS/Extension/StructureDefinition/JP_eCS_Department","valueCodeableConcept":{"coding":[{"code":"08","display":"循環器科"}]}}]}},
    {"fullUrl":"urn:uuid:e","resource":{"resourceType":"Encounter","identifier":[{"value":"V-8"}]}}\#(more)]}
    """#
}

@Suite("FHIR: reports")
struct FHIRDiagnosticReportTests {
    @Test("what a report says of itself")
    func source() throws {
        let document = try #require(
            result(
                report(
                    #""identifier":[{"type":{"coding":[{"code":"PLAC"}]},"system":"urn:o","value":"O-1"},{"type":{"coding":[{"code":"FILL"}]},"system":"urn:f","value":"F-1"}],"meta":{"versionId":"3","lastUpdated":"2026-05-12T00:00:00Z"},"issued":"2026-05-11T15:00:00+09:00","resultsInterpreter":[{"display":"架空 花子"}],"conclusion":"肺癌の疑い。""#,
                    status: "amended")
            ).documents.first)
        #expect(document.kind == .radiology)
        #expect(document.externalIdentifier == "F-1")
        #expect(document.patientIdentifier == "00012345")
        #expect(document.authoredAt == "2026-05-11T14:30:00+09:00")
        let source = document.source
        #expect(source.key == "fhir:urn:f|F-1")
        #expect(source.order == "O-1")
        #expect(source.version == "3")
        #expect(source.versionTime == "2026-05-11T06:00:00.000Z")
        #expect(source.status == .amended)
        #expect(source.author == "架空 花子")
        #expect(source.patientIssuer == "urn:p")
        #expect(source.title == "画像検査報告書")
        #expect(document.sectionTexts == ["診断|肺癌の疑い。"])
    }

    @Test("findings and impression of observations are the text, not the other forms beside them")
    func observations() throws {
        let contained =
            ##""contained":[{"resourceType":"Observation","id":"f","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"18782-3"}]},"valueString":"結節あり。\\n胸水なし。"},{"resourceType":"Observation","id":"i","status":"final","code":{"coding":[{"code":"19005-8"}]},"valueString":"肺癌の疑い。"},{"resourceType":"Observation","id":"l","status":"final","code":{"coding":[{"code":"1988-5","display":"CRP"}]},"valueString":"(-)"}],"result":[{"reference":"#f"},{"reference":"#i"},{"reference":"#l"},{"reference":"Observation/elsewhere"}],"##
        let forms =
            #""presentedForm":[\#(content("text/plain", "結節あり。").dropFirst(14).dropLast())],"#
        let document = try #require(
            result(report(contained + forms + div("<p>結節あり。</p>") + #","conclusion":"肺癌の疑い。""#))
                .documents.first)
        #expect(document.sectionTexts == ["所見|結節あり。\n胸水なし。", "診断|肺癌の疑い。"])
        #expect(document.text == "【所見】\n結節あり。\n胸水なし。\n【診断】\n肺癌の疑い。")
        #expect(
            document.source.attachments.map(\.refusal) == ["the document has its text elsewhere"])
    }

    @Test("observations of the same file are in reach")
    func linesOfAFile() throws {
        let lines =
            #"{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"code":"18782-3"}]},"valueString":"結節あり。"}"#
            + "\n\n" + report(#""result":[{"reference":"Observation/o1"}]"#) + "\n"
        let found = result(lines)
        #expect(found.documents.map(\.text) == ["【所見】\n結節あり。"])
        #expect(found.faults == [])
    }

    @Test("an attached form is the text, once, with its headings")
    func presentedForm() throws {
        let html = content("text/html", "<h2>所見</h2><p>結節&lt;3cm</p>").dropFirst(14).dropLast()
        let pdf = content("application/pdf", "%PDF-1.4").dropFirst(14).dropLast()
        let document = try #require(
            result(report(#""presentedForm":[\#(pdf),\#(html)],"conclusion":"肺癌""#)).documents.first
        )
        #expect(document.sectionTexts == ["所見|結節<3cm", "診断|肺癌"])
        #expect(document.source.attachments.map(\.mediaType) == ["application/pdf", "text/html"])
        #expect(document.source.attachments[1].refusal == nil)
        #expect(document.source.attachments[0].sha256?.count == 64)
    }

    @Test(
        "the narrative is the text where nothing else is, without the table that names the patient")
    func narrative() throws {
        let html =
            "<table><tr><td>氏名</td><td>見本 太郎</td></tr></table><h2>所見</h2><p>結節あり。<br/>胸水なし。</p><table><tr><td>径</td><td>32mm</td></tr></table>"
        let document = try #require(result(report(div(html))).documents.first)
        #expect(document.text == "【所見】\n結節あり。\n胸水なし。\n径\t32mm")
        #expect(document.source.notices.count == 1)
        #expect(result(report(div("x", status: "empty"))).faults == ["no-text"])
        #expect(
            result(report(div("<table><tr><td>生年月日</td></tr></table><p>異常なし</p>"))).documents.first?
                .text
                == "異常なし")
    }

    @Test(
        "a narrative as servers make it: table of the patient, bold headings with colons, conclusion within"
    )
    func narrativeOfServers() throws {
        let html = """
            <h2><span>Diagnostic imaging study</span> (<span>CT</span>) </h2><table class="grid"><tr><td>Subject</td><td><b>見本 太郎</b> male, DoB: 1958-04-02 ( id:\u{A0}00012345)</td></tr></table>\
            <h3>Report Details</h3><p><b><big>【胸部造影CT】</big></b></p><p><b>依頼目的:</b></p><p>精査目的。</p><p><b>所見:</b></p><p>結節あり。</p><p>胸水なし。</p><p><b>インプレッション: </b></p><p>肺癌の疑い。 炎症性瘢痕。</p>
            """
        let document = try #require(
            result(report(div(html) + #","conclusion":"インプレッション: 肺癌の疑い。 炎症性瘢痕。""#)).documents.first)
        #expect(
            document.text
                == "【Diagnostic imaging study (CT)】\n【Report Details】\n【胸部造影CT】\n依頼目的:\n精査目的。\n所見:\n結節あり。\n胸水なし。\nインプレッション:\n肺癌の疑い。 炎症性瘢痕。"
        )
        #expect(
            document.source.sections.map(\.title)
                == ["Report Details", "依頼目的:", "所見:", "インプレッション:"])
    }

    @Test("PDF is read where there is no text, by the caller's reader")
    func pdf() {
        let form = #""presentedForm":[{"contentType":"application/pdf","data":"JVBERi0="}]"#
        #expect(result(report(form)).faults == ["attachment-unreadable"])
        let found = result(report(form + #","conclusion":"肺癌""#)) { _, _, level in "所見なし \(level)" }
        #expect(found.documents.first?.text == "所見なし 1\n【診断】\n肺癌")
        #expect(result(report(form + #","conclusion":"肺癌""#)).documents.first?.text == "【診断】\n肺癌")
    }

    @Test("results without a narrative are no fault of anybody's")
    func laboratory() {
        #expect(
            result(report(#""result":[{"reference":"Observation/1"}]"#)).faults == ["no-narrative"])
        #expect(
            result(
                report(
                    #""category":[{"coding":[{"code":"LAB"}]}],"#
                        + div("CRP 8.7", status: "generated"))
            ).faults == ["no-narrative"])
    }

    @Test(
        "each status has its meaning",
        arguments: [
            ("registered", SenderStatus.preliminary), ("partial", .preliminary), ("final", .final),
            ("preliminary", .preliminary), ("amended", .amended), ("appended", .amended),
            ("corrected", .corrected), ("cancelled", .withdrawn), ("entered-in-error", .withdrawn),
            ("unknown", .unknown),
        ])
    func status(word: String, expected: SenderStatus) {
        #expect(
            result(report(#""conclusion":"肺癌""#, status: word)).documents.first?.source.status
                == expected)
    }

    @Test("a withdrawal needs no text, and says what is withdrawn")
    func withdrawn() throws {
        let document = try #require(
            result(
                report(
                    #""identifier":[{"system":"urn:f","value":"F-1"}]"#, status: "entered-in-error")
            ).documents.first)
        #expect(document.text == "")
        #expect(document.source.key == "fhir:urn:f|F-1")
    }

    @Test(
        "what FHIR requires and a report lacks is a fault",
        arguments: [
            (
                #"{"resourceType":"DiagnosticReport","code":{"text":"x"},"conclusion":"x"}"#,
                "missing-field"
            ),
            (
                #"{"resourceType":"DiagnosticReport","status":"final","conclusion":"x"}"#,
                "missing-field"
            ),
            (
                #"{"resourceType":"DiagnosticReport","status":"done","code":{"text":"x"}}"#,
                "wrong-value"
            ),
            (
                #"{"resourceType":"DiagnosticReport","status":["final"],"code":{"text":"x"}}"#,
                "wrong-value"
            ),
            (#"{"resourceType":"DiagnosticReport","status":"final","code":"x"}"#, "wrong-value"),
            (
                #"{"resourceType":"DiagnosticReport","status":"final","code":{"text":"x"}}"#,
                "no-text"
            ),
        ])
    func required(json: String, code: String) {
        #expect(result(json).faults == [code])
    }
}

@Suite("FHIR: documents of sections")
struct FHIRCompositionTests {
    @Test("the bundle names the document, and its resources say who")
    func source() throws {
        let version =
            #","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber","valueString":"2"}]"#
        let document = try #require(
            result(bundle(composition(section("主訴", div("発熱")), version))).documents.first)
        #expect(document.kind == .dischargeSummary)
        #expect(document.externalIdentifier == "C-1")
        #expect(document.patientIdentifier == "00012345")
        #expect(document.authoredAt == "2026-05-20")
        let source = document.source
        #expect(source.key == "fhir:urn:b|B-1")
        #expect(source.version == "2")
        #expect(source.versionTime == "2026-05-20T11:00:00.000Z")
        #expect(source.author == "架空 花子")
        #expect(source.facility == "架空病院")
        #expect(source.department == "循環器科")
        #expect(source.visit == "V-8")
        #expect(source.title == "退院時サマリー")
        #expect(!document.text.contains("太郎"))
    }

    @Test("sections come in order, and those of addresses, empty ones and entries do not")
    func sections() throws {
        let inner = [
            section("現病歴", div("一<br/>二")),
            section("空", div("x", status: "empty")),
            section("不明", #""emptyReason":{"text":"x"},"# + div("x")),
            section("投薬指示", #""entry":[{"reference":"urn:uuid:m"}]"#),
            #"{"code":{"coding":[{"code":"550"}]},\#(div("母 胃癌"))}"#,
        ].joined(separator: ",")
        let names = section("紹介先", #""code":{"coding":[{"code":"910"}]},"# + div("架空病院 医師"))
        let document = try #require(
            result(bundle(composition(names + "," + section("構造情報", #""section":[\#(inner)]"#))))
                .documents.first)
        #expect(document.text == "【構造情報】\n【現病歴】\n一\n二\n【家族歴】\n母 胃癌")
        #expect(document.sectionTexts == ["現病歴|一\n二", "家族歴|母 胃癌"])
    }

    @Test("a section without text takes that of a document it refers to")
    func attached() throws {
        let document =
            #"{"resourceType":"DocumentReference","status":"current","content":[\#(content("text/plain", "添付の本文"))]}"#
        let more = #",{"fullUrl":"urn:uuid:d","resource":\#(document)}"#
        let entry = #""entry":[{"reference":"urn:uuid:d"}]"#
        #expect(
            result(bundle(composition(section("添付", entry)), more)).documents.first?.text
                == "【添付】\n添付の本文")
        #expect(
            result(bundle(composition(section("経過", div("添付参照") + "," + entry)), more)).documents
                .first?
                .sectionTexts == ["経過|添付参照\n添付の本文"])
        let both = try #require(
            result(bundle(composition(section("経過", div("良好") + "," + entry)), more)).documents
                .first)
        #expect(both.text == "【経過】\n良好")
        #expect(both.source.attachments.count == 1)
    }

    @Test("a replaced document of another identifier is named, and additions are said")
    func relations() throws {
        let relations =
            #","relatesTo":[{"code":"appends","targetReference":{"reference":"x"}},{"code":"replaces","targetIdentifier":{"value":"B-0"}}]"#
        let source = try #require(
            result(bundle(composition(section("主訴", div("発熱")), relations))).documents.first
        ).source
        #expect(source.replaces == "fhir:urn:b|B-0")
        #expect(source.notices == ["it appends another document"])
    }

    @Test(
        "each field that FHIR requires is required",
        arguments: ["status", "type", "date", "author", "title"])
    func required(field: String) {
        let whole = composition(section("主訴", div("発熱")))
        let broken = whole.replacing("\"\(field)\":", with: "\"other\":")
        #expect(broken != whole)
        #expect(result(bundle(broken)).faults.count == 1, "\(field)")
        #expect(result(whole).documents.count == 1)
    }

    @Test("a document bundle without a composition, and one without text, are faults")
    func empty() {
        #expect(
            result(#"{"resourceType":"Bundle","type":"document","entry":[]}"#).faults == [
                "missing-field"
            ])
        #expect(result(bundle(composition(""))).faults == ["no-text"])
    }
}

@Suite("FHIR: attached documents")
struct FHIRDocumentReferenceTests {
    @Test("the best form is taken, whatever their order, and all are noted")
    func forms() throws {
        let forms = [
            content("application/pdf", "%PDF-"), content("text/html; charset=utf-8", "<p>A&lt;B"),
            content("text/plain; charset=utf-8", "本文"),
        ].joined(separator: ",")
        let document = try #require(result(reference(#""content":[\#(forms)]"#)).documents.first)
        #expect(document.text == "本文")
        #expect(
            document.source.attachments.map(\.mediaType)
                == ["application/pdf", "text/html", "text/plain"])
        #expect(document.source.attachments.map { $0.refusal == nil } == [false, false, true])
        #expect(document.source.key == "fhir:DocumentReference/d1")
        #expect(document.externalIdentifier == "d1")
        #expect(document.patientIdentifier == "p9")
        #expect(document.source.status == .unknown)
        #expect(document.kind == .progressNote)
    }

    @Test("the charset of a form is held against its bytes")
    func charset() throws {
        let bytes = try #require(encoded("麻痺性イレウス", in: "CP932"))
        func form(_ type: String) -> String {
            reference(
                #""content":[{"attachment":{"contentType":"\#(type)","data":"\#(Data(bytes).base64EncodedString())"}}]"#
            )
        }
        #expect(result(form("text/plain; charset=Shift_JIS")).documents.first?.text == "麻痺性イレウス")
        #expect(result(form("text/plain")).documents.first?.text == "麻痺性イレウス")
        #expect(result(form("text/plain; charset=utf-8")).faults == ["undecodable"])
    }

    @Test("what is called plain text and is something else is read as that")
    func signs() {
        func read(_ text: String) -> FormatResult {
            result(reference(#""content":[\#(content("text/plain", text))]"#)) { type, _, _ in type
            }
        }
        #expect(read(#"{\rtf1 x}"#).documents.first?.text == "application/rtf")
        #expect(read("<html><body><p>本文</p></body></html>").documents.first?.text == "本文")
        #expect(read("MSH|^~\\&|a|b").faults == ["no-text"])
    }

    @Test("a CDA within is read, and again within, up to a limit")
    func nested() {
        let cda =
            "<ClinicalDocument xmlns='urn:hl7-org:v3'><component><structuredBody><component><section><title>経過</title><text>良好</text></section></component></structuredBody></component></ClinicalDocument>"
        #expect(
            result(reference(#""content":[\#(content("text/xml", cda))]"#)).documents.first?
                .sectionTexts
                == ["経過|良好"])
        var limits = IntakeLimits()
        limits.maximumNesting = 0
        #expect(
            result(reference(#""content":[\#(content("text/xml", cda))]"#), limits: limits).faults
                == ["too-large"])
    }

    @Test(
        "what cannot be read is a fault",
        arguments: [
            (#""content":[]"#, "missing-field"), (#""x":1"#, "missing-field"),
            (#""content":[{}]"#, "missing-field"),
            (
                #""content":[{"attachment":{"contentType":"text/plain","url":"file:///etc/passwd"}}]"#,
                "missing-field"
            ),
            (#""content":[{"attachment":{"data":"QUJD"}}]"#, "missing-field"),
            (#""content":[{"attachment":{"contentType":"text/plain","data":"これは"}}]"#, "malformed"),
            (#""content":[{"attachment":{"contentType":"text/plain","data":"QUJ"}}]"#, "malformed"),
            (#""content":[{"attachment":{"contentType":"text/plain","data":"IA=="}}]"#, "no-text"),
            (
                #""content":[{"attachment":{"contentType":"image/png","data":"QUJD"}}]"#,
                "attachment-unreadable"
            ),
        ])
    func refused(members: String, code: String) {
        #expect(result(reference(members)).faults == [code])
    }

    @Test("an address leads to a Binary of the same bundle, and nowhere else")
    func binaries() {
        let attachment = #"{"attachment":{"contentType":"text/plain","url":"urn:uuid:b"}}"#
        let binary =
            #"{"fullUrl":"urn:uuid:b","resource":{"resourceType":"Binary","contentType":"text/plain","data":"\#(base64("本文"))"}}"#
        let entry = #"{"resource":\#(reference(#""content":[\#(attachment)]"#))}"#
        func read(_ entries: String) -> FormatResult {
            result(#"{"resourceType":"Bundle","type":"collection","entry":[\#(entries)]}"#)
        }
        #expect(read(entry + "," + binary).documents.map(\.text) == ["本文"])
        #expect(read(entry).faults == ["missing-field entry 1"])
    }

    @Test("a withdrawal only has to say what it withdraws")
    func withdrawals() {
        for type in ["DiagnosticReport", "Composition", "DocumentReference"] {
            let found = result(#"{"resourceType":"\#(type)","id":"x","status":"entered-in-error"}"#)
            #expect(found.documents.map(\.source.key) == ["fhir:\(type)/x"])
            #expect(found.documents.map(\.source.status) == [.withdrawn])
        }
    }

    @Test("an attachment has a limit that holds before it is decoded")
    func limit() {
        var limits = IntakeLimits()
        limits.maximumAttachmentBytes = 10
        let long = #""content":[\#(content("text/plain", "0123456789abcdef"))]"#
        #expect(result(reference(long), limits: limits).faults == ["too-large"])
    }

    @Test("status, and what replaces what")
    func relations() throws {
        let form = #""content":[\#(content("text/plain", "本文"))]"#
        let superseded = try #require(
            result(reference(form + #","docStatus":"amended""#, status: "superseded")).documents
                .first)
        #expect(superseded.source.isSuperseded)
        #expect(superseded.source.status == .amended)
        let withdrawn = try #require(
            result(reference(#""content":[{"attachment":{}}]"#, status: "entered-in-error"))
                .documents.first)
        #expect(withdrawn.source.status == .withdrawn)
        #expect(withdrawn.text == "")
        let replaces = try #require(
            result(
                reference(
                    form
                        + #","masterIdentifier":{"system":"urn:m","value":"N"},"relatesTo":[{"code":"replaces","target":{"identifier":{"value":"O"}}}]"#
                )
            ).documents.first)
        #expect(replaces.source.replaces == "fhir:urn:m|O")
        #expect(result(reference(form, status: "wrong")).faults == ["wrong-value"])
    }
}

@Suite("FHIR: files")
struct FHIRFileTests {
    @Test("a broken line is a fault with its number, and the others are read")
    func lines() {
        let good = report(#""conclusion":"肺癌""#)
        let found = result(
            [good, "", "{\"resourceType\":", good, "{}", "[1]", good].joined(separator: "\r\n"))
        #expect(found.documents.count == 3)
        #expect(found.faults == ["malformed line 3", "missing-field line 5", "wrong-value line 6"])
        #expect(result("{\"a\":1,}\n" + good).documents.count == 1)
    }

    @Test("a line is read by itself where a file is too long for memory")
    func line() {
        func read(_ json: String) -> FormatResult {
            FormatResult { reader().entries(ofLine: Array(json.utf8), number: 7) }
        }
        #expect(read(report(#""conclusion":"肺癌""#)).documents.map(\.text) == ["【診断】\n肺癌"])
        #expect(read(report("")).faults == ["no-text line 7"])
        #expect(read("{").faults == ["malformed line 7"])
        #expect(read(#"{"resourceType":"Patient"}"#).faults == [])
    }

    @Test("entries of a bundle stand for themselves, whatever holds it")
    func bundles() {
        let good = report(#""conclusion":"肺癌""#)
        let bad = report("")
        let patient = #"{"resourceType":"Patient","id":"p"}"#
        let entries = [good, bad, patient, good].map { #"{"resource":\#($0)}"# }.joined(
            separator: ",")
        for type in ["collection", "searchset", "transaction", "message", "history"] {
            let found = result(
                #"{"resourceType":"Bundle","type":"\#(type)","entry":[\#(entries)]}"#)
            #expect(found.documents.count == 2)
            #expect(found.faults == ["no-text entry 2"])
        }
        let inner = bundle(composition(section("主訴", div("発熱"))))
        #expect(
            result(
                #"{"resourceType":"Bundle","type":"collection","entry":[{"resource":\#(inner)}]}"#
            )
            .documents.map(\.text) == ["【主訴】\n発熱"])
    }

    @Test("a request to delete is not passed over in silence")
    func deletion() {
        let request = #"{"request":{"method":"DELETE","url":"DiagnosticReport/r1"}}"#
        #expect(
            result(#"{"resourceType":"Bundle","type":"transaction","entry":[\#(request)]}"#).faults
                == ["missing-field entry 1"])
    }

    @Test("a file without documents says so")
    func nothing() {
        #expect(result(#"{"resourceType":"Patient","id":"p"}"#).faults == ["no-narrative"])
        #expect(
            result(#"{"resourceType":"Bundle","type":"searchset","total":0}"#).faults == [
                "no-narrative"
            ])
    }

    @Test(
        "what is no strict JSON is refused",
        arguments: [
            (#"{"resourceType":"Patient","id":"a","id":"b"}"#, "contradiction"),
            (#"["\ud800"]"#, "malformed"), (#"{"a":"b","a":"c"}"#, "contradiction"),
            ("{\"resourceType\":\"Patient\"", "malformed"), ("", "malformed"),
            ("[]", "wrong-value"),
            (#"{"resourceType":1}"#, "missing-field"), ("{\"x\":01}", "malformed"),
        ])
    func strict(json: String, code: String) {
        #expect(result(json).faults == [code])
    }

    @Test(
        "nesting, values and records have limits, before they take memory",
        .timeLimit(.minutes(15)))
    func limits() {
        #expect(
            result(#"{"entry":"# + String(repeating: "[", count: 50_000)).faults == ["too-large"])
        #expect(result(String(repeating: #"{"a":"#, count: 50_000)).faults == ["too-large"])
        var limits = IntakeLimits()
        limits.maximumParts = 1000
        #expect(
            result("{\"a\":[" + String(repeating: "1,", count: 30_000) + "1]}", limits: limits)
                .faults
                == ["too-large"])
        limits.maximumRecords = 2
        let good = report(#""conclusion":"肺癌""#)
        #expect(
            result([good, good, good].joined(separator: "\n"), limits: limits).faults == [
                "too-large"
            ])
        let long = report(#""conclusion":"\#(String(repeating: "あ", count: 2000))""#)
        #expect(
            result(long, limits: IntakeLimits(maximumDocumentScalars: 1000)).faults == ["too-large"]
        )
        #expect(result(String(repeating: "\n", count: 100_000)).faults == ["malformed"])
    }

    @Test("what records refer to again and again has a limit, and is taken once by each")
    func sharedResources() {
        let finding =
            #"{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"code":"18782-3"}]},"valueString":"結節あり。"}"#
        let twice = #""result":[{"reference":"Observation/o"},{"reference":"Observation/o"}]"#
        #expect(result(finding + "\n" + report(twice)).documents.map(\.text) == ["【所見】\n結節あり。"])
        var limits = IntakeLimits(maximumBytes: 10)
        limits.maximumRecords = 100
        let many = Array(repeating: report(twice), count: 5).joined(separator: "\n")
        let found = result(finding + "\n" + many, limits: limits)
        #expect(found.documents.count == 2)
        #expect(found.faults.count == 3)
    }

    @Test(
        "a conclusion that stands in the text is not added, white space apart",
        arguments: [
            ("肺癌の 疑い。", 0), ("肺癌の疑い", 0), ("肺癌の疑い。ababac", 1), ("ababac", 0), ("ababaa", 1),
        ])
    func conclusion(text: String, added: Int) {
        let json = report(div("<p>肺癌の疑い。</p><p>abab<br/>abac</p>") + #","conclusion":"\#(text)""#)
        #expect(result(json).documents.first?.source.sections.count == added)
    }

    @Test("changed and cut files are read soundly or refused")
    func mutations() {
        let samples = [
            bundle(composition(section("主訴", div("<p>発熱&amp;<br/></p>")))),
            report(#""conclusion":"肺癌""#) + "\n"
                + reference(#""content":[\#(content("text/html", "<p>本文"))]"#),
            report(div("<h2>所見</h2><table><tr><td>一</td></tr></table>")),
        ]
        for (number, sample) in samples.enumerated() {
            expectSoundness(of: Array(sample.utf8), seed: UInt64(number), copies: 1500) {
                try reader().entries(in: $0)
            }
        }
    }

    @Test("public samples, valid and not", .enabled(if: SharedSample.areThere, "needs ../shared"))
    func publicSamples() throws {
        func read(_ name: String) throws -> FormatResult {
            let bytes = try SharedSample.bytes(name)
            return FormatResult { try reader().entries(in: bytes) }
        }
        let letter = try #require(read("fhir/jpfhir-eReferral-bundle.json").documents.first)
        #expect(letter.kind == .referral)
        #expect(letter.patientIdentifier == "12345")
        #expect(letter.source.sections.count > 8)
        #expect(letter.text.contains("添付参照\n食欲不振と心窩部痛を認めた．"))
        #expect(letter.source.sections.map(\.title).contains("家族歴"))
        for name in ["港診療所", "太郎", "東京第一"] { #expect(!letter.text.contains(name)) }
        let notes = try read("fhir/cumulus-DocumentReference.ndjson")
        #expect(notes.documents.map(\.text) == ["Notes for fever", "Notes! for fever"])
        for name in [
            "attachment-att1-data-no-contenttype", "composition-no-required",
            "diagnosticreport-no-required", "documentreference-jp-status-content-missing",
        ] {
            let found = try read("fhir-invalid/\(name).ndjson")
            #expect(found.documents.isEmpty && found.faults == ["missing-field"], "\(name)")
        }
        for name in ["i_string_invalid_lonely_surrogate", "y_object_duplicated_key"] {
            #expect(try read("hostile-json/\(name).json").faults.count == 1)
        }
    }
}
