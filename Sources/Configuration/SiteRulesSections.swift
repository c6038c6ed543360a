// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Intake
import TOMLFiles

/// Reads the sections by which a site says what its files mean.
extension ConfigurationReader {
    private typealias Section = TOMLSection<ConfigurationError>

    /// The rules of `[tables.KIND]`, `[file_names]`, `[patients]`, `[codes]` and `[hl7.encodings]`.
    mutating func siteRules() throws(ConfigurationError) -> SiteRules {
        var rules = SiteRules()
        for kind in DocumentKind.allCases {
            rules.tables[kind] = try section("tables.\(kind.rawValue)").map(TableSection.mapping)
        }
        if let names = try section("file_names") {
            rules.fileNames = try Self.patterns(names)
        }
        if let patients = try section("patients") {
            try patients.allow("half_width", "digits")
            rules.patients.isHalfWidth = try patients.bool("half_width", default: false)
            if patients.has("digits") {
                rules.patients.digits = try patients.integer("digits", in: 0...64)
            }
        }
        if let codes = try section("codes") {
            var kinds: [String: DocumentKind] = [:]
            for code in codes.keys {
                kinds[code] = try Self.choice(DocumentKind.self, code, of: codes)
            }
            rules.codes = DocumentCodes(site: kinds)
        }
        if let encodings = try section("hl7.encodings") {
            for name in encodings.keys {
                rules.hl7Encodings[name] = try Self.choice(TextEncoding.self, name, of: encodings)
            }
        }
        return rules
    }

    private static func patterns(
        _ section: Section
    ) throws(ConfigurationError) -> [DocumentKind: FileNamePattern] {
        try section.allow(DocumentKind.allCases.map(\.rawValue))
        var patterns: [DocumentKind: FileNamePattern] = [:]
        for kind in DocumentKind.allCases where section.has(kind.rawValue) {
            let text = try section.string(kind.rawValue)
            guard let pattern = FileNamePattern(text) else {
                throw section.outOfRange(
                    kind.rawValue, "\"\(text)\"",
                    allowed: "a regular expression with one of the groups "
                        + FileNamePattern.Field.allCases.map { "(?<\($0.rawValue)>…)" }
                        .joined(separator: ", "))
            }
            patterns[kind] = pattern
        }
        return patterns
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _: Choice.Type, _ key: String, of section: Section
    ) throws(ConfigurationError) -> Choice {
        let text = try section.string(key)
        guard let choice = Choice(rawValue: text) else {
            throw section.outOfRange(
                key, "\"\(text)\"",
                allowed: Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }
}
