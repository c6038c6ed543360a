// SPDX-License-Identifier: Apache-2.0
import Faults
import LinearHeads
import TestSupport
import Testing

@Suite("Errors of stored heads in words") struct ErrorExplanationTests {
    @Test(
        "name the task and the field or tensor",
        arguments: [
            (TaskParameterError.settings(task: "tnm", field: "labels"), ["tnm", "labels"]),
            (.missingTensor(task: "tnm", tensor: "weights"), ["tnm", "weights"]),
            (
                .shape(task: "tnm", tensor: "weights", expected: [2], found: [3]),
                ["tnm", "weights", "[2]", "[3]"]
            ),
        ])
    func words(error: TaskParameterError, words: [String]) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == .unavailable)
    }
}
