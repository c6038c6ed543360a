// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import Foundation
import ResultStore

/// `shokenctl model activate`: the daemon takes the model up before its next batch.
struct ModelActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Make a model the active one, after checking its files and loading it.",
        discussion: """
            A running daemon finishes the documents in hand with the old model and reads the next \
            ones with the new. If the new one cannot be loaded, the old stays in use.
            """)

    @Argument(help: "Name of an installed model.")
    var model: String

    @OptionGroup var common: CommonOptions

    func run() throws { try Self.activate(model, action: "model activated", common) }

    /// Checks and loads a bundle, makes it the active one, and says so in the audit trail, where there is a
    /// database.
    static func activate(_ model: String, action: String, _ common: CommonOptions) throws {
        let configuration = try common.configured()
        let registry = configuration.registry
        let bundle = try registry.bundle(model)
        _ = try common.load(bundle)
        let former = registry.activeName() ?? configuration.activeModel
        try registry.activate(model, former: former)
        // The daemon alone makes a database: one made here would hide that the old one is gone.
        if FileManager.default.fileExists(atPath: configuration.databaseFile) {
            let database = try ResultDatabase(file: URL(filePath: configuration.databaseFile))
            try database.appendEvent(
                actor: NSUserName(), action: action, object: model,
                details: ["sha256": bundle.sha256, "former": former], at: Date())
        }
        if common.json {
            try printJSON(["active": model, "former": former, "sha256": bundle.sha256])
        } else {
            print("\(model) is active (was \(former)).")
        }
    }
}
