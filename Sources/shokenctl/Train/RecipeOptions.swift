import ArgumentParser
import Configuration
import DurableFiles
import Foundation
import JapaneseText
import ModelBundle
import Training

/// What all commands that follow a recipe take.
struct RecipeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
    var recipe = "/etc/shoken/recipes/shoken-base.toml"

    @Option(
        help: ArgumentHelp("The directory that the recipe's files are in.", valueName: "directory"))
    var data: String

    @Option(help: ArgumentHelp("Where the work and the model go.", valueName: "directory"))
    var output: String

    @Option(help: "Threads to compute with, instead of what the recipe says.")
    var threads: Int?

    @Option(help: "Tokens of each pre-training phase, instead of what the recipe says: for trials.")
    var tokens: Int?

    @Option(help: "MeCab's dictionary directory.")
    var dictionary: String?

    @Option(
        help: "A compiled user dictionary to cut words with; the bundle then works only with it.")
    var userDictionary: String?

    @Flag(
        help: "Check data and settings and say what it will cost: parameters, steps, memory, time.")
    var dryRun = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
        if let tokens, tokens < 1 { throw ValidationError("--tokens must be at least 1") }
    }

    /// The recipe with what the command line changes.
    func readRecipe() throws -> Recipe {
        var recipe = try Recipe(file: URL(filePath: recipe))
        if let threads { recipe.threads = threads }
        if let tokens {
            for phase in recipe.phases.indices { recipe.phases[phase].tokens = tokens }
        }
        return recipe
    }

    /// The run up to the trunk, with its progress on standard error.
    ///
    /// `work` takes the place of the output where only tokenizer and tokens are wanted.
    func run(_ recipe: Recipe, work: String? = nil, stop: StopRequest) throws -> RecipeRun {
        let display = TrainingDisplay()
        let analyzer = TextAnalyzer(
            cleaner: TextCleaner(profile: .training),
            analyzer: try MorphologicalAnalyzer(
                dictionary: dictionary, userDictionary: userDictionary))
        return try RecipeRun(
            recipe, data: URL(filePath: data), output: URL(filePath: work ?? output),
            analyzer: analyzer, dictionary: try dictionaryName(), program: programVersion,
            stop: stop,
            report: display.show)
    }

    /// The dictionaries as a manifest names them.
    func dictionaryName() throws -> String {
        BundleManifest.dictionary(
            user: try userDictionary.map {
                try ContentDigest(ofFile: FilePath(URL(filePath: $0).resolvingSymlinksInPath()))
                    .hexadecimal
            })
    }
}
