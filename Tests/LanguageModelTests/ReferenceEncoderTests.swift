// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import ModelTestSupport
import Testing
import WeightFiles

/// Every encoder against the reference implementation; needs `../shared/fixtures`.
@Suite(.enabled(if: ReferenceModel.isAvailable, "needs ../shared/fixtures/models"))
struct ReferenceEncoderTests {
    static let encoders = [
        "bert-masked-lm", "bert-sequence-classification", "bert-token-classification",
        "roberta-token-classification", "deberta-v2-token-classification",
        "modernbert-sequence-classification", "modernbert-token-classification",
    ]

    @Test(
        "logits agree with the reference, whichever way the configuration is written",
        arguments: encoders, ["config.json", "config.v4.json"])
    func logits(name: String, file: String) throws {
        let fixture = try EncoderFixture(name, configuration: file)
        let logits = try #require(try fixture.model.logits(fixture.inputs))
        let expected = try fixture.expected.tensor("logits")
        for (row, found) in logits.enumerated() {
            #expect(
                largestDifference(found, fixture.row(row, found.rows, of: expected)) < 1e-4)
        }
    }

    @Test("the states agree after every layer", arguments: encoders)
    func states(name: String) throws {
        let fixture = try EncoderFixture(name)
        var seen: [Int: Tensor] = [:]
        let last = try fixture.model.observe(fixture.inputs) { seen[$0] = $1 }
        let final = try fixture.expected.tensor("last_hidden_state")
        for (row, found) in last.enumerated() {
            #expect(largestDifference(found, fixture.row(row, found.rows, of: final)) < 1e-4)
        }
        let names = fixture.expected.names.filter { $0.hasPrefix("hidden_") }
        #expect(Set(names) == Set(seen.keys.map { "hidden_\($0)" }))
        for (index, states) in seen {
            let expected = try fixture.expected.tensor("hidden_\(index)")
            var start = 0
            for (row, input) in fixture.inputs.enumerated() {
                let found = states.rowSlice(start..<start + input.ids.count)
                start += input.ids.count
                #expect(
                    largestDifference(found, fixture.row(row, found.rows, of: expected)) < 1e-4)
            }
        }
    }

    @Test("a text has the same states alone and among others", arguments: encoders)
    func company(name: String) throws {
        let fixture = try EncoderFixture(name)
        let together = try fixture.model.hiddenStates(fixture.inputs)
        for (input, states) in zip(fixture.inputs, together) {
            let alone = try fixture.model.hiddenStates([input])
            #expect(largestDifference(states, alone[0]) < 1e-5)
        }
    }

    @Test("texts that are too long and ids of no token are refused", arguments: encoders)
    func refusals(name: String) throws {
        let model = try EncoderFixture(name).model
        let limit = model.configuration.longestText
        let long = EncoderModel.Input(ids: [Int32](repeating: 5, count: limit + 1))
        #expect(throws: TrunkError.sequenceTooLong(sequence: 0, tokens: limit + 1, limit: limit)) {
            try model.hiddenStates([long])
        }
        let size = model.configuration.vocabSize
        let unknown = TrunkError.tokenOutOfVocabulary(
            sequence: 1, position: 1, id: Int32(size), vocabularySize: size)
        #expect(throws: unknown) {
            try model.hiddenStates([.init(ids: [1]), .init(ids: [1, Int32(size)])])
        }
    }
}

/// An encoder of the fixtures with its inputs and what the reference makes of them.
struct EncoderFixture {
    let model: EncoderModel
    let inputs: [EncoderModel.Input]
    let expected: SafetensorsFile

    init(_ name: String, configuration: String = "config.json") throws {
        struct Inputs: Decodable {
            var input_ids: [[Int32]]
            var attention_mask: [[Int]]
            var token_type_ids: [[Int32]]?
        }
        let directory = ReferenceModel.folder.appending(path: name)
        model = try EncoderModel(
            from: SafetensorsFolder(directory),
            configuration: EncoderConfiguration(file: directory.appending(path: configuration)))
        let rows = try JSONDecoder().decode(
            Inputs.self, from: Data(contentsOf: directory.appending(path: "inputs.json")))
        inputs = rows.input_ids.indices.map { row in
            let count = rows.attention_mask[row].reduce(0, +)
            return EncoderModel.Input(
                ids: Array(rows.input_ids[row].prefix(count)),
                types: Array(rows.token_type_ids?[row].prefix(count) ?? []))
        }
        expected = try SafetensorsFile(directory.appending(path: "expected.safetensors"))
    }

    /// The first rows of one text in a padded tensor (B, width, K), or its row of (B, K).
    func row(_ index: Int, _ count: Int, of tensor: Tensor) -> Tensor {
        let width = tensor.shape.count == 3 ? tensor.shape[1] : 1
        return tensor.rowSlice(index * width..<index * width + count)
    }
}
