// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Recipes
import Training

extension TrainCommand {
    /// The recipe up to the trunk.
    struct Pretrain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the tokenizer and the trunk of a recipe.",
            discussion: """
                Examples:
                  shokenctl train pretrain --recipe recipe.toml --data texts --output run
                  shokenctl train pretrain --recipe recipe.toml --data texts --output trial \
                --tokens 1000000
                """)

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            guard let run = try Self.run(options, common, options.readRecipe()) else { return }
            try Self.report(run, options, common)
        }

        /// Says where the trunk is.
        static func report(
            _ run: RecipeRun, _ options: RecipeOptions, _ common: CommonOptions
        ) throws {
            if common.json {
                try printJSON([
                    "trunk": run.trunk.path,
                    "report": RunDirectory.report(options.run.outputFolder).path,
                ])
            } else {
                print("trunk: \(run.trunk.path)")
                print("report: \(RunDirectory.report(options.run.outputFolder).path)")
            }
        }

        /// Trains the trunk, or for a dry run prints the plan and gives nil.
        ///
        /// Whatever is wrong with data and settings is said before anything is computed.
        static func run(
            _ options: RecipeOptions, _ common: CommonOptions, _ recipe: Recipe
        ) throws -> RecipeRun? {
            let signals = StopSignals()
            let run = try options.open(recipe, stop: signals.stop)
            let check = run.check()
            if options.run.dryRun { try TrainingPlan(recipe, check).print(json: common.json) }
            if let failure = CommandFailure(check) { throw failure }
            if options.run.dryRun { return nil }
            try withExtendedLifetime(signals) { try run.makeTrunk() }
            return run
        }
    }
}
