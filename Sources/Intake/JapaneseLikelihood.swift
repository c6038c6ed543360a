// SPDX-License-Identifier: Apache-2.0

/// How likely a decoded text is as Japanese: the sum of the logarithms of its characters' probabilities.
///
/// Bytes of CP932 and EUC-JP are often valid in both, and what one makes of the other's is not prose:
/// half-width katakana become kanji that hardly anybody writes, and kanji become half-width katakana in an
/// order that no word has. The frequencies are those of the words in the vocabulary of the shipped model,
/// rounded.
struct JapaneseLikelihood {
    /// Natural logarithm of the probability.
    private(set) var logarithm = 0.0

    init(of text: String) {
        var previous: UInt32 = 0
        for scalar in text.unicodeScalars {
            logarithm += Self.logarithm(of: scalar.value, after: previous)
            previous = scalar.value
        }
    }

    private static func logarithm(of value: UInt32, after previous: UInt32) -> Double {
        switch value {
        case ..<0x80: isPlain(value) ? -3.5 : -6
        case 0xFF61...0xFF9F: halfWidth(value, after: previous)
        case 0x4E00...0x9FFF: kanji(value)
        case 0x3041...0x3096: -3.9
        case 0x30A1...0x30FE: -4.5
        case 0x3001, 0x3002: -3.5
        case 0x3000, 0x300C...0x3011, 0xFF01...0xFF5E: -5.5
        case 0x3003...0x303F, 0x2160...0x217F, 0x2190...0x21FF, 0x2460...0x24FF, 0x25A0...0x25FF,
            0x00B1, 0x00D7, 0x2103, 0x2212:
            -7
        case 0x0391...0x03C9: -8
        case 0x00A0...0x00FF: -9
        // Scripts that no Japanese text has.
        case 0x0180...0x036F, 0x0400...0x07FF, 0xE000...0xF8FF: -20
        default: -11
        }
    }

    private static func isPlain(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x09, 0x0A, 0x0D, 0x28...0x29,
            0x2C...0x2F:
            true
        default: false
        }
    }

    private static func kanji(_ value: UInt32) -> Double {
        if frequent.contains(value) { return -6.2 }
        if common.contains(value) { return -7.6 }
        return firstLevel.contains(value) ? -9.7 : -12.5
    }

    // MARK: Half-width katakana

    /// Tenths of the logarithm for U+FF61 to U+FF9F; of the two voicing marks after a letter that takes them.
    private static let halfWidthTenths: [Int] = [
        -50, -50, -50, -50, -50, -90, -61, -50, -91, -55, -72, -52, -49,
        -53, -40, -25, -36, -34, -49, -50, -47, -41, -45, -36, -51, -42,
        -44, -36, -29, -50, -58, -38, -48, -50, -39, -30, -52, -47, -82,
        -53, -56, -38, -42, -34, -47, -43, -46, -54, -44, -44, -58, -62,
        -72, -62, -38, -34, -33, -43, -41, -57, -27, -14, -24,
    ]

    /// A voicing mark stands only after letters that can be voiced, and no word begins with a small letter,
    /// a long vowel or ﾝ.
    private static func halfWidth(_ value: UInt32, after previous: UInt32) -> Double {
        let usual = Double(halfWidthTenths[Int(value - 0xFF61)]) / 10
        let isInside = (0xFF66...0xFF9F).contains(previous)
        switch value {
        case 0xFF9E: return canBeVoiced(previous) ? usual : -9
        case 0xFF9F: return (0xFF8A...0xFF8E).contains(previous) ? usual : -9
        case 0xFF67...0xFF6F: return isInside && !isSmall(previous) ? usual : usual - 4
        case 0xFF70, 0xFF9D: return isInside ? usual : usual - 4
        default: return usual
        }
    }

    private static func canBeVoiced(_ value: UInt32) -> Bool {
        value == 0xFF73 || (0xFF76...0xFF84).contains(value) || (0xFF8A...0xFF8E).contains(value)
    }

    private static func isSmall(_ value: UInt32) -> Bool { (0xFF67...0xFF6F).contains(value) }

    // MARK: Kanji

    /// Three of five kanji are one of these 300.
    private static let frequent = values(
        """
        一三上下不世中主事二五京人今仏付代以任会伝位体作使例保信倉側元光入全公兵内出分初別利制前力
        加動務勝化北区十南原参取受口古台史右号合吉同名向呼命和品四回国土在地城基報場士変外多大天太
        女始子存学守安宗官定実室宮家寺対将小少屋山島川左市師常幕平年府度建式当形彼後従御徳心応性意
        成戦戸所手持指改政教数文新方族日旧明時暦書最月有朝期木本村条来東松業楽様権機次歌正武歳死氏
        民気水永江治法津活派流海清源無父物特状王現理生産用田男町画症発白的皇目直相県真知石社神私称
        立第等系紀経結統続線置義考者聞職能臣自良藤藩血行術衛表西要見親観言記設認語説議身車軍転近通
        造連進運道選郎部都重野金鉄長門開間関院際集面領頭頼風食馬駅高
        """)

    /// One of four is one of these 500.
    private static let common = values(
        """
        七万与両丸丹久之乗九乱予争井亡交享仁介仕他令仲件伊伏休伴低住佐何供価便係修候値備催像僧儀優
        兄先児党八六共具典兼円再写処刀切列判割創功助勢医千午半協単博印卿去及友反収叙可司各君含吸告
        周味員唐商問善喜営器因団囲図園圧坂型域堂境増売夜夫央失奈奉奥好如妻姓娘字孫宅宇完宝客宣害容
        寄密富寛察寿専尊導就尾局居展属岡岩崎州工差巻布帝帯帰庁広店座康廃延廷弁引弘弟弥張強影役律得
        復徴必志忠念思急息患悪情想愛感態慶我房打承技投抗拠挙捕授接推提摂撃支攻放故敗整料断施早昇映
        春昭普景曲更服望末材林果染査校根格案検極概構模横橋止歩歯歴残段殺殿母毎比求池決没沢河泉波注
        洋浄消深済減渡温満準演濃火点為然焼照熱版独率玉球由甲界留略番異疑病痛療登百皮盛監省着督研破
        確示祖祭禁禄福秀秋科移程種究空突競竹筆筋策管節範築米精約納紙級素細終組絵継維綱総編縁織羅美
        群羽翌習老聖育肺背脈腫腹至興舞般船色花芸若英茶草荘華落葉著蔵薩薬衆裁装補製規視覚角解計討許
        訴診評試話詳読調論諸識警護谷豊象貞財貴賀資賞質赤走起越足跡路軽辞農辺込返述追退送速過達違遠
        適遺郡郷配酒酸量銀録鎌阪防阿降限除陰陸陽隆隊階障離難雲電霊青静非音響頃題顎願類飛養館首香験
        骨鮮鳥麻黒
        """)

    /// The kanji of the first level of JIS X 0208, rows 16 to 47.
    private static let firstLevel: Set<UInt32> = {
        let cells = (UInt8(0xB0)...0xCF).flatMap { row in
            (UInt8(0xA1)...0xFE).flatMap { [row, $0] }
        }
        // The last row is not full.
        let bytes = Array(cells.prefix(cells.count - 2 * 43))
        guard let conversion = CharacterSetConversion(from: "EUC-JP") else { return [] }
        let text = String(decoding: conversion.converted(bytes).utf8, as: UTF8.self)
        return Set(text.unicodeScalars.map(\.value))
    }()

    private static func values(_ characters: String) -> Set<UInt32> {
        Set(characters.unicodeScalars.map(\.value).filter { $0 >= 0x4E00 })
    }
}
