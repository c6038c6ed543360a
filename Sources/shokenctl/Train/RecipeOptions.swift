// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import Foundation
import JapaneseText
import Recipes
import Training

/// What the commands take that follow a recipe of pre-training.
struct RecipeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
    var recipe = "/usr/share/doc/shoken/examples/recipes/shoken-base.toml"

    @Option(help: "Tokens of each pre-training phase, instead of what the recipe says: for trials.")
    var tokens: Int?

    @OptionGroup var run: RunOptions

    func validate() throws {
        if let tokens, tokens < 1 { throw ValidationError("--tokens must be at least 1") }
    }

    /// The recipe with what the command line changes.
    func readRecipe() throws -> Recipe {
        var recipe = try Recipe(file: URL(filePath: recipe))
        if let threads = run.threads { recipe.threads = threads }
        if let tokens {
            for phase in recipe.phases.indices { recipe.phases[phase].tokens = tokens }
        }
        return recipe
    }

    /// The run up to the trunk, with its progress on standard error.
    ///
    /// `work` takes the place of the output where only tokenizer and tokens are wanted.
    func open(_ recipe: Recipe, work: String? = nil, stop: StopRequest) throws -> RecipeRun {
        let display = TrainingDisplay()
        let analyzer = TextAnalyzer(
            cleaner: TextCleaner(profile: .training), analyzer: try run.morphology())
        return try RecipeRun(
            recipe, data: run.dataFolder,
            output: work.map { URL(filePath: $0) } ?? run.outputFolder, analyzer: analyzer,
            dictionary: try run.dictionaryName(), program: programVersion, stop: stop,
            report: display.show)
    }
}
