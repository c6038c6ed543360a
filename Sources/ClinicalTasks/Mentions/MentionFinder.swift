// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Finds the mentions of one sentence: a model's entities, put right, and what lists of terms add.
struct MentionFinder {
    let sentence: AnalyzedSentence
    let text: AnalyzedText
    let terms: [EntityType: [TermTable]]

    /// The model's entities and those that it overlooked, from left to right, without overlaps.
    func all(with found: [MentionReader.PlacedEntity]) -> [MentionReader.PlacedEntity] {
        let words = SentenceWords(sentence)
        let diseases = matches(.disease, in: words)
        let drugs = matches(.drug, in: words)
        var placed = found.filter {
            !isGeneric($0) && !isAnatomy($0) && !isAct($0) && !isOmission($0, among: found)
                && !isVerb($0) && !isGerm($0) && !isMeasured($0)
        }
        .flatMap { items(of: $0, diseases: diseases) }
        placed.removeAll { isEndOfDisease($0, among: found) }
        placed = placed.map(asDrug).map(asDisease).map { whole($0, diseases: diseases) }
        func add(_ type: EntityType, _ range: Range<Int>, name: String? = nil) {
            // The list has 「めまいあり」, too.
            let range = withoutMarks(range) ?? range
            guard !placed.contains(where: { $0.range.overlaps(range) }),
                var new = entity(type, range, by: .dictionary)
            else { return }
            new.entity.normalized = name
            placed.append(new)
        }
        let abbreviations = Abbreviations.matches(in: text.cleaned, range: sentence.range)
        placed.removeAll { known in
            isNames(known, of: abbreviations) || isIntake(known)
                // day1 RTX 580mg: no dose holds the name of a drug.
                || known.entity.type == .dose
                    && abbreviations.contains {
                        $0.type == .drug && $0.range.clamped(to: known.range) == $0.range
                    }
        }
        for match in abbreviations {
            if let known = placed.firstIndex(where: {
                $0.range == match.range && $0.entity.type == match.type
            }) {
                placed[known].entity.normalized = match.name
            } else {
                // The model's AMB of an L-AMB.
                placed.removeAll {
                    $0.range == match.range && match.type == .drug && $0.entity.type == .disease
                        && !Self.ambiguous.contains(
                            String(scalars: text.cleaned.scalars[match.range]))
                }
                placed.removeAll {
                    $0.entity.type == match.type && match.range.count > $0.range.count
                        && match.range.lowerBound <= $0.range.lowerBound
                        && match.range.upperBound >= $0.range.upperBound
                }
                add(match.type, match.range, name: match.name)
            }
        }
        for range in drugs where isWholeTerm(range) && !isCommonWord(range) { add(.drug, range) }
        let all = sentence.range.start..<sentence.range.end
        for list in [Self.allergens, Self.infusions, Self.kampo] {
            for range in list.all(in: text.cleaned.scalars, all) where isWholeTerm(range) {
                add(.drug, range)
            }
        }
        for range in stemmed where isWholeTerm(range) { add(.drug, range) }
        for range in compoundNames {
            placed.removeAll {
                $0.entity.type == .drug && $0.range.count < range.count
                    && $0.range.clamped(to: range) == $0.range
            }
            add(.drug, range)
        }
        for range in diseases where isWholeTerm(range) && !isCommonWord(range) {
            add(.disease, range)
        }
        for range in Self.complaints.all(in: text.cleaned.scalars, all)
            + Self.findings.all(in: text.cleaned.scalars, all) where isWholeWord(range)
        {
            // The model's ふる of ふるえ.
            placed.removeAll {
                $0.entity.type == .disease && $0.range.count < range.count
                    && $0.range.clamped(to: range) == $0.range
            }
            add(.disease, range)
        }
        placed = placed.map(fromCause)
        for range in caused(by: placed) {
            placed.removeAll {
                $0.entity.type == .disease && $0.range.count < range.count
                    && $0.range.clamped(to: range) == $0.range
            }
            add(.disease, range)
        }
        for range in markedFindings { add(.disease, range) }
        placed += placed.compactMap(allergen).filter { drug in
            !placed.contains { $0.entity.type == .drug && $0.range.overlaps(drug.range) }
        }
        return placed.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// A disease of which a model left out the beginning, as the list has it: 劇症1型糖尿病.
    func whole(
        _ placed: MentionReader.PlacedEntity, diseases: [Range<Int>]
    ) -> MentionReader.PlacedEntity {
        guard placed.entity.type == .disease,
            let term = diseases.first(where: {
                $0.upperBound == placed.range.upperBound
                    && $0.lowerBound < placed.range.lowerBound && isWholeTerm($0)
            })
        else { return placed }
        return entity(.disease, term, by: placed.entity.foundBy, score: placed.entity.score)
            ?? placed
    }

    /// A name of the list of drugs that a model took for a disease: ダパグリフロジン.
    private func asDrug(_ placed: MentionReader.PlacedEntity) -> MentionReader.PlacedEntity {
        let name = text.cleaned.scalars[placed.range]
        if placed.entity.type == .disease,
            Self.kampo.match(
                in: text.cleaned.scalars, at: placed.range.lowerBound, end: placed.range.upperBound)
                == placed.range
        {
            return entity(
                .drug, placed.range, by: placed.entity.foundBy, score: placed.entity.score)
                ?? placed
        }
        guard placed.entity.type == .disease, placed.range.count >= 4,
            name.allSatisfy(Self.isKatakana),
            Self.stems.ends(text.cleaned.scalars, placed.range)
                || (terms[.drug] ?? []).contains(where: { $0.contains(name) }),
            !(terms[.disease] ?? []).contains(where: { $0.contains(name) })
        else { return placed }
        return entity(
            .drug, placed.range, by: placed.entity.foundBy, score: placed.entity.score) ?? placed
    }

    /// A name of the list of diseases that a model took for a drug: 乳酸アシドーシス.
    private func asDisease(_ placed: MentionReader.PlacedEntity) -> MentionReader.PlacedEntity {
        let name = text.cleaned.scalars[placed.range]
        guard placed.entity.type == .drug, placed.range.count >= 4,
            (terms[.disease] ?? []).contains(where: { $0.contains(name) }),
            !(terms[.drug] ?? []).contains(where: { $0.contains(name) })
        else { return placed }
        return entity(
            .disease, placed.range, by: placed.entity.foundBy, score: placed.entity.score) ?? placed
    }

    /// The ジスキネジア of 遅発性ジスキネジア, which a model took for a drug as well.
    private func isEndOfDisease(
        _ placed: MentionReader.PlacedEntity, among found: [MentionReader.PlacedEntity]
    ) -> Bool {
        placed.entity.type == .drug
            && found.contains {
                $0.entity.type == .disease && $0.range.upperBound == placed.range.upperBound
                    && $0.range.lowerBound < placed.range.lowerBound
            }
            && !(terms[.drug] ?? []).contains { $0.contains(text.cleaned.scalars[placed.range]) }
    }

    /// Abbreviations of drugs that name something else as well: cardiopulmonary arrest, adverse reactions.
    private static let ambiguous: Set<String> = ["CPA", "ADR"]

    /// RTX、CPA、VCR that a model took for a disease: nothing but drugs by their abbreviations.
    private func isNames(
        _ placed: MentionReader.PlacedEntity, of abbreviations: [Abbreviations.Match]
    ) -> Bool {
        let names = abbreviations.filter {
            $0.type == .drug && placed.range.lowerBound <= $0.range.lowerBound
                && $0.range.upperBound <= placed.range.upperBound
        }
        guard placed.entity.type == .disease, let first = names.first,
            // Alone CPA is cardiopulmonary arrest as well, ADR a reaction: only a strength makes it a drug.
            names.count > 1 || isBeforeStrength(first.range.upperBound)
        else { return false }
        return placed.range.allSatisfy { place in
            names.contains { $0.range.contains(place) }
                || "、,・/+ ▁".unicodeScalars.contains(text.cleaned.scalars[place])
        }
    }

    /// Whether a number stands behind a place, with a bracket or without: CAM(200)2T, ADR 50mg.
    private func isBeforeStrength(_ end: Int) -> Bool {
        let rest = text.cleaned.scalars[end..<sentence.range.end].prefix {
            "(▁".unicodeScalars.contains($0)
        }
        return rest.endIndex < sentence.range.end && rest.count <= 2
            && text.cleaned.scalars[rest.endIndex].properties.numericType != nil
    }

    /// What is measured or eaten and no drug: 採血5mL, たんぱく50g, Dダイマー 4.8μg/mL.
    private static let measured: WordList = [
        "たんぱく", "タンパク", "蛋白", "蛋白質", "たんぱく質", "塩分", "食塩", "糖質", "脂質", "食物繊維", "水分", "飲水", "採血",
        "採尿", "尿量", "排液", "廃液", "排液量", "出血", "出血量", "胃液", "喀痰", "ダイマー", "フェリチン", "残尿", "導尿",
        "吸引", "水分摂取", "水分摂取量", "摂取量", "血清鉄", "飲水量", "水分量", "排便", "便",
    ]

    /// An amount that a model took for a dose, right behind a word for what is no drug.
    private func isIntake(_ placed: MentionReader.PlacedEntity) -> Bool {
        guard placed.entity.type == .dose else { return false }
        // 食事3割
        if text.cleaned.scalars[placed.range.upperBound - 1] == "割" { return true }
        var end = placed.range.lowerBound
        while end > sentence.range.start,
            ":▁約".unicodeScalars.contains(text.cleaned.scalars[end - 1])
        {
            end -= 1
        }
        return Self.measured.start(
            endingAt: end, in: text.cleaned.scalars, from: sentence.range.start) != nil
    }

    private static let allergies: WordList = ["アレルギー", "過敏症", "アナフィラキシー"]
    /// Classes that allergies are named by, which the lists of drugs do not have.
    private static let allergens: WordList = [
        "ペニシリン", "ペニシリン系", "セフェム", "セフェム系", "マクロライド系", "キノロン系", "サルファ剤", "ヨード", "造影剤", "ヨード造影剤",
        "ピリン", "ピリン系", "局所麻酔薬",
    ]

    /// Behind the drug, in the name of what it did: アミオダロン誘発性甲状腺中毒症.
    private static let causes: WordList = [
        "による", "誘発性", "誘発", "起因性", "関連", "で薬疹", "性肝障害", "性腎障害", "性腎症", "性肺障害", "脳症", "中毒",
    ]

    static let germs: WordList = ["球菌", "桿菌", "ウイルス", "真菌", "結核菌", "大腸菌", "緑膿菌"]

    /// The drug within an allergy, or within the name of what it did: ペニシリンアレルギー is a finding,
    /// ペニシリン must not be given.
    private func allergen(_ placed: MentionReader.PlacedEntity) -> MentionReader.PlacedEntity? {
        let scalars = text.cleaned.scalars
        let range = placed.range
        guard placed.entity.type == .disease else { return nil }
        guard
            let start = Self.allergies.start(
                endingAt: range.upperBound, in: scalars, from: range.lowerBound)
                ?? Self.causes.first(in: scalars, range)?.lowerBound ?? nameEnd(in: range),
            start > range.lowerBound
        else { return nil }
        let drug = placed.range.lowerBound..<start
        // 肺炎球菌による肺炎: a germ, though its vaccine is in the list.
        guard !Self.germs.ends(scalars, drug),
            Self.allergens.match(in: scalars, at: drug.lowerBound, end: start)?.upperBound == start
                || Self.stems.ends(scalars, drug)
                || (terms[.drug] ?? []).contains(where: { $0.contains(scalars[drug]) })
        else { return nil }
        return entity(.drug, drug, by: .dictionary)
    }

    /// Where the name in katakana ends that a disease begins with: エタンブトール視神経症.
    private func nameEnd(in range: Range<Int>) -> Int? {
        let scalars = text.cleaned.scalars
        var end = range.lowerBound
        while end < range.upperBound, Self.isKatakana(scalars[end]) { end += 1 }
        guard end - range.lowerBound >= 4, end < range.upperBound,
            (0x4E00...0x9FFF).contains(scalars[end].value)
        else { return nil }
        return end
    }

    /// A mention at a place of the cleaned text; nil if it holds only white space or personal information.
    func entity(
        _ type: EntityType, _ range: Range<Int>, by method: MentionMethod, score: Double = 0.5
    ) -> MentionReader.PlacedEntity? {
        let place = CleanedRange(start: range.lowerBound, end: range.upperBound)
        guard !text.cleaned.holdsPlaceholder(in: place), let span = text.textSpan(of: place).trimmed
        else { return nil }
        return MentionReader.PlacedEntity(
            entity: Entity(type: type, span: span, score: score, foundBy: method), range: range)
    }

    // MARK: Terms

    /// Whether a whole range is a finding that a list has.
    func isTerm(_ range: Range<Int>) -> Bool {
        let scalars = text.cleaned.scalars
        return Self.findings.match(in: scalars, at: range.lowerBound, end: range.upperBound)?
            .upperBound
            == range.upperBound
            || (terms[.disease] ?? []).contains { $0.contains(scalars[range]) }
    }

    func matches(_ type: EntityType, in words: SentenceWords) -> [Range<Int>] {
        let found = (terms[type] ?? []).flatMap { $0.matches(in: words) }.map {
            let range = words.range(of: $0.words)
            return range.start..<range.end
        }
        let listed = listedNames.filter { name in
            (terms[type] ?? []).contains { $0.contains(text.cleaned.scalars[name]) }
        }
        // The longest first, so that a shorter one of another table does not hide it.
        return (found + listed).sorted { ($1.count, $0.lowerBound) < ($0.count, $1.lowerBound) }
    }

    /// The names of lists that the analyzer takes for one word: ポララミン・デキサート・アロカリス.
    private var listedNames: [Range<Int>] {
        let scalars = text.cleaned.scalars
        return sentence.morphemes.flatMap { word -> [Range<Int>] in
            let range = word.range.start..<word.range.end
            guard scalars[range].contains("・") else { return [] }
            return scalars[range].split(separator: "・").map { $0.startIndex..<$0.endIndex }
                .filter { $0.count >= 3 }
        }
    }

    /// Words that make something else of the term before them: 肺炎球菌, 頭痛薬, 高血圧治療.
    private static let compoundEnds: WordList = [
        "薬", "剤", "外来", "科", "病棟", "球菌", "ワクチン", "菌", "センター", "学", "検査", "計", "スケール", "スコア", "食",
        "治療", "予防接種", "線", "台", "室",
        "教室", "専門", "学会", "手帳", "抗体", "抗原", "ウイルス", "遺伝子", "分類", "指数", "チーム", "ケア", "看護", "コントロール",
        "管理", "対策", "指導",
    ]

    /// Whether a word of `findings` stands alone: neither kanji nor katakana goes on with it.
    private func isWholeWord(_ range: Range<Int>) -> Bool {
        guard isWholeTerm(range, atLeast: 1) else { return false }
        let scalars = text.cleaned.scalars
        func isKanji(_ place: Int) -> Bool {
            place >= sentence.range.start && place < sentence.range.end
                && (0x4E00...0x9FFF).contains(scalars[place].value)
        }
        guard isKanji(range.upperBound) else { return !isKanji(range.lowerBound - 1) }
        let next: WordList = [
            "無", "有", "時", "後", "増", "消", "改", "軽", "出", "認", "著", "持", "継", "疑", "様", "等", "他",
            "予", "防", "陰", "陽", "検索", "部位", "感", "既往", "以外", "及", "所見", "徴候", "症状", "病変", "と", "貯留",
            "音", "訴", "増強", "自制", "持続", "軽減", "自覚",
        ]
        return !isKanji(range.lowerBound - 1)
            && next.match(in: scalars, at: range.upperBound, end: sentence.range.end) != nil
    }

    /// Whether a term is no part of a longer word.
    private func isWholeTerm(_ range: Range<Int>, atLeast length: Int = 2) -> Bool {
        guard range.count >= length else { return false }
        let scalars = text.cleaned.scalars
        let end = sentence.range.end
        if Self.compoundEnds.match(in: scalars, at: range.upperBound, end: end) != nil {
            return false
        }
        // A unit is no disease: the list has ML, the text mL.
        let isLatin = range.allSatisfy { scalars[$0].isASCII }
        if isLatin, range.count < 3 || !scalars[range.lowerBound].properties.isUppercase {
            return false
        }
        // 癰 is written よう in the list, as half of the particles are.
        if range.count < 3, range.allSatisfy({ (0x3041...0x309F).contains(scalars[$0].value) }) {
            return false
        }
        if range.upperBound < end {
            let next = scalars[range.upperBound]
            let last = scalars[range.upperBound - 1]
            if Self.isKatakana(next), Self.isKatakana(last) { return false }
            if next.isASCII, next.properties.isAlphabetic, last.isASCII,
                last.properties.isAlphabetic
            {
                return false
            }
        }
        if range.lowerBound > sentence.range.start {
            let before = scalars[range.lowerBound - 1]
            let first = scalars[range.lowerBound]
            if Self.isKatakana(before), Self.isKatakana(first) { return false }
            if before.isASCII, before.properties.isAlphabetic, first.isASCII,
                first.properties.isAlphabetic
            {
                return false
            }
        }
        return true
    }

    static func isKatakana(_ scalar: Unicode.Scalar) -> Bool {
        // The dot of a list lies between the letters.
        scalar != "・" && (0x30A1...0x30FC).contains(scalar.value)
    }

    /// Terms of the list that are words of every day or of procedure, and say nothing by themselves.
    private static let commonWords: Set<String> = [
        "症状", "所見", "異常", "変化", "病変", "手術", "治療", "合併症", "副作用", "有害事象", "後遺症", "障害", "疾患", "病気",
        "反応", "状態", "妊娠", "出産",
        "分娩", "閉経", "月経", "喫煙", "飲酒", "死亡", "入院", "発症", "再発", "急性", "慢性", "良性", "悪性", "両側", "転移",
        "体重", "緊張", "興奮", "ストレス",
        "拒否", "老化", "加齢", "安静", "検査", "健康", "正常", "空腹", "空腹感", "自立", "離床", "睡眠", "排便", "排尿", "食事",
        "入浴", "歩行", "体動", "会話", "意欲",
        "笑い", "涙", "汗", "唾液", "疲れ", "気分", "傷", "カルシウム", "カリウム", "ナトリウム", "酸素", "アルブミン", "ブドウ糖",
        "グルコース", "コレステロール", "マグネシウム", "亜鉛", "鉄",
        "クロール", "リン", "尿酸", "クレアチニン", "フェリチン", "葉酸", "水", "窒素", "エタノール", "アルコール", "イオウ", "血液", "血漿",
        "血小板", "赤血球", "胎盤", "止血", "薬剤アレルギー", "アレルギー", "予防接種",
        "ヨウ素", "ヨード", "ヘモグロビン", "フィブリノゲン", "フィブリノーゲン", "アンモニア", "ミルク", "ゼラチン", "デンプン", "カンゾウ",
        "ショウキョウ", "ニンジン", "キット", "血圧", "脈拍", "体温", "腸蠕動", "忘れ", "呼吸", "意識", "排ガス", "尿", "便", "皮膚",
        "粘膜",
    ]

    private func isCommonWord(_ range: Range<Int>) -> Bool {
        Self.commonWords.contains(String(scalars: text.cleaned.scalars[range]))
    }
}
