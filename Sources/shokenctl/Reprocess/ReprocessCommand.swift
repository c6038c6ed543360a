// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ResultStore

/// `shokenctl reprocess`: recorded documents are read once more by the model that is active.
struct ReprocessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprocess",
        abstract: "Have recorded documents read once more by the active model.",
        subcommands: [
            ReprocessStartCommand.self, ReprocessStatusCommand.self, ReprocessCancelCommand.self,
            ReprocessPruneCommand.self,
        ],
        defaultSubcommand: ReprocessStartCommand.self)
}

extension ReprocessRequest {
    /// The request on one line.
    var line: String {
        "request \(id): \(state.rawValue), \(reread) of \(selected) documents read again"
            + (failed > 0 ? ", \(failed) could not be read" : "")
    }
}
