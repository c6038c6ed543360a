// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Faults
import TestSupport
import Testing

@Suite("Faults of a label map in words") struct ErrorExplanationTests {
    @Test(
        "name the labels and where to say what they mean",
        arguments: [
            (LabelMap.Fault.namesMissing(count: 4), ["4", "id2label", "--labels"]),
            (.nameCount(expected: 4, found: 5), ["4", "5"]), (.noOutside, ["O ", "id2label"]),
            (.unmapped(["a", "b"]), ["a, b", "--labels"]), (.unknown(["a", "b"]), ["a, b"]),
            (.nothingMapped, ["--as trunk"]),
        ])
    func words(error: LabelMap.Fault, words: [String]) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == .badData)
    }
}
