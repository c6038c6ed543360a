// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import ResultStore

/// `shokenctl reprocess prune`: removes what former runs found.
struct ReprocessPruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove what was found before documents were read once more.",
        discussion: """
            What counts stays; only run_results loses rows, those of models that read along included. The \
            audit trail says how many. With --json: {"results"}.

            Examples:
              shokenctl reprocess prune --older-than 90
            """)

    @Option(
        help: ArgumentHelp("Keep what was replaced in the last so many days.", valueName: "days"))
    var olderThan = 0

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if !(0...100_000).contains(olderThan) {
            throw ValidationError("--older-than is 0 to 100000.")
        }
    }

    func run() throws {
        let file = try common.databaseFile()
        _ = try ResultReader(file: file)
        let now = Date()
        let results = try ResultDatabase(file: file).pruneResults(
            keptBefore: now.addingTimeInterval(-86_400 * Double(olderThan)), by: NSUserName(),
            at: now)
        if common.json { return try printJSON(["results": results]) }
        print("removed \(results) former results")
    }
}
