// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import Glibc
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
            (.noFolder(file: "f.sqlite"), ["f.sqlite", "folder"], .inputOutput(mayPass: true)),
            (.gone(file: "f.sqlite"), ["f.sqlite", "restore", "restart"], .tryAgain),
            (.replaced(file: "f.sqlite"), ["f.sqlite"], .tryAgain),
            (.damaged(file: "f.sqlite", code: 11), ["f.sqlite", "11", "rebuild"], .badData),
            (
                .file(FileError(.open, FilePath("f.sqlite"), errno: ENOSPC)),
                ["f.sqlite", "ENOSPC"], .inputOutput(mayPass: true)
            ),
            (.file(FileError(.open, FilePath("f.sqlite"), errno: EACCES)), ["EACCES"], .noInput),
            (.busy, ["in use"], .tryAgain), (.diskFull, ["full"], .inputOutput(mayPass: true)),
            (.disk(code: 10), ["10"], .inputOutput(mayPass: true)),
            (.statement(detail: "no such table"), ["no such table"], .usage),
            (.database(code: 21, detail: "misuse"), ["21", "misuse"], .software),
        ])
    func words(error: StoreError, words: [String], disposition: Disposition) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }
}
