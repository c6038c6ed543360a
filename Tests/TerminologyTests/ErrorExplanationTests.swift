// SPDX-License-Identifier: Apache-2.0
import Faults
import Terminology
import TestSupport
import Testing

@Suite("Errors of lists of terms in words") struct ErrorExplanationTests {
    @Test(
        "name the file, the line and the field",
        arguments: [
            (TermFileError.empty(file: "l"), ["l:"]),
            (.undecodable(file: "l", line: 2, byteOffset: 7), ["l:2", "byte 7"]),
            (.binary(file: "l", line: 2, byteOffset: 7), ["l:2", "byte 7"]),
            (.unknownFormat(file: "l"), ["l:1", "--format"]),
            (.missingColumn(file: "l", column: "c"), ["l:1", "column c"]),
            (.rowTooLong(file: "l", line: 2, limit: 8), ["l:2", "8"]),
            (.quotation(file: "l", line: 2, column: 3), ["l:2", "field 3"]),
            (.fieldCount(file: "l", line: 2, expected: 5, found: 4), ["l:2", "5", "4"]),
            (
                .value(file: "l", line: 2, column: 3, name: "kind", allowed: "x or y"),
                ["l:2", "field 3", "kind", "x or y"]
            ),
        ])
    func words(error: TermFileError, words: [String]) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == .badData)
    }
}
