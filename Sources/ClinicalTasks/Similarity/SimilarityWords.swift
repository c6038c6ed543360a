// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Words whose presence in one text and absence in the other changes the meaning.
enum SimilarityWords {
    /// Denials.
    static let negations = [
        "なかった", "なく", "ない", "なし", "無し", "せず", "れず", "認めず", "得ず", "ません", "陰性", "否定",
        "不明", "異常な", "(-)",
    ].map { Array($0.unicodeScalars) }
    /// Words of supposition.
    static let suppositions = [
        "疑", "可能性", "考え", "思われ", "推測", "推察", "示唆", "かもしれ", "鑑別",
    ].map { Array($0.unicodeScalars) }
    /// Words that exclude each other in one place.
    static let opposites: [([Unicode.Scalar], [Unicode.Scalar])] = [
        ("右", "左"), ("上", "下"), ("前", "後"), ("内", "外"), ("増加", "減少"), ("上昇", "低下"),
        ("改善", "悪化"), ("改善", "増悪"), ("軽快", "増悪"), ("軽快", "悪化"), ("消失", "出現"),
        ("消失", "残存"), ("陽性", "陰性"), ("良性", "悪性"), ("男", "女"), ("高", "低"), ("大", "小"),
        ("開始", "中止"), ("開始", "終了"), ("増量", "減量"), ("入院", "退院"), ("生存", "死亡"),
        ("急性", "慢性"), ("近位", "遠位"), ("拡大", "縮小"), ("増大", "縮小"), ("増大", "減少"),
        ("片側", "両側"), ("初発", "再発"), ("正常", "異常"), ("術前", "術後"), ("動脈", "静脈"),
        ("縦", "横"), ("軽度", "高度"), ("早期", "晩期"), ("多い", "少ない"), ("長", "短"),
        ("強", "弱"), ("父", "母"), ("姉", "妹"), ("兄", "弟"), ("認め", "認めず"), ("有", "無"),
        ("可能", "不可能"), ("良好", "不良"), ("遅", "早"), ("上顎", "下顎"), ("一側", "両側"),
    ].map { (Array($0.0.unicodeScalars), Array($0.1.unicodeScalars)) }

    /// How often any of `words` stands in `text`; a longer word hides the shorter ones inside it.
    static func count(_ words: [[Unicode.Scalar]], in text: [Unicode.Scalar]) -> Int {
        var position = 0
        var found = 0
        while position < text.count {
            if let match = words.first(where: { ScalarSearch.stands($0, at: position, in: text) }) {
                found += 1
                position += match.count
            } else {
                position += 1
            }
        }
        return found
    }
}

extension SentenceProfile.OppositeMarks {
    /// Looks for the words of ``SimilarityWords/opposites`` in a text.
    init(_ text: [Unicode.Scalar]) {
        self.init()
        precondition(SimilarityWords.opposites.count <= UInt64.bitWidth, "a bit for each pair")
        let text = ScalarSearch(text)
        for (number, (one, other)) in SimilarityWords.opposites.enumerated() {
            switch (text.contains(one), text.contains(other)) {
            case (true, false): first |= 1 << UInt64(number)
            case (false, true): second |= 1 << UInt64(number)
            default: break
            }
        }
    }
}
