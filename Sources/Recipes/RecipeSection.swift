import TOMLKit

/// One table of a recipe, read key by key; keys that nobody knows are refused.
struct RecipeSection {
    let file: String
    let path: String
    private let table: TOMLTable

    /// The top table of a recipe's text.
    init(text: String, file: String) throws {
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw RecipeError.recipeSyntax(
                file: file, line: error.source.begin.line, reason: error.description)
        }
        (self.file, path) = (file, "")
    }

    private init(file: String, path: String, table: TOMLTable) {
        (self.file, self.path, self.table) = (file, path, table)
    }

    /// Throws ``RecipeError/unknownKey(file:key:nearest:)`` for the first key that is not among
    /// `known`.
    func allow(_ known: String...) throws { try allow(known) }

    /// As `allow(_:)`.
    func allow(_ known: [String]) throws {
        if let stranger = table.keys.sorted().first(where: { !known.contains($0) }) {
            throw RecipeError.unknownKey(
                file: file, key: name(stranger),
                nearest: Spelling.nearest(to: stranger, among: known))
        }
    }

    /// Whether there is a value under a key.
    func has(_ key: String) -> Bool { table[key] != nil }

    func section(_ key: String) throws -> RecipeSection? {
        guard let value = table[key] else { return nil }
        guard let inner = value.table else { throw bad(key, "a table") }
        return RecipeSection(file: file, path: name(key), table: inner)
    }

    func required(_ key: String) throws -> RecipeSection {
        guard let section = try section(key) else { throw missing(key) }
        return section
    }

    func sections(_ key: String) throws -> [RecipeSection] {
        guard let value = table[key] else { throw missing(key) }
        guard let array = value.array else { throw bad(key, "an array of tables") }
        return try array.enumerated().map { index, value in
            guard let inner = value.table else { throw bad(key, "an array of tables") }
            return RecipeSection(file: file, path: "\(name(key))[\(index)]", table: inner)
        }
    }

    func string(_ key: String, default other: String? = nil) throws -> String {
        guard let value = table[key] else { return try other ?? { throw missing(key) }() }
        guard let text = value.string else { throw bad(key, "a string") }
        return text
    }

    func strings(_ key: String) throws -> [String] {
        guard let value = table[key] else { return [] }
        guard let array = value.array else { throw bad(key, "an array of strings") }
        return try array.map {
            guard let text = $0.string else { throw bad(key, "an array of strings") }
            return text
        }
    }

    func bool(_ key: String, default other: Bool) throws -> Bool {
        guard let value = table[key] else { return other }
        guard let flag = value.bool else { throw bad(key, "true or false") }
        return flag
    }

    func integer(
        _ key: String, in range: ClosedRange<Int>, default other: Int? = nil
    ) throws -> Int {
        guard let value = table[key] else { return try other ?? { throw missing(key) }() }
        guard let number = value.int, range.contains(number) else {
            throw bad(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(
        _ key: String, in range: ClosedRange<Double>, default other: Double? = nil
    ) throws -> Double {
        guard let value = table[key] else { return try other ?? { throw missing(key) }() }
        guard let number = value.double ?? value.int.map(Double.init), range.contains(number) else {
            throw bad(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// All keys of a table of numbers that are at least zero.
    func numbers() throws -> [String: Double] {
        var result: [String: Double] = [:]
        for key in table.keys { result[key] = try number(key, in: 0...1_000_000) }
        return result
    }

    /// All keys of a table of true and false, which must be among `known`.
    func switches(_ known: [String]) throws -> [String: Bool] {
        try allow(known)
        var result: [String: Bool] = [:]
        for key in table.keys { result[key] = try bool(key, default: false) }
        return result
    }

    func bad(_ key: String, _ expected: String) -> RecipeError {
        .badValue(file: file, key: name(key), expected: expected)
    }

    private func missing(_ key: String) -> RecipeError {
        .missingKey(file: file, key: name(key))
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
