// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ClinicalTasks

@Suite("Staging of reports")
struct StagingReportTests {
    static func outcome(_ text: String) -> StagingCase.Outcome {
        let decision = TNMRulesTests.decide(text)
        if let reason = decision.gate.reason { return .notStaged(reason.rawValue) }
        return .staged(decision.t, decision.n, decision.m)
    }

    @Test("Reports by which the rules were mended", arguments: stagingReports)
    func mended(_ report: StagingCase) {
        #expect(Self.outcome(report.text) == report.expected)
    }

    @Test("Reports that were kept apart until the rules were done", arguments: stagingReportsKept)
    func kept(_ report: StagingCase) {
        #expect(Self.outcome(report.text) == report.expected)
    }
}
