// SPDX-License-Identifier: Apache-2.0

/// Classes of characters as the parts of the Hugging Face library see them.
///
/// Each part was built with tables of another version of Unicode, and what is newer is to it as if
/// it were unassigned; `Unicode.Scalar.Properties` is of Unicode 17. Found by asking version 0.23.3
/// of the library about every scalar.
enum LibraryCharacters {
    private static func age(_ scalar: Unicode.Scalar) -> Int {
        guard let age = scalar.properties.age else { return .max }
        return age.major
    }

    /// White_Space, which has not changed for long.
    @inline(__always)
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D: true
        case ..<0x85: false
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// What `\w` means in the `regex` crate (UTS #18, Annex C; Unicode 16).
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        let isWord =
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber,
                .connectorPunctuation:
                true
            default: properties.isAlphabetic || properties.isJoinControl
            }
        return isWord && age(scalar) <= 16
    }

    /// Any kind of number, of which `Digits` splits off (Unicode 17).
    static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    /// Punctuation, all ASCII symbols included (crate `unicode_categories`, Unicode 8).
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 {
            return scalar.value > 0x20 && scalar.value < 0x7F
                && !scalar.properties.isAlphabetic
                && scalar.properties.numericType == nil
        }
        // Punctuation then, a symbol and a mark now.
        if scalar.value == 0x166D || scalar.value == 0x111C9 { return true }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return age(scalar) <= 8
        default: return false
        }
    }

    /// What `BertNormalizer` takes out besides U+0000 and U+FFFD: controls, formats and private
    /// use, but not tabs and line ends (crate `unicode_categories`, Unicode 8).
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .privateUse: return true
        case .format: return age(scalar) <= 8
        default: return false
        }
    }

    /// Nonspacing marks, which `BertNormalizer` takes out (crate `unicode_categories`, Unicode 8).
    static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x300 && scalar.properties.generalCategory == .nonspacingMark
            && age(scalar) <= 8 && scalar.value != 0x111C9
    }

    /// Marks of any kind, which `StripAccents` takes out (Unicode 9).
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300, scalar.value != 0x111C9 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return age(scalar) <= 9
        default: return false
        }
    }

    /// Ideographs around which `BertNormalizer` puts spaces.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF,
            0x2A700...0x2B81F, 0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    /// Controls that `Nmt` takes out.
    static func isRemovedByNmt(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: true
        default: false
        }
    }

    /// Characters that `Nmt` makes a space of.
    static func isSpaceToNmt(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
            0xFFFD:
            true
        default: false
        }
    }
}
