// SPDX-License-Identifier: Apache-2.0

/// Classes of characters in the split patterns of byte-level tokenizers, as sets of bits.
///
/// General categories of Unicode 16: that is what the regular expressions of the Hugging Face
/// library know; to them, later characters are neither letters, numbers nor marks.
struct PatternClasses: OptionSet, Sendable {
    let rawValue: UInt8

    /// `\p{L}`.
    static let letter = PatternClasses(rawValue: 1)
    /// `\p{N}`.
    static let number = PatternClasses(rawValue: 2)
    /// `\s`.
    static let space = PatternClasses(rawValue: 4)
    /// `[\r\n]`.
    static let lineEnd = PatternClasses(rawValue: 8)
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
    static let upper = PatternClasses(rawValue: 16)
    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
    static let lower = PatternClasses(rawValue: 32)

    /// The classes of a scalar.
    @inline(__always)
    static func of(_ scalar: Unicode.Scalar) -> PatternClasses {
        let value = Int(scalar.value)
        return value < table.count
            ? PatternClasses(rawValue: table[value]) : classify(scalar)
    }

    /// Those of the Basic Multilingual Plane.
    private static let table: [UInt8] = (0..<0x10000).map { value in
        Unicode.Scalar(UInt32(value)).map { classify($0).rawValue } ?? 0
    }

    private static func classify(_ scalar: Unicode.Scalar) -> PatternClasses {
        if scalar == "\r" || scalar == "\n" { return [.space, .lineEnd] }
        let properties = scalar.properties
        if LibraryCharacters.isSpace(scalar) { return .space }
        guard let age = properties.age, age.major <= 16 else { return [] }
        return switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: [.letter, .upper]
        case .lowercaseLetter: [.letter, .lower]
        case .modifierLetter, .otherLetter: [.letter, .upper, .lower]
        case .nonspacingMark, .spacingMark, .enclosingMark: [.upper, .lower]
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: []
        }
    }
}
