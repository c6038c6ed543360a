// SPDX-License-Identifier: Apache-2.0

/// Finds telephone numbers, mail and web addresses, @accounts and #tags by their shape alone.
///
/// The rules of cleaning version 1, which later versions must not change: models were trained on what
/// they leave. Linear: every pattern looks at each scalar a bounded number of times.
struct ContactPatterns {
    private let seeksTelephones: Bool
    private let seeksMail: Bool
    private let seeksWeb: Bool
    private let seeksAccounts: Bool
    private let seeksTags: Bool

    init(kinds: Set<PersonalInformationKind>) {
        seeksTelephones = kinds.contains(.telephone)
        seeksMail = kinds.contains(.email)
        seeksWeb = kinds.contains(.url)
        seeksAccounts = kinds.contains(.account)
        seeksTags = kinds.contains(.tag)
    }

    /// What is found, in order and apart from each other.
    func matches(in values: [UInt32]) -> [PersonalInformationMatch] {
        var found: [PersonalInformationMatch] = []
        var index = 0
        while index < values.count {
            let floor = found.last?.range.upperBound ?? 0
            guard let match = match(in: values, at: index, notBefore: floor) else {
                index += 1
                continue
            }
            found.append(match)
            index = match.range.upperBound
        }
        return found
    }

    @inline(__always)
    private func match(
        in values: [UInt32], at index: Int, notBefore floor: Int
    ) -> PersonalInformationMatch? {
        switch values[index] {
        case 0x30, 0x2B, 0x28:
            seeksTelephones
                ? TelephoneNumber.range(in: values, at: index).map {
                    PersonalInformationMatch(kind: .telephone, range: $0)
                } : nil
        case 0x40:
            address(in: values, at: index, notBefore: floor)
        case 0x23:
            seeksTags
                ? tag(in: values, at: index).map {
                    PersonalInformationMatch(kind: .tag, range: $0)
                } : nil
        case 0x48, 0x68, 0x46, 0x66, 0x57, 0x77:
            seeksWeb
                ? url(in: values, at: index).map {
                    PersonalInformationMatch(kind: .url, range: $0)
                } : nil
        default: nil
        }
    }

    // MARK: Mail addresses and accounts

    /// The mail address around an at-sign, or the account after it.
    private func address(
        in values: [UInt32], at atSign: Int, notBefore floor: Int
    ) -> PersonalInformationMatch? {
        var start = atSign
        while start > floor, isLocalPart(values[start - 1]) { start -= 1 }
        var end = atSign + 1
        var lastDot: Int?
        while end < values.count, isDomain(values[end]) {
            if values[end] == 0x2E { lastDot = end }
            end += 1
        }
        while end > atSign + 1, !isWord(values[end - 1]) { end -= 1 }
        if start < atSign, let lastDot, lastDot > atSign + 1, end - lastDot > 2,
            CharacterClasses.isLatin(values[end - 1])
        {
            return seeksMail ? PersonalInformationMatch(kind: .email, range: start..<end) : nil
        }
        guard seeksAccounts, start == atSign, end - atSign > 2 else { return nil }
        return PersonalInformationMatch(kind: .account, range: atSign..<end)
    }

    private func isLocalPart(_ value: UInt32) -> Bool {
        isWord(value) || value == 0x2E || value == 0x2D || value == 0x2B || value == 0x25
    }

    private func isDomain(_ value: UInt32) -> Bool {
        isWord(value) || value == 0x2E || value == 0x2D
    }

    private func isWord(_ value: UInt32) -> Bool {
        CharacterClasses.isDigit(value) || CharacterClasses.isLatin(value) || value == 0x5F
    }

    // MARK: Tags and web addresses

    /// A number sign with a word that does not begin with a digit (`#1` is an item of a problem list).
    private func tag(in values: [UInt32], at start: Int) -> Range<Int>? {
        if start > 0, isWord(values[start - 1]) { return nil }
        guard let first = values[safe: start + 1], isTagLetter(first),
            !CharacterClasses.isDigit(first)
        else { return nil }
        var end = start + 1
        while end < values.count, isTagLetter(values[end]) { end += 1 }
        return start..<end
    }

    private func isTagLetter(_ value: UInt32) -> Bool {
        isWord(value) || CharacterClasses.isKana(value) || CharacterClasses.isKanji(value)
    }

    private func url(in values: [UInt32], at start: Int) -> Range<Int>? {
        if start > 0, isWord(values[start - 1]) { return nil }
        guard let prefix = Self.prefixes.first(where: { isPrefix($0, of: values, at: start) })
        else {
            return nil
        }
        var end = start + prefix.count
        while end < values.count, isURL(values[end]) { end += 1 }
        // A full stop or bracket at the end belongs to the sentence.
        while end > start + prefix.count, [0x2E, 0x2C, 0x29, 0x3B, 0x3A].contains(values[end - 1]) {
            end -= 1
        }
        return end > start + prefix.count ? start..<end : nil
    }

    private static let prefixes: [[UInt32]] = ["http://", "https://", "ftp://", "www."]
        .map { $0.unicodeScalars.map(\.value) }

    private func isPrefix(_ prefix: [UInt32], of values: [UInt32], at start: Int) -> Bool {
        guard start + prefix.count <= values.count else { return false }
        for (offset, expected) in prefix.enumerated() {
            let value = values[start + offset]
            guard (CharacterClasses.isLatin(value) ? value | 0x20 : value) == expected else {
                return false
            }
        }
        return true
    }

    private func isURL(_ value: UInt32) -> Bool {
        value > 0x20 && value < 0x7F && value != 0x22 && value != 0x3C && value != 0x3E
    }
}
