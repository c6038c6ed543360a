// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import ResultStore

/// `shokenctl database reindex`: the index of `search` anew.
struct DatabaseReindexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex",
        abstract: "Make the index of shokenctl search anew.",
        discussion: """
            The index is kept in step with the documents; this is for a database into which another program \
            has written. It is done in one transaction, for which the daemon waits with what it records. \
            With --json: {"documents"}.

            Examples:
              shokenctl database reindex
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let file = try common.databaseFile()
        // Opening for writing would make a database where there is none.
        _ = try ResultReader(file: file)
        let documents = try ResultDatabase(file: file).rebuildSearchIndex()
        if common.json { return try printJSON(["documents": documents]) }
        print("\(documents) documents in the index")
    }
}
