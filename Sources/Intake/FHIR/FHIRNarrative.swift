// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The narrative of a resource or section: `text` with its `div` of XHTML.
struct FHIRNarrative {
    /// Its lines.
    private(set) var lines: MarkupLines
    /// What is to be said of it.
    private(set) var notices: [String] = []
    /// Whether a program made it of the resource's fields.
    let isGenerated: Bool

    /// The narrative of an element; nil where there is none, or it says to be empty.
    init?(of element: FHIRElement, limits: IntakeLimits) throws(IntakeError) {
        guard let text = try element.element("text"), let div = try text.text("div") else {
            return nil
        }
        let status = try text.text("status")
        guard status != "empty" else { return nil }
        isGenerated = status == "generated"
        let html = try HTMLText(of: div, in: .fhir, limits: limits)
        lines = html.lines
        if html.hasDeletions { notices.append("what <del> marks as deleted was left out") }
        guard !lines.lines.isEmpty else { return nil }
    }

    /// Leaves out tables before the first heading of findings, or before all else where they tell of a person:
    /// such a table names the patient.
    mutating func removeTablesOfPersons() {
        let start = lines.lines.firstIndex { line in
            line.table == nil && (line.isHeading || SectionTitles.knows(line.text))
                && SectionTitles.knows(line.text)
        }
        let tables = Set(
            lines.lines[..<(start ?? lines.lines.endIndex)].compactMap { line -> Int? in
                guard let table = line.table else { return nil }
                let isOfPerson = start != nil || Self.labels.contains { line.text.contains($0) }
                return isOfPerson ? table : nil
            })
        guard !tables.isEmpty else { return }
        lines.removeLines { line in line.table.map(tables.contains) == true }
        notices.append("a table before the findings, which names the patient, was left out")
    }

    private static let labels = [
        "氏名", "患者名", "患者ID", "患者番号", "生年月日", "カナ", "Patient Name", "Birth", "Patient ID", "Subject",
        "DoB:",
    ]
}
