// SPDX-License-Identifier: Apache-2.0

/// Common surnames and given names of Japan, as plain facts; the rules for names lean on them.
enum NameLists {
    /// Where the surnames end that start at an index: up to four, the longest first.
    static func surnameEnds(in values: [UInt32], at start: Int) -> [Int] {
        ends(in: values, at: start, of: surnames)
    }

    /// Where the given names end that start at an index: the longest first.
    static func givenNameEnds(in values: [UInt32], at start: Int) -> [Int] {
        ends(in: values, at: start, of: givenNames)
    }

    /// Whether the scalars of a range are a surname of the list.
    static func isSurname(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        key(values, range).map(surnames.contains) ?? false
    }

    /// Whether the scalars of a range are a given name of the list.
    static func isGivenName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        key(values, range).map(givenNames.contains) ?? false
    }

    private static func ends(
        in values: [UInt32], at start: Int, of names: Set<UInt64>
    ) -> [Int] {
        var found: [Int] = []
        var key: UInt64 = 0
        for index in start..<max(start, min(values.count, start + 4)) {
            let form = form(of: values[index])
            if form > 0xFFFF { break }
            key = key << 16 | UInt64(form)
            if names.contains(key) { found.insert(index + 1, at: 0) }
        }
        return found
    }

    /// The form that the lists have a kanji under.
    @inline(__always)
    private static func form(of value: UInt32) -> UInt32 {
        value <= 0xFFFF ? UInt32(forms[Int(value)]) : variants[value] ?? value
    }

    private static let forms: [UInt16] = {
        var forms = (0...0xFFFF).map { UInt16($0) }
        for (variant, form) in variants where variant <= 0xFFFF && form <= 0xFFFF {
            forms[Int(variant)] = UInt16(form)
        }
        return forms
    }()

    /// Up to four scalars as one number; nil for more, or outside the text.
    private static func key(_ values: [UInt32], _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 4, range.lowerBound >= 0,
            range.upperBound <= values.count
        else { return nil }
        var key: UInt64 = 0
        for index in range {
            let short = form(of: values[index])
            guard short <= 0xFFFF else { return nil }
            key = key << 16 | UInt64(short)
        }
        return key
    }

    /// Forms of kanji in names, by the one that the lists have them under; 𠮷 lies outside of 16 bits.
    private static let variants: [UInt32: UInt32] = Dictionary(
        uniqueKeysWithValues: [
            ("𠮷", "吉"), ("﨑", "崎"), ("碕", "崎"), ("髙", "高"), ("濵", "浜"), ("濱", "浜"), ("邊", "辺"),
            ("邉", "辺"), ("齋", "斎"),
            ("齊", "斉"), ("廣", "広"), ("澤", "沢"), ("櫻", "桜"), ("國", "国"), ("嶋", "島"), ("嶌", "島"),
            ("槗", "橋"), ("德", "徳"),
            ("栁", "柳"), ("圓", "円"), ("淸", "清"), ("眞", "真"), ("龍", "竜"), ("瀨", "瀬"), ("黑", "黒"),
            ("惠", "恵"),
            ("冨", "富"), ("峯", "峰"), ("嶽", "岳"), ("藪", "薮"), ("籔", "薮"), ("壽", "寿"), ("條", "条"),
            ("舘", "館"), ("萬", "万"),
        ].compactMap { (variant: String, form: String) in
            variant.unicodeScalars.first.flatMap { from in
                form.unicodeScalars.first.map { (from.value, $0.value) }
            }
        })

    private static func keys(_ words: String) -> Set<UInt64> {
        Set(
            words.scalarWords.compactMap { key($0, $0.indices) })
    }

    private static let surnameWords = [NameWords.surnames, RarerNames.surnames]
    private static let givenNameWords = [NameWords.givenNames, RarerNames.givenNames]
    private static let surnames = keys(surnameWords.joined(separator: " "))
    private static let givenNames = keys(givenNameWords.joined(separator: " "))
    /// The scalars with which surnames of the list begin, in all their forms.
    static let surnameFirsts: Set<UInt32> = {
        let firsts = Set(each(of: surnameWords).compactMap { $0.first })
        return firsts.union(variants.compactMap { firsts.contains($1) ? $0 : nil })
    }()

    // MARK: Shapes

    /// Whether two or three kanji of no list begin and end like surnames do: 桐生, 高安.
    static func isLikeSurname(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        isSurname(values, range)
            || isLike(values, range, between: surnameFirsts, and: surnameLasts)
            || endsLikeSurname(values, range)
    }

    /// 沓掛: two or three kanji of which the last ends many surnames, and no common word.
    private static func endsLikeSurname(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        guard (2...3).contains(range.count), range.lowerBound >= 0,
            range.upperBound <= values.count, values[range].allSatisfy(NameParts.isKanji),
            endings.contains(values[range.upperBound - 1])
        else { return false }
        return !range.contains {
            words.end(in: values, at: $0, notAfter: range.upperBound) == range.upperBound
        }
            && !wordFirsts.contains(values[range.lowerBound])
    }

    private static let endings = Set(
        "田川山野原村井本木島沢谷崎橋林森岡藤塚池浜浦瀬津泉倉城宮屋口坂堀杉松竹柳梨枝根掛越持米沼淵渕嶋澤﨑碕峰峯嶺岳尾江波畑畠垣脇置切込取立戸辺部見里藏蔵輪鹿熊鷹鶴亀栗柿栖條條司崇来久保"
            .unicodeScalars.map(\.value))
    /// Common words that end so.
    private static let words = Phrases(
        words: """
            病原 抗原 高原 草原 起原 腫瘍原 標本 基本 見本 日本 資本 脚本 根本 手本 絵本 経口 入口 出口 人口 傷口 窓口 糸口 開口 閉口 瘻口 噴門口 視野 術野 肺野 分野 平野 水田 火山 登山 下山 河川 天井 樹木 材木 半島 離島 諸島 膵島 渓谷 鉄橋 陸橋 脳橋 架橋 森林 山林 農林 部屋 小屋 家屋 病室 温泉
            落城 子宮 迷宮 登坂 急坂 興味津 屋根 歯根 神経根 後根 前根 大根 分枝 側枝 末梢枝 下行枝 回旋枝 維持 支持 把持 保持 所持 固持 持 玄米 白米 周辺 身辺 右辺 左辺 内部 外部 上部 下部 頭部 頸部 頚部 胸部 腹部 腰部 背部 臀部 殿部 四肢 患部 局部 全部 一部 幹部 心窩部 所見 意見 発見 外見 会見 偏見 初見
            電池 高江 脳波 短波 電波 音波 超音波 高周波 心房波 設置 装置 位置 処置 放置 留置 措置 配置 安置 適切 大切 親切 裂切 痛切 一切 摂取 聴取 採取 摘取 搾取 看取 起立 自立 独立 成立 孤立 確立 倒立 両立 中立 対立 入戸 網戸 井戸 雨戸 来院 外来 以来 従来 元来 本来 将来 未来 由来 再来 往来 家来 上司 下司 郷里
            人里 確保 担保 留保 永久 恒久 耐久 持久 貯蔵 冷蔵 内蔵 所蔵 心臓 馬鹿 条例 食込 踏込 人込 年越 超越 優越 受取 引取 書取 聞取 段取 首尾 末尾 語尾 交尾 尾 大尾 一輪 三輪車 車輪 両輪 道路 側溝 胸水 板垣外 石垣 生垣 両脇 左脇 右脇 前立 夜間 目立 役立 献立 組立 苦手 両側 内江 寛解 入浴 帰宅 面会 希望 説明 同意 退院 転院 転棟 外泊 外出 検査 手術
            """)
    /// 前後左右上下…: kanji with which words of place and number begin.
    private static let wordFirsts = Set("前後左右全各当他同両副再未不無非毎每".unicodeScalars.map(\.value))

    /// Whether two or three kanji of no list begin and end like given names do.
    static func isLikeGivenName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        isGivenName(values, range)
            || isLike(values, range, between: givenNameFirsts, and: givenNameLasts)
    }

    private static func isLike(
        _ values: [UInt32], _ range: Range<Int>, between firsts: Set<UInt32>, and lasts: Set<UInt32>
    ) -> Bool {
        guard (2...3).contains(range.count), range.lowerBound >= 0,
            range.upperBound <= values.count, values[range].allSatisfy(NameParts.isKanji)
        else { return false }
        let first = values[range.lowerBound]
        let last = values[range.upperBound - 1]
        return firsts.contains(form(of: first)) && lasts.contains(form(of: last))
    }

    private static let surnameLasts = Set(
        each(of: surnameWords).compactMap { $0.count > 1 ? $0.last : nil })
    private static let givenNameFirsts = Set(
        each(of: givenNameWords).compactMap { $0.count > 1 ? $0.first : nil })
    private static let givenNameLasts = Set(
        each(of: givenNameWords).compactMap { $0.count > 1 ? $0.last : nil })

    /// The words of some lists, in the forms that the lists are searched by.
    private static func each(of lists: [String]) -> [[UInt32]] {
        lists.flatMap(\.scalarWords).map { $0.map(form) }
    }
}
