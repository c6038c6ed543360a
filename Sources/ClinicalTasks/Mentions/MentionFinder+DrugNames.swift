// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Names of drugs that lists do not have as records write them.
extension MentionFinder {
    /// Ends of international names by which a drug is known for one: -mab, -tinib, -gliflozin.
    static let stems: WordList = [
        "マブ", "チニブ", "シクリブ", "パリブ", "ゾミブ", "グリフロジン", "グリプチン", "グルチド", "サルタン", "ジピン", "スタチン",
        "プラゾール",
        "プラザン", "セトロン", "フロキサシン", "マイシン", "シリン", "コナゾール", "ビル", "キサバン", "トリプタン", "プロスト", "セルチン",
        "ドロネート", "ドロン酸", "シタビン", "タキセル", "ルビシン", "プラチン", "テカン", "トレキサート", "ゾラム", "ゼパム", "アゼパム",
        "ピプラゾール",
        "オキセチン", "トリプチリン", "フィリン", "テロール", "グリタゾン", "グリニド", "フィブラート", "レキサント", "スポリン", "リムス",
    ]

    /// The same of a whole word that neither a model nor a list knows: カナグリフロジン.
    var stemmed: [Range<Int>] {
        sentence.morphemes.compactMap { word in
            let range = word.range.start..<word.range.end
            guard range.count >= 5, text.cleaned.scalars[range].allSatisfy(Self.isKatakana),
                Self.stems.ends(text.cleaned.scalars, range)
            else { return nil }
            return range
        }
    }

    /// Infusions by the names that orders have, without what the price list adds.
    static let infusions: WordList = [
        "ソルデム1", "ソルデム3A", "ソルデム3AG", "ソリタT1", "ソリタT3", "ソリタ-T1号", "ソリタ-T3号", "ビーフリード", "ラクテック",
        "ラクテックG",
        "ヴィーンF", "ヴィーンD", "ヴィーン3G", "エルネオパ", "エルネオパNF1号", "エルネオパNF2号", "フィジオ35", "フィジオ140",
        "フィジオゾール3号",
        "ソルラクト", "ビカーボン", "ビカネイト", "KN1号", "KN3号", "イントラリポス", "フルカリック1号", "フルカリック2号",
    ]

    /// Formulas of traditional medicine, which the price list has as extracts.
    static let kampo: WordList = [
        "葛根湯", "葛根湯加川芎辛夷", "乙字湯", "安中散", "十味敗毒湯", "八味地黄丸", "大柴胡湯", "小柴胡湯", "柴胡桂枝湯", "柴胡桂枝乾姜湯",
        "柴胡加竜骨牡蛎湯", "半夏瀉心湯", "黄連解毒湯", "半夏厚朴湯", "五苓散", "桂枝加朮附湯", "小青竜湯", "防已黄耆湯", "小半夏加茯苓湯", "消風散",
        "当帰芍薬散", "加味逍遙散", "加味逍遥散", "桂枝茯苓丸", "桂枝加竜骨牡蛎湯", "麻黄湯", "越婢加朮湯", "麦門冬湯", "真武湯", "呉茱萸湯",
        "人参湯", "大黄牡丹皮湯", "白虎加人参湯", "四逆散", "木防已湯", "半夏白朮天麻湯", "当帰四逆加呉茱萸生姜湯", "苓姜朮甘湯", "苓桂朮甘湯",
        "猪苓湯", "補中益気湯", "六君子湯", "桂枝湯", "七物降下湯", "釣藤散", "十全大補湯", "荊芥連翹湯", "潤腸湯", "薏苡仁湯", "疎経活血湯",
        "大防風湯", "抑肝散", "抑肝散加陳皮半夏", "麻杏甘石湯", "五淋散", "温清飲", "清上防風湯", "治頭瘡一方", "桂枝加芍薬湯", "桃核承気湯",
        "防風通聖散", "五積散", "炙甘草湯", "帰脾湯", "参蘇飲", "女神散", "芍薬甘草湯", "茯苓飲", "香蘇散", "四物湯", "甘麦大棗湯",
        "柴陥湯", "調胃承気湯", "芎帰膠艾湯", "麻杏薏甘湯", "平胃散", "柴胡清肝湯", "二陳湯", "桂枝人参湯", "治打撲一方", "清肺湯", "竹筎温胆湯",
        "滋陰至宝湯", "滋陰降火湯", "五虎湯", "柴朴湯", "大建中湯", "小建中湯", "黄耆建中湯", "升麻葛根湯", "当帰湯", "酸棗仁湯", "辛夷清肺湯",
        "通導散", "温経湯", "牛車腎気丸", "人参養栄湯", "柴苓湯", "胃苓湯", "茵蔯蒿湯", "茵陳蒿湯", "茵蔯五苓散", "清暑益気湯", "加味帰脾湯",
        "桔梗湯", "六味丸", "麻子仁丸", "啓脾湯", "大黄甘草湯", "桂枝加芍薬大黄湯", "神秘湯", "当帰飲子", "竜胆瀉肝湯", "清心蓮子飲", "三黄瀉心湯",
        "排膿散及湯", "麻黄附子細辛湯", "川芎茶調散", "立効散", "二朮湯", "当帰芍薬散加附子", "茯苓飲合半夏厚朴湯",
    ]

    /// Whole names of which a list or a model has only the beginning: ヘパリン類似物質, ビタミンB12.
    var compoundNames: [Range<Int>] {
        let scalars = text.cleaned.scalars
        let all = sentence.range.start..<sentence.range.end
        var found = Self.compounds.all(in: scalars, all)
        for vitamin in (["ビタミン"] as WordList).all(in: scalars, all) {
            var end = vitamin.upperBound
            guard end < all.upperBound, ("A"..."K").contains(scalars[end]) else { continue }
            end += 1
            while end < all.upperBound, scalars[end].properties.numericType != nil,
                end - vitamin.upperBound < 3
            {
                end += 1
            }
            if isTaken(after: end) { found.append(vitamin.lowerBound..<end) }
        }
        for word in Self.nutrients.all(in: scalars, all)
        where isTaken(after: word.upperBound)
            || found.contains(where: { $0.lowerBound == word.upperBound + 1 })
        {
            found.append(word)
        }
        return found
    }

    private static let compounds: WordList = [
        "ヘパリン類似物質", "ヘパリン類似物質油性クリーム", "ヘパリン類似物質クリーム", "ヘパリン類似物質ローション", "ヘパリン類似物質外用スプレー",
        "ヘパリン類似物質外用泡状スプレー", "ヘパリン類似物質軟膏", "ヘパリンナトリウム", "ヘパリンカルシウム", "未分画ヘパリン",
        "低分子ヘパリン", "低分子量ヘパリン",
    ]
    /// Substances of food and blood, too, which are drugs by the dose behind them.
    private static let nutrients: WordList = ["葉酸", "ブドウ糖"]
    private static let takings: WordList = [
        "シロップ", "製剤", "剤", "錠", "注", "散", "カプセル", "軟膏", "を内服", "を投与", "を補充", "を処方", "を服用", "を開始",
        "を静注", "を点滴", "を筋注", "を併用", "の内服", "の投与", "の補充", "の注射", "内服", "投与", "補充", "静注", "点滴", "筋注",
        "サプリ",
    ]

    /// Whether a vitamin is given, not measured or lacking.
    private func isTaken(after end: Int) -> Bool {
        Self.takings.match(in: text.cleaned.scalars, at: end, end: sentence.range.end) != nil
            || isBeforeDose(end)
    }

    private static let substances: WordList = [
        "葉酸", "カリウム", "ナトリウム", "カルシウム", "マグネシウム", "亜鉛", "鉄", "銅", "リン", "アルブミン", "ビタミンB1",
        "ビタミンB12",
        "ビタミンD", "血清鉄", "フェリチン", "アンモニア", "尿酸", "クレアチニン", "ブドウ糖",
    ]
    private static let findingsOfLaboratory: WordList = [
        "低値", "高値", "正常", "欠乏", "不足", "値", "は低値", "も低値", "が低値", "は高値", "も高値", "が高値", "は正常", "も正常",
        "濃度", "が低", "は低", "も低", "が高", "は高", "も高",
    ]

    /// 葉酸 2.1ng/mL, 亜鉛も低値: what a laboratory measured is no drug.
    func isMeasured(_ placed: MentionReader.PlacedEntity) -> Bool {
        let scalars = text.cleaned.scalars
        let last = sentence.range.end
        guard placed.entity.type == .drug,
            Self.substances.match(
                in: scalars, at: placed.range.lowerBound, end: placed.range.upperBound)
                == placed.range
        else { return false }
        var place = placed.range.upperBound
        if Self.findingsOfLaboratory.match(in: scalars, at: place, end: last) != nil { return true }
        while place < last, ":▁".unicodeScalars.contains(scalars[place]) { place += 1 }
        let first = place
        while place < last, scalars[place].properties.numericType != nil || scalars[place] == "." {
            place += 1
        }
        while place < last, place > first, scalars[place].isSpace { place += 1 }
        return place > first && Self.levels.match(in: scalars, at: place, end: last) != nil
    }

    private static let strengths: WordList = ["mg", "μg", "µg", "単位", "IU", "錠", "T", "g"]
    private static let levels: WordList = [
        "mg/dL", "mg/dl", "μg/dL", "μg/dl", "ng/mL", "ng/ml", "pg/mL", "pg/ml", "g/dL",
        "g/dl", "mEq/L", "mEq/l", "mmol/L", "T1", "T2",
    ]

    private func isBeforeDose(_ end: Int) -> Bool {
        let scalars = text.cleaned.scalars
        let last = sentence.range.end
        var place = end
        while place < last, scalars[place].isSpace { place += 1 }
        let first = place
        while place < last, scalars[place].properties.numericType != nil || scalars[place] == "." {
            place += 1
        }
        while place < last, place > first, scalars[place].isSpace { place += 1 }
        return place > first && Self.levels.match(in: scalars, at: place, end: last) == nil
            && Self.strengths.match(in: scalars, at: place, end: last) != nil
    }
}
