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
            if isGap ? value != 0x20 : !CharacterClasses.isDigit(value) { return nil }
        }
        return CharacterClasses.isDigit(values[safe: start + 13]) ? nil : start..<start + 13
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
