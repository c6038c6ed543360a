// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// What the sentence around a drug says is done with it: given, planned, stopped, not given, not tolerated.
struct DrugAssertion {
    let statement: Statement

    /// What is done with the drug that ends the list beginning at the mention of that number.
    func decision(of number: Int) -> (state: DrugState, cue: Range<Int>?, isAmbiguous: Bool) {
        let mention = statement.mentions[number]
        if let before = markBefore(mention.range.lowerBound) { return (before.0, before.1, false) }
        var place = mention.range.upperBound
        if let own = attached(after: place) { return (own.0, own.1, false) }
        if let after = timeAfter(place), isOnCondition(before: mention.range.lowerBound) != nil {
            return (.given, after, false)
        }
        var isFirst = true
        while place < statement.range.upperBound {
            if let other = statement.mention(at: place) {
                if other.type == .drug { isFirst = false }
                place = other.range.upperBound
                continue
            }
            if let refused = refusal(behindQuote: place, drug: mention) {
                return (refused.0, refused.1, !isFirst)
            }
            if let found = event(at: place, drug: mention) {
                if let state = found.state {
                    return (state, found.range, !isFirst && state != .given)
                }
                place = found.range.upperBound
            } else {
                place += 1
            }
        }
        return isOnCondition(before: mention.range.lowerBound) ?? (.given, nil, false)
    }

    /// ロキソニンは「飲むと胃が痛くなる」と拒否され: what is done about the drug for the reason that is quoted.
    private func refusal(
        behindQuote place: Int, drug: Statement.Mention
    ) -> (DrugState, Range<Int>)? {
        guard statement[place] == "「",
            let close = statement.scalars[place..<statement.range.upperBound].firstIndex(of: "」"),
            let end = statement.end(
                of: ["と", "との", "とのことで", "とのことで、", "と言い", "と話し"], at: close + 1)
        else { return nil }
        for next in end..<min(end + 8, statement.range.upperBound) {
            guard let found = event(at: next, drug: drug), let state = found.state else { continue }
            return state == .given || state == .planned ? nil : (state, found.range)
        }
        return nil
    }

    // MARK: Beside the drug

    private static let allergies: WordList = [
        "アレルギー", "過敏症", "に過敏", "禁忌", "で薬疹", "でアナフィラキシー", "アレルギ―", "不耐", "に対するアレルギー", "に対する過敏",
        "に過敏", "に対してアレルギー", "に対しアレルギー", "に対して過敏", "に対し過敏", "へのアレルギー", "への過敏", "によるアレルギー", "にアレルギー",
        "系アレルギー",
        "系抗菌薬アレルギー", "系抗生剤アレルギー", "系にアレルギー", "ショックの既往", "でショック", "は禁忌", "が禁忌",
    ]
    private static let denied: WordList = [
        "なし", "(-)", "ない", "はない", "はなし", "-", "無し", "歴なし", "の既往なし", "歴はない", ":なし", "陰性",
    ]

    private func attached(after place: Int) -> (DrugState, Range<Int>)? {
        let start = statement.skippingSpace(place)
        if let end = statement.end(of: Self.allergies, at: start) {
            // ペニシリンアレルギーなし says nothing of what is given.
            let after = statement.skippingSpace(end)
            return statement.end(of: Self.denied, at: after).map { (.notGiven, start..<$0) } ?? (
                .allergy, start..<end
            )
        }
        if let shorthand = FindingAssertion.shorthand(after: place, in: statement) {
            switch shorthand.certainty {
            case .negative: return shorthand.cue.map { (.notGiven, $0) }
            case .positive: return shorthand.cue.map { (.given, $0) }
            case .suspicious, .general: return nil
            }
        }
        for (state, words) in Self.suffixes {
            guard let end = statement.end(of: words, at: start) else { continue }
            if state == .stopped {
                if let resumed = resumption(after: end) { return (.given, start..<resumed) }
                if Self.denialFollows(end, in: statement)
                    || statement.end(of: Self.soundPlans, at: skippingParticle(end)) != nil
                {
                    return (.given, start..<end)
                }
            }
            return (state, start..<end)
        }
        return nil
    }

    private static let suffixes: [(DrugState, WordList)] = [
        (
            .notGiven,
            [
                "なし", "無し", "は不要", "不要", "は禁", "禁", "(なし)", "を避け", "は避け", "以外", "なしで", "フリー",
                "を使わず",
                "を使用せず", "の投与なし", "の使用なし", "の内服なし",
            ]
        ),
        (
            .stopped,
            [
                "off", "OFF", "オフ", "をoff", "をOFF", "中止", "休薬", "終了", "を中止", "は中止", "は休薬", "を休薬",
                "stop", "STOP", "をオフ", "抜去", "→中止", "→off", "d/c", "D/C", "→d/c", "をd/c", "はd/c",
                "→休薬", "→終了",
                "→stop", "×中止", "は終了", "を終了",
            ]
        ),
    ]

    private static let before: [(DrugState, WordList)] = [
        (.stopped, ["休薬:", "中止:", "中止薬:", "休薬中:", "stop:", "off:"]),
        (.allergy, ["アレルギー:", "アレルギー歴:", "禁忌:", "禁忌薬:", "アレルギー▁", "禁忌薬▁", "アレルギーは"]),
        (.notGiven, ["未投与:", "未内服:", "no▁"]),
        (.planned, ["予定:", "開始予定:"]),
    ]

    /// A heading before the list that a drug stands in: 禁忌:セフェム系、ヨード造影剤.
    private func markBefore(_ place: Int) -> (DrugState, Range<Int>)? {
        var start = place
        while let before = statement.mentions.last(where: {
            $0.type == .drug && $0.range.upperBound < start
        }), isList(before.range.upperBound..<start) {
            start = before.range.lowerBound
        }
        for (state, words) in Self.before {
            if let end = words.start(
                endingAt: start, in: statement.scalars, from: statement.range.lowerBound)
            {
                return (state, end..<start)
            }
        }
        return nil
    }

    private func isList(_ gap: Range<Int>) -> Bool {
        let start = statement.skippingSpace(gap.lowerBound)
        guard let end = statement.end(of: Statement.enumerators, at: start) else { return false }
        return statement.skippingSpace(end) == gap.upperBound
    }

    // MARK: What is done

    private func event(at place: Int, drug: Statement.Mention) -> (
        state: DrugState?, range: Range<Int>
    )? {
        if let end = statement.end(of: Self.stoppedWords, at: place) {
            if let resumed = resumption(after: end) { return (.given, place..<resumed) }
            if Self.denialFollows(end, in: statement) { return (.given, place..<end) }
            if statement.end(of: Self.soundPlans, at: skippingParticle(end)) != nil {
                return (.given, place..<end)
            }
            return (.stopped, place..<end)
        }
        if let end = statement.end(of: Self.withheldWords, at: place) {
            return (.notGiven, place..<end)
        }
        guard let number = statement.word(at: place), statement.words[number].range.start == place
        else { return nil }
        // ヘパリンからワーファリンへ変更
        if statement.words[number].surface == "変更" || statement.words[number].baseForm == "切り替える"
            || statement.words[number].surface == "切り替え" || statement.words[number].surface == "切替"
        {
            let isLeft =
                statement.end(
                    of: ["から", "より", "を"], at: statement.skippingSpace(doseEnd(after: drug))) != nil
                && statement.mentions.contains {
                    $0.type == .drug && $0.range.lowerBound > drug.range.lowerBound
                        && $0.range.upperBound <= place
                }
            let range = statement.words[number].range.start..<statement.words[number].range.end
            // MEPMへの変更はせず
            if let change = Predicate(at: number, in: statement.words), change.isNegated {
                let end = statement.words[change.words.upperBound - 1].range.end
                return (isLeft ? .given : .notGiven, place..<end)
            }
            // フェンタニル貼付剤への変更は見送り: then all stays as it was.
            if let refusal = laterRefusal(after: range.upperBound) ?? withheldNext(range.upperBound)
            {
                return (isLeft ? .given : .notGiven, refusal)
            }
            if !isLeft, let plan = plan(after: range.upperBound) { return (.planned, place..<plan) }
            return (isLeft ? .stopped : .given, range)
        }
        guard let act = Self.act(of: statement.words[number]) else { return nil }
        let predicate = Predicate(at: number, in: statement.words)
        let lastWord = (predicate?.words.upperBound ?? number + 1) - 1
        let range = place..<statement.words[lastWord].range.end
        let isNegated = predicate?.isNegated == true
        if predicate == nil, continuesAsNoun(number, act) { return nil }
        switch act {
        case .give:
            if isNegated {
                // 増量せず: it is given as before.
                if Self.amounts.contains(statement.words[number].baseForm) { return (nil, range) }
                return (predicate?.isAvoided == true ? .planned : .notGiven, range)
            }
            if predicate?.condition == .always { return (.planned, range) }
            if let contradiction = contradiction(after: range.upperBound) { return contradiction }
            if let plan = plan(after: range.upperBound) { return (.planned, place..<plan) }
            if let stop = stopAfter(range.upperBound) { return stop }
            if predicate == nil, let withheld = laterRefusal(after: range.upperBound) {
                return (.notGiven, withheld)
            }
            if let condition = isOnCondition(before: drug.range.lowerBound),
                predicate?.isPast != true,
                statement.words.last(where: { $0.partOfSpeech != "記号" })?.baseForm != "た"
                    || isTold(after: range.upperBound)
            {
                return (condition.0, condition.1 ?? range)
            }
            if let stop = laterStop(after: range.upperBound) { return (.stopped, stop) }
            return (.given, range)
        case .stop:
            if isNegated { return (.given, range) }
            if let resumed = resumption(after: range.upperBound) {
                return (.given, place..<resumed)
            }
            if statement.end(of: Self.soundPlans, at: skippingParticle(range.upperBound)) != nil {
                return (.given, range)
            }
            return (.stopped, range)
        case .withhold: return (isNegated ? .given : .notGiven, range)
        case .consider:
            // 主治医の指示で保留, 予定どおり内服: how, not what.
            if isManner(before: range.upperBound) { return (nil, range) }
            if let contradiction = contradiction(after: range.upperBound) { return contradiction }
            return (isNegated ? .notGiven : .planned, range)
        }
    }

    private static let manners: WordList = [
        "どおり", "通り", "とおり", "により", "によって", "にて", "のもと", "の下", "に従", "に基づ", "を受け", "に沿",
    ]

    private func isManner(before place: Int) -> Bool {
        if statement.end(of: Self.manners, at: place) != nil { return true }
        guard statement[place] == "で", let next = statement[place + 1] else { return false }
        return statement.ends(with: ["指示", "希望", "依頼"], at: place)
            && !"あすし。、".unicodeScalars.contains(next)
    }

    private static let offers: WordList = [
        "勧めるが", "すすめるが", "勧めるも", "すすめるも", "勧めたが", "すすめたが", "促すが", "促すも", "促したが", "試みるも", "試みたが",
    ]
    private static let contrasts: WordList = ["が、", "が", "も", "けれど", "けど", "のに", "ものの", "にもかかわらず"]

    /// 処方されたが飲んでいない: what is told after a contrast counts.
    private func contradiction(after place: Int) -> (state: DrugState?, range: Range<Int>)? {
        let start = statement.skippingSpace(place)
        // 内服すすめるが断られる
        let near = start..<min(statement.range.upperBound, start + 8)
        guard
            let contrast = statement.end(of: Self.contrasts, at: start)
                ?? Self.offers.first(in: statement.scalars, near)?.upperBound
        else { return nil }
        let end =
            statement.mentions.first { $0.type == .drug && $0.range.lowerBound >= contrast }?.range
            .lowerBound ?? statement.range.upperBound
        let rest = contrast..<max(contrast, end)
        if let withheld = Self.withheldWords.first(in: statement.scalars, rest) {
            return (.notGiven, withheld)
        }
        return nil
    }

    private static let refusals: WordList = [
        "行わなかった", "行わず", "行っていな", "行っておら", "実施せず", "施行せず", "希望せず", "希望されず", "希望しな", "希望されな", "使用しな",
        "使用せず", "投与しな", "投与せず", "しない旨", "見送",
        "見合わせ", "保留", "延期", "取りやめ", "差し控え",
        "断られ", "断念",
    ]

    /// ガバペンチン導入は本人が希望せず行わなかった: an act that is only named, and then not done.
    private func laterRefusal(after place: Int) -> Range<Int>? {
        guard
            statement.end(of: ["は", "を", "も", "については"], at: statement.skippingSpace(place)) != nil
        else { return nil }
        let end =
            statement.mentions.first { $0.type == .drug && $0.range.lowerBound >= place }?.range
            .lowerBound ?? statement.range.upperBound
        guard let refusal = Self.refusals.first(in: statement.scalars, place..<max(place, end))
        else { return nil }
        // 内服を継続し、手術は延期: it is something else that is put off.
        let before = statement.scalars[refusal.lowerBound - 1]
        let isOfAnother =
            ["保留", "延期", "取りやめ", "差し控え"].contains(statement.text(refusal))
            && "はをがも".unicodeScalars.contains(before) && refusal.lowerBound - place > 2
        return isOfAnother ? nil : refusal
    }

    /// 変更見送り: a refusal right behind, without a particle.
    private func withheldNext(_ place: Int) -> Range<Int>? {
        let start = statement.skippingSpace(place)
        return statement.end(of: Self.refusals, at: start).map { start..<$0 }
    }

    private static let stopNouns: WordList = ["中止", "休薬", "中断", "打ち切", "やめた", "止めた"]
    private static let stopObjects: WordList = [
        "投与を", "内服を", "服用を", "使用を", "投薬を", "同薬を", "同剤を", "本剤を", "本薬を", "投与は", "内服は", "服用は", "使用は",
        "同薬は",
        "同剤は", "本剤は",
    ]

    /// 開始したが、咳が出現したため中止し: what was given first and stopped later in the sentence, unless the stop has
    /// another object (輸液を中止).
    private func laterStop(after place: Int) -> Range<Int>? {
        let end =
            statement.mentions.first { $0.type == .drug && $0.range.lowerBound >= place }?.range
            .lowerBound ?? statement.range.upperBound
        guard
            let stop = Self.stopNouns.all(in: statement.scalars, place..<max(place, end)).last,
            resumption(after: stop.upperBound) == nil,
            statement.end(of: ["後も", "しても"], at: stop.upperBound) == nil,
            !Self.denialFollows(stop.upperBound, in: statement),
            statement.end(of: Self.soundPlans, at: skippingParticle(stop.upperBound)) == nil
        else { return nil }
        let isOfAnother =
            (["を", "は", "も", "の", "が"] as WordList).ends(
                statement.scalars, place..<stop.lowerBound)
            && !Self.stopObjects.ends(statement.scalars, place..<stop.lowerBound)
        return isOfAnother ? nil : stop
    }

    private static let amounts: Set<String> = [
        "増量", "減量", "増やす", "減らす", "漸減", "漸増", "交換", "追加", "変更",
    ]

    private static func act(of word: Morpheme) -> Act? {
        acts.first { $0.1.contains(word.baseForm) || $0.1.contains(word.surface) }?.0
    }

    /// 投与量, 処方箋, 内服薬: an act that is only part of a noun.
    private func continuesAsNoun(_ number: Int, _ act: Act) -> Bool {
        guard number + 1 < statement.words.count else { return false }
        let next = statement.words[number + 1]
        return ["量", "箋", "薬", "時", "前", "法", "歴", "群", "剤", "日", "率", "計画", "錠", "回数"].contains(
            next.surface)
    }

    private func skippingParticle(_ place: Int) -> Int {
        let start = statement.skippingSpace(place)
        return statement.end(
            of: ["を", "の", "は", "も", "と", "が", "し", "する", "として", "のを", "ことを"], at: start)
            ?? start
    }

    private func plan(after place: Int) -> Int? {
        let start = statement.skippingSpace(place)
        if let end = statement.end(of: Self.soundPlans, at: start) { return end }
        return statement.end(of: Self.soundPlans, at: skippingParticle(place))
    }

    /// 投与を中止, 内服終了: the act is only the object of its end.
    private func stopAfter(_ place: Int) -> (state: DrugState?, range: Range<Int>)? {
        for start in [statement.skippingSpace(place), skippingParticle(place)] {
            guard let number = statement.word(at: start),
                statement.words[number].range.start == start,
                let act = Self.act(of: statement.words[number]), act == .stop || act == .withhold
            else { continue }
            let predicate = Predicate(at: number, in: statement.words)
            let range =
                start..<statement.words[(predicate?.words.upperBound ?? number + 1) - 1].range.end
            if predicate?.isNegated == true { return (.given, range) }
            if let resumed = resumption(after: range.upperBound) {
                return (.given, start..<resumed)
            }
            return (act == .stop ? .stopped : .notGiven, range)
        }
        return nil
    }

    /// 中止していたが再開: the last act counts, if no other drug stands between.
    private func resumption(after place: Int) -> Int? {
        let end =
            statement.mentions.first { $0.type == .drug && $0.range.lowerBound >= place }?.range
            .lowerBound
            ?? statement.range.upperBound
        let rest = place..<max(place, end)
        guard
            let found = (["再開", "再投与", "再導入", "再び開始"] as WordList).first(
                in: statement.scalars, rest),
            // 本日も未再開
            found.lowerBound == place || statement[found.lowerBound - 1] != "未"
        else { return nil }
        return Self.denialFollows(found.upperBound, in: statement)
            || statement.end(of: Self.soundPlans, at: skippingParticle(found.upperBound)) != nil
            ? nil : found.upperBound
    }

    private static func denialFollows(_ place: Int, in statement: Statement) -> Bool {
        let start = statement.skippingSpace(place)
        return statement.end(
            of: ["せず", "しない", "していない", "しておらず", "はせず", "することなく", "は不要", "しなかった", "なし", "はしない"],
            at: start) != nil
    }

    private func isTold(after place: Int) -> Bool {
        (["説明", "指示", "指導", "伝え", "お願い", "予定"] as WordList).occurs(
            in: statement.scalars, place..<statement.range.upperBound)
    }

    private func doseEnd(after drug: Statement.Mention) -> Int {
        var end = drug.range.upperBound
        for mention in statement.mentions
        where mention.type == .dose && mention.range.lowerBound >= end {
            guard statement.skippingSpace(end) >= mention.range.lowerBound else { break }
            end = mention.range.upperBound
        }
        return end
    }

    private static let conditions: WordList = [
        "未満:", "以上:", "以下:", "時)", "時は", "時に", "時、", "時:", "時(", "場合は", "場合、", "場合に", "際は", "際に",
        "時のみ", "たら", "れば", "時には", "時指示:", "時の指示:", "時指示▁", "時頓用:", "時頓服:",
        "出現時", "時▁", "ときは", "とき、", "ときに", "とき▁", "折は", "都度", "明日から", "明日より", "来週から", "来週より", "次回より",
        "次回から", "今後は",
    ]

    /// 発熱時はアセトアミノフェン: a drug that is given only on a condition.
    /// 造影CT時、イオヘキソール注入5分後に: what came so long after it says that it was given.
    private func timeAfter(_ place: Int) -> Range<Int>? {
        let start = statement.skippingSpace(place)
        var end = statement.end(of: Self.administrations, at: start) ?? start
        if let soon = statement.end(of: ["直後", "終了直後", "後に", "後から"], at: end) {
            return start..<soon
        }
        let number = end
        while let digit = statement[end], digit.properties.numericType != nil { end += 1 }
        guard end > number else { return nil }
        return statement.end(of: Self.timesAfter, at: end).map { start..<$0 }
    }

    private static let administrations: WordList = [
        "注入", "静注", "投与", "点滴", "内服", "服用", "注射", "筋注", "皮下注", "接種", "開始", "使用", "塗布", "吸入", "負荷",
    ]
    private static let timesAfter: WordList = [
        "秒後", "分後", "時間後", "日後", "週後", "週間後", "か月後", "ヶ月後", "カ月後", "ヵ月後", "年後", "分で", "時間で", "日目",
    ]

    private func isOnCondition(before place: Int) -> (DrugState, Range<Int>?, Bool)? {
        let left = statement.range.lowerBound..<place
        // 21時、カロナール内服: a time of the clock is no condition.
        if let found = Self.conditions.all(in: statement.scalars, left).last(where: {
            statement.scalars[$0.lowerBound] != "時"
                || statement[$0.lowerBound - 1]?.properties.numericType == nil
        }),
            !([
                "入院時", "退院時", "受診時", "来院時", "手術時", "入室時", "初診時", "帰室時", "訪室時", "同時", "搬送時", "診察時",
                "食事時", "就寝時", "起床時",
            ] as WordList)
            .ends(statement.scalars, left.lowerBound..<found.lowerBound + 1)
        {
            return (.planned, found, false)
        }
        // 疼痛時ロキソニン
        if statement.ends(with: ["時"], at: place),
            let finding = statement.mentions.last(where: { $0.range.upperBound < place }),
            finding.type == .disease, finding.range.upperBound == place - 1
        {
            return (.planned, place - 1..<place, false)
        }
        return nil
    }
}
