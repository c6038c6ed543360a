// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import XMLFiles

/// What the header of a CDA document says of it.
struct CDAHeader {
    private let root: XMLTree.Element
    /// The patient.
    let patient: Identifier?
    /// Codes of its kind, its own first, with their systems.
    let kinds: [(code: String, system: String?)]

    init(of root: XMLTree.Element) {
        self.root = root
        let role = root.first(at: "recordTarget", "patientRole")
        patient = role?.all("id").lazy.compactMap { Identifier($0) }.first { $0.extension != nil }
        let code = root.first("code")
        kinds = ([code].compactMap(\.self) + (code?.all("translation") ?? [])).compactMap {
            element in
            Self.filled(element.attribute("code")).map { ($0, element.attribute("codeSystem")) }
        }
    }

    /// The identifier of this version.
    var identifier: Identifier? { Identifier(root.first("id")) }

    /// What names the document through its versions: `setId`, which all of them share, else its own `id`.
    var key: String? { (Identifier(root.first("setId")) ?? identifier).map(self.key) }

    /// The key of the document that this one takes the place of.
    ///
    /// Versions of one set have one key, so only a document outside it is another one; one that is named by
    /// `id` alone belongs to the set (CDA R2, 4.2.3.1).
    var replacedKey: String? {
        let parents = root.all("relatedDocument").filter { $0.attribute("typeCode") == "RPLC" }
            .compactMap { $0.first("parentDocument") }
        let (key, hasSet) = (key, Identifier(root.first("setId")) != nil)
        for parent in parents {
            let set = Identifier(parent.first("setId"))
            if set == nil, hasSet { continue }
            guard let replaced = (set ?? Identifier(parent.first("id"))).map(self.key) else {
                continue
            }
            if replaced != key { return replaced }
        }
        return nil
    }

    /// Whether this is an addition to another document.
    var isAddendum: Bool {
        root.all("relatedDocument").contains { $0.attribute("typeCode") == "APND" }
    }

    /// The number of the version.
    var version: String? { Self.filled(root.first("versionNumber")?.attribute("value")) }

    /// When it was written, as sent.
    var time: String? {
        Self.filled(root.first("effectiveTime")?.attribute("value"))
            ?? Self.filled(root.first(at: "author", "time")?.attribute("value"))
    }

    /// Its title.
    var title: String? {
        let title = root.first("title").map { Self.line($0.text) } ?? ""
        return Self.filled(title) ?? root.first("code")?.attribute("displayName")
    }

    /// Columns of the source that name persons, places and events.
    func fill(_ source: inout DocumentSource) {
        let author = root.first(at: "author", "assignedAuthor")
        source.author = Self.name(
            author?.first(at: "assignedPerson", "name")
                ?? author?.first(at: "representedOrganization", "name"))
        // An organisation that is part of another is a department of it.
        let organization = author?.first("representedOrganization")
        if organization?.first(at: "asOrganizationPartOf", "wholeOrganization") != nil {
            source.department = Self.name(organization?.first("name"))
        }
        source.facility = Self.name(
            root.first(
                at: "custodian", "assignedCustodian", "representedCustodianOrganization", "name"))
        let visit = root.first(at: "componentOf", "encompassingEncounter")
        source.visit = Identifier(visit?.first("id"))?.bare
        source.order = Identifier(root.first(at: "inFulfillmentOf", "order", "id"))?.bare
    }

    private func key(of identifier: Identifier) -> String {
        let patient = patient?.extension ?? ""
        return
            "cda:\(identifier.root)^\(identifier.extension ?? "")^\(kinds.first?.code ?? "")^\(patient)"
    }

    /// A root with an extension, as CDA has identifiers.
    struct Identifier: Hashable {
        let root: String
        let `extension`: String?

        /// nil for an element that is not there or names nothing.
        init?(_ element: XMLTree.Element?) {
            guard let element, element.attribute("nullFlavor") == nil else { return nil }
            root = CDAHeader.filled(element.attribute("root")) ?? ""
            `extension` = CDAHeader.filled(element.attribute("extension"))
            if root.isEmpty, `extension` == nil { return nil }
        }

        /// The extension, or where there is none the root, which is unique by itself then.
        var bare: String { `extension` ?? root }
    }

    /// A text that says something, without white space around it.
    static func filled(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = line(text)
        return line.isEmpty ? nil : line
    }

    /// A text in one line, white space collapsed.
    static func line(_ text: String) -> String {
        // Most are one word of ASCII.
        if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return text }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func name(_ element: XMLTree.Element?) -> String? {
        guard let element else { return nil }
        let parts = element.elements.map { line($0.text) }.filter { !$0.isEmpty }
        return filled(parts.isEmpty ? element.text : parts.joined(separator: " "))
    }
}
