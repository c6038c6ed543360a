import ArgumentParser
import DurableFiles
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
            """)

    /// The arithmetic; files of 16-bit weights are widened and computed in 32 bits.
    enum Arithmetic: String, ExpressibleByArgument, CaseIterable {
        case f32, bf16, int8
    }

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String

    @Option(help: ArgumentHelp("Token ids as JSON, - for standard input.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("The safetensors file to write.", valueName: "file"))
    var output: String

    @Option(help: "Arithmetic; only f32 is implemented.")
    var dtype = Arithmetic.f32

    @OptionGroup var common: CommonOptions

    /// The longest input that is read, in bytes.
    static let maximumInputBytes = 256_000_000

    func run() throws {
        guard dtype == .f32 else {
            throw CommandFailure(
                CommandFailure.Code.unavailable,
                "arithmetic in \(dtype.rawValue) is not implemented; use --dtype f32")
        }
        let sequences = try readSequences()
        let trunk = try TrunkModel(directory: URL(filePath: model))
        var tensors: [String: Tensor] = [:]
        for (index, tokens) in sequences.enumerated() {
            tensors["logits_\(index)"] = try logits(of: tokens, index: index, trunk)
        }
        try SafetensorsWriter.write(tensors, to: URL(filePath: output))
        if common.json {
            print(#"{"sequences":\#(sequences.count),"vocabulary":\#(trunk.vocabulary)}"#)
        }
    }

    private func logits(
        of tokens: [Int32], index: Int, _ trunk: TrunkModel
    ) throws -> Tensor {
        do throws(TrunkError) {
            return try trunk.logits(tokens)
        } catch {
            // The trunk was given one sequence only: its number is that of this list.
            throw error.moved(to: index)
        }
    }

    private func readSequences() throws -> [[Int32]] {
        let json: Data
        if input == "-" {
            json = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            json = try DiskFiles().read(
                FilePath(input), maximumBytes: Self.maximumInputBytes)
        }
        guard let sequences = try? JSONDecoder().decode([[Int32]].self, from: json) else {
            throw CommandFailure(
                CommandFailure.Code.badData,
                "\(input) is not a JSON list of lists of token ids")
        }
        return sequences
    }
}

extension TrunkModel {
    fileprivate var vocabulary: Int { configuration.vocabSize }
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
        }
    }
}
