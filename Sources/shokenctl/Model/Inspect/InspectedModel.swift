// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import LanguageModel
import Tensors
import Tokenizers

/// Which model is looked at.
struct InspectedModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model's folder, that of a bundle among them, or a GGUF file.",
            valueName: "dir|gguf"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "The tokenizer, where it is not in the model's folder.", valueName: "path"))
    var tokenizer: String?
}

/// A model whose token embedding is looked at, with the tokenizer that names the tokens.
struct InspectedModel {
    /// The model's path as it was given.
    let place: String
    private let model: OpenedModel
    private let tokenizer: any TextTokenizer
    private let unknown: Set<Int32>
    private let special: Set<Int32>

    /// What stands for characters that a vocabulary lacks.
    private static let unknownPieces = ["<unk>", "[UNK]", "<|unk|>"]

    /// Opens both; nothing is multiplied by the weights, so they stay as they lie in their file.
    init(_ options: InspectedModelOptions) throws {
        place = options.model
        model = try OpenedModel(URL(filePath: options.model), precision: .stored)
        do {
            tokenizer = try OpenedTokenizer(URL(filePath: options.tokenizer ?? options.model))
                .tokenizer
        } catch TokenizerError.unrecognized where options.tokenizer == nil {
            throw CommandFailure(
                .noInput, "\(options.model) has no tokenizer; name one with --tokenizer")
        }
        guard tokenizer.vocabularySize <= model.vocabularySize else {
            throw CommandFailure(
                .badData,
                "the tokenizer has \(tokenizer.vocabularySize) tokens, \(options.model) only "
                    + "\(model.vocabularySize)")
        }
        unknown = Set(Self.unknownPieces.compactMap { [tokenizer] in tokenizer.id(of: $0) })
        special = Set(tokenizer.summary.specialTokens.map(\.id))
    }

    /// The last part of the model's path.
    var name: String { URL(filePath: place).lastPathComponent }

    /// The ids that have a name, in the order of the vocabulary, which trainers of tokenizers begin with special
    /// tokens and frequent pieces.
    var tokens: [Int32] {
        (0..<Int32(tokenizer.vocabularySize)).filter { tokenizer.piece(of: $0) != nil }
    }

    /// Whether a token is one that no text writes.
    func isSpecial(_ id: Int32) -> Bool { special.contains(id) }

    /// What a token writes, or its piece where that is white space or a part of a character.
    func name(of id: Int32) -> String {
        let text = tokenizer.decode([id], skippingSpecial: false)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let name =
            text.isEmpty || text.unicodeScalars.contains("\u{FFFD}")
            ? tokenizer.piece(of: id) ?? "" : text
        return name.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    }

    /// The tokens of a text.
    func ids(in text: String) -> [Int32] { tokenizer.ids(in: text) }

    /// The tokens that write a word, the mark of white space before it left out; nil where the vocabulary lacks one of
    /// its characters.
    func ids(ofWord word: String) -> [Int32]? {
        let ids = tokenizer.ids(in: word)
        guard !ids.isEmpty, unknown.isDisjoint(with: ids) else { return nil }
        let inked = ids.filter { tokenizer.piece(of: $0) != "\u{2581}" }
        return inked.isEmpty ? ids : inked
    }

    /// A row for each list of tokens: the mean of their embeddings.
    func vectors(of words: [[Int32]]) throws -> Tensor {
        let all = words.flatMap { $0 }
        let rows = model.embeddings(of: all)
        if let place = rows.values.firstIndex(where: { !$0.isFinite }) {
            throw CommandFailure(
                .badData,
                "\(self.place): the embedding of token \(all[place / max(1, rows.columns)]) holds "
                    + "what is no finite number")
        }
        guard words.contains(where: { $0.count != 1 }) else { return rows }
        let width = rows.columns
        var means = Tensor(zeros: [words.count, width])
        var row = 0
        for (index, word) in words.enumerated() {
            for _ in word {
                for column in 0..<width {
                    means.values[index * width + column] +=
                        rows.values[row * width + column] / Float(word.count)
                }
                row += 1
            }
        }
        return means
    }
}
