// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import ModelBundle

/// `shokenctl model rollback`: the way back to the model before.
struct ModelRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the model active again that was active before the present one.",
        discussion: """
            It is checked and loaded first, as by `model activate`. A second rollback leads back to \
            where the first began.
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let former = try common.configured().registry.formerName() else {
            throw BundleError.noFormer
        }
        try ModelActivateCommand.activate(former, action: "model rolled back", common)
    }
}
