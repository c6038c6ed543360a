// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
package import LanguageModel
import ModelBundle
package import Tensors
package import Tokenizers
import Training
import WeightFiles

/// The model that instruction tuning begins with, and how conversations are laid out for it.
package struct InstructionBase: Sendable {
    /// The folder or GGUF file.
    package let location: URL
    /// Sizes and settings, with the vocabulary that it will have.
    package let configuration: DecoderConfiguration
    /// The tokenizer, with the chat's tokens.
    package let tokenizer: any TextTokenizer
    /// The chat template.
    package let template: ChatTemplate
    /// What the tokenizer's settings say.
    package let settings: TokenizerSettings?
    /// Tokens that the tokenizer lacked.
    package let addedTokens: [String]
    private let isFile: Bool
    private let storedRows: Int

    /// Opens a folder as Hugging Face publishes models, a bundle, or a GGUF file.
    ///
    /// - Parameter template: a template's name; nil for the base's own, or NCVC-slm-1's, whose tokens
    ///   are added to a tokenizer of Shoken's kind that lacks them.
    ///
    /// Throws the errors of the files, `ChatTemplateError`, or
    /// ``RecipeError/unfitBase(file:reason:)``.
    package init(_ location: URL, template name: String?) throws {
        self.location = location
        let facts = try? location.resourceValues(forKeys: [.isDirectoryKey])
        isFile = facts?.isDirectory != true
        var configuration: DecoderConfiguration
        let opened: any TextTokenizer
        if isFile {
            let file = try GGUFFile(location)
            configuration = try GGUFDecoder(file).configuration
            opened = try GGUFTokenizer.open(file)
            settings = try Self.settings(file)
        } else {
            configuration = try DecoderConfiguration(
                file: location.appending(path: "config.json"))
            let place = try TokenizerLocation.find(at: location)
            opened = try place.open()
            settings = try TokenizerSettings.read(
                beside: location.appending(path: TokenizerSettings.fileName))
        }
        storedRows = configuration.vocabSize
        guard opened.vocabularySize <= storedRows else {
            throw RecipeError.unfitBase(
                file: location.path(percentEncoded: false), reason: .vocabulary)
        }
        let named = try name.map { try ChatTemplate.named($0) }
        let own = named == nil ? try Self.own(opened, settings) : nil
        if let template = named ?? own, template.name != ChatTemplate.ncvc.name || own != nil {
            (self.template, tokenizer, addedTokens) = (template, opened, [])
            self.configuration = configuration
            return
        }
        guard let words = opened as? UnigramTokenizer, !isFile else {
            throw RecipeError.unfitBase(
                file: location.path(percentEncoded: false), reason: .noTemplate)
        }
        let vocabulary = try ChatVocabulary(words, file: location.lastPathComponent)
        (template, tokenizer) = (.ncvc, vocabulary.tokenizer)
        addedTokens = vocabulary.added
        configuration.vocabSize = max(storedRows, vocabulary.tokenizer.vocabularySize)
        configuration.bosTokenID = words.beginOfText
        configuration.eosTokenIDs = [words.endOfText]
        self.configuration = configuration
    }

    /// The template that the base's files tell, or nil where they tell none.
    private static func own(
        _ tokenizer: any TextTokenizer, _ settings: TokenizerSettings?
    ) throws(ChatTemplateError) -> ChatTemplate? {
        do throws(ChatTemplateError) {
            return try ChatTemplate.belonging(to: tokenizer, settings: settings)
        } catch .noTemplate {
            return nil
        }
    }

    private static func settings(_ file: GGUFFile) throws -> TokenizerSettings? {
        guard case .text(let template)? = file.metadata["tokenizer.chat_template"] else {
            return nil
        }
        let json = try JSONEncoder().encode(["chat_template": template])
        return try TokenizerSettings(json: json, name: file.path)
    }

    /// Whether the tokenizer takes texts as MeCab's words.
    package var readsWords: Bool { tokenizer is UnigramTokenizer }

    /// What lays conversations out.
    package func chat() throws(ChatTemplateError) -> ChatEncoder {
        try ChatEncoder(template, tokenizer: tokenizer, settings: settings)
    }

    /// The model with its weights frozen in a form, 32-bit floats row by row for nil; of a base without
    /// added tokens.
    package func frozen(_ precision: Precision?) throws -> DecoderModel {
        precondition(addedTokens.isEmpty, "a base whose files have all tokens")
        guard case .decoder(let model) = try OpenedModel(location, precision: precision) else {
            throw RecipeError.unfitBase(
                file: location.path(percentEncoded: false), reason: .encoder)
        }
        return model
    }

    /// All weights, with rows for the tokens that were added.
    ///
    /// Throws ``RecipeError/unfitBase(file:reason:)`` for a GGUF file, whose blocks are not trained.
    package func weights(
        _ initialization: TokenInitialization, seed: UInt64
    ) throws -> ParameterSet {
        guard !isFile else {
            throw RecipeError.unfitBase(
                file: location.path(percentEncoded: false), reason: .blocks)
        }
        let folder = try SafetensorsFolder(location)
        let tables: Set<String> = ["model.embed_tokens.weight", "lm_head.weight"]
        return try ParameterSet(ParameterLayout(configuration)) { name in
            let tensor = try folder.tensor(name)
            guard tables.contains(name), tensor.rows == storedRows,
                configuration.vocabSize > storedRows
            else { return tensor }
            return ChatVocabulary.extend(
                tensor, to: configuration.vocabSize, initialization,
                seed: name == "lm_head.weight" ? seed &+ 1 : seed)
        }
    }

    /// Writes a folder that Hugging Face tools read, with this base's settings and tokenizer.
    package func write(_ weights: ParameterSet, to folder: URL, replaces: Bool) throws {
        try NewFolder.write(to: folder, replaces: replaces) { temporary in
            try SafetensorsWriter.write(
                weights.named(), storage: configuration.dtype, metadata: ["format": "pt"],
                to: temporary.appending(path: "model.safetensors"))
            try configuration.write(to: temporary.appending(path: "config.json"))
            try writeTokenizer(to: temporary)
        }
    }

    /// Writes the tokenizer and its settings into a folder.
    private func writeTokenizer(to folder: URL) throws {
        if let words = tokenizer as? UnigramTokenizer, template.name == ChatTemplate.ncvc.name {
            try words.write(to: folder.appending(path: "tokenizer.json"))
            let settings: [String: JSONValue] = [
                "tokenizer_class": .string("PreTrainedTokenizerFast"),
                "bos_token": .string(UnigramTokenizer.SpecialToken.beginOfText),
                "eos_token": .string(UnigramTokenizer.SpecialToken.endOfText),
                "pad_token": .string(UnigramTokenizer.SpecialToken.endOfText),
                "chat_template": .string(ChatTemplate.ncvcJinja),
            ]
            try DiskFiles().write(
                JSONEncoder.sorted(.prettyPrinted).encode(settings),
                to: FilePath(folder.appending(path: TokenizerSettings.fileName)))
            return
        }
        // What says how the base was made says nothing of the result.
        let ofBase = ["README.md", "labels.toml", ModelOrigin.fileName]
        for name in ModelConversion.travellingFiles where !ofBase.contains(name) {
            let file = location.appending(path: name)
            guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
                continue
            }
            let content = try DiskFiles().read(
                FilePath(file.resolvingSymlinksInPath()),
                maximumBytes: ModelConversion.travellingFileLimit)
            try DiskFiles().write(content, to: FilePath(folder.appending(path: name)))
        }
    }

    /// What stands for the base's files in a run's identity.
    package func digest() throws -> String {
        if isFile { return try ContentDigest(ofFile: FilePath(location)).hexadecimal }
        return try RunIdentity.digest(ofModel: location)
    }
}

/// Why a model cannot be tuned as the recipe asks.
package enum UnfitBase: Hashable, Sendable {
    /// Its tokenizer has more tokens than its embedding rows.
    case vocabulary
    /// It has no chat template, and its tokenizer is of a kind to which no tokens are added.
    case noTemplate
    /// It is an encoder.
    case encoder
    /// Its weights are in blocks, which only an adapter can be trained beside.
    case blocks
}
