// SPDX-License-Identifier: Apache-2.0
import TOMLKit

/// What is wrong with a TOML file, or with a value in it.
package enum TOMLFault: Hashable, Sendable {
    /// The file is not TOML; line and column count from 1.
    case syntax(line: Int, column: Int, reason: String)
    /// A key that means nothing, and the known one that is spelt most like it.
    case unknownKey(String, nearest: String?)
    /// A key that has no default is not there.
    case missingKey(String)
    /// A value of another type; what is wanted, with its range, and what is there.
    case wrongType(key: String, type: String, expected: String, found: String)
    /// A value that is not among those allowed; what is wanted, with its type.
    case outOfRange(key: String, value: String, allowed: String, expected: String)
}

/// An error that says what is wrong with a TOML file of some kind.
package protocol TOMLFileError: Error {
    /// The error for a fault.
    init(_ fault: TOMLFault, in file: String)
}

/// One table of a TOML file, read key by key with type and range.
///
/// Every reader says which keys it knows, by `allow` or `refuse`, so that a misspelt one is not
/// taken for one that is left out.
package struct TOMLSection<Failure: TOMLFileError> {
    /// What errors call the file.
    package let file: String
    /// The names that lead to the table, with dots between; empty for the file's own.
    package let path: String
    private let table: TOMLTable

    /// The top table of a file's text.
    package init(text: String, file: String) throws(Failure) {
        if let trap = ParserTrap(in: text) {
            throw Failure(
                .syntax(line: trap.line, column: trap.column, reason: trap.reason), in: file)
        }
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw Failure(
                .syntax(
                    line: error.source.begin.line, column: error.source.begin.column,
                    reason: error.description), in: file)
        } catch {
            throw Failure(.syntax(line: 1, column: 1, reason: "not TOML"), in: file)
        }
        (self.file, path) = (file, "")
    }

    private init(file: String, path: String, table: TOMLTable) {
        (self.file, self.path, self.table) = (file, path, table)
    }

    // MARK: - Keys

    /// The keys of the table, sorted.
    package var keys: [String] { table.keys.sorted() }

    /// Whether there is a value under a key.
    package func has(_ key: String) -> Bool { table[key] != nil }

    /// A key with the names that lead to it.
    package func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Throws `unknownKey` for the first key that is not among `known`.
    package func allow(_ known: String...) throws(Failure) { try allow(known) }

    /// As `allow(_:)`.
    package func allow(_ known: [String]) throws(Failure) {
        guard let stranger = keys.first(where: { !known.contains($0) }) else { return }
        throw fault(
            .unknownKey(name(stranger), nearest: Spelling.nearest(to: stranger, among: known)))
    }

    // MARK: - Tables

    /// The table under a key, or nil where there is none.
    package func section(_ key: String) throws(Failure) -> TOMLSection? {
        guard let value = table[key] else { return nil }
        guard let inner = value.table else { throw wrong(key, value, "a table") }
        return TOMLSection(file: file, path: name(key), table: inner)
    }

    /// The table under a key that must be there.
    package func required(_ key: String) throws(Failure) -> TOMLSection {
        guard let section = try section(key) else { throw missing(key) }
        return section
    }

    /// The tables of an array that must be there.
    package func sections(_ key: String) throws(Failure) -> [TOMLSection] {
        guard let value = table[key] else { throw missing(key) }
        guard let array = value.array else { throw wrong(key, value, "a list of tables") }
        var sections: [TOMLSection] = []
        for (index, value) in array.enumerated() {
            guard let inner = value.table else { throw wrong(key, value, "a list of tables") }
            sections.append(
                TOMLSection(file: file, path: "\(name(key))[\(index)]", table: inner))
        }
        return sections
    }

    // MARK: - Values

    /// A string; without a default it must be there.
    package func string(
        _ key: String, default other: String? = nil
    ) throws(Failure) -> String {
        guard let value = table[key] else { return try fallback(key, other) }
        guard let text = value.string else { throw wrong(key, value, "a string") }
        return text
    }

    /// A list of strings, empty where there is none.
    package func strings(_ key: String) throws(Failure) -> [String] {
        guard let value = table[key] else { return [] }
        let texts = value.array.map { Array($0).map(\.string) }
        guard let texts, !texts.contains(nil) else { throw wrong(key, value, "a list of strings") }
        return texts.compactMap { $0 }
    }

    /// One string, or a list of them; it must be there.
    package func names(_ key: String) throws(Failure) -> [String] {
        if let text = table[key]?.string { return [text] }
        return has(key) ? try strings(key) : [try string(key)]
    }

    /// A string or a whole number.
    package enum Name: Hashable, Sendable {
        case text(String)
        case number(Int)
    }

    /// Strings and whole numbers, one or a list of them; it must be there.
    package func namesOrNumbers(_ key: String) throws(Failure) -> [Name] {
        guard let value = table[key] else { throw missing(key) }
        let values = value.array.map { Array($0) } ?? [value]
        var names: [Name] = []
        for element in values {
            if let text = element.string {
                names.append(.text(text))
            } else if let number = element.int {
                names.append(.number(number))
            } else {
                throw wrong(key, value, "a string, a whole number or a list of them")
            }
        }
        return names
    }

    /// True or false.
    package func bool(_ key: String, default other: Bool) throws(Failure) -> Bool {
        guard let value = table[key] else { return other }
        guard let flag = value.bool else { throw wrong(key, value, "true or false") }
        return flag
    }

    /// A whole number in a range; without a default it must be there.
    package func integer(
        _ key: String, in range: ClosedRange<Int>, default other: Int? = nil
    ) throws(Failure) -> Int {
        guard let value = table[key] else { return try fallback(key, other) }
        let allowed = "\(range.lowerBound) to \(range.upperBound)"
        let expected = "a whole number from \(allowed)"
        guard let number = value.int else { throw wrong(key, value, "an integer", expected) }
        guard range.contains(number) else {
            throw outOfRange(key, "\(number)", allowed: allowed, expected)
        }
        return number
    }

    /// A number in a range, with or without a point; without a default it must be there.
    package func number(
        _ key: String, in range: ClosedRange<Double>, default other: Double? = nil
    ) throws(Failure) -> Double {
        guard let value = table[key] else { return try fallback(key, other) }
        let allowed = "\(range.lowerBound) to \(range.upperBound)"
        let expected = "a number from \(allowed)"
        guard let number = value.double ?? value.int.map(Double.init) else {
            throw wrong(key, value, "a number", expected)
        }
        guard range.contains(number) else {
            throw outOfRange(key, "\(number)", allowed: allowed, expected)
        }
        return number
    }

    /// One of the words of a type.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, default other: Choice
    ) throws(Failure) -> Choice where Choice.RawValue == String {
        try word(key, string(key, default: other.rawValue))
    }

    /// One of the words of a type, which must be there.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(Failure) -> Choice where Choice.RawValue == String {
        try word(key, string(key))
    }

    /// Words of a type, as a list of strings.
    package func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ key: String, default other: Set<Choice>
    ) throws(Failure) -> Set<Choice> where Choice.RawValue == String {
        guard has(key) else { return other }
        var choices: Set<Choice> = []
        for text in try strings(key) { choices.insert(try word(key, text)) }
        return choices
    }

    private func word<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ text: String
    ) throws(Failure) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue)
            throw outOfRange(
                key, "\"\(text)\"", allowed: words.joined(separator: ", "),
                words.joined(separator: " or "))
        }
        return choice
    }

    private func fallback<Value>(_ key: String, _ other: Value?) throws(Failure) -> Value {
        guard let other else { throw missing(key) }
        return other
    }

    // MARK: - Errors

    /// An error about a value that has the right type and means nothing.
    package func outOfRange(
        _ key: String, _ value: String, allowed: String, _ expected: String? = nil
    ) -> Failure {
        fault(
            .outOfRange(
                key: name(key), value: value, allowed: allowed, expected: expected ?? allowed))
    }

    /// An error of the file's.
    package func fault(_ fault: TOMLFault) -> Failure { Failure(fault, in: file) }

    private func missing(_ key: String) -> Failure { fault(.missingKey(name(key))) }

    private func wrong(
        _ key: String, _ value: any TOMLValueConvertible, _ type: String,
        _ expected: String? = nil
    ) -> Failure {
        fault(
            .wrongType(
                key: name(key), type: type, expected: expected ?? type,
                found: Self.typeName(of: value)))
    }

    private static func typeName(of value: any TOMLValueConvertible) -> String {
        switch value.type {
        case .table: "a table"
        case .string: "a string"
        case .int: "an integer"
        case .double: "a number"
        case .bool: "a boolean"
        case .array: "a list"
        default: "a value of type \(value.type.description)"
        }
    }
}
