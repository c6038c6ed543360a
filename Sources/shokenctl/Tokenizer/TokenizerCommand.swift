import ArgumentParser

/// Everything about tokenizers.
struct TokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer",
        abstract: "Train a tokenizer, measure it, apply it.",
        subcommands: [
            TokenizerTrainCommand.self, TokenizerMeasureCommand.self,
            TokenizerEncodeCommand.self, TokenizerDecodeCommand.self,
            TokenizerWordsCommand.self,
        ])
}

/// The option that names a tokenizer.
struct TokenizerOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("A tokenizer.json with a Unigram model.", valueName: "file"))
    var tokenizer: String
}
