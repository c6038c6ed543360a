// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Generation
import LanguageModel
import Tensors

/// Continues prompts, or compares what may follow them.
struct ModelGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Continue prompts, freely or bound to choices, a schema or a document.",
        discussion: """
            Prompts are texts (--prompt, --prompt-file; each may be given several times) or a JSON \
            list of token-id lists (--tokens). All are computed together, what they have in common \
            at the beginning once, and each is answered as it would be alone. Where the model's \
            generation_config.json says how tokens are picked and how many, that is the default; \
            options override it.

            Texts need the model's tokenizer, in its folder or file, or named by --tokenizer. A model that \
            reads MeCab words gets its texts cut into words, and writes words. With --chat each \
            prompt is a user's message in the model's chat template.

            --adapter loads adapters (folders as the PEFT library writes them) beside the model, \
            which is in memory once; --use says which of them answers, for all prompts or for \
            each. In a file of --tokens an element may be {"tokens":[id, …],"adapter":"NAME"}. One \
            adapter alone answers where nothing is said.

            --choices compares labels by how likely each follows the prompt. --schema binds the \
            text to JSON: object (all properties, in their order), array, string, integer, number, \
            boolean, null, enum, const. --within binds the whole text, or with --schema its strings \
            that have "withinDocument": true, to substrings of a file. Bound texts are whole unless \
            --max-new is too small for any.

            With --json: {"generations":[[id, …], …]}, and where a tokenizer is used also \
            "texts", "finish" ({"reason","complete","token" or "string"}) and, with --within, \
            "substrings" (for each text a list of {"text","places"}; places count UTF-8 bytes, \
            Unicode scalars and UTF-16 units of the file). Reasons: stop-token, stop-string, \
            limit, complete, no-fitting-token. With --choices: {"choices":[{"labels",\
            "logProbabilities","meanLogProbabilities","distribution","meanDistribution","best"}]}.
            """)

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(
        help: """
            Arithmetic of products with weights, whatever type the file has; stored: the blocks of a \
            GGUF file as they are, with activations in 8 bits.
            """)
    var dtype = Precision.float32

    @OptionGroup(title: "Prompts") var prompts: PromptOptions
    @OptionGroup(title: "Adapters") var adapters: AdapterOptions
    @OptionGroup(title: "Bounds") var bounds: BoundOptions
    @OptionGroup(title: "Picking tokens") var picking: PickingOptions
    @OptionGroup(title: "Words (models that read MeCab words)") var words: WordSourceOptions

    @Option(
        help: ArgumentHelp(
            "The most tokens that are held in memory at once; prompts wait rather than exceed it.",
            valueName: "tokens"))
    var budget = 16384

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (128...(1 << 30)).contains(budget) else {
            throw ValidationError("--budget is a number from 128 to 1073741824")
        }
        if bounds.choices != nil, prompts.tokens != nil {
            throw ValidationError("--choices needs prompts that are texts")
        }
    }

    func run() throws {
        ComputeThreads.set(words.threads)
        guard case .decoder(let opened) = try OpenedModel(URL(filePath: model), precision: dtype)
        else {
            throw CommandFailure(.badData, "\(model) is an encoder, which continues nothing")
        }
        let trunk = try adapters.opened(opened)
        let needsText = prompts.tokens == nil || bounds.needText
        let text = try needsText ? ModelText(model: model, prompts, words) : nil
        let read = try prompts.read(text)
        if let choices = try bounds.labels() {
            guard let text else { return }
            try compare(choices, after: read, trunk, text)
        } else {
            try generate(read, trunk, text)
        }
    }

    // MARK: Texts

    private func generate(
        _ prompts: [TokenPrompt], _ trunk: DecoderModel, _ text: ModelText?
    ) throws {
        let isFolder = FileManager.default.fileExists(atPath: model + "/config.json")
        let defaults =
            try isFolder
            ? GenerationDefaults(directory: URL(filePath: model, directoryHint: .isDirectory))
            : GenerationDefaults()
        let settings = try picking.settings(defaults)
        let own = Set(defaults.stopTokens ?? trunk.configuration.eosTokenIDs)
        let stops = picking.ignoreStop ? [] : own.union(text?.endOfAnswer ?? [])
        let bound = try text.flatMap { try bounds.grammar($0, trunk) }
        let chosen = try adapters.choices(prompts)
        // One stream of random numbers a prompt, so that a prompt draws the same in any company.
        let requests = prompts.enumerated().map { index, prompt in
            var request = GenerationRequest(
                prompt: prompt.ids, limit: picking.maxNew ?? defaults.limit ?? 64)
            request.sampling = settings
            request.seed = picking.seed &+ UInt64(index)
            request.adapter = chosen[index]
            request.stopTokens = stops
            request.constraint = bound?.grammar.constraint
            request.text = text.map { StreamedText($0.tokenBytes, stopStrings: bounds.stop) }
            return request
        }
        let output = GenerationOutput(
            isStreamed: !common.json && requests.count == 1 && isatty(STDOUT_FILENO) == 1)
        var stream = requests.first?.text
        let limits = requests.reduce(0) { $0 + $1.limit }
        var tokens = 0
        let served = try trunk.serve(
            requests.map { .generation($0) }, budget: ServingBudget(cachedTokens: budget)
        ) { events, unfinished in
            tokens += events.count
            if output.isStreamed {
                for case .token(_, let token) in events { stream?.append(token) }
                output.show(stream?.takeCertain(isAtEnd: unfinished == 0) ?? "")
            } else {
                output.progress(
                    finished: requests.count - unfinished, of: requests.count,
                    share: Double(tokens) / Double(max(1, limits)))
            }
        }
        let results = served.results.compactMap { result -> GenerationResult? in
            if case .generation(let result) = result { result } else { nil }
        }
        output.finish()
        try output.print(results, json: common.json, bound: bound, stops: bounds.stop)
    }

    // MARK: Choices

    private func compare(
        _ labels: [String], after prompts: [TokenPrompt], _ trunk: DecoderModel, _ text: ModelText
    ) throws {
        let chosen = try adapters.choices(prompts)
        let requests = zip(prompts, chosen).map { prompt, adapter in
            var request = ChoiceRequest(
                prompt: prompt.ids, labels: labels.map { text.ids(of: $0, after: prompt) })
            request.adapter = adapter
            return request
        }
        let output = GenerationOutput(isStreamed: false)
        let served = try trunk.serve(
            requests.map { .choice($0) }, budget: ServingBudget(cachedTokens: budget)
        ) { _, unfinished in
            let finished = requests.count - unfinished
            output.progress(
                finished: finished, of: requests.count,
                share: Double(finished) / Double(max(1, requests.count)))
        }
        output.finish()
        let results = served.results.compactMap { result -> ChoiceResult? in
            if case .choice(let result) = result { result } else { nil }
        }
        try output.print(results, labels: labels, json: common.json)
    }
}
