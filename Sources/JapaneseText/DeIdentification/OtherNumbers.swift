// SPDX-License-Identifier: Apache-2.0

/// Numbers of accounts, cards, licences and vehicles, by label or by their own shape.
enum OtherNumbers {
    /// What the field of a label holds.
    static func labelled(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        let label = label.skippingTopic(in: values)
        // 口座：見本 架空支店（普）1234567
        if let number = account(behindBank: label, in: values) { return number }
        if let address = hardwareAddress(in: values, at: label.valueStart) { return address }
        if label.gap == .nothing, words.end(in: values, at: label.valueStart) != nil {
            return number(label, in: values)
        }
        // 職員番号N30577
        let first = values[safe: label.valueStart] ?? 0
        let isCode =
            CharacterClasses.isDigit(first)
            || CharacterClasses.isLatin(first)
                && CharacterClasses.isDigit(values[safe: label.valueStart + 1])
        guard label.gap > .nothing || isCode else { return nil }
        return label.content == .accountName
            ? account(label, in: values) ?? number(label, in: values) : number(label, in: values)
    }

    /// Letters, digits and hyphens with at least four digits, up to three kanji before them.
    private static func number(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        var start = label.valueStart
        if values[safe: start] == 0x7B2C { start += 1 }  // 第307518240960号
        if let after = words.end(in: values, at: start) {
            start = values.afterSpaces(after, limit: 2)
            if let colon = values[safe: start], FieldLabel.isColon(colon) {
                start = values.afterSpaces(start + 1, limit: 2)
            }
        }
        if let plate = plate(in: values, at: start) { return plate }
        let sign = values.end(of: CharacterClasses.isKanji, from: start, limit: 3)
        // 第 300012345678 号, 番号 第300012345678号
        let isAnnounced = label.gap == .mark || sign == start + 1 && values[start] == 0x7B2C
        let first = sign > start && isAnnounced ? values.afterSpaces(sign, limit: 1) : start
        var end = first
        var digits = 0
        var index = first
        while index < min(values.count, first + 32) {
            let value = values[index]
            if CharacterClasses.isDigit(value) || CharacterClasses.isLatin(value) {
                if CharacterClasses.isDigit(value) { digits += 1 }
                index += 1
                end = index
            } else if [0x2D, 0x20, 0x2F, 0x5F, 0x2E, 0x3A].contains(value), index > first,
                CharacterClasses.isDigit(values[safe: index + 1])
            {
                // A space joins groups of digits, not a number and what follows it.
                if value == 0x20, !isGroup(values, after: index + 1) { break }
                index += 1
            } else {
                break
            }
        }
        let isLong = digits >= (label.gap == .mark || label.gap == .space ? 4 : 5)
        guard isLong, LabelledNumbers.isWhole(values, end), !isUnit(values[safe: end]) else {
            return nil
        }
        return first..<end
    }

    private static func isGroup(_ values: [UInt32], after index: Int) -> Bool {
        let end = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 9)
        return (2...8).contains(end - index) && LabelledNumbers.isWhole(values, end)
            && !isUnit(values[safe: end])
    }

    /// 年月日時分回錠歳件点枚
    private static func isUnit(_ value: UInt32?) -> Bool {
        guard let value else { return false }
        return [
            0x5E74, 0x6708, 0x65E5, 0x6642, 0x5206, 0x56DE, 0x9320, 0x6B73, 0x4EF6, 0x70B9, 0x679A,
        ].contains(value)
    }

    private static let words = Phrases(words: "(普通) (普) 普通 (当座) 当座 番号 No. No NO. No: № # 第 ID")

    /// The number behind a bank's name: （普）1234567, 普通 №1234567.
    private static func account(behindBank label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        guard label.content == .otherNumber, label.gap > .nothing else { return nil }
        let limit = min(values.count, label.valueStart + 30)
        for index in label.valueStart..<max(label.valueStart, limit) where values[index] != 0x0A {
            guard let kind = kinds.end(in: values, at: index) else { continue }
            var start = values.afterSpaces(kind, limit: 2)
            if let word = words.end(in: values, at: start) {
                start = values.afterSpaces(word, limit: 1)
            }
            let end = values.end(of: { CharacterClasses.isDigit($0) }, from: start, limit: 9)
            return (6...8).contains(end - start) ? start..<end : nil
        }
        return nil
    }

    private static let kinds = Phrases(words: "(普) (普通) 普通 (当) (当座) 当座")

    /// 00:1B:44:11:3A:B7
    private static func hardwareAddress(in values: [UInt32], at start: Int) -> Range<Int>? {
        let end = values.end(
            of: {
                CharacterClasses.isDigit($0) || CharacterClasses.isLatin($0) || $0 == 0x3A
                    || $0 == 0x2D
            },
            from: start, limit: 40)
        return values[start..<end].count(where: { $0 == 0x3A }) >= 4 ? start..<end : nil
    }

    /// What somebody is called on the web: at least three letters or digits.
    private static func account(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        var start = label.valueStart
        guard label.gap > .nothing else { return nil }
        if let after = words.end(in: values, at: start) {
            start = values.afterSpaces(after, limit: 2)
            if let colon = values[safe: start], FieldLabel.isColon(colon) {
                start = values.afterSpaces(start + 1, limit: 2)
            }
        }
        let end = values.end(
            of: {
                CharacterClasses.isLatin($0) || CharacterClasses.isDigit($0)
                    || [0x2E, 0x2D, 0x5F, 0x40, 0x21, 0x24].contains($0)
            }, from: start, limit: 40)
        guard end - start >= 4,
            label.gap == .mark
                || values[start..<end].contains(where: { !CharacterClasses.isLatin($0) })
        else { return nil }
        return start..<end
    }

    // MARK: By shape

    /// `品川 300 あ 12-34`: place, class, kana and number of a vehicle, from the place on.
    static func plate(in values: [UInt32], at start: Int) -> Range<Int>? {
        let place = values.end(
            of: { CharacterClasses.isKanji($0) || CharacterClasses.isKana($0) }, from: start,
            limit: 5)
        guard (1...4).contains(place - start), let end = plateEnd(in: values, from: place) else {
            return nil
        }
        return start..<end
    }

    /// The same from its class on, and the kanji before it.
    static func plateAround(_ index: Int, in values: [UInt32], notBefore floor: Int) -> Range<Int>?
    {
        guard !CharacterClasses.isDigit(values[safe: index - 1]) else { return nil }
        var place = index
        if place > floor, values[place - 1] == 0x20 { place -= 1 }
        guard let end = plateEnd(in: values, from: place) else { return nil }
        var start = place
        while start > floor, place - start < 4, CharacterClasses.isKanji(values[start - 1]) {
            start -= 1
        }
        return start < place ? start..<end : nil
    }

    private static func plateEnd(in values: [UInt32], from place: Int) -> Int? {
        let classStart = values.afterSpaces(place, limit: 1)
        let classEnd = values.end(
            of: { CharacterClasses.isDigit($0) || CharacterClasses.isLatin($0) }, from: classStart,
            limit: 4)
        let kana = values.afterSpaces(classEnd, limit: 1)
        guard (2...3).contains(classEnd - classStart),
            CharacterClasses.isHiragana(values[safe: kana] ?? 0)
        else { return nil }
        let number = values.afterSpaces(kana + 1, limit: 1)
        var end = values.end(
            of: { CharacterClasses.isDigit($0) || $0 == 0x30FB }, from: number, limit: 5)
        if end - number == 2, values[safe: end] == 0x2D {
            let last = values.end(of: { CharacterClasses.isDigit($0) }, from: end + 1, limit: 3)
            guard last - end == 3 else { return nil }
            end = last
        }
        // 300mgを2回 and the like have no number of four behind one kana.
        guard end - number >= 4, LabelledNumbers.isWhole(values, end),
            !isUnit(values[safe: end])
        else { return nil }
        return end
    }

    /// Sixteen digits in fours, as on credit cards.
    static func card(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard !CharacterClasses.isDigit(values[safe: start - 1]), values[safe: start - 1] != 0x2D,
            let separator = values[safe: start + 4], separator == 0x2D || separator == 0x20
        else { return nil }
        let end = start + 19
        guard end <= values.count, !CharacterClasses.isDigit(values[safe: end]) else { return nil }
        for (offset, value) in values[start..<end].enumerated() {
            if offset % 5 == 4 ? value != separator : !CharacterClasses.isDigit(value) {
                return nil
            }
        }
        return start..<end
    }

    /// `192.168.24.17`: four numbers up to 255, seven digits or more.
    static func internetAddress(in values: [UInt32], at start: Int) -> Range<Int>? {
        if let before = values[safe: start - 1],
            CharacterClasses.isDigit(before) || before == 0x2E || CharacterClasses.isLatin(before)
        {
            return nil
        }
        var index = start
        var digits = 0
        for group in 0..<4 {
            let end = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 4)
            guard (1...3).contains(end - index),
                values[index..<end].reduce(0, { $0 * 10 + Int($1) - 0x30 }) <= 255
            else { return nil }
            digits += end - index
            index = end
            if group < 3 {
                guard values[safe: index] == 0x2E else { return nil }
                index += 1
            }
        }
        return digits >= 7 && LabelledNumbers.isWhole(values, index) ? start..<index : nil
    }

    /// A web address without its scheme: `clinic.example.co.jp/u/1`; only of the usual domains.
    static func bareWebAddress(in values: [UInt32], at start: Int) -> Range<Int>? {
        if let before = values[safe: start - 1],
            isWebScalar(before) || [0x40, 0x2F].contains(before)
        {
            return nil
        }
        let host = values.end(of: isWebScalar, from: start, limit: 64)
        guard host - start >= 5, let dot = values[start..<host].lastIndex(of: 0x2E),
            dot > start + 1,
            domains.end(in: values, at: dot + 1) == host, values[safe: host] != 0x40
        else { return nil }
        var end = host
        if values[safe: end] == 0x2F {
            end = values.end(of: { $0 > 0x20 && $0 < 0x7F }, from: end, limit: 200)
        }
        return start..<end
    }

    private static func isWebScalar(_ value: UInt32) -> Bool {
        CharacterClasses.isLatin(value) || CharacterClasses.isDigit(value) || value == 0x2D
            || value == 0x2E || value == 0x5F
    }

    private static let domains = Phrases(words: "jp com net org info biz app me")
}
