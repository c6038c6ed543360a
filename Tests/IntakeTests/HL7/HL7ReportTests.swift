// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import Intake

private typealias Samples = HL7Samples

@Suite("Reports of HL7 (ORU)")
struct HL7ReportTests {
    @Test("a report gives its text with sections, and what its sender says as columns")
    func report() throws {
        let entries = try Samples.reader().entries(of: Samples.report)
        let document = try #require(entries.first).result.get()
        #expect(
            document.text
                == "【所見】\n肝S6に径12mmの結節。\n腹水なし。\n【診断】\n肝細胞癌の疑い。")
        #expect(document.body("診断") == "肝細胞癌の疑い。")
        #expect(document.source.sections.map(\.code) == ["18782-3", "19005-8"])
        #expect(document.kind == .radiology)
        #expect(document.externalIdentifier == "R1")
        #expect(document.patientIdentifier == "0007")
        #expect(document.authoredAt == "20260511143000")
        let source = document.source
        #expect(source.key == "hl7v2:R1")
        #expect(source.versionTime == "2026-05-11T06:00:00.000Z")
        #expect(source.status == .final)
        #expect(source.patientIssuer == "HOSP")
        #expect(source.author == "架空 医子")
        #expect(source.department == "外科")
        #expect(source.visit == "V9")
        #expect(source.order == "P1")
        #expect(source.title == "腹部CT")
        #expect(entries[0].place?.words == "message 1 (M1)")
    }

    @Test(
        "the status is that of OBR-25",
        arguments: [
            ("P", SenderStatus.preliminary), ("R", .preliminary), ("F", .final), ("C", .corrected),
            ("X", .withdrawn), ("f", .final),
        ])
    func status(code: String, status: SenderStatus) throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(status: code), Samples.line("所見なし。"),
        ])
        #expect(documents.map(\.source.status) == [status])
    }

    @Test("where the order says none, the status is that of its lines")
    func statusOfLines() throws {
        for (line, status) in [
            ("F", SenderStatus.final), ("P", .preliminary), ("C", .corrected), ("", .unknown),
        ] {
            let documents = try Samples.reader().documents(of: [
                Samples.header(), Samples.patient, Samples.request(status: ""),
                Samples.line("所見なし。", status: line),
            ])
            #expect(documents.map(\.source.status) == [status])
        }
    }

    @Test("a line may be corrected, deleted, not to be had, or of another patient")
    func lines() throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(),
            Samples.line("一行目", status: "C"), Samples.line("二行目", status: "D"),
            Samples.line("三行目", status: "X"), Samples.line("四行目", status: "W"),
        ])
        #expect(documents.map(\.text) == ["【所見】\n一行目"])
        #expect(documents[0].source.status == .corrected)
        #expect(documents[0].source.notices.count == 1)
    }

    @Test(
        "a report all of whose lines are of another patient or deleted is withdrawn",
        arguments: ["W", "D"])
    func withdrawn(status: String) throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(),
            Samples.line("一行目", status: status), Samples.line("", status: status),
        ])
        #expect(documents.map(\.source.status) == [.withdrawn])
        #expect(documents[0].source.key == "hl7v2:R1")
    }

    @Test(
        "a result that is not to be had takes back no report, a narrative beside numbers is taken back"
    )
    func resultsTakenBack() throws {
        func outcome(_ lines: [String], section: String = "") throws -> [String] {
            let segments = [Samples.header(), Samples.patient, Samples.request(section: section)]
            return try Samples.reader().entries(of: Samples.message(segments + lines)).map {
                switch $0.result {
                case .success(let document): document.source.status.rawValue
                case .failure(let error): error.code
                }
            }
        }
        let number = Samples.line("7.2", type: "NM", title: "HB^Hb")
        let noString = Samples.line("", type: "ST", title: "HCV^HCV抗体", status: "X")
        #expect(try outcome([number, noString]) == ["no-narrative"])
        #expect(try outcome([noString], section: "LAB") == ["no-narrative"])
        #expect(try outcome([number, Samples.line("洞調律", status: "D")]) == ["withdrawn"])
        #expect(
            try outcome([
                Samples.line("7.2", type: "NM", title: "HB^Hb", status: "W"),
                Samples.line("洞調律", status: "W"), "NTE|1||別人の所見",
            ]) == ["withdrawn"])
        #expect(try outcome([number, "NTE|1||乳び"]) == ["no-narrative"])
    }

    @Test("a time that cannot be read gives way to another")
    func unreadableTime() throws {
        let document = try #require(
            try Samples.reader().documents(of: [
                Samples.header(), Samples.patient,
                "OBR|1|P1|R1|X1|||20260511100000|||||||||||||||00000000||CT|F", Samples.line("一"),
            ]).first)
        #expect(document.authoredAt == "20260511100000")
    }

    @Test("orders of one message are documents, those of one number one document")
    func orders() throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(), Samples.line("一"),
            Samples.request(number: "R2"), Samples.line("二"), Samples.request(), Samples.line("三"),
            "PID|2||0008", Samples.request(number: "R3"), Samples.line("四"),
        ])
        #expect(documents.map(\.text) == ["【所見】\n一\n三", "【所見】\n二", "【所見】\n四"])
        #expect(documents.map(\.patientIdentifier) == ["0007", "0007", "0008"])
    }

    @Test(
        "without a filler's number the placer's and the service name the report; ORC-3 may stand in"
    )
    func keys() throws {
        func key(_ order: [String]) throws -> String? {
            try Samples.reader().documents(
                of: [Samples.header(), Samples.patient] + order + [Samples.line("一")]
            ).first?.source.key
        }
        #expect(try key(["OBR|1|P1||X1^CT"]) == "hl7v2:P1+X1")
        #expect(try key(["ORC|RE|P1|R9^RIS^^", "OBR|1|P1||X1^CT"]) == "hl7v2:R9^RIS")
        #expect(try key(["ORC|RE|P1|R9"]) == "hl7v2:R9")
        #expect(try key(["OBR|1|||X1^CT"]) == nil)
    }

    @Test("values of a laboratory are no document, and no narrative is lost beside numbers")
    func values() throws {
        let lab = [
            Samples.header(), Samples.patient, Samples.request(section: "CH"),
            Samples.line("7.2", type: "NM", title: "HB^Hb"),
            Samples.line("(-)", type: "ST", title: "HCV^HCV抗体"),
        ]
        guard case .nothingToRead = try Samples.reader().flaw(of: lab) else {
            Issue.record("values became a document")
            return
        }
        let documents = try Samples.reader().documents(
            of: lab + [Samples.line("溶血のため再検を要す。", title: "^コメント")])
        #expect(documents.map(\.text) == ["【コメント】\n溶血のため再検を要す。"])
    }

    @Test("short strings without words are values, in a laboratory those of type TX, too")
    func shortStrings() throws {
        for (type, section) in [("ST", ""), ("TX", "LAB")] {
            let flaw = try Samples.reader().flaw(of: [
                Samples.header(), Samples.patient, Samples.request(section: section),
                Samples.line("(-)", type: type), Samples.line("7.2 mg", type: type),
            ])
            #expect(flaw?.code == "no-narrative")
        }
    }

    @Test("a final report without observations is a fault, one that is to come is not")
    func noObservations() throws {
        func flaw(_ status: String) throws -> FormatFlaw? {
            try Samples.reader().flaw(of: [
                Samples.header(), Samples.patient, Samples.request(status: status),
            ])
        }
        #expect(try flaw("F") == .noText)
        #expect(try flaw("I")?.code == "no-narrative")
    }

    @Test("what takes back a report has to name it")
    func namelessWithdrawal() throws {
        let flaw = try Samples.reader().flaw(of: [
            Samples.header(), Samples.patient, "OBR|1|||X1", Samples.line("一", status: "W"),
        ])
        #expect(flaw == .missing(field: "OBR-3"))
    }

    @Test("one name for all of a text does not hide the titles within it")
    func titlesBelowOne() throws {
        for name in ["^放射線読影", "R1^CTレポート^L"] {
            let documents = try Samples.reader().documents(of: [
                Samples.header(), Samples.patient, Samples.request(),
                Samples.line("【所見】~肝嚢胞あり。~【診断】~肝嚢胞", title: name),
            ])
            #expect(documents[0].body("所見") == "肝嚢胞あり。")
            #expect(documents[0].body("診断") == "肝嚢胞")
        }
    }

    @Test("identifiers of studies and persons are no text")
    func identifiers() throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(),
            Samples.line("1.2.392.200.9999.1", type: "ST", title: "113014^DICOM Study^DCM"),
            Samples.line("1.2.392.200.9999.2", type: "ST", title: "^Series Instance UID"),
            Samples.line("D7^架空^医子", type: "XCN", title: "^読影医"),
            Samples.line("20260511", type: "DT", title: "^検査日"),
            Samples.line("異常なし", type: "ST"),
        ])
        #expect(documents.map(\.text) == ["【所見】\n異常なし"])
    }

    @Test(
        "OBX-3 names the sections in the ways that senders use",
        arguments: [
            ("^所見", "所見"), ("所見", "所見"), ("18782-3", "所見"), ("71250&IMP", "診断"),
            ("F1^^L^18782-3^画像所見^LN", "画像所見"), ("9A100&IMP^心電図所見^JC10", "心電図所見"),
        ])
    func titles(field: String, title: String) throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(), Samples.line("本文。", title: field),
        ])
        #expect(documents[0].source.sections.map(\.title) == [title])
        #expect(documents[0].body(title) == "本文。")
    }

    @Test("titles within the text are sections where OBX-3 says nothing")
    func titlesInText() throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(),
            Samples.line("依頼科 内科", title: ""), Samples.line("【所見】", title: ""),
            Samples.line("", title: ""), Samples.line("肝嚢胞あり。", title: ""),
            Samples.line("", title: ""),
            Samples.line("診断：肝嚢胞", title: ""),
        ])
        #expect(documents[0].text == "依頼科 内科\n【所見】\n\n肝嚢胞あり。\n\n診断：肝嚢胞")
        #expect(documents[0].body("所見") == "肝嚢胞あり。")
        #expect(documents[0].body("診断") == "肝嚢胞")
    }

    @Test("an empty line stays, a repetition is a line, separators that were not escaped stay")
    func linesOfText() throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(), Samples.line("一~二", title: ""),
            Samples.line("", title: ""), Samples.line("T&S、2^3", title: ""),
        ])
        #expect(documents[0].text == "一\n二\n\nT&S、2^3")
    }

    @Test("the kind comes from the codes, then from the folder")
    func kinds() throws {
        func kind(_ section: String, _ service: String) throws -> DocumentKind? {
            try HL7Samples.reader(kind: .nursing).documents(of: [
                Samples.header(), Samples.patient,
                Samples.request(section: section, service: service), Samples.line("一"),
            ]).first?.kind
        }
        #expect(try kind("MR", "A^B") == .radiology)
        #expect(try kind("PAT", "A^B") == .other)
        #expect(try kind("", "30400^胸部CT^JJ1017") == .radiology)
        #expect(try kind("", "18748-4^画像検査報告書^LN") == .radiology)
        #expect(try kind("", "A^B") == .nursing)
        #expect(try kind("QQ", "A^B") == .other)
    }

    @Test("the patient is the identifier of type PI, else the first, else PID-2")
    func patients() throws {
        func patient(_ segment: String) throws -> String? {
            try Samples.reader().documents(of: [
                Samples.header(), segment, Samples.request(), Samples.line("一"),
            ]).first?.patientIdentifier
        }
        #expect(try patient("PID|1||99^^^X^MR~ 0012 ^^^Y^PI||架空^太郎") == "0012")
        #expect(try patient("PID|1||0012||架空^太郎") == "0012")
        #expect(try patient("PID|1|0013|||架空^太郎") == "0013")
        #expect(try patient("PID|1||||架空^太郎") == nil)
    }

    @Test("comments of an order and its clinical texts are read, cancelled ones are withdrawn")
    func orderTexts() throws {
        for (control, status) in [("NW", SenderStatus.final), ("CA", .withdrawn)] {
            let documents = try Samples.reader().documents(of: [
                Samples.header("OMG^O19^OMG_O19"), Samples.patient, "ORC|\(control)|P1",
                "OBR|1|P1||X1^腹部CT^L|||20260511", "NTE|1||造影剤アレルギーなし。",
                Samples.line("肝腫瘤の精査。", title: "^依頼目的"),
            ])
            #expect(documents.map(\.text) == ["造影剤アレルギーなし。\n【依頼目的】\n肝腫瘤の精査。"])
            #expect(documents[0].source.key == "hl7v2:order:P1")
            #expect(documents[0].source.status == status)
        }
    }

    @Test("a message that cannot be a report is a fault that says why")
    func faults() throws {
        let reader = Samples.reader()
        #expect(
            try reader.flaw(of: [Samples.header(), Samples.patient, Samples.line("一")])
                == .missing(field: "OBR"))
        #expect(
            try reader.flaw(of: [
                Samples.header(), Samples.patient, Samples.request(), Samples.line(""),
            ]) == .noText)
        #expect(
            try reader.flaw(of: [Samples.header(""), Samples.patient]) == .missing(field: "MSH-9"))
        #expect(
            try reader.flaw(of: [Samples.header("REF^I12"), Samples.patient])?.code == "wrong-value"
        )
        #expect(
            try reader.flaw(of: [Samples.header("ADT^A08"), Samples.patient])?.code
                == "no-narrative")
        #expect(
            try reader.flaw(of: [
                Samples.header(), Samples.patient, Samples.request(), Samples.line("", status: "U"),
            ])?.code == "no-narrative")
    }
}
