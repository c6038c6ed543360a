// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Diseases that neither a model nor a list knows, which a wording says a drug caused.
extension MentionFinder {
    /// Xによる偽胆石症, Xに関連するスプルー様腸症, アミオダロン肺障害: what stands behind a drug and ends as diseases do.
    func caused(by placed: [MentionReader.PlacedEntity]) -> [Range<Int>] {
        let scalars = text.cleaned.scalars
        return placed.filter { $0.entity.type == .drug }.compactMap { drug in
            let end = drug.range.upperBound
            var start = end
            var isNamed = false
            if let cause = Self.causesOfDiseases.match(
                in: scalars, at: end, end: sentence.range.end)
            {
                start = cause.upperBound
                isNamed = true
            }
            let run = scalars[start..<sentence.range.end].prefix(while: Self.isOfNames)
            guard let last = Self.diseaseEnds.all(in: scalars, run.startIndex..<run.endIndex).last
            else { return nil }
            // 大量投与後高血糖 is no name.
            let name = start..<last.upperBound
            guard name.count >= (isNamed ? 3 : 2), !Self.acts.occurs(in: scalars, name),
                last.upperBound == run.endIndex || Self.isKanji(scalars[last.upperBound - 1])
            else { return nil }
            // The drug is a part of the name where nothing stands between.
            let range = isNamed ? name : drug.range.lowerBound..<last.upperBound
            let isKnown = placed.contains {
                $0.entity.type == .disease && $0.range.lowerBound <= range.lowerBound
                    && $0.range.upperBound >= range.upperBound
            }
            // Without a wording the drug must stay a mention of its own, so the name begins behind it.
            return isKnown ? nil : name
        }
    }

    /// タクロリムスによる可逆性後頭葉白質脳症, 薬剤関連顎骨壊死: the beginning of a name that the model left out, back to
    /// the wording that names the cause.
    func fromCause(_ placed: MentionReader.PlacedEntity) -> MentionReader.PlacedEntity {
        let scalars = text.cleaned.scalars
        guard placed.entity.type == .disease else { return placed }
        let floor = max(sentence.range.start, placed.range.lowerBound - 10)
        var start = placed.range.lowerBound
        while start > floor, Self.isOfNames(scalars[start - 1]) { start -= 1 }
        let prefix = Self.drugPrefixes.suffix(of: scalars, floor..<placed.range.lowerBound)
        let isNamed =
            start < placed.range.lowerBound
            && Self.joints.ends(scalars, sentence.range.start..<start)
            && !Self.acts.occurs(in: scalars, start..<placed.range.lowerBound)
        guard let first = isNamed ? start : prefix?.lowerBound,
            let longer = entity(
                .disease, first..<placed.range.upperBound, by: placed.entity.foundBy,
                score: placed.entity.score)
        else { return placed }
        return longer
    }

    private static let drugPrefixes: WordList = ["薬剤関連", "薬剤性", "薬物性", "薬剤誘発性", "薬剤起因性"]
    private static let joints: WordList = [
        "による", "に伴う", "に起因する", "に起因した", "に関連する", "に関連した", "によって生じた", "により生じた", "を原因とする",
    ]

    private static func isOfNames(_ scalar: Unicode.Scalar) -> Bool {
        isKanji(scalar) || (0x30A1...0x30FC).contains(scalar.value)
            || scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            || scalar == "-"
    }

    static func isKanji(_ scalar: Unicode.Scalar) -> Bool {
        (0x4E00...0x9FFF).contains(scalar.value) || scalar == "々"
    }

    private static let causesOfDiseases: WordList = [
        "の有害事象(", "の副作用(", "の有害反応(",
        "による", "に伴う", "に起因する", "に起因した", "に関連する", "に関連した", "誘発性", "起因性", "関連", "性", "が原因の",
        "の副作用としての",
        "によって生じた", "により生じた", "を原因とする",
    ]
    /// Ends of the names of diseases.
    static let diseaseEnds: WordList = [
        "症", "症候群", "炎", "障害", "中毒", "脳症", "腎症", "肝症", "肺臓炎", "不全", "血症", "減少症", "潰瘍", "壊死",
        "アシドーシス",
        "アルカローシス", "ショック", "発作", "ジストニア", "ジスキネジア", "パーキンソニズム", "ミオパチー", "ニューロパチー", "アナフィラキシー",
        "出血",
        "穿孔", "閉塞", "線維症", "肝炎", "腸炎", "貧血", "紫斑", "浮腫",
    ]
    /// Words of use, which make no name of what stands behind them.
    private static let acts: WordList = [
        "投与", "内服", "服用", "治療", "療法", "使用", "開始", "中止", "予防", "静注", "点滴", "抵抗", "感受性", "耐性", "既往",
        "患者",
    ]
}
