import Foundation
import TOMLKit

/// The values of one TOML file by dotted key, each read once with its type and range.
///
/// It remembers which keys were asked for, so that what is left over is what nobody knows.
struct ConfigurationReader {
    private enum Value {
        case text(String)
        case integer(Int)
        case real(Double)
        case boolean(Bool)
        case texts([String])
        case other(String)

        var typeName: String {
            switch self {
            case .text: "a string"
            case .integer: "an integer"
            case .real: "a number"
            case .boolean: "a boolean"
            case .texts: "a list of strings"
            case .other(let name): name
            }
        }
    }

    private let file: String
    private let base: URL
    private var values: [String: Value] = [:]
    private var known: Set<String> = []
    private var sections: Set<String> = []

    init(toml: String, file: String) throws(ConfigurationError) {
        self.file = file
        base = URL(filePath: file).absoluteURL.deletingLastPathComponent()
        let table: TOMLTable
        do {
            table = try TOMLTable(string: toml)
        } catch let error as TOMLParseError {
            throw .syntax(
                file: file, line: error.source.begin.line, column: error.source.begin.column,
                detail: error.description)
        } catch {
            throw .syntax(file: file, line: 1, column: 1, detail: "not TOML")
        }
        collect(table, below: "")
    }

    private mutating func collect(_ table: TOMLTable, below prefix: String) {
        for name in table.keys {
            guard let value = table[name] else { continue }
            let key = prefix + name
            switch value.type {
            case .table:
                sections.insert(key)
                if let inner = value.table { collect(inner, below: key + ".") }
            case .string: values[key] = .text(value.string ?? "")
            case .int: values[key] = .integer(value.int ?? 0)
            case .double: values[key] = .real(value.double ?? 0)
            case .bool: values[key] = .boolean(value.bool ?? false)
            case .array: values[key] = Self.texts(of: value.array)
            default: values[key] = .other("a value of type \(value.type.description)")
            }
        }
    }

    private static func texts(of array: TOMLArray?) -> Value {
        let elements = array.map { Array($0) } ?? []
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? .texts(texts) : .other("a list of other values")
    }

    mutating func text(_ key: String, default fallback: String) throws(ConfigurationError) -> String
    {
        known.insert(key)
        switch values[key] {
        case nil: return fallback
        case .text(let text): return text
        case .some(let other): throw wrongType(key, "a string", other)
        }
    }

    /// An absolute path; a relative one is taken from the directory of the configuration file.
    mutating func path(_ key: String, default fallback: String) throws(ConfigurationError) -> String
    {
        let text = try text(key, default: fallback)
        guard !text.isEmpty else {
            throw .outOfRange(file: file, key: key, value: "empty", allowed: "a path")
        }
        return URL(filePath: text, relativeTo: base).absoluteURL.standardizedFileURL
            .path(percentEncoded: false)
    }

    /// As `path`, with the empty string for none.
    mutating func optionalPath(_ key: String) throws(ConfigurationError) -> String? {
        try text(key, default: "").isEmpty ? nil : path(key, default: "")
    }

    mutating func integer(
        _ key: String, default fallback: Int, in allowed: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        known.insert(key)
        switch values[key] {
        case nil: return fallback
        case .integer(let number):
            guard allowed.contains(number) else {
                throw outOfRange(key, "\(number)", "\(allowed.lowerBound) to \(allowed.upperBound)")
            }
            return number
        case .some(let other): throw wrongType(key, "an integer", other)
        }
    }

    /// A number with or without fraction.
    mutating func number(
        _ key: String, default fallback: Double, in allowed: ClosedRange<Double>
    ) throws(ConfigurationError) -> Double {
        known.insert(key)
        let number: Double
        switch values[key] {
        case nil: return fallback
        case .integer(let whole): number = Double(whole)
        case .real(let real): number = real
        case .some(let other): throw wrongType(key, "a number", other)
        }
        guard allowed.contains(number) else {
            throw outOfRange(key, "\(number)", "\(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return number
    }

    mutating func boolean(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool
    {
        known.insert(key)
        switch values[key] {
        case nil: return fallback
        case .boolean(let boolean): return boolean
        case .some(let other): throw wrongType(key, "true or false", other)
        }
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, default fallback: Choice
    ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
        let text = try text(key, default: fallback.rawValue)
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw outOfRange(key, text, allowed)
        }
        return choice
    }

    /// A list of names; an unknown one is an error that says which.
    mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ key: String, default fallback: Set<Choice>
    ) throws(ConfigurationError) -> Set<Choice> where Choice.RawValue == String {
        known.insert(key)
        switch values[key] {
        case nil: return fallback
        case .texts(let texts):
            var choices: Set<Choice> = []
            for text in texts {
                guard let choice = Choice(rawValue: text) else {
                    let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                    throw outOfRange(key, "\"\(text)\"", allowed)
                }
                choices.insert(choice)
            }
            return choices
        case .some(let other): throw wrongType(key, "a list of strings", other)
        }
    }

    /// Throws ``ConfigurationError/unknownKey(file:key:)`` for the first key or section never asked for.
    func refuseUnknown() throws(ConfigurationError) {
        let unknownKeys = values.keys.filter { !known.contains($0) }
        let unknownSections = sections.filter { section in
            !known.contains { $0.hasPrefix(section + ".") }
        }
        guard let first = (unknownKeys + unknownSections).min() else { return }
        throw .unknownKey(file: file, key: first)
    }

    private func wrongType(_ key: String, _ wanted: String, _ found: Value) -> ConfigurationError {
        .wrongType(file: file, key: key, wanted: wanted, found: found.typeName)
    }

    private func outOfRange(
        _ key: String, _ value: String, _ allowed: String
    ) -> ConfigurationError {
        .outOfRange(file: file, key: key, value: value, allowed: allowed)
    }
}
