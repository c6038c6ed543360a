// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DocumentPipeline
import Foundation
import ModelBundle

/// `shokenctl model verify`: whether a bundle is whole and can be used here.
struct ModelVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every file of a model against its SHA-256, and load it.",
        discussion: """
            A trunk without tasks is read as far as there is something to read. Ends with 69 when a \
            file is missing, changed or damaged, or a dictionary that the model needs is not there.
            """)

    @Argument(
        help: "Name of an installed model, or a bundle's directory (default: the active one).")
    var model: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let bundle = try common.bundle(model)
        if bundle.manifest.tasks.isEmpty {
            _ = try bundle.contents()
        } else {
            _ = try common.load(bundle)
        }
        let files = bundle.manifest.files.count
        if common.json {
            struct Line: Encodable {
                let name: String
                let sha256: String
                let files: Int
            }
            try printJSON(Line(name: bundle.manifest.name, sha256: bundle.sha256, files: files))
        } else {
            print("\(bundle.manifest.name): \(files) files are as listed, and it loads.")
        }
    }
}
