// SPDX-License-Identifier: Apache-2.0

/// Rule `allowed-characters`: characters outside the allowed set are deleted.
///
/// The profiles have different sets. `documents` keeps letters, marks, numbers, punctuation and symbols
/// of any script: drug names, units, arrows, Greek, `±`. `training` keeps a small set, as the paper does,
/// to limit what the vocabulary must hold: Japanese, ASCII, Latin and Greek letters and some symbols.
/// Both delete control characters, emoji and unassigned values.
///
/// In version 2 numbers do not join over a deleted character (`5😀0` is `5 0`), a mark goes with the
/// character that it was on, and in records a character of private use is `〓`, as printers write what
/// they have no type for: something a hospital's own font shows stood there.
struct AllowedCharacters {
    /// The geta mark.
    private static let missing: UInt32 = 0x3013

    let profile: TextCleaner.Profile
    let version: CleaningVersion

    func select(from scalars: inout MappedScalars) {
        guard let first = scalars.values.firstIndex(where: { !isAllowed($0) }) else { return }
        var written = first
        var deletedFrom: Int?
        for read in first..<scalars.count {
            let value = scalars.values[read]
            if isAllowed(value), !(deletedFrom == read - 1 && dropsMark(value)) {
                if let deletedFrom, written > 0, parts(scalars.values[written - 1], value) {
                    scalars.write(0x20, insteadOf: deletedFrom..<read, at: written)
                    written += 1
                }
                scalars.move(read, to: written)
                written += 1
                deletedFrom = nil
            } else if isMissing(value) {
                scalars.move(read, to: written)
                scalars.replace(at: written, with: Self.missing)
                written += 1
                deletedFrom = nil
            } else {
                deletedFrom = deletedFrom ?? read
            }
        }
        scalars.truncate(to: written)
    }

    private func parts(_ before: UInt32, _ after: UInt32) -> Bool {
        version >= .second && CharacterClasses.isDigit(before) && CharacterClasses.isDigit(after)
    }

    private func dropsMark(_ value: UInt32) -> Bool {
        version >= .second && value >= 0x300 && ScalarFacts.isMark(value)
    }

    private func isMissing(_ value: UInt32) -> Bool {
        guard version >= .second, profile == .documents else { return false }
        return Unicode.Scalar(value)?.properties.generalCategory == .privateUse
    }

    @inline(__always)
    private func isAllowed(_ value: UInt32) -> Bool {
        if value < 0x80 { return value >= 0x20 && value < 0x7F || value == 0x0A || value == 0x09 }
        return value &- 0x4E00 <= 0x9FFF - 0x4E00 || value &- 0x3041 <= 0x3096 - 0x3041
            || isAllowedRarely(value)
    }

    private func isAllowedRarely(_ value: UInt32) -> Bool {
        if CharacterClasses.isKana(value) || CharacterClasses.isKanji(value) || value == 0x3001
            || value == 0x3002 || CharacterClasses.isSpace(value)
        {
            return true
        }
        return profile == .documents ? ScalarFacts.isWriting(value) : isAllowedInTraining(value)
    }

    private func isAllowedInTraining(_ value: UInt32) -> Bool {
        switch value {
        case 0xC0...0x24F, 0x370...0x3FF:  // Latin and Greek letters
            Unicode.Scalar(value)?.properties.isAlphabetic ?? false
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
