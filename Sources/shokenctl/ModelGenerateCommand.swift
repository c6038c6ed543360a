import ArgumentParser
import DurableFiles
import Foundation
import LanguageModel

/// Continues token ids, to compare a build or a model with another implementation.
struct ModelGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Continue prompts of token ids.",
        discussion: """
            The prompts are a JSON list of token-id lists. Prints the new tokens of each, up to a \
            token that the model's files name as an end, which is not printed.
            """)

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "Prompts of token ids as JSON, - for standard input.", valueName: "file"))
    var tokens: String

    @Option(help: ArgumentHelp("The most new tokens of a prompt.", valueName: "n"))
    var maxNew = 64

    @Flag(help: "Take the most likely token each time (the default, and the only way so far).")
    var greedy = false

    @Flag(help: "Go on after a token that ends a text.")
    var ignoreStop = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...1_048_576).contains(maxNew) else {
            throw ValidationError("--max-new is a number from 1 to 1048576")
        }
    }

    func run() throws {
        guard case .decoder(let trunk) = try OpenedModel(URL(filePath: model)) else {
            throw CommandFailure(
                CommandFailure.Code.badData, "\(model) is an encoder, which continues nothing")
        }
        let prompts = try readPrompts()
        let stops = ignoreStop ? [] : Set(trunk.configuration.eosTokenIDs)
        let generations = try trunk.generateGreedily(prompts, limit: maxNew, stopTokens: stops)
        if common.json {
            let json = try JSONEncoder().encode(["generations": generations])
            print(String(decoding: json, as: UTF8.self))
        } else {
            for tokens in generations { print(tokens.map(String.init).joined(separator: " ")) }
        }
    }

    private func readPrompts() throws -> [[Int32]] {
        let json =
            tokens == "-"
            ? FileHandle.standardInput.readDataToEndOfFile()
            : try DiskFiles().read(
                FilePath(tokens), maximumBytes: ModelLogitsCommand.maximumInputBytes)
        guard let prompts = try? JSONDecoder().decode([[Int32]].self, from: json) else {
            throw CommandFailure(
                CommandFailure.Code.badData, "\(tokens) is not a JSON list of lists of token ids")
        }
        return prompts
    }
}
