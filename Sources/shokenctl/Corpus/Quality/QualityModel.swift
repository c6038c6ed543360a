// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Faults
import Foundation
import Generation
import LanguageModel
import Tensors
import Training

/// The decoder that looks at texts.
struct QualityModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String?

    @Option(help: "Arithmetic of products with weights; stored: the blocks of a GGUF file.")
    var dtype = Precision.float32

    @Option(
        help: ArgumentHelp(
            "The tokenizer, where it is not in the model's folder.", valueName: "path"))
    var tokenizer: String?

    @Option(help: ArgumentHelp("MeCab's dictionary directory.", valueName: "directory"))
    var dictionary: String?

    @Option(help: ArgumentHelp("A compiled MeCab user dictionary.", valueName: "file"))
    var userDictionary: String?

    @OptionGroup var compute: ThreadsOption
}

/// A decoder with its tokenizer, opened to look at texts.
struct QualityModel {
    let trunk: DecoderModel
    let text: ModelText
    /// What decides what it says, by name.
    let facts: [String: String]
    /// Tokens that end an answer.
    let stops: Set<Int32>

    init(_ options: QualityModelOptions) throws {
        guard let model = options.model else {
            throw ValidationError("name the model with --model")
        }
        ComputeThreads.set(options.compute.count)
        guard
            case .decoder(let opened) = try OpenedModel(
                URL(filePath: model), precision: options.dtype)
        else {
            throw CommandFailure(.badData, "\(model) is an encoder, which writes nothing")
        }
        trunk = opened
        text = try ModelText(
            model: model, tokenizer: options.tokenizer, layout: .automatic,
            dictionary: options.dictionary, userDictionary: options.userDictionary,
            words: {
                try WordSource(
                    dictionary: options.dictionary, userDictionary: options.userDictionary)
            })
        let folder = URL(filePath: model, directoryHint: .isDirectory)
        let defaults =
            URL(filePath: model).leadsToFolder
            ? try GenerationDefaults(directory: folder) : GenerationDefaults()
        stops = Set(defaults.stopTokens ?? opened.configuration.eosTokenIDs)
            .union(text.endOfAnswer)
        facts = [
            "model": URL(filePath: model).lastPathComponent, "digest": try Self.digest(model),
            "tokenizer": try options.tokenizer.map(Self.digest) ?? "the model's",
            "arithmetic": options.dtype.rawValue,
        ]
    }

    private static func digest(_ path: String) throws -> String {
        let location = URL(filePath: path).resolvingSymlinksInPath()
        return location.leadsToFolder
            ? try RunIdentity.digest(ofModel: location)
            : try ContentDigest(ofFile: FilePath(location)).hexadecimal
    }

    /// Throws unless so many tokens of a text, and so many more, fit the model's context.
    func check(tokens: Int, more: Int = 0) throws {
        let most = trunk.configuration.maxPositionEmbeddings - more
        guard (1...most).contains(tokens) else {
            throw ValidationError("--tokens must be 1 to \(most) with this model")
        }
    }

    /// The last hidden state, after the final norm, of the last of a text's first `tokens` tokens.
    ///
    /// Each text is computed by itself on one thread, so that not even rounding depends on how many there are.
    func features(_ texts: [String], tokens: Int) throws -> [[Float]] {
        let sequences = try texts.map { text in
            // So many characters hold as many tokens in any tokenizer that merges no more.
            let prompt = try self.text.prompt(
                String(text.prefix(16 * tokens)), chat: false, system: nil)
            guard !prompt.ids.isEmpty else {
                throw CommandFailure(.badData, "a document has no tokens")
            }
            return Array(prompt.ids.prefix(tokens))
        }
        let width = trunk.configuration.hiddenSize
        let trunk = trunk
        return try ComputeThreads.map(sequences.count) { index in
            Result { () throws(TrunkError) in
                try trunk.hiddenStates([sequences[index]], bidirectional: false).flatMap {
                    Array($0.values.suffix(width))
                }
            }
        }.map { try $0.get() }
    }

    /// A message and a text as the model is asked: the text is cut until all fits so many tokens.
    func prompt(
        _ instruction: String, _ text: String, tokens: Int
    ) throws -> (ids: [Int32], isCut: Bool) {
        var rest = String(text.prefix(16 * tokens))
        while true {
            let prompt =
                self.text.isChat
                ? try self.text.prompt(rest, chat: true, system: instruction)
                : try self.text.prompt(
                    "\(instruction)\n\n\(rest)\n\n", chat: false, system: nil)
            if prompt.ids.count <= tokens { return (prompt.ids, rest.count < text.count) }
            guard !rest.isEmpty else {
                throw CommandFailure(
                    .badData,
                    "the instruction alone takes \(prompt.ids.count) tokens; give more with --tokens"
                )
            }
            let share = Double(tokens) / Double(prompt.ids.count)
            rest = String(rest.prefix(min(rest.count - 1, Int(Double(rest.count) * share))))
        }
    }
}
