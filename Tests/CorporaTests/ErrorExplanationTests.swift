// SPDX-License-Identifier: Apache-2.0
import Corpora
import Faults
import TestSupport
import Testing

@Suite("Errors of corpora in words") struct ErrorExplanationTests {
    private static let errors: [(any Explained, [String], Disposition)] = [
        (CorpusError.unreadable(file: "c"), ["c "], .noInput),
        (CorpusError.malformedRow(file: "c", line: 3), ["c:", "row 3"], .badData),
        (CorpusError.labelOutOfSet(file: "c", line: 3), ["c:", "row 3"], .badData),
        (CorpusError.missingColumn(file: "c", column: "answer"), ["c ", "answer"], .badData),
    ]

    @Test("name the file and the row", arguments: errors.indices)
    func words(of number: Int) {
        let (error, words, disposition) = Self.errors[number]
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }
}
