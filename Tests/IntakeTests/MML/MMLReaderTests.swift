// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import Intake

private func item(
    _ type: String, purpose: String = "record", uid: String = "u-1", more: String = "",
    _ content: String
) -> String {
    """
    <MmlModuleItem><docInfo contentModuleType="\(type)"><title generationPurpose="\(purpose)"> 胸部 CT </title>
    <docId><uid>\(uid)</uid>\(more)</docId><confirmDate>2026-05-11T14:30:00</confirmDate>
    <mmlCi:CreatorInfo><mmlPsi:PersonalizedInfo><mmlPsi:personName><mmlNm:Name mmlNm:repCode="P"><mmlNm:fullname>カクウ</mmlNm:fullname></mmlNm:Name><mmlNm:Name mmlNm:repCode="I"><mmlNm:family>架空</mmlNm:family><mmlNm:given>花子</mmlNm:given></mmlNm:Name></mmlPsi:personName>
    <mmlFc:Facility><mmlFc:name mmlFc:repCode="I">架空病院</mmlFc:name></mmlFc:Facility></mmlPsi:PersonalizedInfo></mmlCi:CreatorInfo></docInfo>
    <content>\(content)</content></MmlModuleItem>
    """
}

private let names = ["Ci", "Psi", "Nm", "Fc", "Cm", "Rp", "Pc", "Re", "Sm", "Ps"]
    .map { "xmlns:mml\($0)=\"http://www.medxml.net/MML/v4/\($0)/1.0\"" }.joined(separator: " ")

private func file(_ items: String) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?><Mml version="4.0" xmlns="http://www.medxml.net/MML/v4/base/1.0" xmlns:xhtml="http://www.w3.org/1999/xhtml" \(names)>
    <MmlHeader><masterId><mmlCm:Id mmlCm:type="facility" mmlCm:tableId="JPN01">00012345</mmlCm:Id></masterId></MmlHeader><MmlBody>\(items)</MmlBody></Mml>
    """
}

private func result(_ text: String, limits: IntakeLimits = IntakeLimits()) -> FormatResult {
    FormatResult {
        try MMLReader(limits: limits, kind: .nursing, codes: DocumentCodes()).entries(
            in: Array(text.utf8))
    }
}

private let report = """
    <mmlRp:ReportModule><mmlRp:information><mmlRp:reportStatus mmlRp:statusCode="mid">検査中</mmlRp:reportStatus><mmlRp:consultFrom>架空 次郎</mmlRp:consultFrom></mmlRp:information>
    <mmlRp:reportBody><mmlRp:testPurpose>精査</mmlRp:testPurpose><mmlRp:testDx>肺癌の疑い</mmlRp:testDx><mmlRp:testNotes>結節あり。<xhtml:br/>胸水なし。</mmlRp:testNotes></mmlRp:reportBody></mmlRp:ReportModule>
    """

@Suite("MML")
struct MMLReaderTests {
    @Test("a report: what it says of itself, and its sections")
    func reports() throws {
        let document = try #require(
            result(
                file(
                    item(
                        "report", purpose: "reportRadiology",
                        more: "<parentId relation=\"oldEdition\">u-0</parentId>", report))
            ).documents.first)
        #expect(document.kind == .radiology)
        #expect(document.sectionTexts == ["検査目的|精査", "診断|肺癌の疑い", "所見|結節あり。\n胸水なし。"])
        #expect(document.externalIdentifier == "u-1")
        #expect(document.patientIdentifier == "00012345")
        #expect(document.authoredAt == "2026-05-11T14:30:00")
        #expect(!document.text.contains("次郎"))
        let source = document.source
        #expect(source.key == "mml:u-1")
        #expect(source.replaces == "mml:u-0")
        #expect(source.versionTime == "2026-05-11T05:30:00.000Z")
        #expect(source.status == .preliminary)
        #expect(source.title == "胸部 CT")
        #expect(source.code == "reportRadiology")
        #expect(source.author == "架空 花子")
        #expect(source.facility == "架空病院")
        #expect(source.patientIssuer == "JPN01")
    }

    @Test("a course in free words or by problems, prescriptions in a line each")
    func courses() {
        let free =
            "<mmlPc:ProgressCourseModule><mmlPc:FreeExpression>一<xhtml:br/>二<xhtml:b>三</xhtml:b></mmlPc:FreeExpression></mmlPc:ProgressCourseModule>"
        #expect(result(file(item("progressCourse", free))).documents.map(\.text) == ["一\n二三"])
        let structured = """
            <mmlPc:ProgressCourseModule><mmlPc:structuredExpression><mmlPc:problemItem><mmlPc:problem>貧血</mmlPc:problem>
            <mmlPc:subjective><mmlPc:subjectiveItem><mmlPc:timeExpression>朝</mmlPc:timeExpression><mmlPc:eventExpression>動悸</mmlPc:eventExpression></mmlPc:subjectiveItem></mmlPc:subjective>
            <mmlPc:plan><mmlPc:rxOrder><mmlPs:medication><mmlPs:medicine><mmlPs:name>プレドニゾロン錠 5mg</mmlPs:name><mmlPs:code>61</mmlPs:code></mmlPs:medicine><mmlPs:dose>4</mmlPs:dose><mmlPs:doseUnit>錠</mmlPs:doseUnit><mmlPs:instruction>朝食後</mmlPs:instruction></mmlPs:medication></mmlPc:rxOrder><mmlPc:planNotes>減量</mmlPc:planNotes></mmlPc:plan>
            </mmlPc:problemItem></mmlPc:structuredExpression></mmlPc:ProgressCourseModule>
            """
        let document = result(file(item("progressCourse", structured))).documents.first
        #expect(document?.kind == .progressNote)
        #expect(
            document?.sectionTexts
                == ["プロブレム|貧血", "S|朝\n動悸", "P|プレドニゾロン錠 5mg 4錠 朝食後\n減量"])
    }

    @Test("a letter without the names in it")
    func letters() {
        let letter =
            "<mmlRe:ReferralModule><mmlRe:patient>見本 太郎</mmlRe:patient><mmlRe:referFrom>架空 花子</mmlRe:referFrom><mmlRe:chiefComplaints>腹痛</mmlRe:chiefComplaints><mmlRe:presentIllness>昨日より。</mmlRe:presentIllness><mmlRe:referToPerson>架空 次郎</mmlRe:referToPerson></mmlRe:ReferralModule>"
        let document = result(file(item("referral", purpose: "letterX", letter))).documents.first
        #expect(document?.kind == .referral)
        #expect(document?.text == "【主訴】\n腹痛\n【現病歴】\n昨日より。")
    }

    @Test("modules stand for themselves, and those without narrative are passed over")
    func modules() {
        let items = [
            item("patientInfo", "<x/>"), item("report", uid: "a", report),
            item("report", uid: "b", "<y/>"),
            item("registeredDiagnosis", "<x>肺癌</x>"),
        ].joined()
        let found = result(file(items))
        #expect(found.documents.map(\.externalIdentifier) == ["a"])
        #expect(found.faults == ["no-text entry 3"])
        #expect(result(file(item("patientInfo", "<x/>"))).faults == ["no-narrative"])
        #expect(result("<Mml/>").faults == ["no-narrative"])
        #expect(result("<Other/>").faults == ["wrong-value"])
        #expect(result("<!DOCTYPE Mml SYSTEM 'mml.dtd'><Mml/>").faults == ["declaration-refused"])
    }

    @Test("each limit holds")
    func limits() {
        var limits = IntakeLimits(maximumDocumentScalars: 10)
        #expect(
            result(file(item("report", report)), limits: limits).faults == ["too-large entry 1"])
        limits = IntakeLimits()
        limits.maximumSections = 2
        #expect(
            result(file(item("report", report)), limits: limits).faults == ["too-large entry 1"])
        limits.maximumRecords = 1
        #expect(result(file(item("x", "") + item("y", "")), limits: limits).faults == ["too-large"])
    }

    @Test("changed and cut files are read soundly or refused")
    func mutations() {
        let reader = MMLReader(limits: IntakeLimits(), kind: .other, codes: DocumentCodes())
        expectSoundness(of: Array(file(item("report", report)).utf8), seed: 6) {
            try reader.entries(in: $0)
        }
    }

    @Test("the shared sample", .enabled(if: SharedSample.areThere, "needs ../shared"))
    func sample() throws {
        let bytes = try SharedSample.bytes("mml/mmlpc_sample.xml")
        let reader = MMLReader(limits: IntakeLimits(), kind: .other, codes: DocumentCodes())
        let document = try #require(FormatResult { try reader.entries(in: bytes) }.documents.first)
        #expect(document.kind == .progressNote)
        #expect(document.source.sections.map(\.title) == ["S", "O", "A", "P"])
        document.expectSoundSections()
        for piece in ["118/86", "貧血はHb10程度らしい。", "マーズレンＳ顆粒 0.5g 内服 2回 朝夕食後"] {
            #expect(document.text.contains(piece))
        }
        #expect(!document.text.contains("61222033"))
    }
}
