// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `shokenctl data`: the data that models are made from.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Look after the data that models learn from.",
        subcommands: [DataCheckCommand.self])
}
