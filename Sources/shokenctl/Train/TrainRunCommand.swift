import ArgumentParser

extension TrainCommand {
    /// The whole recipe.
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow a recipe from text to bundle, continuing what is begun.",
            discussion: """
                The bundle is written to OUTPUT/NAME. Copy it into the models directory and make it \
                the one in use with shokenctl model activate.
                """)

        @Option(help: "Version to give the bundle.")
        var bundleVersion = "1"

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            guard let run = try Pretrain.run(options, common, options.readRecipe()) else { return }
            try Finetune.run(run, options, common, version: bundleVersion)
        }
    }
}
