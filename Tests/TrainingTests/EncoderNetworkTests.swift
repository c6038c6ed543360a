// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Testing
import Training
import WeightFiles

/// Small encoders of every architecture.
enum SmallEncoders {
    static let names = ["bert", "roberta", "modernbert", "deberta-v2", "deberta-v2, plain"]

    static func configuration(_ name: String) throws -> EncoderConfiguration {
        var fields: [String: Any] = [
            "model_type": name, "architectures": ["XForTokenClassification"],
            "id2label": ["0": "O", "1": "B-a", "2": "I-a"], "vocab_size": 11, "hidden_size": 8,
            "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2,
            "max_position_embeddings": 12, "type_vocab_size": 2, "layer_norm_eps": 1e-3,
            "pad_token_id": 1,
        ]
        switch name {
        case "modernbert":
            fields["layer_types"] = ["full_attention", "sliding_attention"]
            fields["local_attention"] = 4
            fields["norm_eps"] = 1e-3
            fields["norm_bias"] = true
            fields["attention_bias"] = true
        case "deberta-v2", "deberta-v2, plain":
            fields["model_type"] = "deberta-v2"
            fields["relative_attention"] = true
            fields["share_att_key"] = true
            fields["position_buckets"] = 4
            fields["max_relative_positions"] = -1
            let isPlain = name != "deberta-v2"
            fields["pos_att_type"] = isPlain ? ["c2p"] : ["c2p", "p2c"]
            fields["norm_rel_ebd"] = isPlain ? "none" : "layer_norm"
            fields["conv_kernel_size"] = isPlain ? 0 : 3
            fields["conv_act"] = "tanh"
            fields["position_biased_input"] = isPlain
            fields["type_vocab_size"] = isPlain ? 2 : 0
        default: break
        }
        return try EncoderConfiguration(
            ConfigurationFields(json: JSONSerialization.data(withJSONObject: fields), name: name))
    }

    static let texts = SequenceBatch([
        (ids: [2, 3, 4, 5, 6, 7, 3], types: []), (ids: [9, 8, 2], types: []),
    ])

    /// Weights far enough from the start that every one of them matters.
    static func parameters(_ network: HeadedNetwork) -> ParameterSet {
        var parameters = ParameterSet(freshFor: network, seed: 1)
        for place in parameters.tensors.indices {
            parameters.tensors[place].add(
                random(parameters.tensors[place].shape, seed: UInt64(place)), factor: 0.3)
        }
        return parameters
    }
}

@Suite("Encoders as networks to be trained")
struct EncoderNetworkTests {
    @Test("Every gradient follows the differences", arguments: SmallEncoders.names, [0, 0.2])
    func gradients(name: String, dropout: Float) throws {
        let network = HeadedNetwork(
            .encoder(
                EncoderNetwork(try SmallEncoders.configuration(name), longestRow: 8)),
            heads: [HeadSettings(name: "a", kind: .tokens(.none), labels: ["O", "B-a", "I-a"])])
        let parameters = SmallEncoders.parameters(network)
        let batch = HeadBatch(
            texts: SmallEncoders.texts, head: 0,
            targets: .tokens(
                rows: [0, 2, 3, 6, 7, 9], labels: [0, 1, 2, 0, 1, 2], chains: []))
        let tape = Tape(network.layout)
        func loss(_ parameters: ParameterSet) -> Double {
            tape.accumulate(parameters, dropoutSeed: 9) {
                network.loss(of: batch, on: $0, factor: 1, dropout: dropout)
            }
        }
        _ = loss(parameters)
        let gradients = tape.gradients
        for place in parameters.tensors.indices {
            expectGradient(
                gradients.tensors[place], at: parameters.tensors[place], step: 4e-3,
                tolerance: 3e-2, network.layout.entries[place].name
            ) {
                var moved = parameters
                moved.tensors[place] = $0
                return loss(moved)
            }
        }
    }

    @Test("Tensors lie in the order of the computation, which checkpoints and draws follow")
    func order() throws {
        func names(_ name: String, _ kind: HeadKind, ownDecoder: Bool = false) throws -> String {
            let network = HeadedNetwork(
                .encoder(EncoderNetwork(try SmallEncoders.configuration(name), longestRow: 8)),
                heads: [HeadSettings(name: "a", kind: kind, labels: ["O", "B-a", "I-a"])],
                ownDecoder: ownDecoder)
            let entries = network.layout.entries.filter { !$0.name.contains("layers.0.") }
            return entries.map(\.name).joined(separator: " ")
        }
        func both(_ names: String...) -> String {
            names.map { "\($0).weight \($0).bias" }.joined(separator: " ")
        }
        let modern = "model.layers.1."
        #expect(
            try names("modernbert", .maskedTokens, ownDecoder: true)
                == "model.embeddings.tok_embeddings.weight "
                + both("model.embeddings.norm", modern + "attn_norm", modern + "attn.Wqkv")
                + " " + both(modern + "attn.Wo", modern + "mlp_norm") + " "
                + "\(modern)mlp.Wi.weight \(modern)mlp.Wo.weight " + both("model.final_norm")
                + " head.dense.weight " + both("head.norm", "decoder"))
        let learnt = (0..<2).map { layer in
            let at = ".encoder.layer.\(layer)."
            return ["query", "key", "value"].map { at + "attention.self." + $0 }
                + ["attention.output.dense", "attention.output.LayerNorm", "intermediate.dense"]
                .map { at + $0 } + [at + "output.dense", at + "output.LayerNorm"]
        }.joined()
        func layers(_ prefix: String, _ suffix: String) -> String {
            learnt.map { name in
                both(prefix + name + (name.contains("attention.self") ? suffix : ""))
            }.joined(separator: " ")
        }
        func tables(_ prefix: String, _ names: String...) -> String {
            names.map { "\(prefix).embeddings.\($0)_embeddings.weight " }.joined()
        }
        #expect(
            try names("bert", .label) == tables("bert", "word", "position", "token_type")
                + both("bert.embeddings.LayerNorm") + " " + layers("bert", "") + " "
                + both("bert.pooler.dense", "classifier"))
        #expect(
            try names("roberta", .maskedTokens)
                == tables("roberta", "word", "position", "token_type")
                + both("roberta.embeddings.LayerNorm") + " " + layers("roberta", "") + " "
                + both("lm_head.dense", "lm_head.layer_norm") + " lm_head.bias")
        #expect(
            try names("deberta-v2", .tokens(.none)) == tables("deberta", "word")
                + both("deberta.embeddings.LayerNorm") + " " + layers("deberta", "_proj")
                + " deberta.encoder.rel_embeddings.weight "
                + both("deberta.encoder.LayerNorm", "deberta.encoder.conv.conv") + " "
                + both("deberta.encoder.conv.LayerNorm", "classifier"))
    }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures").standardizedFileURL
    private static var areFixturesThere: Bool {
        FileManager.default.fileExists(atPath: fixtures.path)
    }

    private struct Inputs: Decodable {
        let input_ids: [[Int32]]
        let attention_mask: [[Int]]
        let token_type_ids: [[Int32]]?
        let labels: [[Int32]]?
    }

    /// The texts of a reference model without padding.
    private func texts(_ inputs: Inputs) -> [(ids: [Int32], types: [Int32])] {
        inputs.input_ids.indices.map { row in
            let count = inputs.attention_mask[row].reduce(0, +)
            return (
                Array(inputs.input_ids[row][..<count]),
                inputs.token_type_ids.map { Array($0[row][..<count]) } ?? []
            )
        }
    }

    private func network(_ folder: URL) throws -> (HeadedNetwork, ParameterSet) {
        let configuration = try EncoderConfiguration(file: folder.appending(path: "config.json"))
        let kind: HeadKind =
            switch configuration.task {
            case .sequenceClassification: .label
            case .maskedLanguageModel: .maskedTokens
            case .tokenClassification, .none: .tokens(.none)
            }
        let network = HeadedNetwork(
            .encoder(EncoderNetwork(configuration, longestRow: configuration.longestText)),
            heads: [HeadSettings(name: "x", kind: kind, labels: configuration.labels)])
        return (network, try PublishedWeights(folder).parameters(of: network))
    }

    @Test(
        "Logits are the reference's, and what is saved gives them in the engine",
        .enabled(if: areFixturesThere, "the reference models are not beside the repository"),
        arguments: [
            "bert-masked-lm", "bert-sequence-classification", "bert-token-classification",
            "roberta-token-classification", "modernbert-token-classification",
            "modernbert-sequence-classification", "deberta-v2-token-classification",
        ])
    func logits(model name: String) throws {
        let folder = Self.fixtures.appending(path: "models/\(name)")
        let (network, parameters) = try network(folder)
        let inputs = try JSONDecoder().decode(
            Inputs.self, from: Data(contentsOf: folder.appending(path: "inputs.json")))
        let texts = texts(inputs)
        let found = network.scores(
            of: SequenceBatch(texts), head: 0, on: Tape(network.layout), parameters: parameters)
        let expected = try SafetensorsFile(folder.appending(path: "expected.safetensors"))
            .tensor("logits")
        let again = try EncoderModel(
            from: MemoryTensors(network.tensors(parameters, head: 0), name: "memory"),
            configuration: EncoderConfiguration(file: folder.appending(path: "config.json")))
        let served = try #require(
            try again.logits(texts.map { EncoderModel.Input(ids: $0.ids, types: $0.types) }))
        let (rows, width) = (texts.count, found.columns)
        let padded = expected.count / rows
        var (first, largest) = (0, Float(0))
        for row in 0..<rows {
            let count = padded == width ? width : texts[row].ids.count * width
            for place in 0..<count {
                let value = found.values[first + place]
                largest = max(
                    largest, abs(value - expected.values[row * padded + place]),
                    abs(value - served[row].values[place]))
            }
            first += count
        }
        #expect(first == found.count)
        #expect(largest < 1e-4)
    }

    @Test(
        "Guessing masked tokens has the reference's loss and gradients",
        .enabled(if: areFixturesThere, "the reference models are not beside the repository"))
    func maskedTokens() throws {
        let folder = Self.fixtures.appending(path: "models/bert-masked-lm")
        let (network, parameters) = try network(folder)
        let inputs = try JSONDecoder().decode(
            Inputs.self, from: Data(contentsOf: folder.appending(path: "inputs.json")))
        let texts = texts(inputs)
        var rows: [Int32] = []
        var labels: [Int32] = []
        var first = 0
        for (row, text) in texts.enumerated() {
            for (place, label) in try #require(inputs.labels)[row].enumerated() where label >= 0 {
                rows.append(Int32(first + place))
                labels.append(label)
            }
            first += text.ids.count
        }
        var pass = ParallelPass(network, workers: 1)
        let loss = pass.compute(
            [
                HeadBatch(
                    texts: SequenceBatch(texts), head: 0,
                    targets: .tokens(rows: rows, labels: labels, chains: []))
            ], parameters: parameters)
        struct Expected: Decodable { let loss: Double }
        let expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
        #expect(abs(loss - expected.loss) < 2e-5)
        let file = try SafetensorsFile(folder.appending(path: "expected.safetensors"))
        var compared = 0
        for (name, gradient) in pass.gradients.named() {
            guard file.shape(of: "gradient.\(name)") != nil else { continue }
            compared += 1
            #expect(largestDifference(gradient, try file.tensor("gradient.\(name)")) < 1e-5)
        }
        #expect(compared >= 6)
    }

    @Test("A reference run of token labels gives its losses, gradients and weights")
    func reference() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/bert-token-classification")
        #expect(try EncoderReferenceRun.isEncoder(folder))
        let differences = try EncoderReferenceRun(folder).repeatRun()
        #expect(differences.loss < 2e-5)
        #expect(differences.gradient < 1e-5)
        #expect(try #require(differences.weight) < 2e-4)
        #expect(try #require(differences.weightsApart) < 1e-3)
    }
}
