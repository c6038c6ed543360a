// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The text of a structured report: its items of text in the order in which the tree of content is read.
///
/// The name of an item's concept is the title of its section; items beside each other with the same one are
/// one section. Codes and measurements are no part of the text.
struct DICOMReport {
    private(set) var text = SectionedText()
    /// Codes and measurements that were left out.
    private(set) var otherItems = 0
    private let characters: DICOMCharacterSet
    private let limits: IntakeLimits
    private var scalars = 0

    /// A concept's name.
    struct Concept: Hashable {
        let code: String?
        let system: String?
        let meaning: String?
    }

    /// Reads the content of a report; throws for text that cannot be decoded and for more than may be.
    init(
        of report: DICOMDataSet, characters: DICOMCharacterSet, limits: IntakeLimits
    ) throws(FormatFlaw) {
        (self.characters, self.limits) = (characters, limits)
        try add(report.items(DICOMTag.content), of: nil)
    }

    /// The name of the concept of an item; nil for one without.
    static func concept(
        of item: DICOMDataSet, _ characters: DICOMCharacterSet
    ) throws(FormatFlaw) -> Concept? {
        guard let name = item.items(DICOMTag.conceptName).first else { return nil }
        let meaning = try name.bytes(DICOMTag.codeMeaning).map { bytes throws(FormatFlaw) in
            try characters.text(of: bytes)
        }
        return Concept(
            code: name.word(DICOMTag.codeValue), system: name.word(DICOMTag.codingScheme),
            meaning: meaning?.trimmingScalars(\.isSpace))
    }

    /// How deep the tree is, the parser has limited.
    private mutating func add(
        _ items: [DICOMDataSet], of container: Concept?
    ) throws(FormatFlaw) {
        var open: (concept: Concept?, bodies: [String])?
        for item in items {
            let relation = item.word(DICOMTag.relationship) ?? "CONTAINS"
            // Who observed what how is told in these.
            guard !relation.hasPrefix("HAS OBS"), !relation.hasPrefix("HAS ACQ"),
                !relation.hasPrefix("HAS CONCEPT")
            else { continue }
            let concept = try Self.concept(of: item, characters)
            switch item.word(DICOMTag.valueType) {
            case "TEXT":
                let body = try body(of: item)
                if open != nil, open?.concept == concept {
                    open?.bodies.append(body)
                } else {
                    try close(&open, of: container)
                    open = (concept, [body])
                }
            case "CONTAINER":
                try close(&open, of: container)
                let children = item.items(DICOMTag.content)
                if let title = Self.title(concept), !Self.areNamed(children, as: concept) {
                    if Self.holdsText(children) { text.append(heading: title) }
                }
                try add(children, of: concept)
                continue
            default: otherItems += 1
            }
            let inner = item.items(DICOMTag.content)
            guard !inner.isEmpty else { continue }
            try close(&open, of: container)
            try add(inner, of: container)
        }
        try close(&open, of: container)
    }

    private mutating func close(
        _ open: inout (concept: Concept?, bodies: [String])?, of container: Concept?
    ) throws(FormatFlaw) {
        guard let (concept, bodies) = open else { return }
        open = nil
        let isOfContainer = Self.isOne(concept?.code, of: container)
        let named = isOfContainer ? container : concept ?? container
        text.append(
            title: Self.title(named), code: named?.code, body: bodies.joined(separator: "\n"))
        guard text.sections.count <= limits.maximumSections else {
            throw .tooMuch(of: "sections", limit: limits.maximumSections)
        }
    }

    private mutating func body(of item: DICOMDataSet) throws(FormatFlaw) -> String {
        guard let bytes = item.bytes(DICOMTag.textValue) else { return "" }
        let body = try characters.text(of: bytes)
        scalars += body.scalarCount
        guard scalars <= limits.maximumDocumentScalars else {
            throw .tooMuch(of: "characters", limit: limits.maximumDocumentScalars)
        }
        guard body.hasByte(0x0D) else { return body }
        return body.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }

    private static func title(_ concept: Concept?) -> String? {
        if let meaning = concept?.meaning, !meaning.isEmpty { return meaning }
        return concept?.code.flatMap(SectionTitles.title)
    }

    /// Whether items of text have the title of their container, which is no heading beside theirs then.
    private static func areNamed(_ items: [DICOMDataSet], as container: Concept?) -> Bool {
        items.contains { item in
            guard item.word(DICOMTag.valueType) == "TEXT" else { return false }
            guard let name = item.items(DICOMTag.conceptName).first else { return true }
            return isOne(name.word(DICOMTag.codeValue), of: container)
        }
    }

    /// Whether an item's code names one of what its container's code names many of.
    private static func isOne(_ code: String?, of container: Concept?) -> Bool {
        guard let code, let plural = singular[code] else { return false }
        return plural == container?.code
    }

    private static func holdsText(_ items: [DICOMDataSet]) -> Bool {
        items.contains { item in
            item.word(DICOMTag.valueType) == "TEXT" || holdsText(item.items(DICOMTag.content))
        }
    }

    /// Codes of DICOM for an item, and of the container that is called the same in the plural, as Finding and
    /// Findings (PS3.16, CID 7001 and 7002).
    private static let singular = [
        "121069": "121068", "121071": "121070", "121073": "121072", "121075": "121074",
        "121077": "121076", "121065": "121064", "121067": "121066",
    ]
}

/// Tags of the elements that are read.
enum DICOMTag {
    static let (content, conceptName, textValue): (UInt32, UInt32, UInt32) = (
        0x0040_A730, 0x0040_A043, 0x0040_A160
    )
    static let (relationship, valueType): (UInt32, UInt32) = (0x0040_A010, 0x0040_A040)
    static let (codeValue, codingScheme, codeMeaning): (UInt32, UInt32, UInt32) = (
        0x0008_0100, 0x0008_0102, 0x0008_0104
    )
    static let (characterSet, objectClass, object): (UInt32, UInt32, UInt32) = (
        0x0008_0005, 0x0008_0016, 0x0008_0018
    )
    static let (storedClass, storedObject, transferSyntax): (UInt32, UInt32, UInt32) = (
        0x0002_0002, 0x0002_0003, 0x0002_0010
    )
    static let (document, mediaType, documentTitle): (UInt32, UInt32, UInt32) = (
        0x0042_0011, 0x0042_0012, 0x0042_0010
    )
    static let (patient, patientIssuer, accession): (UInt32, UInt32, UInt32) = (
        0x0010_0020, 0x0010_0021, 0x0008_0050
    )
    static let (completion, verification, preliminary): (UInt32, UInt32, UInt32) = (
        0x0040_A491, 0x0040_A493, 0x0040_A496
    )
}
