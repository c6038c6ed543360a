// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// What a site says of the files that its systems send.
package struct SiteRules: Hashable, Sendable {
    /// Which kinds of document codes mean.
    package var codes: DocumentCodes
    /// What the columns of tables mean that come into a folder; the standard headings where nothing is said.
    package var tables: [DocumentKind: TableMapping]
    /// What the names of files say that are one document each.
    package var fileNames: [DocumentKind: FileNamePattern]
    /// How identifiers of patients are written.
    package var patients: PatientIdentifierRule
    /// Names in MSH-18 of HL7 that senders of the site use for encodings.
    package var hl7Encodings: [String: TextEncoding]

    /// The rules of a site that says nothing.
    package init() {
        codes = DocumentCodes()
        tables = [:]
        fileNames = [:]
        patients = PatientIdentifierRule()
        hl7Encodings = [:]
    }

    /// A document of a file by these rules.
    func applied(
        to entry: ReadDocument, fileName: String, kind: DocumentKind
    ) -> ReadDocument {
        guard case .success(let document) = entry.result else { return entry }
        let facts = entry.place == nil ? fileNames[kind]?.facts(in: fileName) : nil
        let patient = (document.patientIdentifier ?? facts?[.patient]).map(patients.written)
        guard facts != nil || patient != document.patientIdentifier else { return entry }
        var source = document.source
        source.title = source.title ?? facts?[.title]
        source.department = source.department ?? facts?[.department]
        source.visit = source.visit ?? facts?[.visit]
        source.order = source.order ?? facts?[.order]
        let identifier = document.externalIdentifier ?? facts?[.id]
        if source.key == nil, let identifier {
            source.key =
                "file:\(document.kind.rawValue):\(identifier)" + (patient.map { "^" + $0 } ?? "")
        }
        let changed = ClinicalDocument(
            kind: document.kind, text: document.text, encoding: document.encoding,
            externalIdentifier: identifier, patientIdentifier: patient,
            authoredAt: document.authoredAt ?? facts?[.authored], source: source)
        return entry.replacing(changed)
    }
}

/// How a site writes identifiers of patients, so that one patient has one.
package struct PatientIdentifierRule: Hashable, Sendable {
    /// Whether full-width letters, digits and signs become those of ASCII.
    package var isHalfWidth = false
    /// To how many digits identifiers of digits alone are filled up with zeros; 0 leaves them.
    package var digits = 0

    /// Leaves identifiers as they are sent, without white space around them.
    package init() {}

    /// An identifier by this rule.
    func written(_ identifier: String) -> String {
        let trimmed = Array(identifier.unicodeScalars).trimmed(\.properties.isWhitespace)
        var scalars = String.UnicodeScalarView()
        for scalar in trimmed {
            let isWide = isHalfWidth && (0xFF01...0xFF5E).contains(scalar.value)
            scalars.append(
                isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        let text = String(scalars)
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, text.utf8.count < digits else { return text }
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
