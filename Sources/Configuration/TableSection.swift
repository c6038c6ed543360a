// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Intake
import TOMLFiles

/// Reads `[tables.KIND]`: what the columns of the tables of a folder mean.
enum TableSection {
    private typealias Section = TOMLSection<ConfigurationError>

    /// The mapping that a section describes.
    static func mapping(
        _ section: TOMLSection<ConfigurationError>
    ) throws(ConfigurationError) -> TableMapping {
        try section.allow(
            "headings", "sheet", "patient_digits", "time_forms", "columns", "sections", "constants",
            "status_words", "kind_words")
        var mapping = TableMapping()
        mapping.hasHeadings = try section.bool("headings", default: true)
        if section.has("sheet") { mapping.sheet = try section.string("sheet") }
        if section.has("patient_digits") {
            mapping.patientDigits = try section.integer("patient_digits", in: 1...64)
        }
        mapping.timeForms = try timeForms(section)
        mapping.columns = try section.section("columns").map(columns) ?? [:]
        if section.has("sections") { mapping.sections = try sections(section) }
        mapping.constants = try section.section("constants").map(constants) ?? [:]
        mapping.statusWords = try section.section("status_words").map(words) ?? [:]
        mapping.kindWords = try section.section("kind_words").map(words) ?? [:]
        try checkColumns(of: mapping, section)
        return mapping
    }

    private static func timeForms(_ section: Section) throws(ConfigurationError) -> [TimeForm] {
        var forms: [TimeForm] = []
        for text in try section.strings("time_forms") {
            guard let form = TimeForm(text) else {
                throw section.outOfRange(
                    "time_forms", "\"\(text)\"",
                    allowed: "yyyy, M, d, H, m and s, each once at most, with signs between them")
            }
            forms.append(form)
        }
        return forms
    }

    // MARK: Columns

    private static func columns(
        _ section: Section
    ) throws(ConfigurationError) -> [TableMapping.Field: [TableMapping.Column]] {
        try section.allow(TableMapping.Field.allCases.map(\.rawValue))
        var columns: [TableMapping.Field: [TableMapping.Column]] = [:]
        for field in TableMapping.Field.allCases where section.has(field.rawValue) {
            columns[field] = try Self.columns(field.rawValue, of: section)
        }
        return columns
    }

    /// The columns under a key: headings, or numbers from 1.
    private static func columns(
        _ key: String, of section: Section
    ) throws(ConfigurationError) -> [TableMapping.Column] {
        var columns: [TableMapping.Column] = []
        for name in try section.namesOrNumbers(key) {
            switch name {
            case .text(let text) where !text.isEmpty: columns.append(.named(text))
            case .number(let number) where (1...1000).contains(number):
                columns.append(.numbered(number))
            case .text(let text):
                throw section.outOfRange(key, "\"\(text)\"", allowed: "a heading")
            case .number(let number):
                throw section.outOfRange(key, "\(number)", allowed: "1 to 1000")
            }
        }
        guard !columns.isEmpty else {
            throw section.outOfRange(key, "an empty list", allowed: "a heading or a number")
        }
        return columns
    }

    private static func sections(
        _ section: Section
    ) throws(ConfigurationError) -> [TableMapping.Section] {
        var sections: [TableMapping.Section] = []
        for part in try section.sections("sections") {
            try part.allow("column", "title", "code")
            let columns = try columns("column", of: part)
            guard columns.count == 1 else {
                throw part.outOfRange("column", "a list", allowed: "one column")
            }
            sections.append(
                TableMapping.Section(
                    column: columns[0],
                    title: part.has("title") ? try part.string("title") : nil,
                    code: part.has("code") ? try part.string("code") : nil))
        }
        return sections
    }

    /// Either all columns are the site's, with text among them, or all are those of the standard headings.
    private static func checkColumns(
        of mapping: TableMapping, _ section: Section
    ) throws(ConfigurationError) {
        guard mapping.sections.isEmpty else {
            guard !mapping.hasHeadings else { return }
            let all = mapping.columns.values.joined() + mapping.sections.map(\.column)
            let named = all.contains { column in
                if case .named = column { true } else { false }
            }
            guard !named else {
                throw section.outOfRange(
                    "headings", "false", allowed: "true where columns are called by headings")
            }
            return
        }
        guard mapping.columns.isEmpty, mapping.hasHeadings else {
            throw section.outOfRange("sections", "missing", allowed: "a column of text at least")
        }
    }

    // MARK: Words

    private static func constants(
        _ section: Section
    ) throws(ConfigurationError) -> [TableMapping.Field: String] {
        try section.allow(TableMapping.Field.allCases.map(\.rawValue))
        var constants: [TableMapping.Field: String] = [:]
        for field in TableMapping.Field.allCases where section.has(field.rawValue) {
            constants[field] = try section.string(field.rawValue)
        }
        return constants
    }

    private static func words<Meaning: RawRepresentable & CaseIterable>(
        _ section: Section
    ) throws(ConfigurationError) -> [String: Meaning] where Meaning.RawValue == String {
        var words: [String: Meaning] = [:]
        for word in section.keys { words[word] = try section.choice(word) as Meaning }
        return words
    }
}
