// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Faults
import Foundation
import LanguageModel
import Tensors
import WeightFiles

/// Computes logits for given token ids, to compare a build or a model with another implementation.
struct ModelLogitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logits",
        abstract: "Compute the logits of token ids.",
        discussion: """
            The input is a JSON list of token-id lists. The output is a safetensors file with one \
            float32 tensor for each list, logits_0, logits_1, …, of shape [tokens, vocabulary]; \
            each list is computed alone, from position 0.

            For an encoder the input is an object with input_ids, attention_mask and, where the \
            model has them, token_type_ids, all [texts, width]; the output is one tensor, logits, \
            of its own head: [texts, width, labels], [texts, labels] or [texts, width, \
            vocabulary], with 0 where the mask is 0.
            """)

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(help: ArgumentHelp("Token ids as JSON, - for standard input.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("The safetensors file to write.", valueName: "file"))
    var output: String

    @Option(
        help: """
            Arithmetic of products with weights, whatever type the file has; stored: the blocks of a \
            GGUF file as they are, with activations in 8 bits.
            """)
    var dtype = Precision.float32

    @OptionGroup var common: CommonOptions

    /// The longest input that is read, in bytes.
    static let maximumInputBytes = 256_000_000

    func run() throws {
        switch try OpenedModel(URL(filePath: model), precision: dtype) {
        case .decoder(let trunk):
            let sequences: [[Int32]] = try readInput("a JSON list of lists of token ids")
            try write(trunk, sequences)
        case .encoder(let encoder):
            let rows: EncoderRows = try readInput(
                "a JSON object with input_ids and attention_mask")
            try write(encoder, rows)
        }
    }

    private func write(_ trunk: DecoderModel, _ sequences: [[Int32]]) throws {
        var tensors: [String: Tensor] = [:]
        for (index, tokens) in sequences.enumerated() {
            tensors["logits_\(index)"] = try logits(of: tokens, index: index, trunk)
        }
        try SafetensorsWriter.write(tensors, to: URL(filePath: output))
        if common.json {
            print(
                #"{"sequences":\#(sequences.count),"vocabulary":\#(trunk.configuration.vocabSize)}"#
            )
        }
    }

    private func write(_ encoder: EncoderModel, _ rows: EncoderRows) throws {
        guard let inputs = rows.texts else {
            throw CommandFailure(
                .badData,
                "\(input): rows differ in length, or a mask is not ones and then zeros")
        }
        guard let logits = try encoder.logits(inputs) else {
            throw CommandFailure(.badData, "\(model) is an encoder without a head of its own")
        }
        let labels = logits.first?.columns ?? 0
        let isOfTokens = encoder.configuration.task != .sequenceClassification
        let width = isOfTokens ? rows.input_ids.first?.count ?? 0 : 1
        var values: [Float] = []
        for found in logits {
            values += found.values
            values += [Float](repeating: 0, count: (width - found.rows) * labels)
        }
        let shape = isOfTokens ? [logits.count, width, labels] : [logits.count, labels]
        try SafetensorsWriter.write(
            ["logits": Tensor(shape: shape, values: values)], to: URL(filePath: output))
        if common.json { print(#"{"texts":\#(logits.count),"labels":\#(labels)}"#) }
    }

    private func logits(
        of tokens: [Int32], index: Int, _ trunk: DecoderModel
    ) throws -> Tensor {
        do throws(TrunkError) {
            return try trunk.logits(tokens)
        } catch {
            // The trunk was given one sequence only: its number is that of this list.
            throw error.moved(to: index)
        }
    }

    private func readInput<Input: Decodable>(_ expected: String) throws -> Input {
        let json: Data
        if input == "-" {
            json = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            json = try DiskFiles().read(
                FilePath(input), maximumBytes: Self.maximumInputBytes)
        }
        guard let value = try? JSONDecoder().decode(Input.self, from: json) else {
            throw CommandFailure(.badData, "\(input) is not \(expected)")
        }
        return value
    }
}

/// Texts of an encoder as Hugging Face's tokenizers give them: rows filled up to one width.
private struct EncoderRows: Decodable {
    var input_ids: [[Int32]]
    var attention_mask: [[Int32]]
    var token_type_ids: [[Int32]]?

    /// The texts without their padding; nil where the parts do not agree or padding is not last.
    var texts: [EncoderModel.Input]? {
        let width = input_ids.first?.count ?? 0
        let parts = [input_ids, attention_mask] + (token_type_ids.map { [$0] } ?? [])
        guard
            parts.allSatisfy({ rows in
                rows.count == input_ids.count && rows.allSatisfy { $0.count == width }
            })
        else { return nil }
        var texts: [EncoderModel.Input] = []
        for (row, mask) in attention_mask.enumerated() {
            let count = mask.prefix { $0 == 1 }.count
            guard mask.dropFirst(count).allSatisfy({ $0 == 0 }) else { return nil }
            texts.append(
                EncoderModel.Input(
                    ids: Array(input_ids[row].prefix(count)),
                    types: Array(token_type_ids?[row].prefix(count) ?? [])))
        }
        return texts
    }
}

extension TrunkError {
    /// The same error about another sequence.
    fileprivate func moved(to index: Int) -> TrunkError {
        switch self {
        case .tokenOutOfVocabulary(_, let position, let id, let size):
            .tokenOutOfVocabulary(
                sequence: index, position: position, id: id, vocabularySize: size)
        case .sequenceTooLong(_, let tokens, let limit):
            .sequenceTooLong(sequence: index, tokens: tokens, limit: limit)
        case .notFinite: .notFinite(sequence: index)
        case .tokenTypes(_, let count): .tokenTypes(sequence: index, count: count)
        }
    }
}
