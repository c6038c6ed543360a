// SPDX-License-Identifier: Apache-2.0

/// Addresses, by prefecture, municipality and the numbers that follow; there is no list of towns.
///
/// In running text a place becomes an address only through its numbers (丁目, 番地, `2-8-1`) or
/// through words of living there (在住); `東京都の病院` stays. In a field for it the whole value is one.
enum Address {
    /// The 47 prefectures.
    static let prefectures = Phrases(
        words: """
            北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県
            山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県
            香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
            """)

    /// 市区町村郡
    static func isMunicipality(_ value: UInt32) -> Bool {
        [0x5E02, 0x533A, 0x753A, 0x6751, 0x90E1].contains(value)
    }

    // MARK: In running text

    /// The address that a prefecture begins.
    static func fromPrefecture(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard let after = prefectures.end(in: values, at: start) else { return nil }
        let place = values.afterSpaces(after, limit: 1)
        let name = AddressParts.placeEnd(in: values, from: place)
        guard name > place, values[place..<name].contains(where: isMunicipality) else {
            return nil
        }
        if let numbers = AddressParts.numbers(in: values, at: name) {
            return start..<AddressParts.building(in: values, after: numbers.end)
        }
        return residence(in: values, from: start, municipality: place, limit: name)
    }

    /// The address around a municipality without its prefecture; `index` is its 市, 区, 町, 村 or 郡.
    static func aroundMunicipality(
        in values: [UInt32], at index: Int, notBefore floor: Int
    ) -> Range<Int>? {
        var start = index
        while start > floor, index - start < 8, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: index)
        guard index > start else { return nil }
        let name = AddressParts.placeEnd(in: values, from: index + 1)
        guard let numbers = AddressParts.numbers(in: values, at: name),
            numbers.isCertain || isTown(values, start..<index + 1, town: name, end: numbers.end)
        else { return nil }
        return start..<AddressParts.building(in: values, after: numbers.end)
    }

    /// 茅ヶ崎市浜見平5-12: two numbers are enough behind a municipality and a town, at the end of what is
    /// written there.
    private static func isTown(
        _ values: [UInt32], _ municipality: Range<Int>, town: Int, end: Int
    ) -> Bool {
        guard municipality.count >= 3, town - municipality.upperBound >= 2,
            values[municipality.upperBound - 1] == 0x5E02
                || values[municipality.upperBound - 1] == 0x533A
        else { return false }
        guard let after = values[safe: end] else { return true }
        return [0x0A, 0x20, 0x3000, 0x3001, 0x3002, 0x2C, 0x29, 0xFF09].contains(after)
    }

    /// `東京都世田谷区在住`: prefecture and municipality before words of living there.
    private static func residence(
        in values: [UInt32], from start: Int, municipality: Int, limit: Int
    ) -> Range<Int>? {
        for index in municipality..<limit where isMunicipality(values[index]) {
            if living.end(in: values, at: index + 1) != nil { return start..<index + 1 }
        }
        return nil
    }

    private static let living = Phrases(words: "在住 に在住 に居住 居住 に住む に住ん にお住まい に独居 に転居")

    // MARK: In a field

    /// The whole address in the field of a label.
    static func labelled(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        var start = label.valueStart
        if label.gap == .nothing, [0x306F, 0x306B].contains(values[safe: start]) {
            start = values.afterSpaces(start + 1, limit: 1)  // 自宅は…
        } else if label.gap == .nothing {
            return nil
        }
        if values[safe: start] == PostalCode.mark {
            guard let code = PostalCode.marked(in: values, at: start) else { return nil }
            start = values.afterSpaces(code.upperBound, limit: 2)
        } else if let code = PostalCode.digits(in: values, at: start) {
            start = values.afterSpaces(code.upperBound, limit: 2)
        }
        if values[safe: start] == 0x0A { start = values.afterSpaces(start + 1, limit: 2) }
        let prefecture = prefectures.end(in: values, at: start)
        let place = values.afterSpaces(prefecture ?? start, limit: prefecture == nil ? 0 : 1)
        let name = AddressParts.placeEnd(in: values, from: place)
        if name > place, let numbers = AddressParts.numbers(in: values, at: name, inField: true),
            numbers.isCertain || prefecture != nil
                || values[place..<name].contains(where: isMunicipality)
        {
            return start..<AddressParts.building(in: values, after: numbers.end)
        }
        // Without numbers: as far as the last municipality, or the whole field.
        let isField = label.gap >= .mark || label.gap == .lineBreak
        guard isField || prefecture != nil,
            let last = values[place..<max(place, name)].lastIndex(where: isMunicipality),
            last > place
        else { return nil }
        let isWhole = name == values.count || [0x0A, 0x20, 0x09, 0x29].contains(values[name])
        return start..<(isWhole && isField ? name : last + 1)
    }
}
