// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// Words that tell whether what stands before them is there, denied, suspected or only possible.
struct CueWords: Sendable {
    /// What a cue does to the phrase before it.
    enum Family: Int, CaseIterable, Sendable {
        case present, negation, resolution, suspicion, risk, condition
    }

    /// A cue in a sentence.
    struct Cue: Sendable {
        let family: Family
        /// Place of the cue in its family's list.
        let number: Int
        /// Cleaned offset of its first character.
        let start: Int
    }

    /// The cues of each family, in cleaned form; where one contains another, the longest counts.
    private static let words: [(Family, [String])] = [
        (
            .present,
            [
                "あり", "有り", "有る", "ある", "認める", "認めた", "認められ", "みられる", "みられた", "見られる",
                "見られた", "訴え", "出現", "持続", "著明", "増強", "悪化", "発症", "呈し", "来し", "生じ", "続く",
                "続いて", "強い", "軽度", "合併", "診断", "(+)",
            ]
        ),
        (
            .negation,
            [
                "なし", "無し", "無い", "ない", "なく", "なかった", "無く", "認めず", "認めない", "認めなかった", "認めません",
                "認められず", "認められない", "ありません", "みられず", "みられない", "見られず", "見られない", "陰性", "否定",
                "指摘できません", "指摘し得ず", "指摘されず", "明らかでない", "(-)", "訴えなく", "訴えない", "せず", "除外",
            ]
        ),
        (.resolution, ["消失", "改善", "軽快", "軽減", "治癒", "消退", "寛解", "回復", "落ち着", "減少", "おさま"]),
        (
            .suspicion,
            [
                "疑い", "疑う", "疑われ", "疑った", "考えます", "考えられ", "考え", "思われ", "可能性", "否定できない",
                "否定できず", "鑑別", "s/o", "r/o", "?", "だろう", "かもしれ", "様",
            ]
        ),
        (
            .risk,
            [
                "リスク", "危険", "恐れ", "おそれ", "予防", "防止", "注意", "ないよう", "しないか", "に備え", "可能性がある",
                "可能性あり", "不安", "心配", "説明", "指導", "観察", "有無", "の確認", "確認", "既往", "ないか",
            ]
        ),
        (
            .condition,
            ["時", "際", "場合", "たら", "れば", "ならば", "後", "に対し", "のため", "により", "による", "治療", "検査"]
        ),
    ]

    private static let byFirst: [Unicode.Scalar: [(Family, Int, [Unicode.Scalar])]] = {
        var result: [Unicode.Scalar: [(Family, Int, [Unicode.Scalar])]] = [:]
        for (family, list) in words {
            for (number, word) in list.enumerated() {
                let characters = Array(word.unicodeScalars)
                if let first = characters.first {
                    result[first, default: []].append((family, number, characters))
                }
            }
        }
        return result.mapValues { $0.sorted { $0.2.count > $1.2.count } }
    }()

    /// The cues in a range of a cleaned text from left to right.
    static func find(in text: CleanedText, range: CleanedRange) -> [Cue] {
        var cues: [Cue] = []
        var index = range.start
        while index < range.end {
            let candidates = byFirst[text.scalars[index]] ?? []
            let cue = candidates.first { candidate in
                index + candidate.2.count <= range.end
                    && text.scalars[index..<index + candidate.2.count].elementsEqual(candidate.2)
            }
            if let cue {
                cues.append(Cue(family: cue.0, number: cue.1, start: index))
                index += cue.2.count
            } else {
                index += 1
            }
        }
        return cues
    }
}
