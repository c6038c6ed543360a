// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `shokenctl documents`: what an admin does with documents that are recorded.
struct DocumentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "documents",
        abstract: "Take recorded documents back.",
        discussion: """
            Examples:
              shokenctl documents withdraw --key hl7v2:R2026051100042
            """,
        subcommands: [DocumentsWithdrawCommand.self])
}
