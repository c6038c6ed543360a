// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Faults
import Foundation
import ResultStore
import Spool

/// `shokenctl spool status`: what lies in each state, what failed, and how much was recorded of late.
struct SpoolStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Count what lies in each state, what failed, and what was recorded of late.",
        discussion: """
            With --json: {"duplicates":{"files","last"},\
            "failed":[{"name","code","reason","attempts","at"}],"failures":{CODE:FILES},\
            "misplaced":[{"folder","files","names","oldest_seconds","advice","own_folder"}],\
            "oldest_waiting_seconds","recorded":{"day":{"documents","files"},"hour","minute",\
            "last_recorded_at","seconds_since_last"},\
            "states":[{"state","files","bytes","oldest_seconds","fault"}],\
            "unread":[{"folder","cause","files","overdue","oldest":[{"name","seconds"}],"advice",\
            "own_folder"}]}. Duplicates are files that were dropped again with the name and bytes of a \
            recorded one. Misplaced files lie where the daemon does not look. Unread files are passed \
            over because of their names, wait for the file that they are a trigger of, or lie in \
            processing/ or done/ without the daemon's doing; overdue are those older than an hour.

            --prometheus writes the same counts, without any name of a file, for the textfile collector \
            of node_exporter, which reads files that end in .prom; a reader sees the old file or the \
            new one.

            Examples:
              shokenctl spool status
              shokenctl spool status --prometheus /run/shoken-metrics/shoken.prom
            """)

    @Option(
        help: ArgumentHelp("Write metrics into this file, and print nothing.", valueName: "file"))
    var prometheus: String?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        if prometheus != nil && options.json {
            throw ValidationError("--json and --prometheus cannot be given together")
        }
    }

    func run() throws {
        let spool = try SpoolCommand.open(options)
        if let prometheus {
            let report = try SpoolReport(of: spool, rates: try? rates())
            return try report.metrics(at: Date()).write(to: absolutePath(prometheus))
        }
        let report = try SpoolReport(of: spool, rates: rates())
        if options.json { return try printJSON(report) }
        report.printTables()
    }

    /// What the database says; nil while there is none.
    private func rates() throws -> RecordingRates? {
        let path = try options.databasePath()
        guard try DiskFiles().identity(of: path) != nil else { return nil }
        return try RecordingRates(of: path)
    }
}
