// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import ClinicalTasks

@Suite("Forms of a staged sentence")
struct StagingVariantTests {
    @Test(
        "lead to one category each",
        arguments: stagingVariants + variedReports + variantsOfStyles + variantsOfAbsence)
    func categories(_ variant: StagingVariant) {
        let decision = TNMRulesTests.decide(variant.text)
        if let t = variant.t { #expect(decision.t == t) }
        if let n = variant.n { #expect(decision.n == n) }
        if let m = variant.m { #expect(decision.m == m) }
    }

    @Test("that tell of no lung cancer give the reason", arguments: reportsNotStaged)
    func reasons(_ report: StagingCase) {
        #expect(StagingReportTests.outcome(report.text) == report.expected)
    }

    @Test(
        "are for review where they leave a choice or hesitate",
        arguments: [
            ("肺癌 T1bN0-1M0", [TNMAxis.n]), ("肺癌 T3-4N2M0", [.t]),
            ("右上葉に22mmの肺癌。縦隔リンパ節転移の可能性。遠隔転移なし。", [.n]),
            ("右上葉に22mmの肺癌。肝転移の可能性は否定できない。リンパ節腫大なし。", [.m]),
            ("右上葉に22mmの肺癌。T3の可能性。リンパ節腫大なし。遠隔転移なし。", [.t]),
            ("右上葉に35×22の肺癌。リンパ節腫大なし。遠隔転移なし。", [.t]),
            ("右上葉に35mmの肺癌。cT1bN0M0。", [.t]),
            ("右上葉に22mmの腫瘤。リンパ節腫大なし。胸水なし。", [.t, .n, .m]),
            ("右上葉に30mmの腫瘤。器質化肺炎を第一に考えるが、肺癌も否定できない。", [.t, .n, .m]),
            ("右上葉に22mm大の肺癌。リンパ節腫大なし。遠隔転移なし。", []),
        ])
    func doubts(text: String, axes: [TNMAxis]) {
        #expect(TNMRulesTests.decide(text).doubts == Set(axes))
    }

    @Test(
        "mean the same however a system wraps their lines",
        arguments: [
            "右上葉に35mm大の肺癌を認めます。縦隔リンパ節腫大は認めません。遠隔転移なし。",
            "左下葉に4.8cm大の腫瘤を認め、原発性肺癌を疑います。左肺門リンパ節腫大あり、転移を疑います。肝転移や副腎転移は認めません。胸水なし。",
            "右上葉に３５×２２ｍｍ大の肺癌を認める。気管分岐下リンパ節に転移を疑う。多発骨転移あり。",
            "右肺尖部に肺癌あり、大きさは52mmで反回神経麻痺を伴う。リンパ節転移なし。脳転移は否定的である。",
            "右下葉肺癌術後、pT2aN1M0。再発を疑う所見は認めない。",
        ])
    func wrapping(text: String) {
        let whole = StagingReportTests.outcome(text)
        let characters = Array(text)
        for width in 4..<45 {
            let lines = stride(from: 0, to: characters.count, by: width).map {
                String(characters[$0..<min($0 + width, characters.count)])
            }
            #expect(StagingReportTests.outcome(lines.joined(separator: "\n")) == whole)
        }
    }

    private static let lesions = [
        "右上葉に22mm大の肺癌", "右上葉に肺癌（22mm）", "右上葉肺癌22mm", "右上葉に22mm大の結節を認め、肺癌を疑う",
        "右上葉に22×18mmの不整形結節（肺癌疑い）", "右上葉肺癌（22mm大、胸膜陥入あり）",
    ]
    private static let joints = ["、", "。", "，", "；", "　", " / ", "で、", "だが、", " "]
    private static let denials = [
        "リンパ節腫大なし、遠隔転移なし。", "胸水貯留なし、リンパ節腫大なし。", "リンパ節腫大や遠隔転移は認めない。",
        "有意なリンパ節腫大、遠隔転移を認めない。", "リンパ節(-)、遠隔転移(-)", "LN腫大なし、肝転移なし、副腎転移なし。",
    ]

    @Test("with a lesion and denials keep both, whatever joins them", arguments: lesions, denials)
    func joined(lesion: String, denial: String) {
        for joint in Self.joints {
            let outcome = StagingReportTests.outcome(lesion + joint + denial)
            #expect(outcome == .staged("T1c", "N0", "M0"), "\(lesion)\(joint)\(denial)")
        }
    }

    @Test(
        "with two numbers take the larger, whatever stands between them",
        arguments: [
            "×", "x", "X", "*", "＊", "ｘ", "✕", " × ", "・", ",", "、短径", "/", "mm×",
        ], ["mm", "㎜", "ｍｍ", "ミリ", " mm", "MM"])
    func sizes(sign: String, unit: String) {
        for prefix in ["", "径", "約", "最大径"] {
            let size = prefix + "35" + sign + "22" + unit
            let text = "右上葉に\(size)の肺癌。リンパ節腫大なし。遠隔転移なし。"
            #expect(StagingReportTests.outcome(text) == .staged("T2a", "N0", "M0"), "\(text)")
        }
    }

    @Test(
        "that call a metastasis unlikely do not count it",
        arguments: [
            "とは言えない", "とはいえない", "とまでは言えません", "とは考えにくい", "は考え難い", "は否定的である", "を積極的に疑う所見なし",
            "を積極的には疑わない", "を疑う所見に乏しい", "の可能性は低い", "の可能性は乏しい", "は明らかでない", "ははっきりしない", "は認めがたい",
            "は除外できる", "ではないと考える", "とは断定できない", "と言い切れない", "よりは良性を考える", "は低い可能性",
        ], ["骨", "肝", "副腎", "脳", "遠隔", "縦隔リンパ節", "右肺門リンパ節"])
    func unlikely(hedge: String, site: String) {
        let text = "右上葉に22mm大の肺癌。\(site)転移\(hedge)。"
        let decision = TNMRulesTests.decide(text + "リンパ節腫大なし。胸水なし。")
        #expect(decision.n == "N0" && decision.m == "M0", "\(text)")
    }
}
