// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// Fictional records whose words are drawn by a seed, and small changes of them.
struct FictionalTexts {
    private var random: SeededNumbers
    private static let things = [
        "患者", "病棟", "検査", "血圧", "体温", "点滴", "看護", "手術", "家族", "食事", "睡眠", "呼吸", "心電図",
        "画像", "所見", "退院", "外来", "投薬", "経過", "診察", "計画", "目標", "指導", "相談", "支援", "訪問",
    ]
    private static let acts = [
        "確認した", "記録した", "説明した", "開始した", "中止した", "変更した", "評価した", "観察した", "報告した",
    ]

    init(seed: UInt64) { random = SeededNumbers(seed: seed) }

    private mutating func one(_ list: [String]) -> String { list[random.number(below: list.count)] }

    mutating func sentence() -> String {
        "\(one(Self.things))と\(one(Self.things))について\(one(Self.things))を"
            + "\(random.number(below: 10_000))回\(one(Self.acts))。"
    }

    mutating func document(_ sentences: Int) -> String {
        (0..<sentences).map { _ in sentence() }.joined()
    }

    /// The same document with some sentences written anew.
    mutating func changed(_ document: String, sentences: Int) -> String {
        var parts = document.split(separator: "。").map { String($0) + "。" }
        for _ in 0..<sentences {
            let place = random.number(below: parts.count)
            parts[place] = sentence()
        }
        return parts.joined()
    }
}
