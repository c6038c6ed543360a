// SPDX-License-Identifier: Apache-2.0
import Faults
import TestSupport
import Testing

@testable import Generation

@Suite("Errors of generation in words") struct ErrorExplanationTests {
    @Test(
        "name the prompt and what is wrong with it",
        arguments: [
            (ServingError.emptyPrompt, ["no token"]),
            (
                .tokenOutOfVocabulary(label: 1, position: 2, id: 9, vocabularySize: 8),
                ["label 1", "position 2", "9", "8"]
            ),
            (.sequenceTooLong(tokens: 9, limit: 8), ["9", "8"]),
            (.exceedsBudget(tokens: 9, budget: 8), ["9", "8", "--budget"]),
            (.noLabels, ["choose"]), (.emptyLabel(3), ["label 3"]),
            (.labelTooLong(label: 1, tokens: 9, rows: 8), ["label 1", "9", "8"]),
            (.noAdapter(2), ["adapter 2"]), (.setting("top-p"), ["top-p"]),
        ])
    func requests(error: ServingError, words: [String]) {
        expectSentence(of: RefusedRequest(index: 4, reason: error), naming: ["prompt 4"] + words)
    }

    @Test("name the schema's file and field; a document that was not named is the asker's matter")
    func schemas() {
        let error = SchemaError(file: "s.json", field: "$.items", fault: .tooDeep(5))
        expectSentence(of: error, naming: ["s.json: $.items", "5"])
        expectSentence(of: GrammarError.tooLarge(limit: 7), naming: ["7"])
        expectSentence(of: GrammarError.noDocument, naming: ["--within"])
        #expect(GrammarError.noDocument.disposition == .usage)
        #expect(GrammarError.ambiguous.disposition == .badData)
    }
}
