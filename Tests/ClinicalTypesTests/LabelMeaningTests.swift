// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@Suite("The meaning of a tagger's label")
struct LabelMeaningTests {
    private static let all =
        [LabelMeaning.ignored]
        + EntityType.allCases.flatMap { type in
            Certainty.allCases.map { .entity(type, $0) }
        }

    @Test("is read back from its text", arguments: all)
    func roundTrip(meaning: LabelMeaning) {
        #expect(LabelMeaning(meaning.text) == meaning)
    }

    @Test("is positive where no certainty is written", arguments: EntityType.allCases)
    func positive(type: EntityType) {
        #expect(LabelMeaning(type.rawValue) == .entity(type, .positive))
    }

    @Test(
        "is none in any other text",
        arguments: [
            "", " ", "Disease", "disease sure", "disease positive now", "positive",
            "ignore disease",
            "ignored", "disease_negative",
        ])
    func refused(text: String) {
        #expect(LabelMeaning(text) == nil)
    }

    @Test(
        "follows from the names that taggers of PRISM and our own use",
        arguments: [
            ("d", LabelMeaning.entity(.disease, .positive)), ("d_", .entity(.disease, .positive)),
            ("d_suspicious", .entity(.disease, .suspicious)),
            ("disease_negative", .entity(.disease, .negative)),
            ("m-key", .entity(.drug, .positive)), ("m-key_executed", .entity(.drug, .positive)),
            ("m-key_negated", .entity(.drug, .negative)),
            ("m-key_scheduled", .entity(.drug, .general)), ("drug_other", .entity(.drug, .general)),
            ("m-val", .entity(.dose, .positive)), ("m-val_negated", .entity(.dose, .negative)),
        ])
    func usual(name: String, meaning: LabelMeaning) {
        #expect(LabelMeaning.usual(for: name) == meaning)
    }

    @Test(
        "is not guessed for other names",
        arguments: ["", "_", "a", "a_positive", "D", "d-positive", "d_sure", "d_executed_now"])
    func unusual(name: String) {
        #expect(LabelMeaning.usual(for: name) == nil)
    }
}
