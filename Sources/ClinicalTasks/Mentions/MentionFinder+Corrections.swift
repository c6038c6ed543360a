// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Putting a model's entities right: lists that it took for one, marks and acts within names, words that name nothing.
extension MentionFinder {
    /// A list that the model took for one entity, as its items: 圧痛と反跳痛.
    func items(
        of placed: MentionReader.PlacedEntity, diseases: [Range<Int>]
    ) -> [MentionReader.PlacedEntity] {
        if placed.entity.type == .drug { return drugs(of: withoutActs(placed)) }
        if placed.entity.type == .dose { return [withoutNextDrug(placed)] }
        guard placed.entity.type == .disease else { return [placed] }
        if let parts = causeAndEffect(placed) { return parts }
        if let core = withoutMarks(placed.range), core != placed.range {
            guard
                let trimmed = entity(
                    .disease, core, by: placed.entity.foundBy, score: placed.entity.score)
            else {
                return [placed]
            }
            return self.items(of: trimmed, diseases: diseases)
        }
        var items: [Range<Int>] = []
        var start = placed.range.lowerBound
        var place = start
        while place < placed.range.upperBound {
            if let joint = Self.joints.match(
                in: text.cleaned.scalars, at: place, end: placed.range.upperBound),
                !diseases.contains(where: { $0.lowerBound < place && $0.upperBound > place })
            {
                items.append(start..<place)
                start = joint.upperBound
                place = start
            } else {
                place += 1
            }
        }
        items.append(start..<placed.range.upperBound)
        // 胃癌、母▁高血圧
        items = items.map { behindRelative($0)..<$0.upperBound }.filter {
            Self.relatives.match(
                in: text.cleaned.scalars, at: $0.lowerBound, end: $0.upperBound)?.upperBound
                != $0.upperBound
        }
        // Each item must be able to stand alone.
        guard items.count > 1,
            items.allSatisfy({ item in
                isTerm(item) || isChange(item)
                    || diseases.contains {
                        item.lowerBound <= $0.lowerBound && $0.upperBound == item.upperBound
                    }
            })
        else { return [placed] }
        return items.compactMap {
            entity(.disease, $0, by: placed.entity.foundBy, score: placed.entity.score)
        }
    }

    /// 尿量減少, a finding that no list has: a name in kanji that ends as changes do.
    private func isChange(_ item: Range<Int>) -> Bool {
        item.count >= 4 && Self.changesOfMeasures.ends(text.cleaned.scalars, item)
            && text.cleaned.scalars[item].allSatisfy(Self.isKanji)
    }

    private static let changesOfMeasures: WordList = [
        "減少", "低下", "上昇", "増加", "増多", "亢進", "延長", "増量", "減弱", "増強", "不良", "不振", "困難", "腫大", "拡大",
        "拡張",
    ]

    /// VPAによる高アンモニア血症: a drug and its effect that a model took for one.
    private func causeAndEffect(
        _ placed: MentionReader.PlacedEntity
    ) -> [MentionReader.PlacedEntity]? {
        let scalars = text.cleaned.scalars
        let joint: WordList = ["による", "に伴う", "に続発する", "に起因する"]
        guard let found = joint.first(in: scalars, placed.range),
            found.lowerBound > placed.range.lowerBound,
            isTerm(found.upperBound..<placed.range.upperBound)
                || Self.diseaseEnds.ends(
                    scalars, found.upperBound..<placed.range.upperBound)
        else { return nil }
        let cause = placed.range.lowerBound..<found.lowerBound
        let isDrug =
            (terms[.drug] ?? []).contains { $0.contains(scalars[cause]) }
            || Abbreviations.matches(
                in: text.cleaned,
                range: CleanedRange(start: cause.lowerBound, end: cause.upperBound)
            ).contains { $0.type == .drug && $0.range == cause }
        // 肺炎球菌による肺炎: a germ, though its vaccine is in the list.
        guard isDrug, !Self.germs.ends(scalars, cause) else { return nil }
        return [
            entity(.drug, cause, by: placed.entity.foundBy, score: placed.entity.score),
            entity(
                .disease, found.upperBound..<placed.range.upperBound, by: placed.entity.foundBy,
                score: placed.entity.score),
        ].compactMap { $0 }
    }

    private static let drugJoints: WordList = ["および", "及び", "ならびに", "並びに", "と", "、", "+", "▁+▁"]

    /// Drugs that the model took for one: カルボプラチンおよびnab-パクリタキセル. Combinations with a dot or a slash are one.
    func drugs(of placed: MentionReader.PlacedEntity) -> [MentionReader.PlacedEntity] {
        let scalars = text.cleaned.scalars
        var items: [Range<Int>] = []
        var start = placed.range.lowerBound
        for joint in Self.drugJoints.all(in: scalars, placed.range) where joint.lowerBound >= start
        {
            items.append(start..<joint.lowerBound)
            start = joint.upperBound
        }
        items.append(start..<placed.range.upperBound)
        guard items.count > 1, items.allSatisfy({ $0.count >= 3 && isName($0) }) else {
            return [placed]
        }
        return items.compactMap {
            entity(.drug, $0, by: placed.entity.foundBy, score: placed.entity.score)
        }
    }

    /// Whether a range can be the name of a drug by its letters: it begins and ends with katakana, kanji or Latin
    /// letters.
    private func isName(_ range: Range<Int>) -> Bool {
        [range.lowerBound, range.upperBound - 1].allSatisfy { place in
            let value = text.cleaned.scalars[place].value
            return !(0x3041...0x309F).contains(value)
        }
    }

    private static let doseJoints: WordList = ["および", "及び", "ならびに", "並びに", "と", "、", ",▁"]

    /// A dose without the next drug, which the model took for a part of it: 2.5mg/kgおよびMCFG 150mg.
    private func withoutNextDrug(
        _ placed: MentionReader.PlacedEntity
    ) -> MentionReader.PlacedEntity {
        let scalars = text.cleaned.scalars
        guard let joint = Self.doseJoints.first(in: scalars, placed.range),
            joint.lowerBound > placed.range.lowerBound
        else {
            // 1錠 分1: the model left the number out.
            let end = placed.range.upperBound
            guard scalars[end - 1] == "分", end < scalars.count, ("1"..."6").contains(scalars[end])
            else { return placed }
            return entity(
                .dose, placed.range.lowerBound..<end + 1, by: placed.entity.foundBy,
                score: placed.entity.score) ?? placed
        }
        return entity(
            .dose, placed.range.lowerBound..<joint.lowerBound, by: placed.entity.foundBy,
            score: placed.entity.score) ?? placed
    }

    private static let leads: WordList = [
        "原疾患:", "原疾患の", "基礎疾患:", "主病名:", "併存症:", "既往:", "合併症:", "診断:", "病名:", "最終診断:",
        "無▁", "有▁", "なし▁", "あり▁",
        "s/o", "S/O", "r/o", "R/O", "susp.", "susp", "疑い:", "疑:", "no▁", "No▁", "▁", "□", "☐", "✓",
        "■",
        "☒", ":", "[▁]", "[x]", "[X]",
        "#",
    ]
    private static let marks: WordList = [
        "▁無", "▁有", "□", "☐", "✓", "■", "☒", "▁ー", "▁-", "▁+", "→", "=",
        "(-)", "(+)", "(±)", "±", "?", "なし", "無し", "あり", "有り", "susp", "s/o", "r/o", "疑い", "の疑い",
        "リスク", "リスク状態", "のリスク状態", "ハイリスク",
        "の危険性", "の危険", "のリスク", "の可能性", "の恐れ", "のおそれ", "の既往",
        ":", "(疑い)", "▁",
    ]

    /// An entity without the words that say something of it, which the model took for its end: うつ病susp.
    func withoutMarks(_ range: Range<Int>) -> Range<Int>? {
        let scalars = text.cleaned.scalars
        var (start, end) = (range.lowerBound, range.upperBound)
        // r/o▁PE, of which the model took the end for a part of the name.
        if start > 1, (["r/o▁", "s/o▁", "R/O▁", "S/O▁"] as WordList).ends(scalars, 0..<start + 2),
            start + 2 < end
        {
            start += 2
        }
        while let lead = Self.leads.match(in: scalars, at: start, end: end), lead.upperBound < end {
            start = lead.upperBound
        }
        // 夫がうつ病: whose it is stands before it.
        start = behindRelative(start..<end)
        // 皮疹出ていない: the verb of the denial without a particle.
        if end - start > 3, Self.verbalDenials.ends(scalars, start..<end),
            let term = (start + 2..<end).last(where: { isTerm(start..<$0) }),
            !"もはがを".unicodeScalars.contains(scalars[term])
        {
            end = term
        }
        // What stands behind a mark is another item: 頭痛▁なし▁めまい.
        if let inner = Self.inner.first(in: scalars, start..<end), inner.lowerBound > start {
            end = inner.lowerBound
        }
        // ふらつきなく歩行でき: what follows the denial is something else.
        if let denial = Self.adverbialDenials.first(in: scalars, start..<end),
            isTerm(start..<denial.lowerBound)
        {
            end = denial.lowerBound
        }
        // 不眠時 and 疼痛時指示 are conditions, which lists have as terms.
        if let occasion = Self.occasions.start(endingAt: end, in: scalars, from: start),
            occasion - start >= 2, isTerm(start..<occasion)
        {
            end = occasion
        }
        // 咳もない: what is left must be a finding; 食欲がない is one as a whole.
        if let denial = Self.denials.start(endingAt: end, in: scalars, from: start),
            denial > start, isTerm(start..<denial)
        {
            end = denial
        } else if let clause = deniedClause(start..<end) {
            end = clause
        }
        while let mark = Self.marks.start(endingAt: end, in: scalars, from: start), mark > start {
            end = mark
        }
        return start < end ? start..<end : nil
    }

    private static let occasions: WordList = [
        "時", "時指示", "時の指示", "時頓用", "時頓服", "時対応", "時使用", "時内服", "時投与", "時処置",
    ]

    private static let acts: WordList = [
        "d/c", "D/C", "off", "OFF", "stop", "STOP", "▁", "休薬", "中止", "投与", "内服", "開始", "終了", "点滴",
        "処方", "服用", "使用", "継続", "再開", "アレルギー", "中", "後",
    ]

    /// A drug without the act that the model took for its end: クロピドグレル休薬.
    private func withoutActs(_ placed: MentionReader.PlacedEntity) -> MentionReader.PlacedEntity {
        var end = placed.range.upperBound
        // カルボプラチンAUC▁5
        if let area = (["AUC", "▁AUC"] as WordList).first(in: text.cleaned.scalars, placed.range),
            area.lowerBound > placed.range.lowerBound
        {
            end = area.lowerBound
        }
        while let start = Self.acts.start(
            endingAt: end, in: text.cleaned.scalars, from: placed.range.lowerBound),
            start > placed.range.lowerBound + 1
        {
            end = start
        }
        guard end < placed.range.upperBound else { return placed }
        return entity(
            .drug, placed.range.lowerBound..<end, by: placed.entity.foundBy,
            score: placed.entity.score)
            ?? placed
    }

    private static let denials: WordList = [
        "こそない", "もない", "はない", "がない", "もなく", "はなく", "がなく", "もなし", "はなし", "なし", "なく", "ない",
    ]

    private static let verbalDenials: WordList = [
        "ない", "なし", "ず", "ません", "なかった", "ておらず", "ていない", "なく",
    ]

    /// 冷汗も出ていない: where a finding ends that a particle and a denied verb follow.
    private func deniedClause(_ range: Range<Int>) -> Int? {
        let scalars = text.cleaned.scalars
        guard Self.verbalDenials.ends(scalars, range) else { return nil }
        return (range.lowerBound + 1..<range.upperBound - 1).first {
            "もはがを".unicodeScalars.contains(scalars[$0]) && isTerm(range.lowerBound..<$0)
        }
    }

    /// Where a finding begins behind a relative with a particle, a colon or white space.
    private func behindRelative(_ range: Range<Int>) -> Int {
        let scalars = text.cleaned.scalars
        guard
            let relative = Self.relatives.match(
                in: scalars, at: range.lowerBound, end: range.upperBound),
            relative.upperBound + 2 < range.upperBound,
            "がはもに:▁".unicodeScalars.contains(scalars[relative.upperBound])
        else { return range.lowerBound }
        return relative.upperBound + 1
    }

    private static let relatives: WordList = [
        "夫", "妻", "父", "母", "兄", "弟", "姉", "妹", "息子", "娘", "長男", "次男", "長女", "次女", "祖父", "祖母", "孫",
        "家族", "同僚",
    ]

    private static let adverbialDenials: WordList = ["もなく", "はなく", "なく", "無く"]

    private static let inner: WordList = [
        "-,▁", "+,▁", "-,", "+,",
        "+▁", "-▁", "+、", "-、", "±", "を伴わない", "▁なし", "▁あり", ":なし", ":あり", "(-)", "(+)", "なし▁",
        "あり▁", "無▁", "有▁", "なし、", "あり、", ":無", ":有", "□", "✓", "▁無▁", "▁有▁", "=なし", "=あり", "→なし",
        "→あり", "☐", "[▁]", "[x]",
    ]

    private static let joints: WordList = [
        "と", "・", "、", "や", "及び", "および", "または", "又は", ",", "/", "▁", ">", "▁>▁", "▁vs.▁", "▁vs▁",
        "▁ddx)▁", "▁ddx▁", "▁DDx▁", "▁ddx:", "▁DDx:", "▁D/D▁",
        "vs.", "▁VS▁",
    ]

    /// Words of use that name no drug, as the model marks them.
    private static let genericDrugs: Set<String> = [
        "アミラーゼ", "リパーゼ", "全剤", "各剤", "全薬剤", "原因薬物", "抗血栓薬3剤",
        "サマリー", "サマリ", "休薬", "欠薬", "頓用", "被疑薬", "両剤", "両薬", "両薬剤", "責任薬", "責任薬剤", "起因薬", "起因薬剤",
        "代替薬", "原因物質",
        "内服薬", "薬",
        "薬剤", "薬物", "処方薬",
        "投薬", "与薬", "配薬", "内服",
        "点滴", "注射", "点眼", "鎮痛剤",
        "鎮痛薬", "解熱剤", "解熱鎮痛剤",
        "解熱鎮痛薬", "原因薬", "原因薬剤", "被疑薬剤", "併用薬", "常用薬", "持参薬", "お薬", "くすり", "クスリ", "頓服薬", "頓用薬", "頓服",
        "治療薬", "同薬", "同剤", "本剤", "他剤", "抗がん剤治療",
        "化学療法", "輸液", "服薬", "治療食", "減塩食", "糖尿病食", "常食", "全粥", "経口摂取",
    ]

    /// Ends of what the body does with a substance: インスリン分泌.
    private static let functions: WordList = [
        "分泌", "抵抗性", "依存性", "依存", "受容体", "欠乏", "欠乏症", "産生", "代謝", "感受性", "濃度", "血中濃度", "測定", "値",
    ]

    func isGeneric(_ placed: MentionReader.PlacedEntity) -> Bool {
        placed.entity.type == .drug
            && (Self.functions.ends(text.cleaned.scalars, placed.range)
                || isGenericName(placed))
    }

    private func isGenericName(_ placed: MentionReader.PlacedEntity) -> Bool {
        placed.entity.type == .drug
            && (Self.genericDrugs.contains(
                String(scalars: text.cleaned.scalars[placed.range].filter { $0 != "\n" }))
                || isCountOfDrugs(placed.range))
    }

    /// 4剤, 3種類の薬剤
    private func isCountOfDrugs(_ range: Range<Int>) -> Bool {
        let scalars = text.cleaned.scalars[range]
        let count = scalars.prefix { "0123456789一二三四五六両各全".unicodeScalars.contains($0) }
        return !count.isEmpty
            && ["剤", "薬", "薬剤", "種類の薬剤", "種の薬剤"].contains {
                scalars[count.endIndex...].elementsEqual($0.unicodeScalars)
            }
    }

    private static let omissions: WordList = [
        "飲み忘れ", "内服忘れ", "服薬忘れ", "服用忘れ", "打ち忘れ", "貼り忘れ", "内服拒否", "服薬拒否", "拒否", "拒薬", "中止", "休薬",
        "自己中断", "未内服",
        "未投与",
    ]

    /// カロナール飲み忘れ as a disease, beside カロナール as a drug: what was done with the drug.
    func isOmission(
        _ placed: MentionReader.PlacedEntity, among found: [MentionReader.PlacedEntity]
    ) -> Bool {
        guard placed.entity.type == .disease,
            let act = Self.omissions.start(
                endingAt: placed.range.upperBound, in: text.cleaned.scalars,
                from: placed.range.lowerBound)
        else { return false }
        return found.contains {
            $0.entity.type == .drug && $0.range.upperBound == act
                && $0.range.lowerBound >= placed.range.lowerBound
        }
    }

    /// Words for what is done with a drug, which a model took for findings.
    private static let findingsOfActs: Set<String> = [
        "スキップ", "ホールド", "オフ", "中止", "休薬", "再開", "継続", "内服", "投与", "拒薬", "キャンセル", "ストップ",
    ]

    func isAct(_ placed: MentionReader.PlacedEntity) -> Bool {
        placed.entity.type == .disease
            && Self.findingsOfActs.contains(String(scalars: text.cleaned.scalars[placed.range]))
    }

    private static let presences: Set<String> = [
        "出る", "でる", "出現", "認める", "みる", "みられる", "見られる", "生じる", "生ずる", "起こる", "起きる", "おこる", "ある",
        "ない",
        "現れる", "あらわれる", "見当たる", "治まる", "おさまる", "収まる", "解熱", "訴える", "続く", "みとめる", "伴う",
    ]

    /// 出ていない that a model took for a finding: a predicate of what stands before it.
    func isVerb(_ placed: MentionReader.PlacedEntity) -> Bool {
        guard placed.entity.type == .disease,
            let first = sentence.morphemes.firstIndex(where: {
                $0.range.start == placed.range.lowerBound
            }), let predicate = Predicate(at: first, in: sentence.morphemes),
            predicate.words.count > 1 || predicate.core != sentence.morphemes[first].surface
        else { return false }
        let end = sentence.morphemes[predicate.words.upperBound - 1].range.end
        return Self.presences.contains(predicate.core) && end >= placed.range.upperBound
    }

    private static let germNames: WordList = ["球菌", "桿菌", "ワクチン", "ウイルスワクチン", "球菌ワクチン"]

    /// 肺炎 of 肺炎球菌ワクチン: a germ or a vaccine, no disease.
    func isGerm(_ placed: MentionReader.PlacedEntity) -> Bool {
        placed.entity.type == .disease
            && Self.germNames.match(
                in: text.cleaned.scalars, at: placed.range.upperBound, end: sentence.range.end)
                != nil
    }

    private static let anatomy: WordList = [
        "リンパ節", "静脈", "動脈", "気管", "気管支", "縦隔", "胸膜", "椎体", "肋骨",
    ]

    /// 気管分岐下リンパ節と左縦隔リンパ節 names places, no disease.
    func isAnatomy(_ placed: MentionReader.PlacedEntity) -> Bool {
        placed.entity.type == .disease && Self.anatomy.ends(text.cleaned.scalars, placed.range)
    }
}
