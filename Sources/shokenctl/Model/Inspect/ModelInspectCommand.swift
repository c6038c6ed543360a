// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `shokenctl model inspect`: a look inside a model.
struct ModelInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Look inside a model: where its tokens lie, and what they attend to.",
        subcommands: [
            InspectEmbeddingsCommand.self, InspectAnalogiesCommand.self,
            InspectAttentionCommand.self,
        ])
}
