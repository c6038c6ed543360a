// SPDX-License-Identifier: Apache-2.0
package import TOMLFiles

/// One table of a recipe, read key by key; keys that nobody knows are refused.
typealias RecipeSection = TOMLSection<RecipeError>

extension RecipeSection {
    /// All keys of a table of numbers that are at least zero.
    func numbers() throws -> [String: Double] {
        var result: [String: Double] = [:]
        for key in keys { result[key] = try number(key, in: 0...1_000_000) }
        return result
    }

    /// All keys of a table of true and false, which must be among `known`.
    func switches(_ known: [String]) throws -> [String: Bool] {
        try allow(known)
        var result: [String: Bool] = [:]
        for key in keys { result[key] = try bool(key, default: false) }
        return result
    }

    /// The tables of a list, none where the key is absent.
    func tables(_ key: String) throws -> [RecipeSection] { has(key) ? try sections(key) : [] }

    /// An error that says what a value must be.
    func bad(_ key: String, _ expected: String) -> RecipeError {
        .badValue(file: file, key: name(key), expected: expected)
    }
}

extension RecipeError: TOMLFileError {
    /// The error for a fault of a recipe's text.
    package init(_ fault: TOMLFault, in file: String) {
        self =
            switch fault {
            case .syntax(let line, _, let reason):
                .recipeSyntax(file: file, line: line, reason: reason)
            case .unknownKey(let key, let nearest):
                .unknownKey(file: file, key: key, nearest: nearest)
            case .missingKey(let key): .missingKey(file: file, key: key)
            case .wrongType(let key, _, let expected, _), .outOfRange(let key, _, _, let expected):
                .badValue(file: file, key: key, expected: expected)
            }
    }
}
