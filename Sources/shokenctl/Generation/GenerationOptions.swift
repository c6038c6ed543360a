// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Generation
import LanguageModel

/// What is continued.
struct PromptOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Token ids as JSON, - for standard input.", valueName: "file"))
    var tokens: String?

    @Option(help: ArgumentHelp("A text; may be given again.", valueName: "text"))
    var prompt: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file with a text, - for standard input; may be given again.", valueName: "file"))
    var promptFile: [String] = []

    @Flag(help: "Lay each text out as a user's message by the model's chat template.")
    var chat = false

    @Option(help: ArgumentHelp("The system's message, with --chat.", valueName: "text"))
    var system: String?

    @Option(help: ArgumentHelp("A chat template by name, with --chat.", valueName: "name"))
    var template: String?

    @Option(
        help: ArgumentHelp(
            "The tokenizer, where it is not in the model's folder.", valueName: "path"))
    var tokenizer: String?

    func validate() throws {
        let hasTexts = !prompt.isEmpty || !promptFile.isEmpty
        guard hasTexts != (tokens != nil) else {
            throw ValidationError("give prompts by --tokens, or by --prompt and --prompt-file")
        }
        if chat, tokens != nil { throw ValidationError("--chat needs prompts that are texts") }
        if !chat, system != nil || template != nil {
            throw ValidationError("--system and --template go with --chat")
        }
    }

    /// The prompts in the order in which they were given, --prompt before --prompt-file.
    func read(_ text: ModelText?) throws -> [TokenPrompt] {
        guard let tokens else {
            guard let text else { return [] }
            let texts = try prompt + promptFile.map { try InputFile.text($0) }
            return try texts.map { try text.prompt($0, chat: chat, system: system) }
        }
        guard
            let lists = try? JSONDecoder().decode(
                [ListedPrompt].self, from: InputFile.data(tokens))
        else {
            throw CommandFailure(.badData, "\(tokens) is not a JSON list of lists of token ids")
        }
        return lists.map { TokenPrompt(ids: $0.tokens, text: nil, adapter: $0.adapter) }
    }

    /// A list of ids, or an object with `tokens` and `adapter`.
    private struct ListedPrompt: Decodable {
        let tokens: [Int32]
        var adapter: String?

        private enum CodingKeys: String, CodingKey { case tokens, adapter }

        init(from decoder: any Decoder) throws {
            if let ids = try? decoder.singleValueContainer().decode([Int32].self) {
                tokens = ids
                return
            }
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            tokens = try fields.decode([Int32].self, forKey: .tokens)
            adapter = try fields.decodeIfPresent(String.self, forKey: .adapter)
        }
    }
}

/// Adapters beside the model, and which of them answers.
struct AdapterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An adapter's folder, and the name to choose it by; may be given again.",
            valueName: "name=dir"))
    var adapter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Who answers: one name for all prompts, or one for each in their order; none is the "
                + "model itself.", valueName: "name|none"))
    var use: [String] = []

    /// The names and folders.
    private var named: [(name: String, folder: String)] {
        adapter.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    func validate() throws {
        for (name, folder) in named where name.isEmpty || folder.isEmpty || name == "none" {
            throw ValidationError("--adapter is NAME=DIR, and the name is not none")
        }
        guard Set(named.map(\.name)).count == named.count else {
            throw ValidationError("adapters need names that differ")
        }
        for name in use { _ = try number(of: name) }
    }

    /// The model with the adapters beside it.
    func opened(_ trunk: DecoderModel) throws -> DecoderModel {
        guard !adapter.isEmpty else { return trunk }
        return trunk.serving(
            try named.map {
                try Adapter(
                    directory: URL(filePath: $0.folder), configuration: trunk.configuration)
            })
    }

    /// The adapter's number for each prompt; a name that a prompt itself has goes first.
    func choices(_ prompts: [TokenPrompt]) throws -> [Int?] {
        guard use.count <= 1 || use.count == prompts.count else {
            throw ValidationError(
                "--use is given once, or \(prompts.count) times for as many prompts")
        }
        return try prompts.enumerated().map { index, prompt in
            let given = use.count > 1 ? use[index] : use.first
            // One adapter that is loaded and nothing said: it is meant.
            let name = prompt.adapter ?? given ?? (named.count == 1 ? named[0].name : "none")
            return try number(of: name)
        }
    }

    private func number(of name: String) throws -> Int? {
        if name == "none" { return nil }
        guard let number = named.firstIndex(where: { $0.name == name }) else {
            throw ValidationError("no --adapter has the name \(name)")
        }
        return number
    }
}

/// What bounds an answer.
struct BoundOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compare these labels, with commas between them, instead of continuing.",
            valueName: "a,b,c"))
    var choices: String?

    @Option(help: ArgumentHelp("Bind texts to a JSON Schema.", valueName: "file"))
    var schema: String?

    @Option(help: ArgumentHelp("Bind texts to substrings of a file.", valueName: "file"))
    var within: String?

    @Option(help: ArgumentHelp("End a text before this; may be given again.", valueName: "text"))
    var stop: [String] = []

    func validate() throws {
        if choices != nil, schema != nil || within != nil || !stop.isEmpty {
            throw ValidationError("--choices takes no --schema, --within or --stop")
        }
        if stop.contains("") { throw ValidationError("--stop must not be empty") }
    }

    var needText: Bool { choices != nil || schema != nil || within != nil || !stop.isEmpty }

    /// The labels to compare, or nil.
    func labels() throws -> [String]? {
        guard let choices else { return nil }
        let labels = choices.split(separator: ",", omittingEmptySubsequences: false)
            .map(String.init)
        guard labels.count > 1, !labels.contains("") else {
            throw ValidationError("--choices are at least two labels with commas between them")
        }
        return labels
    }

    /// The grammar that texts follow, or nil.
    func grammar(_ text: ModelText, _ trunk: DecoderModel) throws -> BoundText? {
        guard schema != nil || within != nil else { return nil }
        let document = try within.map { file in
            guard let document = DocumentText(text.written(try InputFile.text(file))) else {
                throw CommandFailure(
                    .badData,
                    "\(file) is longer than \(DocumentText.byteLimit) bytes")
            }
            return document
        }
        let grammar =
            try schema.map { try JSONSchema(json: Array(InputFile.data($0)), file: $0).grammar }
            ?? .documentText
        return BoundText(
            grammar: try TokenGrammar(
                grammar,
                vocabulary: ConstraintVocabulary(
                    text.tokenizer, vocabularySize: trunk.configuration.vocabSize),
                document: document), document: document)
    }
}

/// A grammar, and the document that its strings are from.
struct BoundText {
    let grammar: TokenGrammar
    let document: DocumentText?
}

/// How tokens are picked.
struct PickingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The most new tokens of a prompt; 64 where the model does not say.", valueName: "n"))
    var maxNew: Int?

    @Flag(help: "Take the most likely token each time.")
    var greedy = false

    @Option(help: "What logits are divided by before a token is drawn; 0 takes the most likely.")
    var temperature: Float?

    @Option(help: "Draw among this many most likely tokens; 0 for all.")
    var topK: Int?

    @Option(help: "Draw among the fewest most likely tokens that have this probability together.")
    var topP: Float?

    @Option(help: "How much less likely tokens become that were there already; 1 for not at all.")
    var repetitionPenalty: Float?

    @Option(help: "Where random numbers begin; the same seed draws the same tokens.")
    var seed: UInt64 = 0

    @Flag(help: "Go on after a token that ends a text.")
    var ignoreStop = false

    func validate() throws {
        if let maxNew, !(1...1_048_576).contains(maxNew) {
            throw ValidationError("--max-new is a number from 1 to 1048576")
        }
        if greedy, temperature ?? 0 > 0 { throw ValidationError("--greedy takes no --temperature") }
        _ = try settings(GenerationDefaults())
    }

    /// The model's own settings with what is given here instead.
    func settings(_ defaults: GenerationDefaults) throws -> SamplingSettings {
        var settings = defaults.sampling
        if let temperature { settings.temperature = temperature }
        if let topK { settings.topK = topK }
        if let topP { settings.topP = topP }
        if let repetitionPenalty { settings.repetitionPenalty = repetitionPenalty }
        if greedy { settings.temperature = 0 }
        if let fault = settings.firstFault { throw ValidationError("--\(fault) is out of range") }
        return settings
    }
}
