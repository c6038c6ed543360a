// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import ResultStore

/// `shokenctl reprocess cancel`: takes a wish back.
struct ReprocessCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Take back a request, or every one that is not at its end.",
        discussion: """
            Documents that were read again keep their new results. Exit code 66 if no such request is open. \
            With --json: {"cancelled":[NUMBER]}.

            Examples:
              shokenctl reprocess cancel
              shokenctl reprocess cancel --request 3
            """)

    @Option(help: ArgumentHelp("Only this request.", valueName: "number")) var request: Int64?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let file = try common.databaseFile()
        _ = try ResultReader(file: file)
        let cancelled = try ResultDatabase(file: file).cancelRequests(
            request, by: NSUserName(), at: Date())
        guard !cancelled.isEmpty else {
            throw CommandFailure(
                .noInput, request.map { "request \($0) is not open" } ?? "no request is open")
        }
        if common.json { return try printJSON(["cancelled": cancelled]) }
        for request in cancelled { print("request \(request) is cancelled") }
    }
}
