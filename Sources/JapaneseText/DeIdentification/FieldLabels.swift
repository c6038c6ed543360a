// SPDX-License-Identifier: Apache-2.0

/// What follows a label of a form: `患者名：`, `【住所】`, `TEL `.
struct FieldLabel: Sendable {
    /// What the field holds.
    enum Content: Sendable {
        /// The name of a person, and of nobody else: `患者名`, `氏名`.
        case person
        /// Whoever has done something, by name or by function: `主治医`, `記載者`.
        case role
        /// Somebody by function, or something else: only a common surname is taken for a name.
        case function
        /// How a name is read: `フリガナ`.
        case reading
        /// Where somebody lives.
        case residence
        /// A telephone or fax number, and nothing else.
        case telephone
        /// An extension or in-house telephone.
        case extensionNumber
        /// A way to reach somebody: a number, an address, a name.
        case contact
        case postalCode
        case patientID
        case insuranceNumber
        case individualNumber
        case birthDate
        /// The number of an account, card, licence, vehicle or device.
        case otherNumber
        /// What somebody is called on the web, and the words that let them in.
        case accountName
    }

    /// What stands between a label and its value.
    enum Gap: Int, Comparable, Sendable {
        case nothing, space, lineBreak, mark

        static func < (left: Gap, right: Gap) -> Bool { left.rawValue < right.rawValue }
    }

    let content: Content
    /// Where the label stands.
    let range: Range<Int>
    let gap: Gap
    /// Where the value would begin.
    let valueStart: Int

    /// The label that starts at an index.
    static func at(_ index: Int, in values: [UInt32]) -> FieldLabel? {
        guard let (end, content) = labels.longest(in: values, at: index) else { return nil }
        if CharacterClasses.isLatin(values[index]), let before = values[safe: index - 1],
            CharacterClasses.isLatin(before) || CharacterClasses.isDigit(before)
        {
            return nil
        }
        if CharacterClasses.isLatin(values[end - 1]), let after = values[safe: end],
            CharacterClasses.isLatin(after)
        {
            return nil
        }
        // 名：, 姓：, 生：, but not 病名：.
        if end - index == 1, NameParts.isLetter(values[safe: index - 1] ?? 0x0A) { return nil }
        let (gap, start) = gap(after: end, in: values)
        return FieldLabel(content: content, range: index..<end, gap: gap, valueStart: start)
    }

    /// Reads a note in brackets, a closing bracket, a colon, spaces, one line break.
    private static func gap(after end: Int, in values: [UInt32]) -> (Gap, Int) {
        var index = afterNote(end, in: values)
        var gap = Gap.nothing
        if let value = values[safe: index], isClosing(value) {
            index += 1
            gap = .mark
        }
        var next = values.afterSpaces(index)
        if next > index { gap = max(gap, values[index..<next].contains(0x09) ? .mark : .space) }
        if let value = values[safe: next], isColon(value) {
            gap = .mark
            next = values.afterSpaces(next + 1)
        }
        if values[safe: next] == 0x0A {
            // A heading over its value; one empty line may lie between.
            var after = values.afterSpaces(next + 1)
            if values[safe: after] == 0x0A { after = values.afterSpaces(after + 1) }
            return (.lineBreak, after)
        }
        if let value = values[safe: next], isOpening(value), gap == .mark || value != 0x28 {
            return (.mark, next + 1)
        }
        return (gap, next)
    }

    /// The label with は after it taken for a gap: 患者番号は0012345.
    func skippingTopic(in values: [UInt32]) -> FieldLabel {
        // は が も を の (
        guard gap == .nothing, let particle = values[safe: valueStart],
            [0x306F, 0x304C, 0x3082, 0x3092, 0x306E, 0x28].contains(particle)
        else { return self }
        return FieldLabel(
            content: content, range: range, gap: .space,
            valueStart: values.afterSpaces(valueStart + 1, limit: 2))
    }

    /// Skips a note on the field, as in `氏名（カナ）：` and `TEL(自宅):`.
    private static func afterNote(_ end: Int, in values: [UInt32]) -> Int {
        var index = values.afterSpaces(end, limit: 1)
        guard values[safe: index] == 0x28 else { return end }
        index += 1
        let close = values.end(
            of: { CharacterClasses.isKana($0) || CharacterClasses.isKanji($0) }, from: index,
            limit: 8)
        guard close > index, values[safe: close] == 0x29 else { return end }
        let next = values.afterSpaces(close + 1, limit: 2)
        guard let value = values[safe: next], isColon(value) || next > close + 1 else {
            return end
        }
        // A name in the brackets belongs to the value: 長女（花子）：
        return notes.end(in: values, at: index) == close ? close + 1 : end
    }

    private static let notes = Phrases(
        words: """
            カナ かな ふりがな フリガナ カタカナ ひらがな 漢字 ローマ字 自宅 携帯 職場 勤務先 代表 直通 夜間 日中 緊急 西暦 和暦
            続柄 自署 署名 本人 患者
            """)

    private static func isClosing(_ value: UInt32) -> Bool {
        [0x3011, 0x300D, 0x300F, 0x5D, 0x3E, 0x3009, 0x300B, 0x29].contains(value)
    }

    private static func isOpening(_ value: UInt32) -> Bool {
        [0x3010, 0x300C, 0x300E, 0x5B, 0x3C, 0x3008, 0x300A, 0x28].contains(value)
    }

    static func isColon(_ value: UInt32) -> Bool {
        [0x3A, 0x2236, 0xA789, 0x3D, 0x7C, 0x2192, 0x2502, 0x2503, 0x3B].contains(value)
    }

    /// The scalars with which labels begin.
    static var firsts: some Sequence<UInt32> { labels.firsts }

    private static let labels = Phrases<Content>(
        FieldLabelWords.all.flatMap { content, words in
            words.split(whereSeparator: \.isWhitespace).map { word -> (String, Content) in
                (String(word).replacing("_", with: " "), content)
            }
        })
}
