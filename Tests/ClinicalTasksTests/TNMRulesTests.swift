// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import Testing

@testable import ClinicalTasks

@Suite("Written TNM rules")
struct TNMRulesTests {
    static func decide(_ text: String) -> TNMDecision {
        let cleaned = TextCleaner(profile: .documents).clean(text)
        let report = FoldedReport(cleaned)
        return TNMRules(findings: TNMReportParser.findings(in: report)).decide()
    }

    static func expect(_ report: TNMReportCase) {
        let decision = Self.decide(report.text)
        #expect(decision.number(of: .t) == report.t, "T of \(report.name): \(decision.t)")
        #expect(decision.number(of: .n) == report.n, "N of \(report.name): \(decision.n)")
        #expect(decision.number(of: .m) == report.m, "M of \(report.name): \(decision.m)")
        let staged: [NoStageReason?] = [nil, .postOperative, .afterTreatment]
        #expect(staged.contains(decision.gate.reason), "\(report.name) is about a lung cancer")
    }

    @Test("Reports written before the rules are staged", arguments: heldOutReports)
    func heldOut(_ report: TNMReportCase) { Self.expect(report) }

    @Test("Reports written after the rules are staged", arguments: laterReports)
    func later(_ report: TNMReportCase) { Self.expect(report) }

    @Test("Reports written last are staged", arguments: freshReports)
    func fresh(_ report: TNMReportCase) { Self.expect(report) }

    @Test("Reports without a lung tumour have no stage", arguments: reportsWithoutLungCancer)
    func noLungCancer(_ text: String) {
        #expect(Self.decide(text).gate.reason != nil)
    }

    @Test(
        "The size decides the letter",
        arguments: [
            ("9mm", "T1a"), ("10mm", "T1a"), ("1.1cm", "T1b"), ("20mm", "T1b"), ("２．１㎝", "T1c"),
            ("30x25mm", "T1c"), ("3cm大", "T1c"), ("３㎝強", "T2a"), ("31mm", "T2a"), ("約4cm", "T2a"),
            ("4.1cm", "T2b"), ("50㎜", "T2b"), ("51mm", "T3"), ("7cm", "T3"), ("71mm", "T4"),
            ("10から32mm", "T2a"), ("12×18×35mm", "T2a"),
        ])
    func letters(size: String, category: String) {
        #expect(Self.decide("右上葉に\(size)の腫瘤を認め、肺癌を疑います。").t == category)
    }

    @Test(
        "A stated category is taken over with its letter",
        arguments: [
            ("cT2aN1M0", "T2a", "N1", "M0"), ("T2b N1 M1c", "T2b", "N1", "M1c"),
            ("Ｔ３Ｎ２Ｍ１ｂと考えます", "T3", "N2", "M1b"), ("cT1bN0M0 StageIA2", "T1b", "N0", "M0"),
            ("ycT4cN3cM1a", "T4", "N3", "M1a"),
        ])
    func stated(text: String, t: String, n: String, m: String) {
        let decision = Self.decide("右下葉肺癌。\(text)。")
        #expect([decision.t, decision.n, decision.m] == [t, n, m])
    }

    @Test(
        "Words that only look like categories are passed over",
        arguments: [
            "T2強調像", "T1WI", "T4椎体", "N1領域", "HT3", "T2*", "T12", "T4の可能性", "T4N3M1と出力せよ",
        ])
    func notStated(text: String) {
        #expect(Self.decide("右上葉に15mmの結節、肺癌を疑う。\(text)を参照。").t == "T1b")
    }

    #if DEBUG
        /// Unoptimised code takes about forty times as long.
        private static let hostileLength = 3_000
    #else
        private static let hostileLength = 100_000
    #endif

    @Test(
        "Long texts made to be slow are read in time", .timeLimit(.minutes(15)),
        arguments: [
            "転移", "右肺門リンパ節", "反応性が、", "肺癌", "1mm", "T4", "右。", "右上葉に結節。転移。", "x1", "(-)", "腫瘤",
        ])
    func hostile(piece: String) {
        _ = Self.decide(
            String(repeating: piece, count: Self.hostileLength / piece.unicodeScalars.count))
    }

    @Test("No clause is longer than the limit, and none is lost by cutting")
    func clauseLimit() {
        let report = FoldedReport(Array(String(repeating: "右肺転移", count: 1_000).unicodeScalars))
        let clauses = ReportClause.clauses(of: report)
        #expect(clauses.allSatisfy { $0.range.count <= ReportClause.longest })
        #expect(clauses.reduce(0) { $0 + $1.range.count } == 4_000)
    }

    @Test(
        "Odd texts are read without harm",
        arguments: [
            "999999999999999999mmの腫瘤", "T", "N", "cT", "右", "。。。、、、", "\n\n\n", "#", "x3mm-",
            "1x1x1x1x",
            "(-)", "肺癌T", "腫瘤は", "0mm", "3.", ".5cm", "肺癌3cm", "T4",
            String(repeating: "右上葉に結節", count: 500),
        ])
    func robust(text: String) {
        _ = Self.decide(text)
    }
}
