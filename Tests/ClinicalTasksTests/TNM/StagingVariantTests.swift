// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import ClinicalTasks

@Suite("Forms of a staged sentence")
struct StagingVariantTests {
    @Test("lead to one category each", arguments: stagingVariants + variedReports)
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
}
