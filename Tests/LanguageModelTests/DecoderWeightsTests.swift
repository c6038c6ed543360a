// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import TestSupport
import ModelTestSupport
import Testing
import WeightFiles

@Suite struct DecoderWeightsTests {
    @Test(
        "the names and shapes are those of the published file",
        arguments: DecoderModelTests.fixtures)
    func names(name: String) throws {
        struct Expected: Decodable { var tensors: [String: [Int]] }
        let fixture = try Fixture(name)
        let json = try Data(contentsOf: fixture.directory.appending(path: "expected.json"))
        let expected = try JSONDecoder().decode(Expected.self, from: json).tensors
        let stored = fixture.model.configuration.storedTensors
        #expect(Dictionary(uniqueKeysWithValues: stored.map { ($0.name, $0.shape) }) == expected)
        let named = fixture.model.weights.named(fixture.model.configuration)
        #expect(named.mapValues(\.shape) == expected)
        #expect(
            fixture.model.configuration.parameterCount
                == expected.values.reduce(0) { $0 + $1.reduce(1, *) })
    }

    @Test("the paper's model has as many parameters as it says")
    func fullSize() throws {
        let full = DecoderConfiguration.ncvcFullSize
        try full.validate(file: "")
        #expect(full.parameterCount == 1_191_282_688)
    }

    @Test("a tensor of another shape is refused before any is read")
    func shapes() throws {
        let fixture = try Fixture("ncvc")
        var configuration = fixture.model.configuration
        configuration.intermediateSize = 193
        let path = try SafetensorsFolder(fixture.directory).path
        let expected = WeightFileError.unexpectedShape(
            file: path, tensor: "model.layers.0.mlp.up_proj.weight", expected: [193, 64],
            found: [192, 64])
        #expect(throws: expected) {
            try DecoderWeights(
                from: SafetensorsFolder(fixture.directory), configuration: configuration)
        }
    }

    @Test("a missing layer is refused by name")
    func missing() throws {
        let fixture = try Fixture("ncvc")
        var configuration = fixture.model.configuration
        configuration.numHiddenLayers = 3
        let folder = try SafetensorsFolder(fixture.directory)
        let expected = WeightFileError.missingTensor(
            file: folder.path, tensor: "model.layers.2.input_layernorm.weight")
        #expect(throws: expected) {
            try DecoderWeights(from: folder, configuration: configuration)
        }
    }

    @Test("a model written and read again gives the same logits", arguments: WeightStorage.allCases)
    func roundTrip(storage: WeightStorage) throws {
        let fixture = try Fixture("ncvc-scaled-embedding")
        let folder = try TemporaryFolder()
        let configuration = fixture.model.configuration
        try configuration.write(to: folder["config.json"])
        try SafetensorsWriter.write(
            fixture.model.weights.named(configuration), storage: storage,
            to: folder["model.safetensors"])
        let again = try DecoderModel(directory: folder.url)
        #expect(again.configuration == configuration)
        let difference = largestDifference(
            try again.logits(fixture.inputs[5]), try fixture.model.logits(fixture.inputs[5]))
        switch storage {
        case .float32: #expect(difference == 0)
        case .float16: #expect(difference < 0.05)
        case .bfloat16: #expect(difference < 0.5)
        }
    }
}
