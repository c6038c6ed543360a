// SPDX-License-Identifier: Apache-2.0

/// A date as records write it: western or by era, in digits or kanji, with or without month and day.
struct CalendarDate {
    /// Where it ends.
    let end: Int

    /// The date that starts at an index; looks at no more than 40 scalars.
    static func at(_ start: Int, in values: [UInt32]) -> CalendarDate? {
        if let english = english(at: start, in: values) { return english }
        var index = start
        var isEra = false
        if let end = eras.end(in: values, at: start) {
            index = values.afterSpaces(end, limit: 1)
            isEra = true
            // S.44, S。44: a full-width point was taken for a stop.
            if CharacterClasses.isLatin(values[start]),
                values[safe: index] == 0x2E || values[safe: index] == 0x3002
            {
                index = values.afterSpaces(index + 1, limit: 1)
            }
        }
        guard let (yearEnd, year) = number(at: index, in: values, longest: isEra ? 2 : 8) else {
            return nil
        }
        if !isEra, yearEnd - index == 8 {
            return isDate(year / 10_000, year / 100 % 100, year % 100)
                ? CalendarDate(end: yearEnd) : nil
        }
        guard isEra ? year <= 70 : (1850...2099).contains(year) else { return nil }
        index = afterNote(yearEnd, in: values)
        if values[safe: index] == 0x5E74 {  // 年
            index = afterNote(index + 1, in: values)
            return monthAndDay(after: index, in: values)
                ?? CalendarDate(end: index)
        }
        guard let separator = values[safe: index], [0x2F, 0x2D, 0x2E].contains(separator) else {
            return nil
        }
        guard
            let (monthEnd, month) = number(
                at: values.afterSpaces(index + 1, limit: 1), in: values, longest: 2),
            (1...12).contains(month), values[safe: monthEnd] == separator,
            let (dayEnd, day) = number(
                at: values.afterSpaces(monthEnd + 1, limit: 1), in: values, longest: 2),
            (1...31).contains(day)
        else { return nil }
        return CalendarDate(end: dayEnd)
    }

    /// `12/05/1970`, whichever of the first two is the month.
    static func yearLast(at start: Int, in values: [UInt32]) -> CalendarDate? {
        guard let (first, one) = number(at: start, in: values, longest: 2), one <= 31,
            let separator = values[safe: first], [0x2F, 0x2D, 0x2E].contains(separator),
            let (second, two) = number(at: first + 1, in: values, longest: 2), two <= 31,
            values[safe: second] == separator,
            let (end, year) = number(at: second + 1, in: values, longest: 4),
            (1850...2099).contains(year)
        else { return nil }
        return CalendarDate(end: end)
    }

    /// `S250304`, `昭和250304`: an era with two digits each of year, month and day.
    static func eraDigits(at start: Int, in values: [UInt32]) -> CalendarDate? {
        guard let era = eras.end(in: values, at: start),
            let (end, digits) = number(
                at: values.afterSpaces(era, limit: 1), in: values, longest: 6),
            CharacterClasses.isDigit(values[end - 1]), end - era >= 6,
            digits / 10_000 <= 70, (1...12).contains(digits / 100 % 100),
            (1...31).contains(digits % 100)
        else { return nil }
        return CalendarDate(end: end)
    }

    /// `S35`, `昭和35`: where an era and its year end.
    static func eraYear(at start: Int, in values: [UInt32]) -> Int? {
        guard let era = eras.end(in: values, at: start),
            let (end, year) = number(at: values.afterSpaces(era, limit: 1), in: values, longest: 2),
            year <= 70
        else { return nil }
        return end
    }

    /// `22.3.9`, `3/9`: in a field for a date two or three short numbers are one.
    static func bare(at start: Int, in values: [UInt32]) -> CalendarDate? {
        var index = start
        var end: Int?
        for part in 0..<3 {
            guard let (after, value) = number(at: index, in: values, longest: 2), value <= 99 else {
                break
            }
            if part > 0 { end = after }
            guard let separator = values[safe: after], [0x2F, 0x2D, 0x2E].contains(separator) else {
                break
            }
            index = after + 1
        }
        return end.map { CalendarDate(end: $0) }
    }

    /// `3月5日` without a year.
    static func dayOfYear(at start: Int, in values: [UInt32]) -> CalendarDate? {
        guard
            CharacterClasses.isDigit(values[safe: start])
                || KanjiNumber.digit(values[safe: start] ?? 0) != nil,
            let date = monthAndDay(after: start, in: values), values[date.end - 1] == 0x65E5,
            !CharacterClasses.isDigit(values[safe: start - 1] ?? 0), values[start] != 0x20
        else { return nil }
        return date
    }

    private static func monthAndDay(after index: Int, in values: [UInt32]) -> CalendarDate? {
        let start = values.afterSpaces(index, limit: 2)
        if let feast = feasts.end(in: values, at: start) { return CalendarDate(end: feast) }
        guard let (monthEnd, month) = number(at: start, in: values, longest: 3),
            (1...12).contains(month)
        else { return nil }
        let mark = values.afterSpaces(monthEnd, limit: 1)
        guard values[safe: mark] == 0x6708 else { return nil }  // 月
        let dayStart = values.afterSpaces(mark + 1, limit: 2)
        guard let (dayEnd, day) = number(at: dayStart, in: values, longest: 3),
            (1...31).contains(day)
        else { return CalendarDate(end: mark + 1) }
        let dayMark = values.afterSpaces(dayEnd, limit: 1)
        guard values[safe: dayMark] == 0x65E5 else {
            return CalendarDate(end: dayEnd)
        }
        return CalendarDate(end: dayMark + 1)
    }

    private static let feasts = Phrases(words: "元日 元旦 大晦日")

    /// Skips the other way to write the year: `1960年(昭和35年)4月1日`.
    private static func afterNote(_ index: Int, in values: [UInt32]) -> Int {
        guard values[safe: index] == 0x28 else { return index }
        let close = values.end(of: { $0 != 0x29 && $0 != 0x0A }, from: index + 1, limit: 8)
        guard values[safe: close] == 0x29,
            eras.end(in: values, at: index + 1) != nil
                || values[index + 1..<close].allSatisfy({
                    CharacterClasses.isDigit($0) || $0 == 0x5E74
                })
        else { return index }
        return close + 1
    }

    // MARK: Parts

    private static let eras = Phrases(
        words: "明治 大正 昭和 平成 令和 明 大 昭 平 令 M T S H R m t s h r")

    /// A number in digits or in kanji (`三十五`, `元`), and where it ends.
    private static func number(
        at start: Int, in values: [UInt32], longest: Int
    ) -> (end: Int, value: Int)? {
        if values[safe: start] == 0x5143 { return (start + 1, 1) }  // 元
        let end = values.end(of: { CharacterClasses.isDigit($0) }, from: start, limit: longest + 1)
        if end > start {
            guard end - start <= longest else { return nil }
            return (end, values[start..<end].reduce(0) { $0 * 10 + Int($1) - 0x30 })
        }
        return KanjiNumber.read(at: start, in: values)
    }

    private static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        (1850...2099).contains(year) && (1...12).contains(month) && (1...31).contains(day)
    }

    /// `1 Apr 1960`, `April 1, 1960`.
    private static func english(at start: Int, in values: [UInt32]) -> CalendarDate? {
        func separated(_ index: Int) -> Int {
            var index = index
            if let value = values[safe: index], [0x2E, 0x2C, 0x2D].contains(value) { index += 1 }
            return values.afterSpaces(index, limit: 2)
        }
        var index = start
        if let month = months.end(in: values, at: index) {
            guard let (end, day) = number(at: separated(month), in: values, longest: 2), day <= 31
            else { return nil }
            index = separated(end)
        } else {
            guard CharacterClasses.isDigit(values[safe: start]),
                let (end, day) = number(at: index, in: values, longest: 2), day <= 31,
                let month = months.end(in: values, at: separated(end))
            else { return nil }
            index = separated(month)
        }
        guard let (end, year) = number(at: index, in: values, longest: 4),
            (1850...2099).contains(year)
        else { return nil }
        return CalendarDate(end: end)
    }

    private static let months = Phrases(
        words: """
            January February March April May June July August September October November December
            Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
            JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC
            """)
}

/// Numbers in kanji, as dates and addresses have them.
enum KanjiNumber {
    /// The value of a kanji digit; ten is 10.
    static func digit(_ value: UInt32) -> Int? {
        switch value {
        case 0x3007, 0x96F6: 0
        case 0x4E00: 1
        case 0x4E8C: 2
        case 0x4E09: 3
        case 0x56DB: 4
        case 0x4E94: 5
        case 0x516D: 6
        case 0x4E03: 7
        case 0x516B: 8
        case 0x4E5D: 9
        case 0x5341: 10
        default: nil
        }
    }

    /// A number of up to five kanji, and where it ends: `三十五`, `一九六〇`.
    static func read(at start: Int, in values: [UInt32]) -> (end: Int, value: Int)? {
        var index = start
        var total = 0
        var current: Int?
        while index < start + 5, let value = values[safe: index], let digit = digit(value) {
            if digit == 10 {
                total = (total + (current ?? 1)) * 10
                current = nil
            } else {
                if let before = current { total = (total + before) * 10 }
                current = digit
            }
            index += 1
        }
        return index > start ? (index, total + (current ?? 0)) : nil
    }
}
