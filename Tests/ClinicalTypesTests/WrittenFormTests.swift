// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

/// What stands in the database, in folders' names and in files, where other programs read it.
@Suite("The written form")
struct WrittenFormTests {
    @Test("of every kind, type, role and level is the one of the schema and the manual")
    func names() {
        #expect(
            DocumentKind.allCases.map(\.rawValue) == [
                "nursing", "radiology", "case-report", "discharge-summary", "referral",
                "progress-note", "other",
            ])
        #expect(EntityType.allCases.map(\.rawValue) == ["disease", "drug", "dose"])
        #expect(
            Certainty.allCases.map(\.rawValue) == ["positive", "suspicious", "negative", "general"])
        #expect(NormalizationMethod.allCases.map(\.rawValue) == ["exact", "modifier", "head"])
        #expect(TNMAxis.allCases.map(\.rawValue) == ["T", "N", "M"])
        #expect(AdverseEventRole.allCases.map(\.rawValue) == ["disease", "drug"])
        #expect(AdverseEventLevel.allCases.map(\.rawValue) == [0, 1, 2, 3])
    }

    private static let evidence = TNMEvidence(
        axis: .t, category: "T3", rule: "size-over-5cm",
        span: TextSpan(range: SourceRange(start: 3, end: 7), surface: "６ｃｍ大"))

    @Test("of TNM evidence has the fields that queries of the database ask for")
    func evidence() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = try encoder.encode([
            Self.evidence, TNMEvidence(axis: .m, rule: "nothing-found", span: nil),
        ])
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"[{"axis":"T","category":"T3","rule":"size-over-5cm","span":{"range":{"end":7,"start":3},"#
                + #""surface":"６ｃｍ大"}},{"axis":"M","rule":"nothing-found"}]"#)
    }

    private func readBack<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }

    @Test("of results is read back as the same results, with what is not known left out")
    func results() throws {
        let span = TextSpan(range: SourceRange(start: 0, end: 3), surface: "架空熱")
        for entity in [
            Entity(type: .disease, span: span, score: 0.5),
            Entity(
                type: .drug, span: span, certainty: .general, normalized: "架空",
                normalizedBy: .head, icd10: "A001;A002", score: 1),
        ] {
            #expect(try readBack(entity) == entity)
        }
        let stage = TNMStage(
            t: "T1b", n: "NX", m: "M0", stage: nil, reason: .unknownCategory, prefix: "c",
            edition: "UICC-8", tScore: 1, nScore: 0,
            mScore: 0.5, evidence: [Self.evidence], needsReview: [.n])
        #expect(try readBack(stage) == stage)
    }

    @Test(
        "that no case has is refused", arguments: ["\"case_report\"", "\"Nursing\"", "1", "null"])
    func unknown(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([DocumentKind].self, from: Data("[\(json)]".utf8))
        }
    }
}
