// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import JSONFiles
import ModelBundle

/// `shokenctl model card`: puts measured scores into a bundle's manifest and card.
struct ModelCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Write a model's card with its measured scores.",
        discussion: """
            SCORES is Markdown, for instance what Scripts/score-table makes of the output of \
            shokenctl evaluate. It goes into MODEL_CARD.md and into the manifest, whose hashes are \
            made anew.
            """)

    @Option(help: ArgumentHelp("The bundle's directory.", valueName: "dir"))
    var model: String

    @Option(help: ArgumentHelp("The scores.", valueName: "file"))
    var scores: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let data = FileManager.default.contents(atPath: scores) else {
            throw CommandFailure(.noInput, "cannot read \(scores)")
        }
        let bundle = try BundleDirectory(directory: URL(fileURLWithPath: model))
        try bundle.verify()
        var manifest = bundle.manifest
        manifest.scores = [
            "card": .string(
                String(decoding: data, as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines))
        ]
        let written = try bundle.replacingManifest(
            manifest, card: ModelCard(manifest: manifest).text)
        if common.json {
            try printJSON(["sha256": written.sha256])
        } else {
            print("\(manifest.name): card and manifest written")
        }
    }
}
