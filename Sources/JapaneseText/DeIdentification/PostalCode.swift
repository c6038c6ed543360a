// SPDX-License-Identifier: Apache-2.0

/// Postal codes: `〒123-4567`, `〒1234567`, and `123-4567` before a prefecture.
enum PostalCode {
    static let mark: UInt32 = 0x3012

    /// The code that a mark begins, mark included.
    static func marked(in values: [UInt32], at index: Int) -> Range<Int>? {
        let start = values.afterSpaces(index + 1, limit: 3)
        return digits(in: values, at: start).map { index..<$0.upperBound }
    }

    /// A code without mark that a prefecture or municipality follows.
    static func beforePrefecture(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard !CharacterClasses.isDigit(values[safe: index - 1]), values[safe: index - 1] != 0x2D,
            values[safe: index + 3] == 0x2D, let range = digits(in: values, at: index)
        else { return nil }
        var next = values.afterSpaces(range.upperBound, limit: 3)
        if values[safe: next] == 0x0A { next = values.afterSpaces(next + 1, limit: 3) }
        if Address.prefectures.end(in: values, at: next) != nil { return range }
        // 160-0023 新宿区西新宿
        let name = values.end(of: AddressParts.isTownLetter, from: next, limit: 8)
        let isPlace =
            name > next + 1
            && values[next + 1..<name].contains {
                [0x5E02, 0x533A, 0x753A, 0x6751, 0x90E1].contains($0)
            }
        return isPlace && values[safe: range.upperBound].map(CharacterClasses.isDigit) != true
            && next > range.upperBound ? range : nil
    }

    /// Seven digits, or three and four.
    static func digits(in values: [UInt32], at index: Int) -> Range<Int>? {
        var end = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 8)
        switch end - index {
        case 7: break
        case 3:
            let spaced = values.afterSpaces(end, limit: 1)
            guard values[safe: spaced] == 0x2D else { return nil }
            let second = values.afterSpaces(spaced + 1, limit: 1)
            end = values.end(of: { CharacterClasses.isDigit($0) }, from: second, limit: 5)
            guard end - second == 4 else { return nil }
        default: return nil
        }
        return LabelledNumbers.isWhole(values, end) ? index..<end : nil
    }
}
