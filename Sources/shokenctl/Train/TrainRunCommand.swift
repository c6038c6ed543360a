// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Recipes

extension TrainCommand {
    /// The whole recipe.
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow a recipe from text to bundle, continuing what is begun.",
            discussion: """
                The bundle is written to OUTPUT/NAME. Copy it into the models directory and make it \
                the one in use with shokenctl model activate. A recipe that goes on from a published \
                model gives a trunk in OUTPUT/trunk, for shokenctl model import. All data and \
                settings are checked before anything is computed; the report on the run is \
                OUTPUT/report.html, its log OUTPUT/log.jsonl.

                Examples:
                  shokenctl train run --recipe recipe.toml --data texts --output run
                  cp -R run/NAME /var/lib/shoken/models/
                  shokenctl model activate NAME
                """)

        @Option(help: "Version to give the bundle.")
        var bundleVersion = "1"

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            switch try RecipeKind(file: URL(filePath: options.recipe)) {
            case .pretrain: try pretrain()
            case .encoder: try Tune.parse(arguments()).run()
            case .instruct: try Instruct.parse(arguments()).run()
            }
        }

        /// The same options for the command of another kind.
        private func arguments() throws -> [String] {
            var arguments =
                ["--recipe", options.recipe, "--config", common.config] + options.run.arguments
            if common.json { arguments.append("--json") }
            guard options.tokens == nil else {
                throw CommandFailure(.usage, "--tokens has no meaning for a recipe of this kind")
            }
            return arguments
        }

        private func pretrain() throws {
            guard let run = try Pretrain.run(options, common, options.readRecipe()) else { return }
            guard try run.makesBundle else { return try Pretrain.report(run, options, common) }
            try Heads.run(run, options, common, version: bundleVersion)
        }
    }
}
