// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What the path of a file in an SS-MIX2 storage says of it.
///
/// In standardised storage a file lies at `ID[0..3)/ID[3..6)/ID/DATE/KIND/FILE`, in extension storage in a
/// folder of that name, `…/KIND/FILE/main_document.xml`; FILE is `ID_DATE_KIND_ORDER_TIME_DEPARTMENT_FLAG`.
/// A file that was copied away from its folders still has its name.
package struct StorageName: Hashable, Sendable {
    /// What the flag at the name's end says of the record.
    package enum Condition: String, Hashable, Sendable {
        case deleted = "0"
        case valid = "1"
        case superseded = "2"
    }

    /// The patient's identifier.
    package let patient: String
    /// The day that the record belongs to, as digits; nil where it belongs to none (`-`).
    package let date: String?
    /// The kind as it stands in the name: one of standardised storage (`OMG-13`), or a code.
    package let kind: String
    /// The number of the order, or what else tells records of one kind and day apart.
    package let order: String
    /// When the record was written, as digits: by it versions follow each other.
    package let time: String
    /// The code of the department; nil where there is none (`-`).
    package let department: String?
    /// Whether it is the valid version.
    package let condition: Condition
    /// What the folder of an extension storage says of the kind.
    package let type: StorageType?
    /// The file within a content folder; nil in standardised storage.
    package let contentName: String?

    /// Reads a path, absolute or not, whose names may be in UTF-8 or, on old servers, in CP932.
    ///
    /// nil for a path of no such storage; throws a flaw with `contradiction` where the folders and the name
    /// differ in patient, day or kind.
    package init?(path: [UInt8]) throws(IntakeError) {
        let names = path.split(separator: 0x2F).suffix(8).map(Self.text)
        guard let last = names.last else { return nil }
        let folders: ArraySlice<String>
        if let parts = NameParts(last) {
            folders = names.dropLast()
            self.init(parts, type: folders.last.flatMap(StorageType.init), contentName: nil)
        } else if names.count > 1, let parts = NameParts(names[names.count - 2]) {
            folders = names.dropLast(2)
            self.init(parts, type: folders.last.flatMap(StorageType.init), contentName: last)
        } else {
            return nil
        }
        try check(folders)
    }

    private init(_ parts: NameParts, type: StorageType?, contentName: String?) {
        (patient, date, kind) = (parts.patient, parts.date, parts.kind)
        (order, time, department) = (parts.order, parts.time, parts.department)
        condition = parts.condition
        (self.type, self.contentName) = (type, contentName)
    }

    /// Folders further up than these three are of no concern.
    private func check(_ folders: ArraySlice<String>) throws(IntakeError) {
        let folders = Array(folders.suffix(3))
        guard folders.count == 3, folders[1] == "-" || NameParts.isDay(folders[1]) else { return }
        func differ(_ what: String) -> IntakeError {
            .flaw(
                .contradiction("its name and the folder that it lies in differ in \(what)"),
                in: .ssmix2, at: nil)
        }
        guard folders[0] == patient else { throw differ("the patient") }
        guard folders[1] == date ?? "-" else { throw differ("the day") }
        guard folders[2] == kind || (type?.codes.contains(kind) ?? false) else {
            throw differ("the kind")
        }
    }

    private static func text(_ name: ArraySlice<UInt8>) -> String {
        if let text = String(validating: name, as: UTF8.self) { return text }
        if let text = (try? TextDecoding.attempt(Array(name), in: .windows31J))?.text {
            return text
        }
        // What else there is, is in ASCII.
        var view = String.UnicodeScalarView()
        for byte in name where byte < 0x80 { view.append(Unicode.Scalar(byte)) }
        return String(view)
    }

    /// What names the record through all its versions.
    package var key: String {
        "ssmix2:" + [patient, date ?? "-", kind, order].joined(separator: "|")
    }

    /// The time of the version in ISO 8601, UTC; nil where the digits are no time.
    package var versionTime: String? { HL7Time.instant(time) }

    /// Whether a record of its kind may hold narrative: all of extension storage, and of standardised storage
    /// the orders and reports of imaging, endoscopy and physiology.
    package var mayHoldNarrative: Bool {
        type != nil || contentName != nil || kind.hasPrefix("OMG-") || !Self.isStandardised(kind)
    }

    /// Whether a kind is one of standardised storage, such as `OMP-01`.
    private static func isStandardised(_ kind: String) -> Bool {
        let parts = kind.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && ["ADT", "PPR", "OMD", "OMP", "OML", "OMG"].contains(parts[0])
            && parts[1].count == 2 && parts[1].allSatisfy(\.isNumber)
    }

    /// Stands for `/` in the name of a copy, so that a path can be one name.
    private static let separator = "\u{29F8}"

    /// The path of which a copy in the spool has its name.
    static func path(ofSpoolName name: String) -> String {
        name.replacing(separator, with: "/")
    }

    /// The name of a copy of a record in the spool: what its path says, as far as 255 bytes go; nil where not
    /// even the record's own name fits. The folder of its kind is the first to be left out.
    package static func spoolName(of path: [[UInt8]]) -> [UInt8]? {
        let own = path.last.map { NameParts(text(ArraySlice($0))) != nil } ?? false
        let parts = path.suffix(own ? 2 : 3)
        for parts in [parts, parts.dropFirst()] where !parts.isEmpty {
            let isNamed = parts.contains { NameParts(text(ArraySlice($0))) != nil }
            let name = Array(parts.joined(separator: Array(separator.utf8)))
            if isNamed, name.count <= 255 { return name }
        }
        return nil
    }

    /// The file of a content folder that is the document: the one called `main_document`, or the only one
    /// that can be one; nil where that does not tell.
    package static func mainDocument(of names: [String]) -> String? {
        let documents = names.filter { name in
            [".xml", ".hl7", ".pdf"].contains { name.lowercased().hasSuffix($0) }
        }
        let main = documents.filter { $0.lowercased().hasPrefix("main_document.") }
        if main.count == 1 { return main[0] }
        if !main.isEmpty { return nil }
        return documents.count == 1 ? documents[0] : nil
    }
}

/// What the folder of a kind in extension storage says, `code^name^system^code^name^system`: the hospital's own and a
/// standard one, each of which may be empty.
package struct StorageType: Hashable, Sendable {
    /// The hospital's own code.
    package let code: String?
    /// What the hospital calls it.
    package let name: String?
    /// The system of the hospital's code.
    package let system: String?
    /// The standard code, of LOINC as a rule.
    package let standardCode: String?
    /// Its name.
    package let standardName: String?
    /// Its system.
    package let standardSystem: String?

    /// Reads a folder's name; nil for one without `^`.
    init?(_ folder: String) {
        let parts = folder.split(
            separator: "^", maxSplits: 10, omittingEmptySubsequences: false
        ).map(String.init)
        guard parts.count > 1 else { return nil }
        func part(_ index: Int) -> String? {
            index < parts.count && !parts[index].isEmpty && parts[index] != "-" ? parts[index] : nil
        }
        (code, name, system) = (part(0), part(1), part(2))
        (standardCode, standardName, standardSystem) = (part(3), part(4), part(5))
    }

    /// The codes that may stand in the name of a record.
    var codes: [String] { [code, standardCode].compactMap(\.self) }

    /// The kind of document by its codes or names; nil where none is known.
    func kind(_ table: DocumentCodes) -> DocumentKind? {
        let all = [standardCode, code, standardName, name].compactMap(\.self)
        return all.first(where: table.knows).map(table.kind(of:))
            ?? [standardName, name].lazy.compactMap { $0.flatMap(HL7Kinds.kind(ofName:)) }.first
    }
}

/// The parts of `ID_DATE_KIND_ORDER_TIME_DEPARTMENT_FLAG`.
private struct NameParts {
    let patient: String
    let date: String?
    let kind: String
    let order: String
    let time: String
    let department: String?
    let condition: StorageName.Condition

    /// nil for a name of another form. An identifier may hold `_` itself: the day and the time, which nothing
    /// else looks like, tell the parts apart.
    init?(_ name: String) {
        guard name.utf8.count <= 255 else { return nil }
        let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 7,
            let condition = StorageName.Condition(rawValue: parts[parts.count - 1]),
            let day = parts.indices.dropFirst().first(where: {
                parts[$0] == "-" || Self.isDay(parts[$0])
            }),
            let time = parts.indices.dropLast(2).last(where: { Self.isTime(parts[$0]) }),
            time >= day + 3
        else { return nil }
        patient = parts[..<day].joined(separator: "_")
        date = parts[day] == "-" ? nil : parts[day]
        kind = parts[day + 1]
        order = parts[(day + 2)..<time].joined(separator: "_")
        self.time = parts[time]
        let department = parts[(time + 1)..<(parts.count - 1)].joined(separator: "_")
        self.department = department.isEmpty || department == "-" ? nil : department
        self.condition = condition
        guard !patient.isEmpty, !kind.isEmpty, !order.isEmpty else { return nil }
    }

    static func isDay(_ text: String) -> Bool { text.utf8.count == 8 && isDigits(text) }

    private static func isTime(_ text: String) -> Bool {
        (14...17).contains(text.utf8.count) && isDigits(text)
    }

    private static func isDigits(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
