// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ResultStore

/// `shokenctl reprocess status`: how far requests are.
struct ReprocessStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Say how far the daemon has come with the documents that are to be read once more.",
        discussion: """
            Which documents could not be read, and why, stands in the table reprocess_failures; what was \
            found in them before stays. With --json: a list, the newest request first, of {"id","state",\
            "selected","reread","failed","requested_at","requested_by","started_at","finished_at"}.

            Examples:
              shokenctl reprocess status
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let requests = try ResultReader(file: common.databaseFile()).reprocessRequests()
        if common.json { return try printJSON(requests) }
        guard !requests.isEmpty else { return print("no request") }
        for request in requests { print(request.line) }
    }
}
