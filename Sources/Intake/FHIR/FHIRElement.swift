// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// A resource or a part of one, with the path that leads to it for errors. `null` counts as absent.
struct FHIRElement {
    let value: JSONValue
    /// Names and places that lead here from the resource, such as `content[0].attachment`; empty for a
    /// resource.
    let path: String

    /// An element that is an object; throws `flaw` for anything else.
    init(_ value: JSONValue, path: String = "") throws(IntakeError) {
        guard case .object = value else {
            throw Self.flaw(
                .wrongValue(field: path.isEmpty ? "a resource" : path, expected: "an object"))
        }
        (self.value, self.path) = (value, path)
    }

    static func flaw(_ flaw: FormatFlaw) -> IntakeError { .flaw(flaw, in: .fhir, at: nil) }

    private func path(of name: String) -> String { path.isEmpty ? name : path + "." + name }

    private func member(_ name: String) -> JSONValue? {
        guard let member = value[name] else { return nil }
        if case .null = member { return nil }
        return member
    }

    /// The type of a resource.
    var resourceType: String? {
        guard case .string(let type) = value["resourceType"] else { return nil }
        return type
    }

    /// A string without white space around it; nil where there is none or it is empty.
    func text(_ name: String) throws(IntakeError) -> String? {
        switch member(name) {
        case nil: return nil
        case .string(let text):
            let trimmed = text.trimmingScalars(\.isSpace)
            return trimmed.isEmpty ? nil : trimmed
        case .integer(let number): return String(number)
        default: throw Self.flaw(.wrongValue(field: path(of: name), expected: "a string"))
        }
    }

    /// A string of narrative, in which some senders write a line break as the two characters `\n`; throws
    /// `flaw` for one that is longer than a document may be.
    func narrative(_ name: String, limits: IntakeLimits) throws(IntakeError) -> String? {
        guard let text = try text(name) else { return nil }
        guard text.utf8.count / 4 <= limits.maximumDocumentScalars else {
            throw Self.flaw(
                .tooMuch(
                    of: "characters in \(path(of: name))", limit: limits.maximumDocumentScalars))
        }
        if text.hasByte(0x0A) || !text.hasByte(UInt8(ascii: "\\")) { return text }
        return text.replacing("\\r\\n", with: "\n").replacing("\\n", with: "\n")
    }

    /// A string that has to be there.
    func required(_ name: String) throws(IntakeError) -> String {
        guard let text = try text(name) else { throw Self.flaw(.missing(field: path(of: name))) }
        return text
    }

    /// A part that is an object.
    func element(_ name: String) throws(IntakeError) -> FHIRElement? {
        guard let member = member(name) else { return nil }
        return try FHIRElement(member, path: path(of: name))
    }

    /// The parts of a list; one object alone counts as a list of one.
    func list(_ name: String) throws(IntakeError) -> [FHIRElement] {
        guard let member = member(name) else { return [] }
        guard case .array(let values) = member else {
            return [try FHIRElement(member, path: path(of: name))]
        }
        var result: [FHIRElement] = []
        for (index, value) in values.enumerated() where value != .null {
            result.append(try FHIRElement(value, path: path(of: name) + "[\(index)]"))
        }
        return result
    }

    /// Codes of a `CodeableConcept` with their systems.
    func codings(_ name: String) throws(IntakeError) -> [FHIRCoding] {
        var result: [FHIRCoding] = []
        for concept in try list(name) {
            for coding in try concept.list("coding") {
                result.append(
                    FHIRCoding(
                        system: try coding.text("system"), code: try coding.text("code"),
                        display: try coding.text("display")))
            }
            if let text = try concept.text("text") {
                result.append(FHIRCoding(system: nil, code: nil, display: text))
            }
        }
        return result
    }

    /// Identifiers with a value.
    func identifiers(_ name: String = "identifier") throws(IntakeError) -> [FHIRIdentifier] {
        var result: [FHIRIdentifier] = []
        for identifier in try list(name) {
            guard let value = try identifier.text("value") else { continue }
            let types = try identifier.codings("type").compactMap(\.code)
            result.append(
                FHIRIdentifier(system: try identifier.text("system"), value: value, types: types))
        }
        return result
    }
}

/// A code of some system, or only words.
struct FHIRCoding: Hashable {
    let system: String?
    let code: String?
    let display: String?
}

/// An identifier of some system.
struct FHIRIdentifier: Hashable {
    let system: String?
    let value: String
    let types: [String]

    /// The key of what it names.
    var key: String { "fhir:\(system ?? "")|\(value)" }
}

extension Optional {
    /// The value, or where there is none what is read then; `??` would forget the error's type.
    func or(
        _ other: @autoclosure () throws(IntakeError) -> Wrapped?
    ) throws(IntakeError) -> Wrapped? {
        if let self { return self }
        return try other()
    }
}
