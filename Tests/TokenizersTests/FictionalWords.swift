// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// Invented words of ward notes, drawn in a fixed order.
enum FictionalWords {
    static let stems = [
        "発熱", "頭痛", "咳嗽", "呼吸困難", "血圧", "体温", "腹痛", "嘔気", "嘔吐", "浮腫", "疼痛",
        "不眠", "倦怠感", "食欲不振", "便秘", "下痢", "発疹", "掻痒感", "胸痛", "動悸", "内服", "点滴",
        "リハビリテーション", "カテーテル", "ドレーン", "バイタルサイン", "右上葉", "左下葉",
    ]
    static let others = [
        "を", "が", "は", "に", "の", "で", "と", "も", "認め", "ず", "なし", "あり", "訴え", "継続",
        "開始", "中止", "した", "する", "。", "、", "37", "38", "120", "80", "mg", "℃",
    ]

    /// Notes as lists of words.
    static func notes(_ count: Int) -> [[String]] {
        var random = SeededNumbers(seed: 20_261)
        return (0..<count).map { _ in
            (0..<12).map { position in
                let list = position % 2 == 0 ? stems : others
                // The first words are the most frequent, as in any text.
                let draw = random.fraction() * random.fraction()
                let word = list[Int(draw * Double(list.count))]
                return random.fraction() < 0.1 ? word + list[Int(draw * 7)] : word
            }
        }
    }

    /// How often each word occurs.
    static func counts(_ notes: [[String]]) -> [String: Int] {
        notes.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Passages that mean nothing, all different.
    static func passages(_ count: Int, length: Int) -> [String] {
        var random = SeededNumbers(seed: 1_105)
        let kana = Array("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨ")
        return (0..<count).map { _ in
            String((0..<length).map { _ in kana[Int(random.fraction() * Double(kana.count))] })
        }
    }
}
