// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("What a power cut must not take back")
struct FlushedCommitTests {
    @Test("The writer flushes the log at each commit, with a new database and an old one")
    func synchronous() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            let database = try ResultDatabase(file: folder["shoken.db"])
            let level = try database.write { writer in
                try Int.fetchOne(writer, sql: "PRAGMA synchronous")
            }
            #expect(level == 2, "FULL is 2, and NORMAL, which loses the last commits, is 1")
        }
    }
}
