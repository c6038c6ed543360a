// SPDX-License-Identifier: Apache-2.0

/// Numbers that only a field label tells from other numbers: telephones, records, insurance.
enum LabelledNumbers {
    /// What a label's field holds, where it holds a number.
    static func matches(of label: FieldLabel, in values: [UInt32]) -> PersonalInformationMatch? {
        let label = label.skippingTopic(in: values)
        let start = label.valueStart
        func match(_ kind: PersonalInformationKind, _ range: Range<Int>?)
            -> PersonalInformationMatch?
        {
            range.map { PersonalInformationMatch(kind: kind, range: $0) }
        }
        switch label.content {
        case .telephone:
            return match(.telephone, telephone(label, in: values, shortest: 7))
        case .contact:
            return match(.telephone, telephone(label, in: values, shortest: 9))
        case .extensionNumber:
            return match(.telephone, extensionNumber(label, in: values))
        case .postalCode:
            return match(.postalCode, PostalCode.digits(in: values, at: start))
        case .patientID:
            return match(.patientID, record(label, in: values))
        case .insuranceNumber:
            return match(.insuranceNumber, insurance(label, in: values))
        case .individualNumber:
            return match(.individualNumber, IndividualNumber.digits(in: values, at: start))
        default:
            return nil
        }
    }

    /// Digits in groups from `shortest` to 11 of them; fewer than ten are a number without area code.
    private static func telephone(
        _ label: FieldLabel, in values: [UInt32], shortest: Int
    ) -> Range<Int>? {
        var start = label.valueStart
        if values[safe: start] == 0x28,
            values.end(of: { $0 != 0x29 }, from: start + 1, limit: 6) == start + 7
        {
            start += 1  // A bracket around the whole number, not around the area code.
        }
        var index = start
        var digits = 0
        var end = start
        if let spelt = speltTelephone(values, at: start) { return spelt }
        let isInternational = values[safe: index] == 0x2B
        if isInternational { index += 1 }
        let limit = min(values.count, start + 20)
        while index < limit {
            let value = values[index]
            if CharacterClasses.isDigit(value) {
                digits += 1
                index += 1
                end = index
            } else if isTelephoneSeparator(value), digits > 0 || value == 0x28,
                startsDigits(values, after: index)
            {
                index += 1
            } else {
                break
            }
        }
        let allowed = isInternational ? 11...13 : shortest...11
        guard allowed.contains(digits), isWhole(values, end) else { return nil }
        let startsWithZero =
            values[safe: start] == 0x30 || values[safe: start] == 0x28 || isInternational
        if digits >= 9 { return startsWithZero ? start..<end : nil }
        // A local number is written in two groups: 0000-1234.
        let isGrouped = values[start..<end].contains(0x2D)
        return isGrouped && label.gap > .nothing && digits <= 8 ? start..<end : nil
    }

    /// 〇九〇ー一二三四ー五六七八: nine digits or more in kanji.
    private static func speltTelephone(_ values: [UInt32], at start: Int) -> Range<Int>? {
        guard values[safe: start] == 0x3007 || values[safe: start] == 0x96F6 else { return nil }
        let end = values.end(
            of: {
                KanjiNumber.digit($0) != nil || [0x2D, 0x30FC, 0x306E, 0x30FB, 0x20].contains($0)
            },
            from: start, limit: 18)
        let digits = values[start..<end].count { KanjiNumber.digit($0) != nil }
        guard (9...11).contains(digits) else { return nil }
        return start..<(values[end - 1] == 0x306E || values[end - 1] == 0x20 ? end - 1 : end)
    }

    private static func startsDigits(_ values: [UInt32], after index: Int) -> Bool {
        CharacterClasses.isDigit(values[safe: index + 1])
            || (values[safe: index + 1].map(isTelephoneSeparator) ?? false
                && CharacterClasses.isDigit(values[safe: index + 2]))
    }

    private static func isTelephoneSeparator(_ value: UInt32) -> Bool {
        [0x2D, 0x28, 0x29, 0x20, 0x2E, 0x30FB, 0x3000, 0x2581].contains(value)
    }

    private static func extensionNumber(
        _ label: FieldLabel, in values: [UInt32]
    ) -> Range<Int>? {
        let start = values[safe: label.valueStart] == 0x23 ? label.valueStart + 1 : label.valueStart
        let end = values.end(of: { CharacterClasses.isDigit($0) }, from: start, limit: 7)
        guard (3...6).contains(end - start), isWhole(values, end) else { return nil }
        return start..<end
    }

    // MARK: Records

    /// A number of a patient or record: letters, digits and hyphens with at least two digits.
    private static func record(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        var start = label.valueStart
        if values[safe: start] == 0x23 { start += 1 }  // ID: #1234
        if let after = numberWords.end(in: values, at: start) {
            start = values.afterSpaces(after)
            if let colon = values[safe: start], FieldLabel.isColon(colon) {
                start = values.afterSpaces(start + 1)
            }
        }
        var end = values.end(of: isRecordScalar, from: start, limit: 32)
        while end > start, !isAlphanumeric(values[end - 1]) { end -= 1 }
        guard end > start, isAlphanumeric(values[start]), isWhole(values, end),
            ![0x5E74, 0x6708, 0x65E5].contains(values[safe: end])
        else { return nil }
        if isRegistryOfTrials(values, at: start) { return nil }
        let digits = values[start..<end].count { CharacterClasses.isDigit($0) }
        guard digits >= (label.gap == .mark ? 2 : 4), digits * 2 >= end - start else { return nil }
        return start..<end
    }

    private static let numberWords = Phrases(words: "No. No NO. NO № 番号")

    private static func isRecordScalar(_ value: UInt32) -> Bool {
        isAlphanumeric(value) || value == 0x2D || value == 0x5F || value == 0x2F
    }

    private static func isAlphanumeric(_ value: UInt32) -> Bool {
        CharacterClasses.isDigit(value) || CharacterClasses.isLatin(value)
    }

    /// The registers of clinical trials are public; their numbers are nobody's.
    private static func isRegistryOfTrials(_ values: [UInt32], at index: Int) -> Bool {
        registries.end(in: values, at: index) != nil
    }

    private static let registries = Phrases(words: "UMIN jRCT JRCT NCT JapicCTI JMA-IIA ISRCTN")

    // MARK: Insurance

    /// Digits, with signs between them: `12-34・5678901`, `みほん 1234`.
    private static func insurance(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        let start = label.valueStart
        guard label.gap > .nothing || CharacterClasses.isDigit(values[safe: start]) else {
            return nil
        }
        // A sign may begin with up to six kana or kanji; ・ or a space may end them.
        var index = values.end(
            of: { CharacterClasses.isKana($0) || CharacterClasses.isKanji($0) }, from: start,
            limit: 6)
        let hasDot = values[safe: index] == 0x30FB || values[safe: index] == 0x2D
        if index > start, label.gap != .mark, label.gap != .space || !hasDot {
            // 記号 東京12 番号 3456789
            let end = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 9)
            guard label.gap == .space, end > index, numberAfterSign(in: values, after: end) != nil
            else { return nil }
        }
        let firstDigit =
            index > start && hasDot
                || values[safe: index].map { CharacterClasses.isSpace($0) } == true
            ? index + 1 : index
        guard values[safe: firstDigit].map(isAlphanumeric) == true else { return nil }
        index = firstDigit
        var end = index
        let limit = min(values.count, index + 30)
        while index < limit {
            if isAlphanumeric(values[index]) {
                index += 1
                end = index
            } else if isInsuranceSeparator(values[index]),
                CharacterClasses.isDigit(values[safe: index + 1])
            {
                index += 1
            } else {
                break
            }
        }
        let digits = values[start..<end].count { CharacterClasses.isDigit($0) }
        guard digits >= 2, isWhole(values, end) else { return nil }
        return start..<end
    }

    private static func isInsuranceSeparator(_ value: UInt32) -> Bool {
        [0x2D, 0x30FB, 0x20, 0x2F].contains(value)
    }

    /// The second half of `記号 1234 番号 567`, which no label of its own announces.
    static func numberAfterSign(in values: [UInt32], after end: Int) -> Range<Int>? {
        var index = values.afterSpaces(end, limit: 4)
        if let mark = values[safe: index], [0x3001, 0x2F, 0x30FB].contains(mark) { index += 1 }
        index = values.afterSpaces(index, limit: 2)
        guard values.holds([0x756A, 0x53F7], at: index) else { return nil }
        index = values.afterSpaces(index + 2, limit: 2)
        if let colon = values[safe: index], FieldLabel.isColon(colon) {
            index = values.afterSpaces(index + 1, limit: 2)
        }
        if values[safe: index] == 0x306F { index = values.afterSpaces(index + 1, limit: 2) }  // は
        let last = values.end(
            of: { CharacterClasses.isDigit($0) || $0 == 0x2D }, from: index, limit: 20)
        return last > index && isWhole(values, last) ? index..<last : nil
    }

    /// The number behind a sign of letters alone: `記号：名電　番号：4471`, `記号は「名電」、番号は4471`.
    static func numberAfterLetters(of label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        var index = label.skippingTopic(in: values).valueStart
        if [0x300C, 0x300E].contains(values[safe: index]) { index += 1 }
        let end = values.end(of: NameParts.isLetter, from: index, limit: 8)
        guard end > index else { return nil }
        let isQuoted = [0x300D, 0x300F].contains(values[safe: end])
        return numberAfterSign(in: values, after: isQuoted ? end + 1 : end)
    }

    /// Whether a number ends here: no digits, decimals or units follow.
    static func isWhole(_ values: [UInt32], _ end: Int) -> Bool {
        guard let after = values[safe: end] else { return true }
        if isAlphanumeric(after) || after == 0x25 || after == 0x2103 { return false }
        if [0x2E, 0x2C, 0x2D, 0x2F].contains(after) {
            return !CharacterClasses.isDigit(values[safe: end + 1])
        }
        return true
    }
}
