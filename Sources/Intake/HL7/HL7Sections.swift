// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The text of a report, put together of the lines of its observations.
///
/// What an observation is called (OBX-3) is the title of a section, unless it is the name of the report
/// itself; where that says nothing, titles within the text are.
struct HL7Sections {
    /// Codes and names of the report as a whole, which are titles of none of its sections.
    let reportNames: Set<String>
    let codes: DocumentCodes
    let limits: IntakeLimits

    /// The text with its sections; throws `tooMuch` or `documentTooLong`.
    func text(of lines: [HL7Observations.Line]) throws(IntakeError) -> SectionedText {
        var result = SectionedText()
        var bodies: [String] = []
        var open: Title?
        var count = 0
        var last: (fields: [ArraySlice<UInt8>], title: Title?)?
        for line in lines {
            // Most lines are called as the one before.
            let fields = [line.segment.field(3), line.segment.field(4)]
            let title = last?.fields == fields ? last?.title : title(of: line.segment)
            last = (fields, title)
            if title != open, !bodies.isEmpty {
                result.append(
                    title: open?.text, code: open?.code, body: bodies.joined(separator: "\n"))
                bodies = []
                count += 1
                guard count < limits.maximumSections else {
                    throw .hl7(.tooMuch(of: "sections", limit: limits.maximumSections))
                }
            }
            open = title
            bodies.append(line.text)
        }
        result.append(title: open?.text, code: open?.code, body: bodies.joined(separator: "\n"))
        let length = result.text.scalarCount
        guard length <= limits.maximumDocumentScalars else {
            throw .documentTooLong(
                line: nil, scalars: length, limit: limits.maximumDocumentScalars)
        }
        return result
    }

    /// What a section is called; lines of a code without a name belong together, too.
    private struct Title: Hashable {
        let code: String?
        let text: String?
    }

    private func title(of segment: HL7Segment) -> Title? {
        guard segment.name == "OBX" else { return nil }
        let code = segment.value(3, 1)
        let otherCode = segment.value(3, 4)
        if [code, otherCode].contains(where: { $0.map(isOfReport) ?? false }) { return nil }
        let name = segment.value(3, 2) ?? segment.value(3, 5) ?? segment.value(3, 9)
        if let name { return isOfReport(name) ? nil : Title(code: code, text: name) }
        if let meaning = [code, otherCode].lazy.compactMap({ $0.flatMap(Self.title(ofCode:)) })
            .first
        {
            return Title(code: code, text: meaning)
        }
        if let suffix = suffix(of: segment), let meaning = Self.suffixes[suffix] {
            return Title(code: code, text: meaning)
        }
        if let code { return Title(code: code, text: Self.isWord(code) ? code : nil) }
        let part = segment.value(4)
        return part.flatMap {
            Self.isWord($0) && !isOfReport($0) ? Title(code: nil, text: $0) : nil
        }
    }

    private func isOfReport(_ name: String) -> Bool {
        reportNames.contains(name) || codes.knows(name) || Self.generic.contains(name.lowercased())
            || ["レポート", "報告書", "サマリー", "サマリ"].contains(where: name.hasSuffix)
    }

    /// What stands behind the code, as IMP in `71250&IMP`.
    private func suffix(of segment: HL7Segment) -> String? {
        guard let mark = segment.delimiters.subcomponent else { return nil }
        let parts = segment.component(1, of: segment.field(3)).split(
            separator: mark, maxSplits: 4, omittingEmptySubsequences: true)
        return parts.last.flatMap { segment.value(of: $0)?.uppercased() }
    }

    private static func isWord(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            $0.properties.isIdeographic || (0x3041...0x30FF).contains($0.value)
        }
    }

    private static let generic: Set = [
        "報告書", "レポート", "レポート本文", "本文", "報告", "報告内容", "テキスト", "文書", "内容", "記載内容", "report",
        "text", "report text", "body", "document",
    ]

    /// Titles of suffixes of codes, as the standard has them for OBX-3.
    private static let suffixes = [
        "GDT": "所見", "IMP": "診断", "DIA": "診断", "REC": "推奨", "MDT": "所見", "ADT": "追記",
    ]

    /// The title of a code that comes without a name: one of LOINC, since others may be a hospital's own.
    private static func title(ofCode code: String) -> String? {
        suffixes[code] ?? (code.contains("-") ? SectionTitles.title(ofCode: code) : nil)
    }
}
