// SPDX-License-Identifier: Apache-2.0
import Faults
import ResultStore
import TestSupport
import Testing

@Suite("Errors of the database in words") struct ErrorExplanationTests {
    @Test(
        "name the file or SQLite's code, and what passes is tried again",
        arguments: [
            (
                StoreError.cannotOpen(file: "f.sqlite", detail: "d"), ["f.sqlite", "d"],
                Disposition.noInput
            ),
            (.busy, ["in use"], .tryAgain), (.diskFull, ["full"], .inputOutput(mayPass: true)),
            (.disk(code: 10), ["10"], .inputOutput(mayPass: true)),
            (.statement(detail: "no such table"), ["no such table"], .usage),
            (.database(code: 21, detail: "misuse"), ["21", "misuse"], .software),
        ])
    func words(error: StoreError, words: [String], disposition: Disposition) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
        #expect((error.disposition.remedy == .retry) == error.mayPass)
    }
}
