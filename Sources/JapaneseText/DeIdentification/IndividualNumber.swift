// SPDX-License-Identifier: Apache-2.0

/// The individual number (マイナンバー): twelve digits, the last of which checks the others.
enum IndividualNumber {
    /// Twelve digits in one piece or in fours, whatever the last one is.
    static func digits(in values: [UInt32], at start: Int) -> Range<Int>? {
        read(in: values, at: start)?.range
    }

    /// A number without label: it must begin at `start`, check, and not be a time of day.
    ///
    /// One of eleven numbers of twelve digits checks by chance; no other identifier of twelve digits
    /// is usual in records but times to the minute, which are left alone.
    static func checked(in values: [UInt32], at start: Int) -> Range<Int>? {
        if let before = values[safe: start - 1] {
            let joins = [0x2D, 0x2E, 0x2F, 0x2C, 0x5F].contains(before)
            if joins || CharacterClasses.isDigit(before) || CharacterClasses.isLatin(before) {
                return nil
            }
            if before == 0x20, CharacterClasses.isDigit(values[safe: start - 2]) { return nil }
        }
        guard let (range, digits) = read(in: values, at: start), !isTime(digits),
            checkDigit(of: digits.prefix(11)) == digits[11]
        else { return nil }
        if values[safe: range.upperBound] == 0x20,
            CharacterClasses.isDigit(values[safe: range.upperBound + 1])
        {
            return nil
        }
        return range
    }

    private static func read(
        in values: [UInt32], at start: Int
    ) -> (range: Range<Int>, digits: [Int])? {
        var digits: [Int] = []
        var index = start
        var separators = 0
        while digits.count < 12, let value = values[safe: index] {
            if CharacterClasses.isDigit(value) {
                digits.append(Int(value) - 0x30)
            } else if (value == 0x20 || value == 0x2D), digits.count % 4 == 0, !digits.isEmpty {
                separators += 1
                guard separators <= 2, CharacterClasses.isDigit(values[safe: index + 1]) else {
                    return nil
                }
            } else {
                return nil
            }
            index += 1
        }
        guard digits.count == 12, separators == 0 || separators == 2,
            LabelledNumbers.isWhole(values, index)
        else { return nil }
        return (start..<index, digits)
    }

    private static func isTime(_ digits: [Int]) -> Bool {
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        return (1900...2099).contains(number(0..<4)) && (1...12).contains(number(4..<6))
            && (1...31).contains(number(6..<8)) && number(8..<10) < 24 && number(10..<12) < 60
    }

    /// The check digit of eleven digits (order of the Ministry of Internal Affairs, 2014, article 5).
    static func checkDigit(of digits: ArraySlice<Int>) -> Int {
        var sum = 0
        for (position, digit) in digits.reversed().enumerated() {
            sum += digit * (position < 6 ? position + 2 : position - 4)
        }
        let rest = sum % 11
        return rest <= 1 ? 0 : 11 - rest
    }
}
