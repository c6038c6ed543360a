/// The last steps of cleaning: the allowed set, needless repeats, white space.
struct CharacterSelection {
    let profile: TextCleaner.Profile

    func select(from scalars: MappedScalars) -> MappedScalars {
        var result = MappedScalars(capacity: scalars.count)
        var runLength = 0
        for index in 0..<scalars.count {
            var value = scalars.values[index]
            if CharacterClasses.isSpace(value) {
                value = CharacterClasses.spaceMark
            } else if !isAllowed(value) {
                continue
            }
            runLength = result.values.last == value ? runLength + 1 : 1
            if runLength > longestRun(of: value) {
                // The dropped repeat belongs to the characters that stay.
                result.extendLast(to: scalars.ends[index])
                runLength -= 1
            } else {
                result.append(value, from: scalars.starts[index], to: scalars.ends[index])
            }
        }
        return result
    }

    // MARK: Repeats

    /// How often a character may stand in a row.
    ///
    /// Digits never count as needless, nor marks that stand for words (`●●病院`) or nest (`))`). A
    /// record keeps grades (`+++`) and up to three of anything.
    @inline(__always)
    private func longestRun(of value: UInt32) -> Int {
        if CharacterClasses.isKanji(value) || CharacterClasses.isDigit(value) { return .max }
        if value == CharacterClasses.spaceMark { return 1 }
        if CharacterClasses.isLineBreak(value) { return 2 }
        let isLetter = CharacterClasses.isLatin(value) || isKanaLetter(value)
        switch profile {
        case .documents: return isLetter || standsForWords(value) ? .max : 3
        case .training: return isLetter ? 3 : standsForWords(value) ? .max : 1
        }
    }

    private func isKanaLetter(_ value: UInt32) -> Bool {
        CharacterClasses.isKana(value) && value != 0x30FC
    }

    private func standsForWords(_ value: UInt32) -> Bool {
        switch value {
        case 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D, 0x3008...0x3011, 0x3014...0x301B: true  // brackets
        case 0x2B: true
        case 0x25A0...0x25FF, 0x3007, 0x3013, 0xD7, 0x203B: true  // masks
        case 0x80...: isLetterOutsideASCII(value)
        default: false
        }
    }

    private func isLetterOutsideASCII(_ value: UInt32) -> Bool {
        if value >= 0x2000, value < 0x3400 { return false }
        return Unicode.Scalar(value)?.properties.isAlphabetic ?? false
    }

    // MARK: The allowed set

    @inline(__always)
    private func isAllowed(_ value: UInt32) -> Bool {
        if value < 0x80 { return value >= 0x20 && value < 0x7F || value == 0x0A }
        if CharacterClasses.isKana(value) || CharacterClasses.isKanji(value) || value == 0x3001
            || value == 0x3002
        {
            return true
        }
        return profile == .documents ? isAllowedInDocuments(value) : isAllowedInTraining(value)
    }

    /// Letters, marks, numbers, punctuation and symbols of any script; no controls, invisible
    /// characters, emoji, private use or unassigned values.
    private func isAllowedInDocuments(_ value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        if (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0100 && value <= 0xE01EF) {
            return false
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .enclosingMark:
            return false
        case .otherSymbol, .modifierSymbol:
            return !scalar.properties.isEmojiPresentation && !scalar.properties.isEmojiModifier
        default:
            return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private func isAllowedInTraining(_ value: UInt32) -> Bool {
        switch value {
        case 0xC0...0x24F, 0x370...0x3FF:  // Latin and Greek letters
            isLetterOutsideASCII(value)
        case 0x3001...0x3003, 0x3005...0x3011, 0x3014, 0x3015, 0x30FB: true
        case 0xA3, 0xA5, 0xA7, 0xB0, 0xB1, 0xB6, 0xD7, 0xF7, 0x20AC: true
        case 0x2026, 0x2030, 0x203B, 0x2103, 0x2190...0x2194, 0x21C4, 0x2260, 0x2266, 0x2267: true
        case 0x221A, 0x221D, 0x221E, 0x2220, 0x2225, 0x2234, 0x2235, 0x2252, 0x2261: true
        case 0x25A0, 0x25A1, 0x25B2, 0x25B3, 0x25BC, 0x25BD, 0x25C6, 0x25C7, 0x25CB, 0x25CE, 0x25CF:
            true
        case 0x2605, 0x2606, 0x2640, 0x2642, 0x2713, 0x3012, 0x3013: true
        default: false
        }
    }
}
