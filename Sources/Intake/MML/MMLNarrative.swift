// SPDX-License-Identifier: Apache-2.0
import XMLFiles

/// The text of a content module of MML: the elements that hold narrative, each as a section.
struct MMLNarrative {
    /// The sections.
    private(set) var text = SectionedText()
    /// Whether there was more text than may be.
    private(set) var isTooLong = false
    private let limit: Int

    /// Lays out a module; at most so many scalars of each section.
    init(of module: XMLTree.Element, limit: Int) {
        self.limit = limit
        add(module)
    }

    /// How deep elements may be is limited by the parser.
    private mutating func add(_ element: XMLTree.Element) {
        for child in element.elements where !Self.ofPersons.contains(child.name) {
            guard let title = Self.titles[child.name] else {
                add(child)
                continue
            }
            var lines = MarkupLines(limit: limit)
            Self.layOut(child, in: &lines)
            lines.finish()
            isTooLong = isTooLong || lines.isTooLong
            text.append(title: title.isEmpty ? nil : title, code: child.name, body: lines.text)
        }
    }

    private static func layOut(_ element: XMLTree.Element, in lines: inout MarkupLines) {
        for node in element.children {
            switch node {
            case .text(let text): lines.append(text)
            case .element(let child): layOut(part: child, in: &lines)
            }
        }
    }

    private static func layOut(part: XMLTree.Element, in lines: inout MarkupLines) {
        if ofPersons.contains(part.name) || ofCodes.contains(part.name) { return }
        switch part.name {
        case "br": lines.breakLine(always: true)
        case "medication" where part.elements.contains { $0.name == "medicine" }:
            lines.breakLine()
            lines.append(drug(part))
            lines.breakLine()
        case _ where part.namespace?.hasSuffix("xhtml") == true && !blocks.contains(part.name):
            layOut(part, in: &lines)
        default:
            // Fields of MML and blocks of XHTML stand on lines of their own.
            lines.breakLine()
            layOut(part, in: &lines)
            lines.breakLine()
        }
    }

    /// A prescription in one line: drug, dose with its unit, what is to be done.
    private static func drug(_ medication: XMLTree.Element) -> String {
        func line(_ names: String...) -> String {
            names.compactMap { name in medication.part(name).map { CDAHeader.line($0.text) } }
                .joined()
        }
        let name = medication.part("medicine")?.part("name").map { CDAHeader.line($0.text) } ?? ""
        return [name, line("dose", "doseUnit"), line("instruction")].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// What names persons and places, and is no text.
    private static let ofPersons: Set<String> = [
        "PersonalizedInfo", "CreatorInfo", "Name", "personName", "Address", "Phone", "Facility",
        "Department", "patient", "referFrom", "referToFacility", "referToPerson",
        "referToUnknownName", "consultFrom", "client", "performer", "PatientModule", "extRef",
        "staffs", "anesthesiologists",
    ]
    private static let ofCodes: Set<String> = ["code", "Id", "uid", "batchNo", "issuedTo"]
    private static let blocks: Set<String> = [
        "p", "div", "ul", "ol", "li", "table", "tr", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
    ]

    /// Elements that are sections, with their titles; an empty one is that of text that stands alone.
    private static let titles: [String: String] = [
        "FreeExpression": "", "problem": "プロブレム", "subjective": "S", "objective": "O",
        "assessment": "A", "plan": "P", "chiefComplaint": "主訴", "chiefComplaints": "主訴",
        "testPurpose": "検査目的", "testDx": "診断", "testNotes": "所見", "testMemo": "メモ",
        "testMemoF": "メモ",
        "patientProfile": "患者背景", "history": "病歴", "presentIllness": "現病歴",
        "presentIllnessNotes": "現病歴", "pastHistory": "既往歴", "familyHistory": "家族歴",
        "physicalExam": "身体所見", "physicalExams": "身体所見", "clinicalCourse": "経過",
        "dischargeFindings": "退院時所見", "medication": "処方", "testResults": "検査結果", "remarks": "備考",
        "diagnosis": "診断", "clinicalDiagnosis": "診断", "referPurpose": "紹介目的", "greeting": "挨拶",
        "operativeNotes": "手術記録", "operativeInfo": "手術情報", "surgicalDiagnosis": "手術診断",
        "procedureMemo": "手術メモ", "occupation": "職業", "freeNotes": "記載", "socialHistory": "生活歴",
    ]
}

extension XMLTree.Element {
    /// The first element of a name right within this one, whatever its namespace: each module has its own.
    func part(_ name: String) -> XMLTree.Element? { elements.first { $0.name == name } }

    /// The value of an attribute, with or without a prefix: versions of MML differ in that.
    func anyAttribute(_ name: String) -> String? {
        CDAHeader.filled(attributes.first { $0.name == name }?.value)
    }
}
