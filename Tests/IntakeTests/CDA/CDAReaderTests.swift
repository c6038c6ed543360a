// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import Intake

private let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
private let header = """
    <id root="1.2.3" extension="DS-1"/><code code="18842-5" codeSystem="2.16.840.1.113883.6.1"/>
    <title>退院時 サマリー</title><effectiveTime value="20260520100000+0900"/>
    <setId root="1.2.4" extension="SET-1"/><versionNumber value="2"/>
    <recordTarget><patientRole><id nullFlavor="UNK"/><id root="1.2.5" extension=" 00012345 "/><patient><name><family>見本</family></name></patient></patientRole></recordTarget>
    <author><time value="20260520"/><assignedAuthor><assignedPerson><name><family>架空</family> <given>花子</given></name></assignedPerson>
    <representedOrganization><name>外科</name><asOrganizationPartOf><wholeOrganization><name>架空病院</name></wholeOrganization></asOrganizationPartOf></representedOrganization></assignedAuthor></author>
    <custodian><assignedCustodian><representedCustodianOrganization><name>架空病院</name></representedCustodianOrganization></assignedCustodian></custodian>
    <inFulfillmentOf><order><id root="1.2.6" extension="O-9"/></order></inFulfillmentOf>
    <componentOf><encompassingEncounter><id root="1.2.7" extension="V-8"/></encompassingEncounter></componentOf>
    """

private func file(_ header: String = header, body: String) -> String {
    declaration
        + "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:x=\"urn:x\">\(header)<component>\(body)</component></ClinicalDocument>"
}

private func structured(_ sections: String) -> String {
    "<structuredBody>\(sections)</structuredBody>"
}

private func section(_ title: String, _ text: String, inner: String = "") -> String {
    "<component><section><title>\(title)</title>\(text)\(inner)</section></component>"
}

private func result(
    _ text: String, limits: IntakeLimits = IntakeLimits(),
    otherFormats: @escaping EmbeddedDocuments.OtherFormats = { _, _, _ in nil }
) -> FormatResult {
    FormatResult {
        try CDAReader(
            limits: limits, kind: .nursing, codes: DocumentCodes(), otherFormats: otherFormats
        ).entries(in: Array(text.utf8))
    }
}

private func narrative(_ text: String) -> String? {
    result(file(body: structured(section("経過", "<text>\(text)</text>")))).documents.first.map {
        String($0.text.dropFirst("【経過】\n".count))
    }
}

@Suite("CDA")
struct CDAReaderTests {
    @Test("the header says what the document is, and persons stand in columns only")
    func header() throws {
        let document = try #require(
            result(file(body: structured(section("経過", "<text>良好。</text>")))).documents.first)
        #expect(document.kind == .dischargeSummary)
        #expect(document.text == "【経過】\n良好。")
        #expect(document.externalIdentifier == "DS-1")
        #expect(document.patientIdentifier == "00012345")
        #expect(document.authoredAt == "20260520100000+0900")
        let source = document.source
        #expect(source.key == "cda:1.2.4^SET-1^18842-5^00012345")
        #expect(source.version == "2")
        #expect(source.versionTime == "2026-05-20T01:00:00.000Z")
        #expect(source.replaces == nil)
        #expect(source.status == .final)
        #expect(source.title == "退院時 サマリー")
        #expect(source.codeSystem == "2.16.840.1.113883.6.1")
        #expect(source.patientIssuer == "1.2.5")
        #expect(source.author == "架空 花子")
        #expect(source.department == "外科")
        #expect(source.facility == "架空病院")
        #expect(source.visit == "V-8")
        #expect(source.order == "O-9")
    }

    @Test("without a set the document's own id names it, and the one it replaces is another")
    func replaces() throws {
        func keys(_ header: String) throws -> (String?, String?) {
            let patient =
                "<recordTarget><patientRole><id extension=\"7\"/></patientRole></recordTarget>"
            let body = structured(section("経過", "<text>良好。</text>"))
            let source = try #require(result(file(header + patient, body: body)).documents.first)
                .source
            return (source.key, source.replaces)
        }
        let parent =
            "<parentDocument><id root=\"1\" extension=\"A\"/></parentDocument></relatedDocument>"
        let own = "<id root=\"1\" extension=\"B\"/>"
        #expect(
            try keys(own + "<relatedDocument typeCode=\"RPLC\">" + parent)
                == ("cda:1^B^^7", "cda:1^A^^7"))
        #expect(
            try keys(own + "<relatedDocument typeCode=\"XFRM\">" + parent) == ("cda:1^B^^7", nil))
        #expect(
            try keys(own + "<setId root=\"2\"/><relatedDocument typeCode=\"RPLC\">" + parent)
                == ("cda:2^^^7", nil))
        #expect(try keys("<id nullFlavor=\"NI\"/>") == (nil, nil))
    }

    @Test("a code that is not known is `other`, without one it is the folder's kind")
    func kinds() {
        let body = structured(section("経過", "<text>良好。</text>"))
        func kind(_ code: String) -> DocumentKind? {
            result(file(code, body: body)).documents.first?.kind
        }
        #expect(kind("<code code='99999-9'/>") == .other)
        #expect(kind("<code code='X'><translation code='18748-4'/></code>") == .radiology)
        #expect(kind("") == .nursing)
        #expect(kind("<code nullFlavor='UNK'/>") == .nursing)
    }

    @Test(
        "the narrative is laid out as it is shown",
        arguments: [
            ("一<br/>二", "一\n二"), ("\n  一\n  二  ", "一 二"),
            ("<paragraph>一</paragraph><paragraph>二</paragraph>", "一\n二"),
            ("<list><caption>題</caption><item>一</item><item>二<br/>三</item></list>", "題\n一\n二\n三"),
            (
                "炎症<content styleCode='Bold'>反応</content>の<sub>2</sub><linkHtml href='x'>上昇</linkHtml>",
                "炎症反応の2上昇"
            ),
            ("値<footnote>外注</footnote>", "値(外注)"),
            (
                "<table><caption>表</caption><thead><tr><th>検査</th><th>値</th></tr></thead><tbody><tr><td>CRP</td><td><paragraph>8.7</paragraph></td></tr></tbody></table>後",
                "表\n検査\t値\nCRP\t8.7\n後"
            ),
            (
                "転移<content revised='delete'>あり</content><content revised='insert'>なし</content>",
                "転移なし"
            ),
            ("CRP &lt; 3 &amp; <![CDATA[<b>]]>", "CRP < 3 & <b>"),
        ])
    func narratives(text: String, expected: String) {
        #expect(narrative(text) == expected)
    }

    @Test("sections come depth first, a parent without text gives its title alone")
    func sections() throws {
        let inner = section("現病歴", "<text>腹痛。</text>") + section("空", "<text/>")
        let unnamed =
            "<component><section><code code='10157-6'/><text>父 胃癌</text></section></component>"
        let hidden =
            "<component><section nullFlavor='NI'><title>感染症</title><text>なし</text></section></component>"
        let names =
            "<component><section><code code='910'/><title>紹介先</title><text>架空病院 医師</text></section></component>"
        let document = try #require(
            result(
                file(
                    body: structured(
                        section("構造情報", "", inner: inner) + unnamed + hidden + names
                            + section("経過", "<text nullFlavor='NI'/>")
                            + section("", "<text>末尾</text>")))
            ).documents.first)
        #expect(document.text == "【構造情報】\n【現病歴】\n腹痛。\n【家族歴】\n父 胃癌\n末尾")
        #expect(document.sectionTexts == ["現病歴|腹痛。", "家族歴|父 胃癌"])
        #expect(document.source.sections.map(\.code) == [nil, "10157-6"])
        #expect(document.source.notices.count == 1)
    }

    @Test("entries are not text, and what is referred to is an attachment")
    func entries() throws {
        let entry =
            "<entry><observationMedia ID='I1'><value mediaType='image/JPEG' representation='B64'>AAAA</value></observationMedia></entry><entry><act><text>隠れ</text></act></entry>"
        let document = try #require(
            result(
                file(
                    body: structured(
                        section(
                            "経過", "<text>図<renderMultiMedia referencedObject='I1 I2'/></text>",
                            inner: entry)))
            ).documents.first)
        #expect(document.text == "【経過】\n図")
        #expect(document.source.attachments.map(\.mediaType) == ["image/jpeg", "unknown"])
        #expect(document.source.attachments.map(\.byteCount) == [3, nil])
    }

    @Test("a body of another format is read by its media type")
    func otherBodies() throws {
        func body(_ attributes: String, _ content: String) -> String {
            file(body: "<nonXMLBody><text \(attributes)>\(content)</text></nonXMLBody>")
        }
        #expect(result(body("mediaType='text/plain'", "一&lt;二")).documents.first?.text == "一<二")
        let plain = result(body("mediaType='text/plain' representation='B64'", "Q1JQ\n IDwgMw=="))
        #expect(plain.documents.first?.text == "CRP < 3")
        #expect(plain.documents.first?.source.attachments.first?.byteCount == 7)
        #expect(plain.documents.first?.source.attachments.first?.sha256?.count == 64)
        #expect(
            result(body("mediaType='text/html' representation='B64'", "PHA+QSZsdDtCPC9wPg=="))
                .documents
                .first?.text == "A<B")
        #expect(
            result(body("mediaType='application/pdf' representation='B64'", "JVBERi0=")).faults
                == ["attachment-unreadable"])
        let read = result(body("mediaType='application/pdf' representation='B64'", "JVBERi0=")) {
            type, bytes, nesting in "\(type) \(bytes.count) \(nesting)"
        }
        #expect(read.documents.first?.text == "application/pdf 5 1")
        #expect(
            result(body("mediaType='text/plain' representation='B64'", "Q1J")).faults == [
                "malformed"
            ])
        #expect(
            result(body("mediaType='text/plain' representation='B64' compression='GZ'", "AAAA"))
                .faults
                == ["wrong-value"])
        #expect(
            result(body("mediaType='application/pdf'", "<reference value='file:///x'/>")).faults
                == ["missing-field"])
    }

    @Test(
        "a section's text in base64 is decoded, and a blank line before the declaration does not matter"
    )
    func oddities() {
        let encoded = section("経過", "<text mediaType='text/plain' representation='B64'>QUJD</text>")
        let read = result("\r\n " + file(body: structured(encoded)))
        #expect(read.documents.first?.sectionTexts == ["経過|ABC"])
        let picture = section("図", "<text><renderMultiMedia referencedObject='I1'/></text>")
        #expect(result(file(body: structured(picture))).faults == ["attachment-unreadable"])
    }

    @Test("documents within documents have a limit")
    func nesting() {
        var text = file(body: structured(section("経過", "<text>底</text>")))
        for level in 1...5 {
            let content = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            text = file(
                body: "<nonXMLBody><text mediaType='text/xml'>\(content)</text></nonXMLBody>")
            let read = result(text)
            if level <= 3 {
                #expect(read.documents.first?.text == "【経過】\n底", "\(level)")
            } else {
                #expect(read.faults == ["too-large"], "\(level)")
            }
        }
    }

    @Test(
        "what is no CDA is refused with its reason",
        arguments: [
            ("<ClinicalDocument/>", "no-text"),
            ("<section><text>a</text></section>", "wrong-value"),
            ("<ClinicalDocument>", "malformed"),
            ("<!DOCTYPE a><ClinicalDocument/>", "declaration-refused"),
            ("", "malformed"),
        ])
    func refused(text: String, code: String) {
        #expect(result(text).faults == [code])
    }

    @Test("each limit holds")
    func limits() {
        let sections = String(repeating: section("経過", "<text>良好</text>"), count: 3)
        var limits = IntakeLimits(maximumDocumentScalars: 60)
        limits.maximumSections = 3
        #expect(result(file(body: structured(sections)), limits: limits).documents.count == 1)
        #expect(
            result(
                file(body: structured(sections + section("経過", "<text>a</text>"))), limits: limits
            ).faults
                == ["too-large"])
        let long = section("経過", "<text>\(String(repeating: "あ", count: 61))</text>")
        #expect(result(file(body: structured(long)), limits: limits).faults == ["too-large"])
        limits.maximumAttachmentBytes = 5
        let attached = file(
            body: "<nonXMLBody><text representation='B64'>QUJDREVGR0g=</text></nonXMLBody>")
        #expect(result(attached, limits: limits).faults == ["too-large"])
        let deep = String(repeating: "<component><section>", count: 60)
        #expect(result(file(body: structured(deep))).faults == ["too-large"])
    }

    @Test("changed and cut files are read soundly or refused")
    func mutations() {
        let sample = file(
            body: structured(
                section(
                    "構造情報", "",
                    inner: section(
                        "経過", "<text>一<br/><table><tr><td>二</td><td>三</td></tr></table></text>"))))
        let reader = CDAReader(limits: IntakeLimits(), kind: .other, codes: DocumentCodes())
        expectSoundness(of: Array(sample.utf8), seed: 4) { try reader.entries(in: $0) }
    }

    @Test(
        "public samples of another country, with entries beside their narrative",
        .enabled(if: SharedSample.areThere, "needs ../shared"))
    func samples() throws {
        for name in ["Operative_Note", "Progress_Note"] {
            let bytes = try SharedSample.bytes("cda/\(name).xml")
            let reader = CDAReader(limits: IntakeLimits(), kind: .other, codes: DocumentCodes())
            let document = try #require(
                FormatResult { try reader.entries(in: bytes) }.documents.first)
            document.expectSoundSections()
            #expect(document.source.sections.count > 5)
            #expect(!document.text.contains("Isabella"))
        }
    }
}
