// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Tokenizers

/// A conversation to the tokens that a model reads.
struct TokenizerChatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Lay a conversation out by a model's chat template.",
        discussion: """
            Reads a JSON list of messages ({"role": "system"|"user"|"assistant", "content": …}) \
            from the standard input and prints the text and its token ids. The template is the \
            one that the model's tokenizer_config.json holds, or the one named. What a message \
            says never becomes a special token or a role marker. A model that reads MeCab words \
            needs contents as `shokenctl tokenizer words` prints them.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("A model's directory, or its tokenizer file.", valueName: "path"))
    var tokenizer: String
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Template: \(ChatTemplate.known.map(\.name).joined(separator: ", ")).",
            valueName: "name"))
    var template: String?
    @Flag(name: .long, help: "Leave out what asks the model for an answer.")
    var noPrompt = false
    @Flag(name: .long, help: "Print one JSON object.")
    var json = false

    func run() throws {
        let url = URL(filePath: tokenizer)
        let location = try TokenizerLocation.find(at: url)
        let opened = try location.open()
        let settings = try TokenizerSettings.read(beside: location.file)
        let layout =
            try template.map { try ChatTemplate.named($0) }
            ?? ChatTemplate.belonging(to: opened, settings: settings)
        let encoder = try ChatEncoder(layout, tokenizer: opened, settings: settings)
        let asks = !noPrompt
        let encoded = try encoder.encode(try Self.messages(), asksForAnswer: asks)
        if json {
            try printJSON(
                Output(
                    template: layout.name, text: encoded.text, ids: encoded.ids,
                    answer: encoded.isAnswer))
        } else {
            print(encoded.text)
            print(encoded.ids.map(String.init).joined(separator: " "))
        }
    }

    private struct Output: Encodable {
        let template: String
        let text: String
        let ids: [Int32]
        /// Whether each id is part of an answer to be learned.
        let answer: [Bool]
    }

    private static let inputByteLimit = 64 << 20

    private static func messages() throws -> [ChatMessage] {
        let data = try FileHandle.standardInput.read(upToCount: inputByteLimit + 1) ?? Data()
        guard data.count <= inputByteLimit else {
            throw CommandFailure(.badData, "the input is larger than \(inputByteLimit) bytes")
        }
        do {
            return try JSONDecoder().decode([ChatMessage].self, from: data)
        } catch {
            throw CommandFailure(
                .badData,
                "the input is no JSON list of messages with role and content")
        }
    }
}

extension TokenizerLocation {
    /// The file itself.
    var file: URL {
        switch self {
        case .json(let file), .sentencePiece(let file), .wordPieceVocabulary(let file): file
        }
    }
}
