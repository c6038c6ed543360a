// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import Foundation
import JapaneseText
import ModelBundle
import Recipes
import Tensors
import Training

extension TrainCommand {
    /// The heads, on a trunk that is there.
    struct Heads: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "heads",
            abstract: "Fit the heads of a recipe on a trunk and write the bundle.",
            discussion: """
                The trunk is the one in OUTPUT/trunk, or with --trunk that of a bundle, as one made by \
                `model import`; of the recipe only name, heads, trunk_states, tagger and [data] without its texts \
                then count. Rows of your own are named in [[data.rows]]; those of `review export` are such. \
                All rows are read first: what cannot be used is named by file and line. The bundle is written \
                to OUTPUT/NAME.

                Examples:
                  shokenctl train heads --recipe recipe.toml --data rows --output run
                  shokenctl train heads --trunk our-encoder --name our-heads \
                --recipe /usr/share/doc/shoken/examples/recipes/heads.toml --data rows --output run
                  shokenctl train heads --trunk shoken-base --keep-heads --recipe mentions.toml \
                --data rows --output run
                """,
            aliases: ["finetune"])

        @Option(help: "Version to give the bundle.")
        var bundleVersion = "1"

        @Option(
            help: ArgumentHelp("Fit on the trunk of this bundle.", valueName: "name|directory"))
        var trunk: String?

        @Option(help: "Name to give the bundle, instead of the recipe's; with --trunk.")
        var name: String?

        @Flag(help: "Keep the heads of the bundle that the recipe does not fit; with --trunk.")
        var keepHeads = false

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if keepHeads, trunk == nil { throw ValidationError("--keep-heads needs --trunk") }
            if name != nil, trunk == nil { throw ValidationError("--name needs --trunk") }
        }

        func run() throws {
            guard let trunk else {
                let run = try options.open(options.readRecipe(), stop: StopRequest())
                return try Self.run(run, options, common, version: bundleVersion)
            }
            try fit(on: common.bundle(trunk))
        }

        private func fit(on trunk: BundleDirectory) throws {
            let file = URL(filePath: options.recipe)
            var recipe = try HeadRecipe(file: file)
            if let name { recipe.name = name }
            if let threads = options.run.threads { ComputeThreads.set(threads) }
            let analyzer = TextAnalyzer(
                cleaner: try LoadedModel.cleaner(of: trunk.manifest),
                analyzer: try options.run.morphology())
            let bundle = try HeadsOnTrunk(
                recipe, data: options.run.dataFolder, output: options.run.outputFolder,
                trunk: trunk, keepsHeads: keepHeads
            ).makeBundle(
                analyzer: analyzer, dictionary: try options.run.dictionaryName(), recipeFile: file,
                version: bundleVersion, codeVersion: programVersion, at: Date(), begin: Self.begin)
            try Self.report(bundle, common)
        }

        private static func begin(_ task: String) {
            FileHandle.standardError.write(Data("fitting the head of \(task)\n".utf8))
        }

        private static func report(_ bundle: BundleDirectory, _ common: CommonOptions) throws {
            if common.json {
                try printJSON(["bundle": bundle.directory.path, "sha256": bundle.sha256])
            } else {
                print("bundle: \(bundle.directory.path)")
            }
        }

        static func run(
            _ run: RecipeRun, _ options: RecipeOptions, _ common: CommonOptions, version: String
        ) throws {
            let analyzer = TextAnalyzer(
                analyzer: try options.run.morphology())
            let bundle = try run.makeBundle(
                analyzer: analyzer, recipeFile: URL(filePath: options.recipe),
                version: version, codeVersion: programVersion, at: Date(), begin: Self.begin)
            try report(bundle, common)
        }
    }
}
