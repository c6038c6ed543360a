// SPDX-License-Identifier: Apache-2.0

/// Recognises a Japanese telephone number: `03-1234-5678`, `(03)1234-5678`, `090-1234-5678`,
/// `09012345678`, `0120-123-456`, `+81-3-1234-5678`.
///
/// Ten digits in three groups, eleven where the prefix is one of mobile, IP or free numbers. Ten
/// digits in one piece are left alone: identifiers of patients look like that. At most 18 scalars are
/// looked at from each start.
struct TelephoneNumber {
    private var digits: [UInt32] = []
    private var groups = 1
    private var isInternational = false
    private var end: Int

    /// The number that starts at an index, at its `0`, `+` or `(`.
    static func range(in values: [UInt32], at start: Int) -> Range<Int>? {
        let number = TelephoneNumber(in: values, at: start)
        guard let number, number.isWhole(in: values, from: start), number.isPlausible else {
            return nil
        }
        return start..<number.end
    }

    /// A mobile number in groups of three, four and four with spaces: `090 0000 1234`.
    static func spaced(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard values[start] == 0x30, let second = values[safe: start + 1],
            (0x35...0x39).contains(second), values[safe: start + 2] == 0x30,
            !CharacterClasses.isDigit(values[safe: start - 1]), start + 13 <= values.count
        else { return nil }
        for (offset, value) in values[start..<start + 13].enumerated() {
            let isGap = offset == 3 || offset == 8
            if isGap ? ![0x20, 0x2E, 0x30FB].contains(value) : !CharacterClasses.isDigit(value) {
                return nil
            }
        }
        return CharacterClasses.isDigit(values[safe: start + 13]) ? nil : start..<start + 13
    }

    /// `+81 90 1234 5678`
    static func spacedAbroad(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard values[start] == 0x2B else { return nil }
        var end = values.end(
            of: { CharacterClasses.isDigit($0) || $0 == 0x20 || $0 == 0x2D }, from: start + 1,
            limit: 18)
        while end > start + 1, !CharacterClasses.isDigit(values[end - 1]) { end -= 1 }
        let digits = values[start..<end].count { CharacterClasses.isDigit($0) }
        guard (10...13).contains(digits), CharacterClasses.isDigit(values[safe: start + 1]),
            CharacterClasses.isDigit(values[end - 1])
        else { return nil }
        return start..<end
    }

    /// Two numbers with a stroke between them: 090-0000-1234/03-0000-1234.
    static func pair(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard values[start] == 0x30, !CharacterClasses.isDigit(values[safe: start - 1]) else {
            return nil
        }
        let end = values.end(
            of: { CharacterClasses.isDigit($0) || $0 == 0x2D || $0 == 0x2F }, from: start, limit: 30
        )
        let parts = values[start..<end].split(separator: 0x2F)
        let isPair =
            parts.count == 2
            && parts.allSatisfy { part in
                let digits = part.count { CharacterClasses.isDigit($0) }
                return (10...11).contains(digits) && part.first == 0x30
                    && part.count(where: { $0 == 0x2D }) == 2
            }
        return isPair ? start..<end : nil
    }

    /// Ten digits in three groups with spaces: `0463 88 2075`; the first begins with 0, the last has four.
    static func spacedHome(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard values[start] == 0x30, !CharacterClasses.isDigit(values[safe: start - 1]),
            ![0x2E, 0x2C, 0x2D, 0x2F, 0x20].contains(values[safe: start - 1] ?? 0x0A)
        else { return nil }
        var index = start
        var lengths: [Int] = []
        for group in 0..<3 {
            let end = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 5)
            lengths.append(end - index)
            index = end
            if group < 2 {
                guard let gap = values[safe: index], [0x20, 0x2E, 0x30FB].contains(gap) else {
                    return nil
                }
                index += 1
            }
        }
        guard lengths[0] >= 2, lengths[1] >= 1, lengths[2] == 4, lengths.reduce(0, +) == 10,
            LabelledNumbers.isWhole(values, index)
        else { return nil }
        return start..<index
    }

    private init?(in values: [UInt32], at start: Int) {
        var index = start
        if values[index] == 0x28 {
            // Only an area code stands in brackets; a bracket around the whole number stays.
            index += 1
            guard let closing = (index + 2...index + 5).first(where: { values[safe: $0] == 0x29 }),
                values[index..<closing].allSatisfy({ CharacterClasses.isDigit($0) })
            else { return nil }
        }
        if values[safe: index] == 0x2B {
            guard values[safe: index + 1] == 0x38, values[safe: index + 2] == 0x31 else {
                return nil
            }
            isInternational = true
            index += 3
        } else if values[safe: index] != 0x30 {
            return nil
        }
        end = index
        let limit = min(values.count, index + 17)
        while index < limit {
            if CharacterClasses.isDigit(values[index]) {
                digits.append(values[index] - 0x30)
                index += 1
                end = index
            } else if let length = separatorLength(in: values, at: index) {
                groups += 1
                index += length
            } else {
                break
            }
        }
    }

    /// A hyphen or bracket, or a bracket and a hyphen, between digits.
    private func separatorLength(in values: [UInt32], at index: Int) -> Int? {
        guard Self.isSeparator(values[index]) else { return nil }
        if CharacterClasses.isDigit(values[safe: index + 1]) { return 1 }
        let isPair = values[safe: index + 1].map { Self.isSeparator($0) } ?? false
        return isPair && CharacterClasses.isDigit(values[safe: index + 2]) ? 2 : nil
    }

    /// Whether no more digits stand before or after it, which would make it part of something else.
    private func isWhole(in values: [UInt32], from start: Int) -> Bool {
        if values[start] != 0x28, let before = values[safe: start - 1] {
            if CharacterClasses.isDigit(before) { return false }
            if Self.joinsDigits(before), CharacterClasses.isDigit(values[safe: start - 2]) {
                return false
            }
        }
        guard let after = values[safe: end] else { return true }
        if CharacterClasses.isDigit(after) { return false }
        return !(Self.joinsDigits(after) && CharacterClasses.isDigit(values[safe: end + 1]))
    }

    private var isPlausible: Bool {
        if isInternational { return digits.count == 9 || digits.count == 10 }
        switch digits.count {
        case 10: return groups >= 3
        case 11 where digits[2] == 0: return digits[1] >= 5 && (groups == 1 || groups >= 3)
        default: return false
        }
    }

    private static func isSeparator(_ value: UInt32) -> Bool {
        value == 0x2D || value == 0x28 || value == 0x29
    }

    private static func joinsDigits(_ value: UInt32) -> Bool {
        value == 0x2D || value == 0x2E || value == 0x2C || value == 0x2F
    }
}
