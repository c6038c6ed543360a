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

    /// How they are read.
    static let kanaPrefectures = Phrases(
        words: """
            ホッカイドウ アオモリケン イワテケン ミヤギケン アキタケン ヤマガタケン フクシマケン イバラキケン トチギケン グンマケン サイタマケン
            チバケン トウキョウト カナガワケン ニイガタケン トヤマケン イシカワケン フクイケン ヤマナシケン ナガノケン ギフケン シズオカケン
            アイチケン ミエケン シガケン キョウトフ オオサカフ ヒョウゴケン ナラケン ワカヤマケン トットリケン シマネケン オカヤマケン ヒロシマケン
            ヤマグチケン トクシマケン カガワケン エヒメケン コウチケン フクオカケン サガケン ナガサキケン クマモトケン オオイタケン ミヤザキケン
            カゴシマケン オキナワケン
            """)

    // MARK: In running text

    /// The address that the reading of a prefecture begins: ﾄｳｷｮｳﾄｼﾝｼﾞｭｸｸﾆｼｼﾝｼﾞｭｸ2-8-1
    static func fromKanaPrefecture(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard kanaPrefectures.end(in: values, at: start) != nil,
            !CharacterClasses.isKatakana(values[safe: start - 1] ?? 0)
        else { return nil }
        return inKana(values, at: start).map { start..<$0 }
    }

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
        if let last = values[place..<name].lastIndex(where: isMunicipality),
            let end = AddressParts.sectionNumber(
                in: values, last + 1..<name, isInPrefecture: true)
        {
            return start..<AddressParts.building(in: values, after: end)
        }
        if let end = residence(in: values, from: start, municipality: place, limit: name) {
            return end
        }
        // 山梨県北杜市の自宅: prefecture and municipality tell where somebody is from.
        if let last = values[place..<name].lastIndex(where: isMunicipality), last - place >= 1,
            values[place] != 0x306E, values[safe: last + 1] != 0x7ACB,
            values[safe: last + 1] != 0x6C11  // 市立, 市民
        {
            let isWhole = !AddressParts.isTownLetter(values[safe: name] ?? 0x0A)
            let town = values[last + 1..<name]
            let isTown = town.allSatisfy {
                CharacterClasses.isKanji($0) && !noTownKanji.contains($0)
            }
            return start..<(isWhole && isTown && town.count <= 4 ? name : last + 1)
        }
        return nil
    }

    /// 在出内立病施会社学所局署
    private static let noTownKanji = Set("在出内立病施会社学所局署民全外以発".unicodeScalars.map(\.value))

    /// The address around a municipality without its prefecture; `index` is its 市, 区, 町, 村 or 郡.
    static func aroundMunicipality(
        in values: [UInt32], at index: Int, notBefore floor: Int
    ) -> Range<Int>? {
        var start = index
        while start > floor, index - start < 12, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: index)
        guard index > start else { return nil }
        let name = AddressParts.placeEnd(in: values, from: index + 1)
        if let numbers = AddressParts.numbers(in: values, at: name),
            numbers.isCertain || isTown(values, start..<index + 1, town: name, end: numbers.end)
        {
            return start..<AddressParts.building(in: values, after: numbers.end)
        }
        if let end = AddressParts.sectionNumber(
            in: values, index + 1..<name, isInPrefecture: false)
        {
            return start..<AddressParts.building(in: values, after: end)
        }
        // 藤ノ木町の5-3
        if values[index] == 0x753A, index - start >= 2, !generic.contains(values[start]) {
            let number = values[safe: index + 1] == 0x306E ? index + 2 : index + 1
            if let house = AddressParts.houseNumber(in: values, at: number) {
                return start..<AddressParts.building(in: values, after: house.end)
            }
        }
        return living(in: values, start..<index + 1, name: name)
    }

    /// 練馬区豊松町に在住: municipality, or a town of it, before words of living there.
    private static func living(
        in values: [UInt32], _ municipality: Range<Int>, name: Int
    ) -> Range<Int>? {
        guard municipality.count >= 3, !generic.contains(values[municipality.lowerBound]) else {
            return nil
        }
        let start = municipality.lowerBound
        // 盛んな町に住む
        if [0x306A, 0x306E, 0x3044, 0x305F, 0x308B].contains(values[municipality.upperBound - 2]) {
            return nil
        }
        for index in municipality.upperBound..<max(municipality.upperBound, name)
        where living.end(in: values, at: index) != nil {
            return start..<index
        }
        if living.end(in: values, at: name) != nil { return start..<name }
        for index in municipality.upperBound - 1..<name
        where isMunicipality(values[index]) && living.end(in: values, at: index + 1) != nil {
            return start..<index + 1
        }
        return nil
    }

    /// 同当本他各某市: 同市, 当町, 市内
    private static let generic: Set<UInt32> = [
        0x540C, 0x5F53, 0x672C, 0x4ED6, 0x5404, 0x67D0, 0x5E02, 0x5225,
    ]

    /// `サイタマケン カワゴエシ マトバキタ 2-17-5`: words in katakana and numbers at their end.
    private static func inKana(_ values: [UInt32], at start: Int) -> Int? {
        var index = start
        for _ in 0..<6 {
            let word = values.end(of: CharacterClasses.isKana, from: index, limit: 14)
            guard word > index else { break }
            index = values.afterSpaces(word, limit: 1)
        }
        guard index - start >= 5, let house = AddressParts.houseNumber(in: values, at: index) else {
            return nil
        }
        return AddressParts.building(in: values, after: house.end)
    }

    // MARK: Without municipality

    /// 緑ヶ浜2丁目5番11号: the town before 丁目 or 番地 at `index`, and its numbers.
    static func aroundBlock(
        in values: [UInt32], at index: Int, notBefore floor: Int
    ) -> Range<Int>? {
        guard blocks.end(in: values, at: index) != nil else { return nil }
        var number = index
        while number > floor, index - number < 4,
            CharacterClasses.isDigit(values[number - 1])
                || KanjiNumber.digit(values[number - 1]) != nil
        {
            number -= 1
        }
        guard number < index else { return nil }
        var start = number
        while start > floor, number - start < 12, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: number)
        guard number - start >= 2, !generic.contains(values[start]),
            let numbers = AddressParts.numbers(in: values, at: number), numbers.isCertain
        else { return nil }
        let isBlockAlone = numbers.end == index + 2 && values[index] == 0x4E01
        // 駅前2丁目 alone is a place anywhere; with a house, or with living there, somebody's.
        guard !isBlockAlone || living.end(in: values, at: numbers.end) != nil else { return nil }
        return start..<AddressParts.building(in: values, after: numbers.end)
    }

    private static let blocks = Phrases(words: "丁目 番地")

    /// 例通五条下る仮屋町72: streets of Kyoto, at `index` the 通 of the first.
    static func kyoto(in values: [UInt32], at index: Int, notBefore floor: Int) -> Range<Int>? {
        guard values[index] == 0x901A else { return nil }
        let turn = (index + 1..<index + 10).first { turns.end(in: values, at: $0) != nil }
        guard let turn,
            values[index..<min(turn, values.count)].allSatisfy(AddressParts.isTownLetter),
            let after = turns.end(in: values, at: turn)
        else { return nil }
        var start = index
        while start > floor, index - start < 12, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: index)
        guard index - start >= 1 else { return nil }
        let name = AddressParts.placeEnd(in: values, from: after)
        if let numbers = AddressParts.numbers(in: values, at: name, inField: true) {
            return start..<AddressParts.building(in: values, after: numbers.end)
        }
        return start..<after
    }

    private static let turns = Phrases(words: "上る 下る 上ル 下ル 上がる 下がる 東入 西入 入ル 入る")

    /// 大字北柏原字寺前77-2, from its 大字 on.
    static func largeSection(in values: [UInt32], at index: Int) -> Range<Int>? {
        // 字赤坂117; 文字 and 数字 have a kanji before it.
        let isSmall =
            values[index] == 0x5B57 && !CharacterClasses.isKanji(values[safe: index - 1] ?? 0x0A)
        guard isSmall || values.holds([0x5927, 0x5B57], at: index) else { return nil }
        let name = AddressParts.placeEnd(in: values, from: index + (isSmall ? 1 : 2))
        guard name > index + (isSmall ? 2 : 3),
            values[index..<name].allSatisfy(AddressParts.isTownLetter),
            CharacterClasses.isKanji(values[index + 1])
        else { return nil }
        if let numbers = AddressParts.numbers(in: values, at: name, inField: true) {
            return index..<AddressParts.building(in: values, after: numbers.end)
        }
        return living.end(in: values, at: name) == nil ? nil : index..<name
    }

    /// 高円台南2-40-11: three numbers behind a town's name, at `index` the first of them.
    static func aroundHouse(
        in values: [UInt32], at index: Int, notBefore floor: Int
    ) -> Range<Int>? {
        guard let last = values[safe: index - 1] else { return nil }
        if last == 0x20 { return inKana(values, before: index, notBefore: floor) }
        // 青葉台の2の3の4
        let before = last == 0x306E ? values[safe: index - 2] ?? 0 : last
        guard townEndings.contains(before),
            let house = AddressParts.houseNumber(in: values, at: index),
            last != 0x306E || house.parts >= 3
        else { return nil }
        var start = index
        while start > floor, index - start < 10, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: index)
        guard index - start >= 2, !noTowns.contains(where: { values.holds($0, at: index - 2) })
        else {
            return nil
        }
        let end = AddressParts.building(in: values, after: house.end)
        let isHome = homes.end(in: values, at: end) != nil || end > house.end
        // Two numbers are enough only with words of a home; three, unless a measure is near.
        guard isHome || house.parts >= 3 && !CharacterClasses.isKanji(values[safe: end] ?? 0x0A)
        else { return nil }
        return start..<end
    }

    /// カシワシ ミホン 3-4-5: katakana words before numbers, one of them a municipality.
    private static func inKana(
        _ values: [UInt32], before index: Int, notBefore floor: Int
    ) -> Range<Int>? {
        guard index >= 2, CharacterClasses.isKatakana(values[index - 2]),
            let house = AddressParts.houseNumber(in: values, at: index)
        else { return nil }
        var start = index - 1
        var words = 0
        var isPlace = false
        while words < 4, start > floor {
            var word = start
            while word > floor, start - word < 14, CharacterClasses.isKatakana(values[word - 1]) {
                word -= 1
            }
            guard start - word >= 3 else { break }
            // シ ク ン(ケン グン) フ ト
            if words > 0 || [0x30B7, 0x30AF].contains(values[start - 1]) {
                isPlace =
                    isPlace || [0x30B7, 0x30AF, 0x30F3, 0x30D5, 0x30C8].contains(values[start - 1])
            }
            words += 1
            guard word > floor, values[word - 1] == 0x20, word - 1 > floor,
                CharacterClasses.isKatakana(values[word - 2])
            else {
                start = word
                break
            }
            start = word - 1
        }
        if values[start] == 0x20 { start += 1 }
        return words >= 2 && isPlace
            ? start..<AddressParts.building(in: values, after: house.end) : nil
    }

    /// The last kanji of towns: 町丘台浜崎原谷野池沢島川山田津坂橋宮南北東西央通里森本宿塚木井
    private static let townEndings = Set(
        "町丘台浜崎原谷野池沢島川山田津坂橋宮南北東西央通里森本宿塚木井ヶ".unicodeScalars.map(\.value))
    private static let noTowns: [[UInt32]] = [
        "抗原", "病原", "視野", "肺野", "術野", "分野", "中央", "原本", "基本", "見本", "標本", "左右",
    ]
    .map { $0.unicodeScalars.map(\.value) }
    private static let homes = Phrases(
        words:
            "の賃貸 の自宅 の実家 のアパート の家 の一戸建 に転居 に在住 在住 に居住 に住 に独居 で独居 で一人暮 で二人暮 に一人暮 に戻 へ転居 へ退院 の借家 の団地 のマンション の戸建"
    )

    /// `1-2-3 Midorigaoka, Sakura-shi`: numbers, Latin words and one that ends in -ku, -shi or the like.
    static func inLatin(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard !CharacterClasses.isDigit(values[safe: index - 1]), values[safe: index - 1] != 0x2D,
            let house = AddressParts.houseNumber(in: values, at: index)
        else { return nil }
        var next = house.end
        if values[safe: next] == 0x2C { next += 1 }
        guard values[safe: next] == 0x20, CharacterClasses.isLatin(values[safe: next + 1] ?? 0)
        else { return nil }
        let limit = values.end(
            of: { CharacterClasses.isLatin($0) || [0x20, 0x2C, 0x2D].contains($0) }, from: next,
            limit: 80)
        var end: Int?
        for hyphen in next..<limit where values[hyphen] == 0x2D {
            if let after = latinEndings.end(in: values, at: hyphen),
                !CharacterClasses.isLatin(values[safe: after] ?? 0)
            {
                end = after
            }
        }
        guard let end else { return nil }
        let prefecture = values.end(
            of: { CharacterClasses.isLatin($0) || [0x20, 0x2C].contains($0) }, from: end, limit: 20)
        return index..<(values[safe: end] == 0x2C ? max(end, prefecture) : end)
    }

    private static let latinEndings = Phrases(
        words: "-ku -shi -cho -machi -mura -gun -ken -fu -chome -son -to")

    /// What begins at an index in running text, without a municipality.
    static func withoutMunicipality(
        in values: [UInt32], at index: Int, notBefore floor: Int
    ) -> Range<Int>? {
        kyoto(in: values, at: index, notBefore: floor) ?? largeSection(in: values, at: index)
            ?? aroundBlock(in: values, at: index, notBefore: floor)
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

    private static let living = Phrases(
        words:
            "在住 に在住 に居住 居住 に住む に住ん にお住まい に独居 に転居 へ転居 から転居 より転居 で独居 で一人暮らし に一人暮らし にて独居 に妻と に夫と に長男 に長女 で妻と で夫と の自宅 の実家 から通院 より通院 から搬送 より搬送 から救急 より救急 に帰省 へ帰省 出身 に滞在 の娘宅 の長女宅 の次女宅 の息子宅 の長男宅 の次男宅 の家で の家に の家から に家 で農業 で漁業 で酪農 に単身 で単身 に家族と にひとり"
    )

    // MARK: In a field

    /// The whole address in the field of a label.
    static func labelled(_ label: FieldLabel, in values: [UInt32]) -> Range<Int>? {
        var start = label.valueStart
        if label.gap == .nothing, [0x306F, 0x306B, 0x28].contains(values[safe: start]) {
            start = values.afterSpaces(start + 1, limit: 1)  // 自宅は…
        } else if label.gap == .nothing {
            // 住所ﾄｳｷｮｳﾄｼﾝｼﾞｭｸｸ…
            return inKana(values, at: start).map { start..<$0 }
        }
        if values[safe: start] == PostalCode.mark {
            guard let code = PostalCode.marked(in: values, at: start) else { return nil }
            start = values.afterSpaces(code.upperBound, limit: 2)
        } else if let code = PostalCode.digits(in: values, at: start) {
            start = values.afterSpaces(code.upperBound, limit: 2)
        }
        if values[safe: start] == 0x0A { start = values.afterSpaces(start + 1, limit: 2) }
        if label.gap >= .space, let end = inKana(values, at: start) { return start..<end }
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
        // 転居先は架空市見本: as far as the name goes, if it ends there.
        if label.gap == .nothing, name - place >= 3, !generic.contains(values[place]),
            values[place..<name].contains(where: isMunicipality), !isMunicipality(values[place])
        {
            let last = values[place..<name].lastIndex(where: isMunicipality) ?? place
            return start..<(AddressParts.isTownLetter(values[safe: name] ?? 0x0A) ? last + 1 : name)
        }
        guard isField || prefecture != nil,
            let last = values[place..<max(place, name)].lastIndex(where: isMunicipality),
            last > place
        else { return nil }
        let isWhole = name == values.count || [0x0A, 0x20, 0x09, 0x29].contains(values[name])
        return start..<(isWhole && isField ? name : last + 1)
    }
}
