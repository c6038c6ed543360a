// SPDX-License-Identifier: Apache-2.0

/// What addresses are made of: names of places, numbers, buildings.
enum AddressParts {
    /// A letter of a place's name.
    static func isTownLetter(_ value: UInt32) -> Bool {
        CharacterClasses.isKanji(value) && value != 0x3007 || CharacterClasses.isKana(value)
    }

    /// Where the names of municipality, town and quarter end; at most 24 scalars.
    ///
    /// A number in kanji that 丁目 or 番 follows is no longer name.
    static func placeEnd(in values: [UInt32], from start: Int) -> Int {
        var index = start
        let limit = min(values.count, start + 24)
        while index < limit {
            // 東京都 世田谷区 桜新町: one space behind a municipality.
            if values[index] == 0x20, index > start, municipalities.contains(values[index - 1]),
                isTownLetter(values[safe: index + 1] ?? 0)
            {
                index += 1
                continue
            }
            guard isTownLetter(values[index]) else { break }
            if KanjiNumber.digit(values[index]) != nil,
                block(in: values, at: index) != nil
                    || hyphenated(in: values, at: index).map({ $0.parts >= 3 }) == true
            {
                break
            }
            if values[index] == 0x7B2C, CharacterClasses.isDigit(values[safe: index + 1]) { break }
            if index > start, isParticle(in: values, at: index) { break }
            // 中央区北3条: the direction belongs to the grid.
            if directions.contains(values[index]), grid(in: values, at: index) != nil { break }
            index += 1
        }
        return index
    }

    /// 市区町村郡
    static let municipalities: Set<UInt32> = [0x5E02, 0x533A, 0x753A, 0x6751, 0x90E1]

    /// Whether kana between kanji or numbers are a particle: 区では, but not 自由が丘.
    private static func isParticle(in values: [UInt32], at index: Int) -> Bool {
        guard particles.contains(values[index]), values[index] != 0x306E,
            CharacterClasses.isKanji(values[index - 1])
        else { return false }
        let next = values[safe: index + 1] ?? 0
        if values[index] == 0x304C, hills.contains(next) || isWithinName(in: values, at: index) {
            return false
        }
        return CharacterClasses.isKanji(next) || CharacterClasses.isDigit(next)
            || particles.contains(next)
    }

    /// 霞が関1-2: after が at most three kanji, and then a number.
    private static func isWithinName(in values: [UInt32], at index: Int) -> Bool {
        let end = values.end(
            of: { CharacterClasses.isKanji($0) && KanjiNumber.digit($0) == nil }, from: index + 1,
            limit: 4)
        guard end > index + 1, end - index <= 4 else { return false }
        return hyphenated(in: values, at: end).map { $0.parts >= 2 } == true
            || block(in: values, at: end) != nil
    }

    /// 丘 浜 崎 原 谷 台 峰 野 岡 池 沢
    private static let hills: Set<UInt32> = [
        0x4E18, 0x6D5C, 0x5D0E, 0x539F, 0x8C37, 0x53F0, 0x5CF0, 0x91CE, 0x5CA1, 0x6C60, 0x6CA2,
    ]

    /// The start of the place's name, after words that only stand before it (`自宅は`, `患者`).
    static func afterWords(in values: [UInt32], from start: Int, to end: Int) -> Int {
        var result = start
        for index in start..<end where particles.contains(values[index]) && index + 1 < end {
            if CharacterClasses.isKanji(values[index + 1]) { result = index + 1 }
        }
        if let after = words.end(in: values, at: result), after < end { result = after }
        return result
    }

    /// は が に を の と へ で
    private static let particles: Set<UInt32> = [
        0x306F, 0x304C, 0x306B, 0x3092, 0x306E, 0x3068, 0x3078, 0x3067,
    ]
    private static let words = Phrases(
        words: "自宅 住所 現在 転居先 実家 本籍 前住所 元 現住所 患者 勤務先 帰宅先 訪問先 本人 長女宅 長男宅 次女宅 次男宅 妻 夫 家族 退院後 入院前 以前 本日"
    )

    // MARK: Numbers

    /// The numbers of an address, and whether nothing else is written so.
    ///
    /// In a field for an address one number is enough.
    static func numbers(
        in values: [UInt32], at start: Int, inField: Bool = false
    ) -> (end: Int, isCertain: Bool)? {
        var index = values.afterSpaces(start, limit: 1)
        var isCertain = false
        var end: Int?
        // 北3条西6丁目, 8条通13丁目: the grid of Hokkaido's towns.
        if let grid = grid(in: values, at: start) {
            index = grid
            isCertain = true
            end = grid
        }
        // 三丁目, 4番, 5号, 10番地の2: each number with its word. 国道10号 and 15番 are no address.
        while let (after, unit) = block(in: values, at: index) {
            if unit == .minor, end == nil { return nil }
            if unit == .lot, end == nil, !continuesLot(values, after) { return nil }
            if unit == .town, !continuesLot(values, after) { break }
            end = after
            isCertain = true
            index = values.afterSpaces(after, limit: 1)
            if values[safe: index] == 0x306E || values[safe: index] == 0x2D { index += 1 }  // の
        }
        // 2-8-1, alone or after 丁目.
        if let (after, parts) = hyphenated(in: values, at: index),
            end != nil || parts >= 2 || inField, isFree(values, after)
        {
            return (after, isCertain || parts >= 3)
        }
        return end.map { ($0, isCertain) }
    }

    /// 2丁目|橘屋町518: the end of what goes on behind numbers with another town and its number.
    static func continued(in values: [UInt32], after end: Int) -> Int {
        let name = values.end(of: isTownLetter, from: end, limit: 10)
        guard name - end >= 2, !particles.contains(values[end]) else { return end }
        // 四丁目渡辺5号
        if name - end <= 4, let (block, _) = block(in: values, at: name) { return block }
        // 字二丁目塩越95、
        let digits = values.end(of: { CharacterClasses.isDigit($0) }, from: name, limit: 5)
        if name - end <= 4, (2...4).contains(digits - name),
            values[end..<name].allSatisfy(NameParts.isKanji),
            [0x0A, 0x20, 0x3001, 0x3002, 0x29].contains(values[safe: digits] ?? 0x0A)
        {
            return digits
        }
        guard townEnds.contains(values[name - 1]),
            let (number, _) = hyphenated(in: values, at: name), isFree(values, number)
        else { return end }
        return block(in: values, at: name)?.end ?? number
    }

    /// 町 通 丁 村 字 組
    private static let townEnds: Set<UInt32> = [0x753A, 0x901A, 0x4E01, 0x6751, 0x5B57, 0x7D44]

    /// 字平田491, 市ニの2146: one number that a section's name stands before.
    static func sectionNumber(
        in values: [UInt32], _ name: Range<Int>, isInPrefecture: Bool
    ) -> Int? {
        guard name.lowerBound < name.upperBound,
            let (end, _) = hyphenated(in: values, at: name.upperBound),
            isFree(values, end), !counters.contains(values[safe: end] ?? 0)
        else { return nil }
        if values[name].contains(0x5B57) { return end }  // 字
        if name.count <= 2, sections.contains(values[name.lowerBound]),
            name.count == 1 || values[name.lowerBound + 1] == 0x306E
        {
            return end
        }
        let digits = end - name.upperBound
        let isClear =
            !(name.lowerBound..<name.upperBound).contains { noTowns.end(in: values, at: $0) != nil }
            && (afterAddress.end(in: values, at: end) != nil
                || [0x0A, 0x20].contains(values[safe: end] ?? 0x0A))
        let isTown = name.count >= 2 && values[name].allSatisfy { CharacterClasses.isKanji($0) }
        return (isInPrefecture || isClear && isTown) && digits >= (name.count >= 2 ? 2 : 3)
            ? end : nil
    }

    private static let noTowns = Phrases(words: "立 内 民 病院 学校 施設 医院 大学 会社 全 外 以 発")
    private static let afterAddress = Phrases(
        words: "、 。 に で の から へ 在住 より ) 」 付近 と")

    /// イロハニホヘト甲乙丙丁
    private static let sections = Set("イロハニホヘト甲乙丙丁戊己".unicodeScalars.map(\.value))
    /// 名人例件床台万億校社軒階位号
    private static let counters = Set("名人例件床台万億校社軒階位戸世本個".unicodeScalars.map(\.value))

    /// Two numbers or more with hyphens, and no measure behind them: where they end and how many.
    static func houseNumber(in values: [UInt32], at start: Int) -> (end: Int, parts: Int)? {
        guard let found = hyphenated(in: values, at: start), found.parts >= 2,
            isFree(values, found.end)
        else { return nil }
        return found
    }

    /// 北3条西6丁目: where the streets end, with 丁目 or without.
    private static func grid(in values: [UInt32], at start: Int) -> Int? {
        var index = values.afterSpaces(start, limit: 1)
        if directions.contains(values[safe: index] ?? 0) { index += 1 }
        // 条, and 線 of the fields: 西5線北12号
        guard let number = numberEnd(in: values, at: index),
            values[safe: number] == 0x6761 || values[safe: number] == 0x7DDA && index > start
        else { return nil }
        index = number + 1
        if values[safe: index] == 0x901A { index += 1 }  // 通
        let beforeDirection = index
        if directions.contains(values[safe: index] ?? 0) { index += 1 }
        guard let block = numberEnd(in: values, at: index) else { return beforeDirection }
        return chome.end(in: values, at: block)
            ?? (values[number] == 0x7DDA && values[safe: block] == 0x53F7 ? block + 1 : nil)
            ?? (beforeDirection < index ? block : beforeDirection)
    }

    /// 北 南 東 西 右 左
    static let directions: Set<UInt32> = [0x5317, 0x5357, 0x6771, 0x897F, 0x53F3, 0x5DE6]
    private static let chome = Phrases(words: "丁目")

    /// What the word after a number counts.
    private enum Unit {
        /// 丁目, 番地: only addresses have them.
        case block
        /// 番: with a number after it.
        case lot
        /// 丁 without 目, as in Sakai: with a number after it.
        case town
        /// 号: after the others.
        case minor
    }

    /// Whether 番 is followed by the number of a house.
    private static func continuesLot(_ values: [UInt32], _ index: Int) -> Bool {
        let next = values[safe: index] == 0x306E ? index + 1 : values.afterSpaces(index, limit: 1)
        return numberEnd(in: values, at: next) != nil
    }

    /// A number with 丁目, 番地, 番 or 号: where it ends, and which.
    private static func block(
        in values: [UInt32], at start: Int
    ) -> (end: Int, unit: Unit)? {
        guard let number = numberEnd(in: values, at: start) else { return nil }
        guard let (end, unit) = units.longest(in: values, at: number) else { return nil }
        // 号室 is a room, 番目 and 号車 are none of this.
        if let next = values[safe: end], [0x76EE, 0x8ECA, 0x5BA4, 0x68DF].contains(next) {
            return nil
        }
        return (end, unit)
    }

    private static let units = Phrases<Unit>([
        ("丁目", .block), ("丁", .town), ("区", .town), ("部", .town), ("番地", .block), ("番町", .block),
        ("地割", .block),
        ("番", .lot),
        ("号", .minor),
    ])

    private static func numberEnd(in values: [UInt32], at start: Int) -> Int? {
        let digits = values.end(of: { CharacterClasses.isDigit($0) }, from: start, limit: 5)
        if digits > start {
            // 080-1234-5678 is a telephone.
            let isHouse = values[start] != 0x30 || digits == start + 1
            return isHouse && digits - start <= 4 ? digits : nil
        }
        return KanjiNumber.read(at: start, in: values)?.end
    }

    /// `2-8-1`: where it ends and how many numbers it has.
    private static func hyphenated(
        in values: [UInt32], at start: Int
    ) -> (end: Int, parts: Int)? {
        guard var end = numberEnd(in: values, at: start) else { return nil }
        var parts = 1
        // ー stays one between kanji.
        while parts < 5, [0x2D, 0x306E, 0x30CE, 0x30FC].contains(values[safe: end]),
            let next = numberEnd(in: values, at: end + 1)
        {
            end = next
            parts += 1
        }
        return (end, parts)
    }

    /// Whether a number is not part of a measure or date.
    private static func isFree(_ values: [UInt32], _ end: Int) -> Bool {
        guard let after = values[safe: end] else { return true }
        if CharacterClasses.isDigit(after) || after == 0x25 || after == 0x2F || after == 0x2E {
            return false
        }
        if CharacterClasses.isLatin(after) {
            return CharacterClasses.isLatin(values[safe: end + 1] ?? 0) == false
        }
        // 錠 回 日 月 年 時 分 歳 mg
        return ![0x9320, 0x56DE, 0x65E5, 0x6708, 0x5E74, 0x6642, 0x5206, 0x6B73].contains(after)
    }

    // MARK: Buildings

    /// The end of the address with building and room, if such follow its numbers.
    static func building(in values: [UInt32], after numbers: Int) -> Int {
        let end = continued(in: values, after: numbers)
        var best = end
        var index = end
        // 8-20、サンライズつくば5階503号
        if values[safe: end] == 0x28, let room = namedRoom(in: values, at: end + 1),
            values[safe: room] == 0x29
        {
            return room
        }
        if values[safe: end] == 0x3001, let room = namedRoom(in: values, at: end + 1) {
            return room
        }
        if let room = namedRoom(in: values, at: values.afterSpaces(end, limit: 2)) { return room }
        // 2-8-1-101号室, 2-8-1 101号
        if let room = room(in: values, at: values.afterSpaces(index, limit: 1)) { return room }
        for _ in 0..<3 {
            let start = values.afterSpaces(index, limit: 2)
            let stop = values.end(of: isBuildingLetter, from: start, limit: 20)
            guard stop > start, values[start] != 0x306E,
                telephones.end(in: values, at: start) == nil
            else { break }
            let digits = values.end(of: isRoomDigit, from: stop, limit: 6)
            let afterSpace = values.afterSpaces(stop, limit: 1)
            if let word = buildingWordEnd(in: values, from: start, to: stop) {
                best = isName(values, word, to: stop) ? stop : word
                if best == stop, let room = room(in: values, at: afterSpace) {
                    best = room
                    break
                }
                if best < stop { break }
            } else if start == end || start == end + 1, digits - stop >= 3,
                CharacterClasses.isKatakana(values[stop - 1]),
                let room = room(in: values, at: stop)
            {
                return room
            } else {
                break
            }
            index = best
        }
        return best
    }

    /// A building of any name and a room in it: シーサイド浜側A-301, サンライズつくば5階503号.
    private static func namedRoom(in values: [UInt32], at start: Int) -> Int? {
        let stop = values.end(of: isBuildingLetter, from: start, limit: 20)
        guard stop > start, telephones.end(in: values, at: start) == nil else { return nil }
        let katakana = values[start..<stop].count { CharacterClasses.isKatakana($0) }
        let isBuilding = buildingWordEnd(in: values, from: start, to: stop) != nil
        guard katakana >= 3 || isBuilding, let end = room(in: values, at: stop) else { return nil }
        // One digit and 階 or 号 may be anything; a room has three, or a floor before it.
        let digits = values[stop..<end].count { CharacterClasses.isDigit($0) }
        let isFloor = katakana >= 3 && floors.contains(values[end - 1])
        return digits >= 3 || isFloor || isBuilding && digits >= 2 ? end : nil
    }

    /// 階号室棟
    private static let floors: Set<UInt32> = [0x968E, 0x53F7, 0x5BA4, 0x68DF]

    private static let telephones = Phrases(words: "TEL Tel 電話 FAX 携帯 氏名 患者 生年 本人")

    private static func isBuildingLetter(_ value: UInt32) -> Bool {
        isTownLetter(value) && ![0x306B, 0x306F, 0x3092, 0x3067, 0x304C].contains(value)
            || CharacterClasses.isLatin(value)
            || value == 0x30FB || value == 0x7B2C
    }

    private static func isRoomDigit(_ value: UInt32) -> Bool {
        CharacterClasses.isDigit(value) || value == 0x2D
    }

    /// A room right after the name of a building, if it has three digits or a word for rooms.
    static func building(in values: [UInt32], roomAfter stop: Int) -> Int? {
        room(in: values, at: values.afterSpaces(stop, limit: 1))
    }

    /// Where the last word for a building between two indices ends.
    private static func buildingWordEnd(
        in values: [UInt32], from start: Int, to stop: Int
    ) -> Int? {
        var end: Int?
        for index in start..<stop {
            if let after = buildings.end(in: values, at: index), after <= stop { end = after }
        }
        return end
    }

    /// Whether what follows the word for a building still is its name: `コーポやまだ`.
    private static func isName(_ values: [UInt32], _ word: Int, to stop: Int) -> Bool {
        word == stop || stop - word <= 10
    }

    private static let buildings = Phrases(
        words: """
            ビル ビルディング マンション ハイツ コーポ コーポラス アパート 荘 ハウス メゾン レジデンス パレス タワー コート ヴィラ ビラ 団地 寮 棟 館
            ハイム プラザ パーク ガーデン シャトー フラット ホームズ グランド 社宅 官舎 公舎 住宅 アーバン ルミエール ロイヤル サンハイツ カーサ ヴィレッジ ビレッジ
            ホーム 苑 園 邸 方 レジデンシャル ステージ クレスト エステート ライオンズ
            """)

    /// `203`, `101号室`, `5F`, `3階`, `A棟 305号室`: where it ends.
    private static func room(in values: [UInt32], at start: Int) -> Int? {
        var index = start
        if values[safe: index] == 0x2D { index += 1 }
        if let letter = values[safe: index], CharacterClasses.isLatin(letter),
            CharacterClasses.isDigit(values[safe: index + 1])
        {
            index += 1
        }
        let digits = values.end(of: isRoomDigit, from: index, limit: 6)
        guard digits > index, digits - index <= 5, CharacterClasses.isDigit(values[digits - 1])
        else { return nil }
        if let end = rooms.end(in: values, at: digits) {
            let next = values.afterSpaces(end, limit: 1)
            return room(afterBlock: next, in: values) ?? end
        }
        guard digits - index >= 3, isFree(values, digits) else { return nil }
        return digits
    }

    /// A room after the number of its block: `3号棟 305号室`.
    private static func room(afterBlock index: Int, in values: [UInt32]) -> Int? {
        let digits = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 5)
        guard digits > index else { return nil }
        return rooms.end(in: values, at: digits) ?? (digits - index >= 3 ? digits : nil)
    }

    private static let rooms = Phrases(words: "号室 号棟 号館 号 室 棟 階 F Ｆ")
}
