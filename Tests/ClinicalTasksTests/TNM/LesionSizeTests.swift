// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import Testing

@testable import ClinicalTasks

@Suite("Lengths in reports")
struct LesionSizeTests {
    private func sizes(_ text: String) -> [LesionSize] {
        let report = FoldedReport(TextCleaner(profile: .documents).clean(text).scalars)
        return LesionSize.sizes(in: report.scalars, 0..<report.scalars.count)
    }

    @Test(
        "are millimetres, the largest of several, and a little more where the report says more",
        arguments: [
            ("22mm大の結節", [22.0]), ("2.2cmの結節", [22]), ("２２ｍｍ", [22]), ("30x25mm", [30]),
            ("12×18×35mm", [35]), ("3cm強", [30.5]), ("2~3cm", [30]), ("5mmと8mmの結節", [5, 8]),
            ("35*22mm", [35]), ("35・22mm", [35]), ("３・５ｃｍ", [35]), ("3,5cm", [35]),
            ("大きさ(mm)：35×22", [35]),
            ("長径cm：3.5", [35]), ("3cm5mm", [35]), ("S8 30mm", [30]), ("径35ミリ", [35]),
            ("22mm：35", [22]), ("右上葉に３ 6 ㎜の肺癌", [36]), ("腫瘤３ ６ mm", [36]), ("径3 6mm", [36]),
            ("大きさは3 6 x 2 2 mm", [36]), ("S8 5 mm", [5]), ("結節1 5mm、結節2 8mm", [5, 8]),
            ("#7 5mm", [5]),
            ("11 5 mm", [5]),
        ])
    func millimetres(text: String, expected: [Double]) {
        #expect(sizes(text).map(\.millimetres) == expected)
    }

    @Test(
        "are not read from doses, slices, vertebrae, earlier examinations and bare numbers",
        arguments: [
            "短径12mmのリンパ節", "スライス厚5mm", "前回20mm", "20mmから", "Th12", "3個の結節", "120mm/h", "500mm",
            "", "cm", "前回(2024/3/1)45mm", "5mm増大", "1年前は5cm", "35x22", "(mm)なし",
        ])
    func none(text: String) {
        #expect(sizes(text).isEmpty)
    }

    @Test("of a solid part are told apart")
    func solidPart() {
        let found = sizes("すりガラス結節25mm、充実成分8mm")
        #expect(found.map(\.isSolidPart) == [false, true])
    }
}
