// SPDX-License-Identifier: Apache-2.0
import Faults
import LanguageModel
import TestSupport
import Testing

@Suite("Errors of models in words") struct ErrorExplanationTests {
    private static let errors: [(any Explained, [String], Disposition)] = [
        (
            TrunkError.tokenOutOfVocabulary(sequence: 1, position: 2, id: 9, vocabularySize: 8),
            ["list 1", "position 2", "9", "8"], .badData
        ),
        (
            TrunkError.sequenceTooLong(sequence: 1, tokens: 9, limit: 8), ["list 1", "9", "8"],
            .badData
        ),
        (TrunkError.tokenTypes(sequence: 1, count: 3), ["list 1", "token_type_ids"], .badData),
        (TrunkError.notFinite(sequence: 1), ["list 1", "no number"], .badData),
        (ConversionError.encoder(file: "m"), ["m "], .unavailable),
        (ConversionError.decoderInRows(file: "m"), ["m ", "quantize"], .unavailable),
        (
            ConversionError.tokenizerSize(file: "t", tokens: 9, vocabulary: 8), ["t ", "9", "8"],
            .badData
        ),
        (AdapterError.target(file: "a", target: "q"), ["a:", "q"], .badData),
        (AdapterError.tensor(file: "a", tensor: "q"), ["a:", "q"], .badData),
        (AdapterError.empty(file: "a"), ["a "], .badData),
    ]

    @Test("name the file or sequence, and what the model takes", arguments: errors.indices)
    func words(of number: Int) {
        let (error, words, disposition) = Self.errors[number]
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }
}
