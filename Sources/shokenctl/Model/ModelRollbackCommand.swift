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
            It is checked and loaded first, and not compared. A second rollback leads back to \
            where the first began.
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let configuration = try common.configured()
        let registry = configuration.registry
        guard let former = registry.formerName() else { throw BundleError.noFormer }
        let present = registry.activeName() ?? configuration.activeModel
        let bundle = try registry.bundle(former)
        _ = try common.load(bundle)
        try ModelActivateCommand.activate(
            bundle, former, action: "model rolled back", [:], configuration)
        if common.json {
            return try printJSON(["active": former, "former": present, "sha256": bundle.sha256])
        }
        print("\(former) is active (was \(present)).")
    }
}
