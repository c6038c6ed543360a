// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Which kind of document the codes of a message mean.
struct HL7Kinds {
    let codes: DocumentCodes
    /// The kind of the folder, for a message that says none.
    let folder: DocumentKind

    /// The kind of a type of document (TXA-2): of a known code in either coding system, of table 0270, or of
    /// a name that leaves no doubt; ``DocumentKind/other`` for one that is not known.
    func kind(ofDocumentType segment: HL7Segment, field: Int) -> DocumentKind {
        let parts = Parts(segment, field)
        guard !parts.isEmpty else { return folder }
        return known(parts) ?? parts.code.flatMap { Self.documentTypes[$0.uppercased()] }
            ?? parts.names.lazy.compactMap(Self.kind(ofName:)).first ?? .other
    }

    /// The kind of a report by the section of the service (OBR-24) and by what was asked for (OBR-4), whose
    /// codes are the hospital's own more often than not.
    func kind(ofOrder segment: HL7Segment) -> DocumentKind {
        let service = Parts(segment, 4)
        let section = segment.value(24)
        if let kind = known(service) { return kind }
        if let section {
            if codes.knows(section) { return codes.kind(of: section) }
            if let kind = Self.sections[section.uppercased()] ?? Self.kind(ofName: section) {
                return kind
            }
        }
        if service.systems.contains(where: { $0.hasPrefix("JJ1017") }) { return .radiology }
        if let kind = service.names.lazy.compactMap(Self.kind(ofName:)).first { return kind }
        return section == nil ? folder : .other
    }

    /// Whether the section of the service is a laboratory, whose strings are values and no narrative.
    static func isLaboratory(_ segment: HL7Segment?) -> Bool {
        guard let section = segment?.value(24)?.uppercased() else { return false }
        return laboratories.contains(section)
    }

    private func known(_ parts: Parts) -> DocumentKind? {
        ([parts.code, parts.otherCode].compactMap(\.self) + parts.names).first(where: codes.knows)
            .map(codes.kind(of:))
    }

    /// A coded field with its alternative.
    private struct Parts {
        let code: String?
        let otherCode: String?
        let names: [String]
        let systems: [String]

        init(_ segment: HL7Segment, _ field: Int) {
            code = segment.value(field, 1)
            otherCode = segment.value(field, 4)
            names = [2, 5, 9].compactMap { segment.value(field, $0) }
            systems = [3, 6].compactMap { segment.value(field, $0) }
        }

        var isEmpty: Bool { code == nil && otherCode == nil && names.isEmpty }
    }

    static func kind(ofName name: String) -> DocumentKind? {
        names.first { words, _ in words.allSatisfy(name.contains) }?.kind
    }

    private static let names: [(words: [String], kind: DocumentKind)] = [
        (["退院", "サマリ"], .dischargeSummary), (["退院時要約"], .dischargeSummary),
        (["看護", "サマリ"], .nursing), (["看護記録"], .nursing), (["看護経過"], .nursing),
        (["紹介状"], .referral), (["診療情報提供書"], .referral),
        (["経過記録"], .progressNote), (["診療録"], .progressNote), (["診療記録"], .progressNote),
        (["画像診断"], .radiology), (["画像検査報告"], .radiology), (["読影"], .radiology),
        (["放射線", "レポート"], .radiology), (["放射線", "報告"], .radiology), (["放射線科"], .radiology),
        (["画像検査"], .radiology),
    ]

    /// Table 0270; PN is a note of a procedure there, and of progress where people guess.
    private static let documentTypes: [String: DocumentKind] = [
        "DS": .dischargeSummary, "PR": .progressNote, "PN": .progressNote, "DI": .radiology,
        "RA": .radiology, "RAD": .radiology, "TS": .dischargeSummary,
    ]

    private static let sections: [String: DocumentKind] = {
        var result: [String: DocumentKind] = ["NRS": .nursing]
        for section in [
            "RAD", "CT", "MR", "MRI", "NMR", "US", "RUS", "OUS", "VUS", "XR", "XRC", "RX", "CR",
            "DX",
            "DR", "MG", "NM", "NMS", "RI", "PET", "PETCT", "RF", "XA", "IVR", "AG", "DG",
        ] { result[section] = .radiology }
        return result
    }()

    private static let laboratories: Set = [
        "LAB", "CH", "HM", "MB", "SR", "UR", "BG", "BLB", "IMM", "TX", "VR", "MCB", "MYC", "OSL",
    ]
}
