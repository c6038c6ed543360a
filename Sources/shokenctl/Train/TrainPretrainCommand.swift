import ArgumentParser
import Training

extension TrainCommand {
    /// The recipe up to the trunk.
    struct Pretrain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the tokenizer and the trunk of a recipe.")

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            guard let run = try Self.run(options, common, options.readRecipe()) else { return }
            if common.json {
                try printJSON(["trunk": run.trunk.path])
            } else {
                print("trunk: \(run.trunk.path)")
            }
        }

        /// Trains the trunk, or for a dry run prints the plan and gives nil.
        static func run(
            _ options: RecipeOptions, _ common: CommonOptions, _ recipe: Recipe
        ) throws -> RecipeRun? {
            if options.dryRun {
                try TrainingPlan(recipe).print(json: common.json)
                return nil
            }
            let signals = StopSignals()
            let run = try options.run(recipe, stop: signals.stop)
            try withExtendedLifetime(signals) { try run.makeTrunk() }
            return run
        }
    }
}
