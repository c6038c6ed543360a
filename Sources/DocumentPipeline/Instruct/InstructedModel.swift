// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import Foundation
import Generation
package import JapaneseText
import LanguageModel
import Tensors
import Tokenizers
import WeightFiles

/// A model that follows instructions, in a GGUF file of its own, asked about documents within a budget of tokens.
///
/// Its weights stay in the file's blocks. Answers are bound to the task's schema, and its strings to the document; the
/// most likely token is taken each time.
package struct InstructedModel: DocumentAsker {
    /// Documents that are asked about together.
    private static let together = 4

    private let model: DecoderModel
    private let chat: ChatEncoder
    private let vocabulary: ConstraintVocabulary
    private let grammar: ByteGrammar
    private let settings: StageInstruction.Settings
    private let stops: Set<Int32>
    private let cachedTokens: Int

    /// Opens a GGUF file; `template` names a chat template where the file has none that is known.
    ///
    /// Throws what the file's readers throw, `ChatTemplateError`, and ``InstructedModelError`` for a model that cannot be
    /// asked so.
    package init(gguf url: URL, template: String?, settings: StageInstruction.Settings) throws {
        let name = url.lastPathComponent
        let file = try GGUFFile(url)
        model = try DecoderModel(gguf: file, precision: .stored)
        let tokenizer = try GGUFTokenizer.open(file)
        guard !(tokenizer is UnigramTokenizer) else { throw InstructedModelError.readsWords(name) }
        let longest = model.configuration.maxPositionEmbeddings
        guard settings.documentTokens <= longest else {
            throw InstructedModelError.context(
                file: name, wanted: settings.documentTokens, longest: longest)
        }
        let own = try file.tokenizerSettings()
        let chosen =
            try template.map { try ChatTemplate.named($0) }
            ?? ChatTemplate.belonging(to: tokenizer, settings: own)
        chat = try ChatEncoder(chosen, tokenizer: tokenizer, settings: own)
        vocabulary = ConstraintVocabulary(
            tokenizer, vocabularySize: model.configuration.vocabSize)
        grammar = try JSONSchema(json: Array(StageInstruction.schema.utf8), file: name).grammar
        self.settings = settings
        stops = Set(model.configuration.eosTokenIDs)
        // Whole blocks for each of those that are asked about together.
        cachedTokens = Self.together * (settings.documentTokens + 2 * 128)
    }

    /// The architecture's name.
    package var architecture: String { model.configuration.architecture.rawValue }

    /// What it says of each text; one that the budget does not hold is not asked about.
    package func answers(about texts: [AnalyzedText]) throws -> [InstructedAnswer] {
        var answers = [InstructedAnswer](repeating: .beyondBudget, count: texts.count)
        for start in stride(from: 0, to: texts.count, by: Self.together) {
            var asked: [(place: Int, grammar: TokenGrammar)] = []
            var requests: [GenerationRequest] = []
            for place in start..<min(start + Self.together, texts.count) {
                let text = texts[place].cleaned.string
                // A token is a byte at least, so that what is far too long is not even cut into tokens.
                let prompt = try text.utf8.count > 64 * settings.documentTokens ? nil : ids(text)
                guard let prompt,
                    prompt.count + settings.answerTokens <= settings.documentTokens,
                    let document = DocumentText(text)
                else { continue }
                let bound = try TokenGrammar(
                    grammar, vocabulary: vocabulary, document: document)
                var request = GenerationRequest(prompt: prompt, limit: settings.answerTokens)
                request.stopTokens = stops
                request.constraint = bound.constraint
                requests.append(request)
                asked.append((place, bound))
            }
            let results = try model.generate(
                requests, budget: ServingBudget(cachedTokens: cachedTokens))
            for (question, result) in zip(asked, results) where result.isComplete {
                answers[question.place] = .answered(json: question.grammar.text(of: result.tokens))
            }
        }
        return answers
    }

    private func ids(_ text: String) throws -> [Int32] {
        let question = settings.prompt.replacing(StageInstruction.placeholder, with: text)
        let system = settings.system.map { [ChatMessage(role: .system, content: $0)] } ?? []
        return try chat.encode(system + [ChatMessage(role: .user, content: question)]).ids
    }
}

extension GGUFFile {
    /// What its writer kept of `tokenizer_config.json`, or the chat template alone; nil where there is nothing.
    fileprivate func tokenizerSettings() throws -> TokenizerSettings? {
        let key = "shoken.file.tokenizer_config.json"
        if case .text(let json)? = metadata[key] {
            return try TokenizerSettings(json: Data(json.utf8), name: "\(path) (\(key))")
        }
        guard case .text(let template)? = metadata["tokenizer.chat_template"] else { return nil }
        return try TokenizerSettings(
            json: JSONEncoder().encode(["chat_template": template]), name: path)
    }
}
