// SPDX-License-Identifier: Apache-2.0
import Faults
import HeadTraining
import TestSupport
import Testing

@Suite("Errors of fitting heads in words") struct ErrorExplanationTests {
    private static let errors: [(any Explained, [String])] = [
        (HeadTrainingError.noRows(task: "smdis"), ["smdis.jsonl"]),
        (HeadTrainingError.unusableRow(task: "crade", row: "crade-1"), ["crade.jsonl", "crade-1"]),
        (TNMTrainingError.unknownTag(row: "r1"), ["rrtnm.jsonl", "r1", "T, N, M"]),
        (TNMTrainingError.unknownAnswer(row: "r1"), ["rrtnm.jsonl", "r1", "answer"]),
        (
            EntityTrainingError.placeOutsideText(task: "nrner", row: "r1"),
            ["nrner.jsonl", "r1", "offsets"]
        ),
        (EntityTrainingError.noDocuments(types: [.drug, .dose]), ["drug", "dose"]),
        (EntityTrainingError.dictionary(file: "d/x.tsv"), ["d/x.tsv", "icd10"]),
        (EntityTrainingError.states(document: "d1"), ["d1", "word"]),
    ]

    @Test("name the file and the row", arguments: errors.indices)
    func words(of number: Int) {
        let (error, words) = Self.errors[number]
        expectSentence(of: error, naming: words)
        let isStates = (error as? EntityTrainingError) == .states(document: "d1")
        #expect(error.disposition == (isStates ? .software : .badData))
    }
}
