// SPDX-License-Identifier: Apache-2.0

/// Unicode properties that several rules ask about, looked up once for the Basic Multilingual Plane.
///
/// Asking the standard library takes some tens of nanoseconds a scalar; the table takes one.
enum ScalarFacts {
    /// Whether a scalar is shown as nothing: Default_Ignorable_Code_Point.
    @inline(__always)
    static func isInvisible(_ value: UInt32) -> Bool { has(invisible, value) }

    /// Whether a scalar is written on, around or beside the one before it: general category M.
    @inline(__always)
    static func isMark(_ value: UInt32) -> Bool { has(mark, value) }

    /// Whether a scalar is a letter, mark, number, punctuation or symbol that is no emoji.
    @inline(__always)
    static func isWriting(_ value: UInt32) -> Bool { has(writing, value) }

    private static let invisible: UInt8 = 1
    private static let mark: UInt8 = 2
    private static let writing: UInt8 = 4

    @inline(__always)
    private static func has(_ fact: UInt8, _ value: UInt32) -> Bool {
        let facts = value < 0x10000 ? planeZero[Int(value)] : facts(of: value)
        return facts & fact != 0
    }

    private static let planeZero: [UInt8] = (UInt32(0)..<0x10000).map(facts)

    private static func facts(of value: UInt32) -> UInt8 {
        guard let scalar = Unicode.Scalar(value) else { return 0 }
        let properties = scalar.properties
        var facts: UInt8 = properties.isDefaultIgnorableCodePoint ? invisible : 0
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            break
        case .enclosingMark:
            facts |= mark
        case .nonspacingMark, .spacingMark:
            facts |= mark | (facts == 0 ? writing : 0)
        case .otherSymbol, .modifierSymbol:
            if !properties.isEmojiPresentation, !properties.isEmojiModifier { facts |= writing }
        default:
            if facts == 0 { facts |= writing }
        }
        return facts
    }
}
