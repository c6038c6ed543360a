// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelTestSupport
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModel

@Suite("Encoders in 8 bits with a scale for each row")
struct RoundedRowsTests {
    private static let words = "bert.embeddings.word_embeddings.weight"

    /// A small BERT with random weights, some of whose matrices are large enough to be rounded.
    private static func write(to folder: URL, largest: Float = 1) throws {
        let fields: [String: Any] = [
            "model_type": "bert", "architectures": ["BertForTokenClassification"],
            "vocab_size": 300, "hidden_size": 32, "intermediate_size": 128,
            "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 24,
            "type_vocab_size": 2, "pad_token_id": 0, "torch_dtype": "float32",
            "id2label": ["0": "O", "1": "B-disease", "2": "I-disease"],
        ]
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: fields).write(
            to: folder.appending(path: "config.json"))
        let configuration = try EncoderConfiguration(file: folder.appending(path: "config.json"))
        var numbers = SeededNumbers(seed: 3)
        var tensors: [String: Tensor] = [:]
        for tensor in configuration.trunkTensors
            + configuration.headTensors(.tokenClassification, outputs: 3, ownDecoder: false)
        {
            let isGain = tensor.name.hasSuffix("LayerNorm.weight")
            tensors[tensor.name] = Tensor(
                shape: tensor.shape,
                values: (0..<tensor.shape.reduce(1, *)).map { _ in
                    Float(isGain ? 1 : 0) + 0.2 * largest * Float(numbers.signed())
                })
        }
        try SafetensorsWriter.write(tensors, to: folder.appending(path: "model.safetensors"))
    }

    private static func states(_ folder: URL) throws -> Tensor {
        try EncoderModel(directory: folder).hiddenStates([
            .init(ids: [5, 7, 200, 299, 0, 12])
        ])[0]
    }

    @Test("keep their states, take a quarter of the room, and are read by rows")
    func smaller() throws {
        let place = try TemporaryFolder()
        try Self.write(to: place["in"])
        try ModelConversion(place["in"]).writeFolder(to: place["out"], roundsRows: true)
        let (before, after) = (
            try SafetensorsFolder(place["in"]), try SafetensorsFolder(place["out"])
        )
        #expect(before.names == after.names)
        #expect(after.isInRows(Self.words) && after.storage(of: Self.words) == .signed8)
        #expect(after.storage(of: "classifier.weight") == .float32)
        let (exact, rounded) = (try before.tensor(Self.words), try after.tensor(Self.words))
        for row in 0..<exact.rows {
            let range = row * exact.columns..<(row + 1) * exact.columns
            let largest = exact.values[range].map(abs).max() ?? 0
            for index in range {
                #expect(abs(exact.values[index] - rounded.values[index]) <= largest / 253)
            }
        }
        let some = try after.tensor(Self.words, rows: 7..<11)
        #expect(some.values == Array(rounded.values[7 * 32..<11 * 32]))
        let size = largestDifference(try Self.states(place["in"]), Tensor(zeros: [6, 32]))
        let error = largestDifference(try Self.states(place["in"]), try Self.states(place["out"]))
        #expect(error < 0.03 * size && error > 0)
        let rows = RoundedRows(rounding: exact)
        #expect(rows?.steps.contains(127) == true || rows?.steps.contains(-127) == true)
    }

    @Test("go back to floats, and again to the same file")
    func again() throws {
        let place = try TemporaryFolder()
        try Self.write(to: place["in"])
        func method(_ folder: String) throws -> String? {
            try ConfigurationFields(file: place[folder].appending(path: "config.json"))
                .object("quantization_config")?.string("quant_method")
        }
        try ModelConversion(place["in"]).writeFolder(to: place["out"], roundsRows: true)
        #expect(try method("out") == ModelConversion.roundedRowsMethod)
        try ModelConversion(place["out"]).writeFolder(to: place["same"])
        try ModelConversion(place["out"]).writeFolder(to: place["floats"], storage: .float32)
        #expect(try method("floats") == nil)
        try ModelConversion(place["floats"]).writeFolder(to: place["third"], roundsRows: true)
        let file = { try Data(contentsOf: place[$0].appending(path: "model.safetensors")) }
        #expect(try file("same") == file("out") && file("third") == file("out"))
        #expect(
            try SafetensorsFolder(place["floats"]).tensor(Self.words)
                == SafetensorsFolder(place["out"]).tensor(Self.words))
        #expect(
            try largestDifference(Self.states(place["floats"]), Self.states(place["out"])) == 0)
    }

    @Test("are refused for decoders, and for numbers that are none")
    func refused() throws {
        let place = try TemporaryFolder()
        try TinyModels.write("llama", to: place["decoder"])
        #expect(throws: ConversionError.self) {
            try ModelConversion(place["decoder"]).writeFolder(to: place["a"], roundsRows: true)
        }
        try Self.write(to: place["in"], largest: .infinity)
        #expect(throws: WeightFileError.self) {
            try ModelConversion(place["in"]).writeFolder(to: place["b"], roundsRows: true)
        }
        #expect(!FileManager.default.fileExists(atPath: place["b"].path))
    }
}
