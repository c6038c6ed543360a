// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Doses by their form: a number, a unit that drugs are measured in, and what follows of rate and times.
///
/// An amount is a dose only behind a drug (or another dose of it), with nothing between but words of
/// giving, so that laboratory values, volumes of urine, oxygen and sizes are none.
struct DoseExpression {
    let statement: Statement

    /// The doses of the statement's drugs, in order; those that overlap a mention of a dose are left out.
    func doses() -> [Range<Int>] {
        var found: [Range<Int>] = []
        var place = statement.range.lowerBound
        while place < statement.range.upperBound {
            if let mention = statement.mention(at: place) {
                place = mention.range.upperBound
                continue
            }
            guard let end = amount(at: place) ?? area(at: place) ?? scale(at: place) else {
                place += 1
                continue
            }
            let range = place..<end
            if follows(range.lowerBound, found) || precedes(range.upperBound)
                || isNewDose(range)
            {
                found.append(range)
            }
            place = end
        }
        return found
    }

    /// `16:30~ 1g/hで維持`, `同 2.0γへ増量`: a dose at the beginning of a line, of the drug that the line before told.
    func continuation() -> Range<Int>? {
        var place = statement.range.lowerBound
        while let scalar = statement[place], "-・▁*".unicodeScalars.contains(scalar) { place += 1 }
        let time = timeOfDay(at: place)
        place = statement.skippingSpace(time ?? place)
        let same = statement.end(of: ["同", "同薬", "同剤", "同上"], at: place)
        guard time != nil || same != nil else { return nil }
        place = statement.skippingSpace(same ?? place)
        guard let end = amount(at: place) else { return changed(from: place) }
        // 18:00 200mL alone may be what was drunk or passed.
        let isRate = statement.scalars[place..<end].contains { $0 == "/" || $0 == "γ" }
        guard
            isRate || same != nil
                || statement.end(of: Self.givings, at: statement.skippingSpace(end)) != nil
        else { return nil }
        return place..<end
    }

    /// 11:00 血圧安定、4γへ減量: what it is changed to, with its reason before it.
    private func changed(from start: Int) -> Range<Int>? {
        guard !statement.mentions.contains(where: { $0.type == .drug }) else { return nil }
        var place = start
        while place < statement.range.upperBound {
            if let end = amount(at: place) {
                if statement.end(of: Self.changes, at: statement.skippingSpace(end)) != nil {
                    return place..<end
                }
                place = end
            } else {
                place += 1
            }
        }
        return nil
    }

    private static let givings: WordList = [
        "で維持", "へ増量", "に増量", "へ減量", "に減量", "追加", "を追加", "投与", "を投与", "静注", "を静注", "持続", "で持続",
        "再投与",
        "へ変更", "に変更", "iv", "bolus", "フラッシュ", "内服", "を内服",
    ]

    /// 16:30~, 9時30分: where a time that begins a line ends.
    private func timeOfDay(at start: Int) -> Int? {
        func digits(_ start: Int) -> Int? {
            var end = start
            while let digit = statement[end], Self.isDigit(digit), end - start < 2 { end += 1 }
            return end > start ? end : nil
        }
        guard let hour = digits(start) else { return nil }
        var end: Int
        if statement[hour] == ":", let minute = digits(hour + 1) {
            end = minute
        } else if statement[hour] == "時", statement[hour + 1] != "間" {
            end = hour + 1
            if let minute = digits(end), statement[minute] == "分" { end = minute + 1 }
        } else {
            return nil
        }
        if let dash = statement[end], "~-〜".unicodeScalars.contains(dash) { end += 1 }
        return statement.end(of: ["より", "から", "に", "、"], at: end) ?? end
    }

    /// Where a dose that a model found really ends: 400mg/m is 400mg/m2.
    func end(of dose: Range<Int>) -> Int {
        guard let end = amount(at: dose.lowerBound), end > dose.upperBound,
            !statement.mentions.contains(where: {
                $0.range != dose && $0.range.overlaps(dose.lowerBound..<end)
            })
        else { return dose.upperBound }
        return end
    }

    private static let gases: WordList = ["酸素", "O2", "酸素吸入", "酸素投与", "酸素療法"]

    /// Whether what a model took for a dose is a flow of oxygen, 酸素3L/分.
    func isFlow(_ dose: Range<Int>) -> Bool {
        guard
            let drug = statement.mentions.last(where: {
                $0.type == .drug && $0.range.upperBound <= dose.lowerBound
            }),
            Self.gases.match(
                in: statement.scalars, at: drug.range.lowerBound, end: drug.range.upperBound)
                == drug.range
        else { return false }
        return true
    }

    // MARK: An amount

    private static let units: WordList = [
        "mg", "g", "μg", "mcg", "ug", "ng", "µg", "㎍", "mL", "ml", "cc", "ML", "単位", "万単位", "国際単位",
        "U", "IU", "万U", "錠", "T", "Tab", "tab", "C",
        "Cap", "cap", "カプセル", "Cp", "cp", "包", "枚", "本", "滴", "gtt", "A", "アンプル", "V", "バイアル", "筒",
        "管", "mEq", "mmol", "γ", "吸入", "プッシュ",
        "puff", "噴霧", "個", "丸", "キット", "シリンジ", "mgPE", "MU", "KU", "億単位", "mgI", "Tb", "袋", "瓶",
        "P", "gamma", "MG", "Mg", "グラム", "ミリグラム",
        "マイクログラム", "ミリリットル", "ミリ",
    ]
    private static let notUnits: WordList = [
        "mm", "cm", "gd", "g/dL", "g/dl", "mg/dL", "mg/dl", "mg/L", "g/L", "mL/min", "ml/min",
        "U/L", "IU/L", "mEq/L", "mmol/L", "μg/mL", "ng/mL", "μg/dL",
        "U/mL", "pg", "mEq/l", "U/l", "IU/l", "mg/l", "ng/ml", "μg/ml", "ng/dL", "mg/gCr", "g/gCr",
        "g/day尿", "本目", "個所", "mmHg", "mg/dℓ", "Torr", "CT", "T1強", "T2強", "T1W", "T2W", "T1-",
        "T2-", "T1画", "T2画", "T1低", "T2低", "T1高", "T2高",
        "mL/kg尿", "Cr", "度", "MRI", "μg/dl", "U/ml", "mg/g", "AM", "PM", "PO2", "Vol", "mSv", "本程",
        "本/日", "g台", "MRC", "gm/dl", "mIU/mL",
    ]
    private static let ascii: WordList = ["T", "C", "A", "V", "U", "P", "g"]

    /// The end of an amount that begins at a place.
    private func amount(at start: Int) -> Int? {
        guard let first = statement[start],
            Self.isDigit(first) || first == "半" || "一二三".unicodeScalars.contains(first)
        else { return nil }
        if start > statement.range.lowerBound {
            let before = statement.scalars[start - 1]
            // Not the end of a longer number or name: `CD20`, `T2`.
            if Self.isDigit(before) || before == "." || before == "/" { return nil }
            if before.isASCII, before.properties.isAlphabetic,
                statement.mentions.last(where: { $0.range.upperBound == start }) == nil
            {
                return nil
            }
        }
        var end = start
        if Self.isDigit(first) {
            while let scalar = statement[end],
                Self.isDigit(scalar)
                    || (".,/~-".unicodeScalars.contains(scalar)
                        && statement[end + 1].map(Self.isDigit) == true)
            {
                end += 1
            }
        } else {
            end += 1
        }
        end = statement.skippingSpace(end)
        if statement.end(of: Self.notUnits, at: end) != nil { return nil }
        guard let unit = statement.end(of: Self.units, at: end) else { return nil }
        if !Self.isDigit(first),
            !["錠", "包", "枚", "滴", "本", "カプセル", "筒", "単位"].contains(statement.text(end..<unit))
        {
            return nil
        }
        if let next = statement[unit], next.isASCII, next.properties.isAlphabetic,
            statement.scalars[unit - 1].isASCII,
            statement.end(of: Self.afterUnit, at: unit) == nil
        {
            return nil
        }
        return extended(unit)
    }

    /// AUC 5, AUC=6: the area under the curve by which carboplatin is given.
    private func area(at start: Int) -> Int? {
        guard let name = statement.end(of: ["AUC"], at: start) else { return nil }
        var end = statement.skippingSpace(name)
        if let sign = statement[end], "=:(".unicodeScalars.contains(sign) {
            end = statement.skippingSpace(end + 1)
        }
        let first = end
        while let scalar = statement[end], Self.isDigit(scalar) || scalar == "." { end += 1 }
        return end > first ? end : nil
    }

    /// 8-6-6-0: units in the morning, at noon, in the evening and at bedtime, right behind the insulin.
    private func scale(at start: Int) -> Int? {
        guard let drug = statement.mentions.last(where: { $0.range.upperBound <= start }),
            drug.type == .drug,
            statement.scalars[drug.range.upperBound..<start].allSatisfy({
                $0.isSpace || "(:R注".unicodeScalars.contains($0)
            })
        else { return nil }
        var (place, parts) = (start, 0)
        while true {
            let first = place
            while let scalar = statement[place], Self.isDigit(scalar) { place += 1 }
            guard (1...2).contains(place - first) else { return nil }
            parts += 1
            guard statement[place] == "-", statement[place + 1].map(Self.isDigit) == true else {
                break
            }
            place += 1
        }
        guard (3...4).contains(parts) else { return nil }
        return statement.end(of: ["単位", "U", "▁単位"], at: place) ?? place
    }

    private static let afterUnit: WordList = [
        "x", "X", "iv", "IV", "div", "DIV", "po", "PO", "sc", "SC", "im", "IM", "od", "bid", "tid",
        "qd",
    ]

    private static let rates: WordList = [
        "/日", "/day", "/回", "/kg", "/h", "/hr", "/時", "/時間", "/min", "/分", "/m2", "/㎡", "/body",
        "/週", "/d", "/H", "/Kg", "/KG", "/week", "/w", "/月", "/dose",
        "/24h", "/hour", "/食", "/晩",
    ]
    private static let times: WordList = [
        "分1", "分2", "分3", "分4", "分5", "分6", "分一", "分二", "分三", "1x", "2x", "3x", "1×", "2×", "3×",
    ]

    /// Takes in rates and times: `/kg/h`, `×2`, `分3`, `1日3回` stays outside.
    private func extended(_ unit: Int) -> Int {
        var end = unit
        while true {
            if let next = statement.end(of: Self.rates, at: end) ?? interval(at: end) {
                end = next
            } else if let next = statement.end(of: Self.times, at: end) {
                end = next
            } else if let sign = statement[end],
                sign == "×" || sign == "x" || sign == "*" || sign == "X",
                statement[end + 1].map(Self.isDigit) == true
            {
                end += 1
                while let digit = statement[end], Self.isDigit(digit) { end += 1 }
                end = statement.end(of: ["回/日", "回", "/日", "/day", "日間"], at: end) ?? end
            } else {
                return end
            }
        }
    }

    /// 3400mg/46h, 130mg/2時間: what is given in so many hours.
    private func interval(at start: Int) -> Int? {
        guard statement[start] == "/" else { return nil }
        var end = start + 1
        while let digit = statement[end], Self.isDigit(digit) { end += 1 }
        guard (1...3).contains(end - start - 1) else { return nil }
        return statement.end(
            of: ["h", "hr", "hrs", "時間", "min", "分", "日", "日間", "週", "週間", "w", "d", "days"],
            at: end)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value)
    }

    // MARK: Whose dose it is

    private static let between: WordList = [
        "実投与量", "投与量", "続いて", "次いで", "以後", "その後は", "急速", "緩徐", "時間かけて", "分かけて", "かけて", "分で", "時間で",
        "導入", "1日", "1回", "一日", "一回", "朝", "昼", "夕", "眠前", "就寝前", "計", "約", "各", "合計", "開始", "増量",
        "減量",
        "投与", "内服", "継続", "変更", "処方", "点滴",
        "静注", "持続", "から", "まで", "へ", "に", "を", "は", "の", "で", "より", "て", "し", "した", "、", ",", ":",
        "(", ")", "[", "]", "追加", "使用", "服用", "再開",
        "後", "毎食後", "食後", "食前", "→", "=", "錠", "散", "注", "注射液", "カプセル", "細粒", "OD", "OD錠", "顆粒",
        "シロップ", "軟膏", "点眼液", "テープ", "坐剤", "坐薬",
        "徐放錠", "吸入", "日目", "日後", "週後", "週間後", "か月後", "ヶ月後", "週", "月", "日", "が", "も", "されて", "され",
        "れ", "いた", "いる", "であった", "漸減", "漸増",
        "・", "と", "▁", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", ".", "+", "最大", "少量", "初回",
        "維持", "量", "維持量", "たり", "1錠", "さらに", "その後", "翌日", "本日",
        "昨日", "現在", "夜", "現", "毎", "回", "分", "ずつ", "液", "静脈内", "経口", "皮下注", "筋注", "div", "iv",
        "DIV", "IV", "po", "製剤", "同", "再度", "また", "/", "mg", "効果不十分のため", "間",
        "増やし", "減らし", "「", "」", "『", "』", "%", "入り", "配合", "混注", "シリンジ", "ミニ", "LA", "SR", "CR",
        "ER", "R", "L", "S", "D", "H", "型", "号", "用", "内用", "外用", "-", "~", "塩酸塩", "硫酸塩", "水和物",
        "ナトリウム", "酢酸塩", "臭化物", "持続皮下注", "原液", "メシル酸塩", "マレイン酸塩", "コハク酸", "以上", "以下", "未満", "超", "台",
        "BS",
        "血糖", "血糖値", "mg/dL",
        "mg/dl", "N", "Q", "筋肉内", "皮下", "注射", "点滴静注", "静脈注射", "持続静注", "持続点滴", "頓用", "頓服", "屯用",
        "疼痛時", "発熱時",
        "不眠時", "嘔気時", "便秘時", "眠剤", "分服", "時間毎", "時間ごと", "毎食前", "食直前", "食間", "起床時", "夕食後", "朝食後",
        "昼食後", "を▁",
        "最初", "次に", "途中", "徐々に", "段階的に", "隔日", "週間", "だけ", "のみ", "うち", "体重", "あたり", "当たり", "Rp",
        "×", "x",
        "bolus", "ボーラス", "ローディング", "loading", "急速静注", "始め", "はじめ", "始まり", "経て", "経由", "至って", "至り",
        "至る",
        "年前", "か月前", "ヶ月前", "カ月前", "週間前", "週前", "日前", "前回", "以前", "前", "当初", "入院時", "退院時", "今回",
        "今朝",
        "外来時", "導入時", "最終的", "なり", "なって", "となり", "ポンプ", "接続", "側管", "時間", "のち", "翌週", "翌月", "先週",
        "先月", "今週",
        "来週", "今月", "ごと", "おき", "コース", "クール", "サイクル", "とした", "とし", "シリンジポンプ", "全開", "同時",
    ]

    /// Whether only words of giving stand between the amount and the last drug or dose before it.
    private func follows(_ start: Int, _ found: [Range<Int>]) -> Bool {
        let drug = statement.mentions.last { $0.type != .disease && $0.range.upperBound <= start }?
            .range.upperBound
        let dose = found.last?.upperBound
        guard let from = [drug, dose].compactMap({ $0 }).max() else { return false }
        var place = from
        while place < start {
            guard let end = statement.end(of: Self.between, at: place) else { return false }
            place = min(end, start)
        }
        return true
    }

    private static let changes: WordList = [
        "まで上げ", "まで下げ", "まで増や", "まで減ら",
        "へ増量", "に増量", "まで増量", "へ減量", "に減量", "まで減量", "へup", "にup", "までup", "へUP", "にUP", "までUP",
        "へUp", "にUp", "へdown", "にdown", "へDOWN", "へアップ", "にアップ", "へダウン", "にダウン", "へ漸増", "まで漸増",
        "へ漸減", "まで漸減", "に漸減", "へ増やし", "に増やし", "へ減らし", "に減らし", "へ変更し", "に変更し", "へ下げ", "に下げ",
        "へ上げ", "に上げ",
    ]

    /// 血圧80台のため5μg/kg/minへup: what a drug of the sentence is changed to, whatever stands between.
    private func isNewDose(_ range: Range<Int>) -> Bool {
        statement.end(of: Self.changes, at: statement.skippingSpace(range.upperBound)) != nil
            && statement.mentions.contains {
                $0.type == .drug && $0.range.upperBound <= range.lowerBound
            }
    }

    /// 500mgのアセトアミノフェン
    private func precedes(_ end: Int) -> Bool {
        guard let particle = statement.end(of: ["の", "▁"], at: end) else { return false }
        return statement.mentions.contains { $0.type == .drug && $0.range.lowerBound == particle }
    }
}
