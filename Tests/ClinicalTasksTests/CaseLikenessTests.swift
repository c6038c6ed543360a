// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import ClinicalTasks

@Suite("How alike two cases are")
struct CaseLikenessTests {
    private func mention(
        _ surface: String, _ type: EntityType = .disease, _ certainty: Certainty = .positive,
        normalized: String? = nil, icd10: String? = nil, subject: MentionSubject = .patient,
        temporality: Temporality = .current, state: DrugState? = nil, isCausal: Bool = false
    ) -> CaseMention {
        CaseMention(
            type: type, surface: surface, normalized: normalized, icd10: icd10,
            status: AssertionStatus(
                certainty: certainty, subject: subject, temporality: temporality, state: state),
            isCausal: isCausal)
    }

    private func score(_ one: [CaseMention], _ other: [CaseMention]) -> Double {
        CaseLikeness(of: CaseProfile(of: one), and: CaseProfile(of: other)) { _ in 1 }.score
    }

    @Test("the same reaction to the same drug in other words is nearer than other findings")
    func otherWords() {
        let asked = [
            mention("間質性肺炎", isCausal: true), mention("ゲフィチニブ", .drug, isCausal: true),
            mention("発熱"),
        ]
        let told = [
            mention("薬剤性間質性肺炎", isCausal: true), mention("ｹﾞﾌｨﾁﾆﾌﾞ", .drug, isCausal: true),
            mention("呼吸困難"),
        ]
        let others = [mention("発熱"), mention("咳嗽"), mention("アムロジピン", .drug)]
        #expect(score(asked, asked) == 1)
        #expect(score(asked, told) > score(asked, others) + 0.2)
        #expect(score(asked, told) == score(told, asked))
        let likeness = CaseLikeness(
            of: CaseProfile(of: asked), and: CaseProfile(of: told)
        ) { _ in 1 }
        #expect(likeness.matches.map(\.other) == ["ゲフィチニブ", "薬剤性間質性肺炎"])
    }

    @Test("a standard name joins words that have nothing in common")
    func standardNames() {
        let one = [mention("高血圧", normalized: "高血圧症")]
        #expect(score(one, [mention("ＨＴ", normalized: "高血圧症")]) == 1)
        #expect(score(one, [mention("ＨＴ")]) == 0)
        let codes = score([mention("肺臓炎", icd10: "J189;J849")], [mention("すりガラス", icd10: "J848")])
        #expect(codes > 0.5 && codes < 1)
    }

    @Test("a denied finding is none that is present, and counts against it")
    func denied() {
        let present = [mention("発熱"), mention("咳嗽")]
        let denied = [mention("発熱", .disease, .negative), mention("咳嗽")]
        #expect(score(present, denied) < score(present, [mention("咳嗽")]))
        let likeness = CaseLikeness(
            of: CaseProfile(of: present), and: CaseProfile(of: denied)
        ) { _ in 1 }
        #expect(likeness.contradictions == ["発熱"])
        #expect(likeness.matches.map(\.name) == ["咳嗽"])
        #expect(score(denied, denied) == 1)
        // Suspected is told of, not denied.
        #expect(score(present, [mention("発熱", .disease, .suspicious), mention("咳嗽")]) == 1)
    }

    @Test("rare concepts weigh more than common ones")
    func rarity() {
        let asked = CaseProfile(of: [mention("発熱"), mention("多形紅斑")])
        func score(_ other: String) -> Double {
            CaseLikeness(of: asked, and: CaseProfile(of: [mention(other)])) {
                $0.name == "発熱" ? 0.5 : 5
            }.score
        }
        #expect(score("多形紅斑") > score("発熱"))
    }

    @Test("what is the family's, planned or general, and doses, are no part of a case")
    func leftOut() {
        let profile = CaseProfile(of: [
            mention("肺癌", subject: .family), mention("嘔吐", .disease, .general),
            mention("シスプラチン", .drug, state: .planned), mention("手術", temporality: .planned),
            mention("5mg", .dose), mention("カロナール", .drug, state: .notGiven),
        ])
        #expect(profile.concepts.map(\.name) == ["カロナール"])
        #expect(profile.concepts.map(\.isDenied) == [true])
        #expect(score([], []) == 0)
    }
}
