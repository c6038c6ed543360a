// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Tokenizers

/// Everything about tokenizers.
struct TokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer",
        abstract: "Train a tokenizer, measure it, apply it.",
        subcommands: [
            TokenizerShowCommand.self, TokenizerTrainCommand.self, TokenizerMeasureCommand.self,
            TokenizerEncodeCommand.self, TokenizerDecodeCommand.self,
            TokenizerWordsCommand.self, TokenizerChatCommand.self,
        ])
}

/// The option that names a tokenizer.
struct TokenizerOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            A tokenizer.json, a SentencePiece model, a vocab.txt, a model's directory, or a GGUF \
            file.
            """,
            valueName: "file|directory"))
    var tokenizer: String

    /// Where the tokenizer is.
    var url: URL { URL(filePath: tokenizer) }

    /// Reads the tokenizer.
    func open() throws -> any TextTokenizer { try OpenedTokenizer(url).tokenizer }
}
