// SPDX-License-Identifier: Apache-2.0

/// Dates of birth: after a label, or before 生 and 生まれ. Other dates stay.
enum BirthDate {
    /// The date in a field for it.
    static func labelled(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        // 生：H18年9月11日, but not 生検.
        if label.range.count == 1, label.gap != .mark { return nil }
        var start = label.skippingTopic(in: values).valueStart
        // 生年月日を問うと「昭和…」: what is asked for, in quotation marks soon after.
        if label.gap == .nothing, values[safe: label.valueStart] == 0x3092,
            let quote = (label.valueStart..<min(label.valueStart + 12, values.count)).first(where: {
                values[$0] == 0x300C
            })
        {
            start = quote + 1
        }
        if let after = calendars.end(in: values, at: start) {
            start = values.afterSpaces(after, limit: 2)
        }
        guard
            let date = CalendarDate.at(start, in: values)
                ?? CalendarDate.eraDigits(at: start, in: values)
                ?? CalendarDate.yearLast(at: start, in: values)
                ?? CalendarDate.dayOfYear(at: start, in: values)
                ?? CalendarDate.bare(at: start, in: values)
        else { return nil }
        return start..<date.end
    }

    private static let calendars = Phrases(words: "西暦 和暦 (西暦) (和暦)")

    /// The date that starts at an index, if words of birth follow it.
    static func beforeBirth(in values: [UInt32], at start: Int) -> Range<Int>? {
        if let before = values[safe: start - 1] {
            if CharacterClasses.isDigit(before) || CharacterClasses.isLatin(before) { return nil }
            if [0x2F, 0x2D, 0x2E].contains(before),
                CharacterClasses.isDigit(values[safe: start - 2])
            {
                return nil
            }
            if KanjiNumber.digit(before) != nil { return nil }
        }
        guard
            let date = CalendarDate.at(start, in: values)
                ?? CalendarDate.eraDigits(at: start, in: values)
                ?? CalendarDate.dayOfYear(at: start, in: values)
        else { return nil }
        let next = values.afterSpaces(date.end, limit: 1)
        if let end = births.end(in: values, at: next) {
            // 出生率, 出生前 and the like tell of births in general.
            let after = values[safe: end] ?? 0
            return [0x7387, 0x524D, 0x6570, 0x5C4A].contains(after) ? nil : start..<date.end
        }
        // 生 alone: not 生検, 生化学, 生食.
        guard values[safe: next] == 0x751F else { return nil }
        guard let after = values[safe: next + 1] else { return start..<date.end }
        let isWord =
            CharacterClasses.isKanji(after) && !peopleAfterBirth.contains(after)
            || CharacterClasses.isKatakana(after) || CharacterClasses.isLatin(after)
            || [0x304D, 0x3058, 0x305A, 0x304B].contains(after)  // 生き, 生じ, 生ず, 生か
        return isWord ? nil : start..<date.end
    }

    /// H30生まれ, S35生: an era and a year, nothing else.
    static func eraYear(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard !CharacterClasses.isLatin(values[safe: start - 1] ?? 0),
            let end = CalendarDate.eraYear(at: start, in: values)
        else { return nil }
        let next = values.afterSpaces(end, limit: 1)
        if births.end(in: values, at: next) != nil { return start..<end }
        guard values[safe: next] == 0x751F else { return nil }
        let after = values[safe: next + 1] ?? 0x0A
        return NameParts.isLetter(after) || CharacterClasses.isLatin(after) ? nil : start..<end
    }

    private static let births = Phrases(words: "birth 生まれ 生れ うまれ 出生 に生まれ に生れ に出生 が誕生日 が生年月日")
    /// 男, 女, 満, 当, 現
    private static let peopleAfterBirth: Set<UInt32> = [0x7537, 0x5973, 0x6E80, 0x5F53, 0x73FE]

    /// 明大昭平令 MTSHR 一
    static let firsts: Set<UInt32> = [
        0x660E, 0x5927, 0x662D, 0x5E73, 0x4EE4, 0x4D, 0x54, 0x53, 0x48, 0x52, 0x6D, 0x74, 0x73,
        0x68, 0x72, 0x4E00,
    ]
}
