// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Evaluation
import Faults
import Foundation
import Generation
import LanguageModel
import ModelBundle
import Tensors
import Tokenizers
import Training
import WeightFiles

extension AnswerMode: ExpressibleByArgument {}

/// How a language model is asked in writing.
struct AskingOptions: ParsableArguments {
    @Option(
        help: """
            How a language model answers: choices, by the likeliest letter; bound, in writing, but only a letter or \
            substrings of the document; free, in writing, where what is no answer counts as wrong. Questions \
            without options are answered as bound where choices is asked for. (default: free)
            """)
    var answers: AnswerMode?

    @Option(
        help: ArgumentHelp(
            "An adapter's folder, as the PEFT library writes it, beside the language model.",
            valueName: "dir"))
    var adapter: String?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Lay questions out as a user's message by the model's chat template; without either flag where the \
            model has one.
            """)
    var chat: Bool?

    @Option(help: ArgumentHelp("A chat template by name, with --chat.", valueName: "name"))
    var template: String?

    @Option(help: ArgumentHelp("The system's message, with --chat.", valueName: "text"))
    var system: String?

    @Option(
        help: ArgumentHelp(
            "The tokenizer, where it is not in the model's folder.", valueName: "path"))
    var tokenizer: String?

    @Option(
        help: """
            Arithmetic of products with weights; stored: the blocks of a GGUF file as they are, with activations \
            in 8 bits. (default: f32)
            """)
    var dtype: Precision?

    @Option(
        help: ArgumentHelp(
            "The most new tokens of an answer (default: 16 with options, 512 for strings).",
            valueName: "n"))
    var maxNew: Int?

    @Option(
        help: ArgumentHelp(
            "The most tokens that are held in memory at once (default: 16384).",
            valueName: "tokens"))
    var budget: Int?

    @Option(help: ArgumentHelp("MeCab's dictionary directory.", valueName: "directory"))
    var dictionary: String?

    @Option(help: ArgumentHelp("A compiled MeCab user dictionary.", valueName: "file"))
    var userDictionary: String?

    @OptionGroup var compute: ThreadsOption

    func validate() throws {
        if let maxNew, !(1...1_048_576).contains(maxNew) {
            throw ValidationError("--max-new is a number from 1 to 1048576")
        }
        if let budget, !(128...(1 << 30)).contains(budget) {
            throw ValidationError("--budget is a number from 128 to 1073741824")
        }
        if chat == false, template != nil || system != nil {
            throw ValidationError("--template and --system go with --chat")
        }
    }

    /// The options that were given and are of no use where heads answer.
    var givenForLanguageModels: [String] {
        [
            ("--answers", answers != nil), ("--adapter", adapter != nil), ("--chat", chat != nil),
            ("--template", template != nil), ("--system", system != nil),
            ("--tokenizer", tokenizer != nil), ("--dtype", dtype != nil),
            ("--max-new", maxNew != nil), ("--budget", budget != nil),
            ("--dictionary", dictionary != nil), ("--user-dictionary", userDictionary != nil),
        ].filter(\.1).map(\.0)
    }

    /// How answers are given.
    var mode: AnswerMode { answers ?? .free }

    /// Whether a name or path leads to a language model that is asked in writing, not to a bundle.
    static func isLanguageModel(_ model: String) -> Bool {
        let location = URL(filePath: model)
        let files = FileManager.default
        guard files.fileExists(atPath: location.path(percentEncoded: false)) else { return false }
        guard location.leadsToFolder else { return true }
        func has(_ name: String) -> Bool {
            files.fileExists(atPath: location.appending(path: name).path(percentEncoded: false))
        }
        return has("config.json") && !has(BundleDirectory.manifestName)
    }

    /// The model, ready to be asked, and what must be the same for answers to stand in one file.
    func opened(_ model: String, digests: Bool) throws -> (Questioning, setting: [String: String]) {
        ComputeThreads.set(compute.count)
        guard
            case .decoder(let opened) = try OpenedModel(
                URL(filePath: model), precision: dtype ?? .float32)
        else {
            throw CommandFailure(.badData, "\(model) is an encoder, which answers no questions")
        }
        let trunk =
            try adapter.map { folder in
                opened.serving([
                    try Adapter(
                        directory: URL(filePath: folder), configuration: opened.configuration)
                ])
            } ?? opened
        let layout: ModelText.Layout =
            template != nil || system != nil || chat == true
            ? .chat(template) : chat == false ? .plain : .automatic
        let text = try ModelText(
            model: model, tokenizer: tokenizer, layout: layout, dictionary: dictionary,
            userDictionary: userDictionary,
            words: { try WordSource(dictionary: dictionary, userDictionary: userDictionary) })
        var settings = Questioning.Settings(mode)
        if let maxNew { (settings.choiceLimit, settings.stringsLimit) = (maxNew, maxNew) }
        if let budget { settings.budget = budget }
        let asked = AskedModel(
            model: trunk, tokenizer: text.tokenizer, stops: try stops(model, trunk, text),
            adapter: adapter == nil ? nil : 0,
            prompt: { question in
                // Without a template the answer begins on a line of its own.
                let prompt = try text.prompt(
                    text.isChat ? question : question + "\n", chat: text.isChat, system: system)
                return AskedModel.Prompt(ids: prompt.ids) { text.ids(of: $0, after: prompt) }
            }, written: text.written)
        return (
            Questioning(asked, settings),
            digests ? try setting(model, text, settings) : [:]
        )
    }

    private func stops(
        _ model: String, _ trunk: DecoderModel, _ text: ModelText
    ) throws -> Set<Int32> {
        let folder = URL(filePath: model, directoryHint: .isDirectory)
        let defaults =
            URL(filePath: model).leadsToFolder
            ? try GenerationDefaults(directory: folder) : GenerationDefaults()
        return Set(defaults.stopTokens ?? trunk.configuration.eosTokenIDs).union(text.endOfAnswer)
    }

    /// What decides the answers, for files of predictions.
    private func setting(
        _ model: String, _ text: ModelText, _ settings: Questioning.Settings
    ) throws -> [String: String] {
        func digest(_ path: String) throws -> String {
            let location = URL(filePath: path).resolvingSymlinksInPath()
            let whole =
                location.leadsToFolder
                ? try RunIdentity.digest(ofModel: location)
                : try ContentDigest(ofFile: FilePath(location)).hexadecimal
            return String(whole.prefix(16))
        }
        return [
            "model": URL(filePath: model).lastPathComponent, "digest": try digest(model),
            "adapter": try adapter.map(digest) ?? "none", "answers": mode.rawValue,
            "layout": text.layoutName, "system": system ?? "none",
            "tokenizer": try tokenizer.map(digest) ?? "the model's",
            "arithmetic": (dtype ?? .float32).rawValue,
            "new tokens": "\(settings.choiceLimit) \(settings.stringsLimit)",
        ]
    }
}
