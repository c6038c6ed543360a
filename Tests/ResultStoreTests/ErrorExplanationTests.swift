// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import GRDB
import Glibc
import TestSupport
import Testing

@testable import ResultStore

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
            (.timeLimit(seconds: 60), ["60 s", "--time-limit"], .tryAgain),
            (.interrupted, ["ended"], .tryAgain),
            (.database(code: 21, detail: "misuse"), ["21", "misuse"], .software),
        ])
    func words(error: StoreError, words: [String], disposition: Disposition) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }

    @Test(
        "tell what passes from what lasts, and the database's faults from a document's",
        arguments: [
            (ResultCode.SQLITE_FULL, Disposition.Remedy.retry, true),
            (.SQLITE_IOERR, .retry, true), (.SQLITE_IOERR_SHMSIZE, .retry, true),
            (.SQLITE_BUSY, .retry, true), (.SQLITE_BUSY_RECOVERY, .retry, true),
            (.SQLITE_LOCKED, .retry, true), (.SQLITE_PROTOCOL, .retry, true),
            (.SQLITE_CANTOPEN, .retry, true), (.SQLITE_READONLY, .retry, true),
            (.SQLITE_NOMEM, .retry, true), (.SQLITE_CORRUPT, .setAside, true),
            (.SQLITE_NOTADB, .setAside, true), (.SQLITE_CONSTRAINT_CHECK, .report, false),
            (.SQLITE_TOOBIG, .report, false),
        ])
    func sorted(code: ResultCode, remedy: Disposition.Remedy, concernsDatabase: Bool) {
        let error = StoreError(DatabaseError(resultCode: code), of: "f.sqlite")
        #expect(error.disposition.remedy == remedy)
        #expect(error.concernsDatabase == concernsDatabase)
    }
}
