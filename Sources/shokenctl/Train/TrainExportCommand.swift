// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Recipes
import Tensors

extension TrainCommand {
    /// A run as a directory for other machines.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a recipe's pre-training as a directory that a GPU cluster trains.",
            discussion: """
                OUTPUT then holds the rows in the order in which they would be read here, the weights \
                to begin with, the settings, and train.py, which trains with PyTorch and Hugging Face \
                Transformers: one process, torchrun, or DeepSpeed ZeRO-2. Its README.md has the \
                command lines. It appears whole or not at all.

                Tokenizer and tokenised text are kept in WORK, which may be the output of a run of the \
                same recipe; a run of `train pretrain` with that output goes on from there.

                `model import` makes a bundle of what the cluster trained.

                Examples:
                  shokenctl train export --recipe recipe.toml --data texts --output export --dry-run
                  shokenctl train export --recipe recipe.toml --data texts --output export
                  shokenctl model import --from trained --name our-trunk
                """)

        @Option(
            help: ArgumentHelp(
                "Where tokenizer and tokens are kept (default: OUTPUT with .work behind it).",
                valueName: "directory"))
        var work: String?

        @Option(help: "Arithmetic of products, f32 or bf16, instead of what the recipe says.")
        var precision: TrainingPrecision?

        @Option(
            help: ArgumentHelp(
                "Largest file of rows, in megabytes (10^6 bytes).", valueName: "megabytes"))
        var shardSize = 256

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if !(1...1_000_000).contains(shardSize) {
                throw ValidationError("--shard-size is a number from 1 to 1000000")
            }
        }

        func run() throws {
            var recipe = try options.readRecipe()
            if let precision {
                for phase in recipe.phases.indices { recipe.phases[phase].precision = precision }
            }
            let signals = StopSignals()
            let run = try options.open(recipe, work: workFolder, stop: signals.stop)
            let shardBytes = shardSize * 1_000_000
            let planned = try TrainingExport(
                recipe, configuration: recipe.model, shardBytes: shardBytes)
            if options.run.dryRun {
                try report(ExportAccount(planned, directory: nil, seconds: nil))
            }
            if let failure = CommandFailure(run.check(forExport: true)) { throw failure }
            if options.run.dryRun { return }
            let bar = ProgressBar(lines: .seconds(10))
            let begin = ContinuousClock.now
            let folder = options.run.outputFolder
            let export = try withExtendedLifetime(signals) {
                defer { bar.finish() }
                return try run.export(
                    to: folder, shardBytes: shardBytes,
                    recipeFile: URL(filePath: options.recipe),
                    progress: { bar.show("writing rows", $1, detail: ", \($0)") })
            }
            try report(
                ExportAccount(
                    export, directory: folder.path(percentEncoded: false),
                    seconds: (ContinuousClock.now - begin) / .seconds(1)))
        }

        private var workFolder: String {
            if let work { return work }
            var output = options.run.output
            while output.count > 1, output.hasSuffix("/") { output.removeLast() }
            return output + ".work"
        }

        private func report(_ account: ExportAccount) throws {
            if common.json { return try printJSON(account) }
            print(
                "\(account.directory.map { $0 + ": " } ?? "")\(account.architecture), "
                    + "\(account.parameters) parameters, \(account.rows) rows in "
                    + "\(account.shards) files, about \(account.bytes / 1_000_000) MB")
            if let directory = account.directory {
                print("README.md in \(directory) says how it is trained")
            }
        }
    }
}

/// What an export is.
private struct ExportAccount: Encodable {
    let directory: String?
    let architecture: String
    let parameters: Int
    let rows: Int
    let shards: Int
    let bytes: Int
    let seconds: Double?

    init(_ export: TrainingExport, directory: String?, seconds: Double?) {
        self.directory = directory
        architecture = export.configuration.architecture.rawValue
        parameters = export.configuration.parameterCount
        (rows, shards, bytes) = (export.rowCount, export.shardCount, export.byteCount)
        self.seconds = seconds
    }
}
