// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `shokenctl review`: a page on which people say what is right, and what comes of it.
struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Let people correct the findings in a browser; count and export what they say.",
        discussion: """
            Without a subcommand the page is served, as by `review serve`.

            Examples:
              shokenctl review --reviewer tanaka --queue level
              shokenctl review agreement
              shokenctl review export --training reviewed.jsonl
            """,
        subcommands: [
            ReviewServeCommand.self, ReviewAgreementCommand.self, ReviewExportCommand.self,
        ],
        defaultSubcommand: ReviewServeCommand.self)
}
