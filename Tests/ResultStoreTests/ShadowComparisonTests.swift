// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import ResultStore

@Suite("The comparison of two models' results")
struct ShadowComparisonTests {
    @Test("what both find, only one finds, and what they say of it is counted")
    func counts() {
        let findings = sampleFile("a.txt").documents[0].findings
        let active = KeptResults(findings, by: maker)
        #expect(
            active.comparison(with: active) == [
                "disease both": 1, "drug both": 1, "certainty same": 2, "level same": 2,
                "pair both": 1,
            ])
        var other = active
        other.mentions[0].certainty = "negative"
        other.mentions[1].end -= 1
        other.grades = []
        other.stage = KeptResults.Stage(
            t: "T1", edition: "UICC-8", review: "", method: "rules", evidence: "[]")
        #expect(
            active.comparison(with: other) == [
                "disease both": 1, "drug only active": 1, "drug only shadow": 1,
                "certainty other": 1, "level other": 1, "pair only active": 1,
                "pair only shadow": 1, "stage other": 1,
            ])
    }
}
