// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import Foundation
import Tokenizers

/// A prompt as a model reads it.
struct TokenPrompt {
    let ids: [Int32]
    /// The text, where the prompt is no more than that.
    let text: String?
    /// The name of the adapter that it asks for.
    var adapter: String?
}

/// A model's tokenizer, with what lays texts out for it.
struct ModelText {
    let tokenizer: any TextTokenizer
    let tokenBytes: TokenBytes
    /// Tokens that end an answer in a conversation.
    let endOfAnswer: Set<Int32>
    /// How texts are laid out: `plain`, or a chat template's name.
    let layoutName: String
    private let chat: ChatEncoder?
    private let words: WordSource?

    /// How texts are laid out.
    enum Layout {
        /// As they are.
        case plain
        /// As a user's message in the chat template of this name, or the model's own.
        case chat(String?)
        /// As a user's message where the model has a chat template, else as they are.
        case automatic
    }

    init(model: String, _ options: PromptOptions, _ words: WordSourceOptions) throws {
        try self.init(
            model: model, tokenizer: options.tokenizer,
            layout: options.chat ? .chat(options.template) : .plain, dictionary: words.dictionary,
            userDictionary: words.userDictionary, words: { try WordSource(words) })
    }

    init(
        model: String, tokenizer named: String?, layout: Layout, dictionary: String?,
        userDictionary: String?, words: () throws -> WordSource
    ) throws {
        let opened = try Self.opened(model, named, dictionary, userDictionary)
        tokenizer = opened.tokenizer
        tokenBytes = TokenBytes(tokenizer)
        self.words = tokenizer is UnigramTokenizer ? try words() : nil
        guard let (template, settings) = try Self.template(layout, opened) else {
            (chat, endOfAnswer, layoutName) = (nil, [], "plain")
            return
        }
        layoutName = template.name
        chat = try ChatEncoder(template, tokenizer: tokenizer, settings: settings)
        let end = settings?.endToken?.content ?? template.endToken
        endOfAnswer = Set(
            template.assistant.after.compactMap { part in
                switch part {
                case .token(let content), .marker(let content): content
                case .end: end
                case .begin, .text: nil
                }
            }.compactMap { [tokenizer] in tokenizer.id(of: $0) })
    }

    private static func opened(
        _ model: String, _ named: String?, _ dictionary: String?, _ userDictionary: String?
    ) throws -> OpenedTokenizer {
        do {
            return try OpenedTokenizer(
                URL(filePath: named ?? model), dictionary: dictionary,
                userDictionary: userDictionary)
        } catch TokenizerError.unrecognized where named == nil {
            throw CommandFailure(
                .noInput,
                "\(model) has no tokenizer; name one with --tokenizer, or give ids with --tokens")
        }
    }

    /// The chat template of a layout, with what the tokenizer's settings say; nil for plain texts.
    private static func template(
        _ layout: Layout, _ opened: OpenedTokenizer
    ) throws -> (ChatTemplate, TokenizerSettings?)? {
        if case .plain = layout { return nil }
        let settings = try opened.settings()
        if case .chat(let name?) = layout { return (try ChatTemplate.named(name), settings) }
        do throws(ChatTemplateError) {
            return (
                try ChatTemplate.belonging(to: opened.tokenizer, settings: settings), settings
            )
        } catch {
            if case .automatic = layout, case .noTemplate = error { return nil }
            throw error
        }
    }

    /// Whether texts are laid out by a chat template.
    var isChat: Bool { chat != nil }

    /// A text as the model writes it: words with spaces between them where it reads MeCab words.
    func written(_ text: String) -> String {
        words.map { UnigramTokenizer.text(of: $0.words(of: text)) } ?? text
    }

    /// The prompt of a text, or of a conversation that the text begins.
    func prompt(_ text: String, chat isChat: Bool, system: String?) throws -> TokenPrompt {
        guard isChat, let chat else {
            let written = written(text)
            return TokenPrompt(ids: tokenizer.tokensBefore + ids(of: written), text: written)
        }
        let messages =
            (system.map { [ChatMessage(role: .system, content: written($0))] } ?? [])
            + [ChatMessage(role: .user, content: written(text))]
        return TokenPrompt(ids: try chat.encode(messages).ids, text: nil)
    }

    /// The tokens of a label after a prompt: what is added to those of the prompt where its text
    /// ends the same way with and without the label, else those of the label alone.
    func ids(of label: String, after prompt: TokenPrompt) -> [Int32] {
        if let text = prompt.text {
            let both =
                tokenizer.tokensBefore + ids(of: text + (words == nil ? "" : " ") + written(label))
            if both.starts(with: prompt.ids), both.count > prompt.ids.count {
                return Array(both.dropFirst(prompt.ids.count))
            }
        }
        return ids(of: written(label))
    }

    /// What a prompt says is data: none of it becomes a special token.
    private func ids(of text: String) -> [Int32] {
        tokenizer.segmentTokenizer?.ids(of: [.text(text)]).flatMap { $0 } ?? tokenizer.ids(in: text)
    }
}

/// Files that are read whole.
enum InputFile {
    /// The content of a file, - for standard input.
    static func data(_ file: String) throws -> Data {
        guard file == "-" else {
            return try DiskFiles().read(
                FilePath(file), maximumBytes: ModelLogitsCommand.maximumInputBytes)
        }
        let limit = ModelLogitsCommand.maximumInputBytes
        let data = try FileHandle.standardInput.read(upToCount: limit + 1) ?? Data()
        guard data.count <= limit else {
            throw CommandFailure(.badData, "the input is larger than \(limit) bytes")
        }
        return data
    }

    /// The text of a file in UTF-8, without the line break at its end.
    static func text(_ file: String) throws -> String {
        guard var text = String(validating: try data(file), as: UTF8.self) else {
            throw CommandFailure(.badData, "\(file) is not UTF-8")
        }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}
