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

    @Flag(help: "Take the most likely token each time; the default without --temperature.")
    var greedy = false

    @Option(help: "What logits are divided by before a token is drawn; 0 takes the most likely.")
    var temperature: Float = 0

    @Option(help: "Draw among this many most likely tokens; 0 for all.")
    var topK = 0

    @Option(help: "Draw among the fewest most likely tokens that have this probability together.")
    var topP: Float = 1

    @Option(help: "How much less likely tokens become that were there already; 1 for not at all.")
    var repetitionPenalty: Float = 1

    @Option(help: "Where random numbers begin; the same seed draws the same tokens.")
    var seed: UInt64 = 0

    @Flag(help: "Go on after a token that ends a text.")
    var ignoreStop = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...1_048_576).contains(maxNew) else {
            throw ValidationError("--max-new is a number from 1 to 1048576")
        }
        if let fault = settings.firstFault { throw ValidationError("--\(fault) is out of range") }
        if greedy, temperature > 0 { throw ValidationError("--greedy takes no --temperature") }
    }

    private var settings: SamplingSettings {
        var settings = SamplingSettings()
        settings.temperature = temperature
        settings.topK = topK
        settings.topP = topP
        settings.repetitionPenalty = repetitionPenalty
        return settings
    }

    func run() throws {
        guard case .decoder(let trunk) = try OpenedModel(URL(filePath: model)) else {
            throw CommandFailure(
                CommandFailure.Code.badData, "\(model) is an encoder, which continues nothing")
        }
        let prompts = try readPrompts()
        let stops = ignoreStop ? [] : Set(trunk.configuration.eosTokenIDs)
        // One stream of random numbers a prompt, so that a prompt draws the same in any company.
        let requests = prompts.enumerated().map { index, prompt in
            var request = GenerationRequest(prompt: prompt, limit: maxNew)
            request.sampling = settings
            request.seed = seed &+ UInt64(index)
            request.stopTokens = stops
            return request
        }
        let generations = try trunk.generate(requests).map(\.tokens)
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
