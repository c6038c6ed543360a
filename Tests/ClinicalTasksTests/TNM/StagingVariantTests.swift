// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ClinicalTasks

@Suite("Forms of a staged sentence")
struct StagingVariantTests {
    @Test("lead to one category each", arguments: stagingVariants)
    func categories(_ variant: StagingVariant) {
        let decision = TNMRulesTests.decide(variant.text)
        if let t = variant.t { #expect(decision.t == t) }
        if let n = variant.n { #expect(decision.n == n) }
        if let m = variant.m { #expect(decision.m == m) }
    }
}
