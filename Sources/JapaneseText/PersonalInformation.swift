/// Finds telephone numbers, mail and web addresses, @accounts and #tags by their pattern.
///
/// Patterns only: names of persons and places have none and are not found here. In records an
/// at-sign and a number sign are ordinary writing (`3L@NC`, `#1 肺癌`), so only `training` removes
/// accounts and tags. Linear: every pattern looks at each scalar a bounded number of times.
struct PersonalInformation {
    /// What stands in a record where personal information stood: the geta mark of printers.
    static let placeholder: UInt32 = 0x3013

    let profile: TextCleaner.Profile

    /// The text with what was found taken out or replaced.
    func replaced(in scalars: MappedScalars) -> MappedScalars {
        let found = matches(in: scalars.values)
        if found.isEmpty { return scalars }
        var result = MappedScalars(capacity: scalars.count)
        var index = 0
        for range in found {
            while index < range.lowerBound {
                result.append(scalars, at: index)
                index += 1
            }
            if profile == .documents {
                result.append(Self.placeholder, insteadOf: range, of: scalars)
            }
            index = range.upperBound
        }
        while index < scalars.count {
            result.append(scalars, at: index)
            index += 1
        }
        return result
    }

    /// The ranges found, in order and apart from each other.
    func matches(in values: [UInt32]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < values.count {
            let floor = found.last?.upperBound ?? 0
            guard let match = match(in: values, at: index, notBefore: floor) else {
                index += 1
                continue
            }
            found.append(match)
            index = match.upperBound
        }
        return found
    }

    @inline(__always)
    private func match(in values: [UInt32], at index: Int, notBefore floor: Int) -> Range<Int>? {
        switch values[index] {
        case 0x30, 0x2B, 0x28: telephone(in: values, at: index)
        case 0x40: address(in: values, at: index, notBefore: floor)
        case 0x23: profile == .training ? tag(in: values, at: index) : nil
        case 0x48, 0x68, 0x46, 0x66, 0x57, 0x77: url(in: values, at: index)
        default: nil
        }
    }

    // MARK: Telephone numbers

    /// A Japanese number of 10 or 11 digits in groups (`03-1234-5678`, `(03)1234-5678`,
    /// `+81-3-1234-5678`), or a mobile number in one piece (`09012345678`).
    private func telephone(in values: [UInt32], at start: Int) -> Range<Int>? {
        if start > 0, continuesNumber(values[start - 1]) { return nil }
        var index = start
        var digits = 0
        var groups = 1
        var isInternational = false
        if values[index] == 0x28 { index += 1 }
        if values[safe: index] == 0x2B {
            guard values[safe: index + 1] == 0x38, values[safe: index + 2] == 0x31 else {
                return nil
            }
            isInternational = true
            digits = 1
            index += 3
        } else if values[safe: index] != 0x30 {
            return nil
        }
        // No number is longer than 11 digits and 6 separators.
        let limit = min(values.count, index + 18)
        var end = index
        while index < limit {
            if CharacterClasses.isDigit(values[index]) {
                digits += 1
                index += 1
                end = index
            } else if isSeparator(values[index]), CharacterClasses.isDigit(values[safe: index + 1])
            {
                groups += 1
                index += 1
            } else if isSeparator(values[index]), isSeparator(values[safe: index + 1] ?? 0),
                CharacterClasses.isDigit(values[safe: index + 2])
            {
                groups += 1
                index += 2
            } else {
                break
            }
        }
        if let next = values[safe: end], continuesNumber(next) { return nil }
        let second = values[safe: start + 1] ?? 0
        let isMobile =
            groups == 1 && digits == 11 && values[safe: start + 2] == 0x30
            && second >= 0x35 && second <= 0x39
        let isGrouped = groups >= 3 && (digits == 10 || digits == 11)
        return isMobile || isGrouped || (isInternational && digits >= 10) ? start..<end : nil
    }

    private func isSeparator(_ value: UInt32) -> Bool {
        value == 0x2D || value == 0x28 || value == 0x29
    }

    private func continuesNumber(_ value: UInt32) -> Bool {
        CharacterClasses.isDigit(value) || value == 0x2E || value == 0x2C || value == 0x2F
            || CharacterClasses.isLatin(value) || value == 0x2D
    }

    // MARK: Mail addresses and accounts

    /// The mail address around an at-sign, or the account after it.
    private func address(
        in values: [UInt32], at atSign: Int, notBefore floor: Int
    ) -> Range<Int>? {
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
            return start..<end
        }
        guard profile == .training, start == atSign, end - atSign > 2 else { return nil }
        return atSign..<end
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

extension Array {
    /// The element at an index, or nil outside the array.
    @inline(__always)
    subscript(safe index: Int) -> Element? {
        index >= 0 && index < count ? self[index] : nil
    }
}

extension CharacterClasses {
    /// Whether there is a scalar and it is an ASCII digit.
    @inline(__always)
    static func isDigit(_ value: UInt32?) -> Bool { value.map { isDigit($0) } ?? false }
}
