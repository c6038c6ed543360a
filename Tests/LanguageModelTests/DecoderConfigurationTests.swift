// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import TestSupport
import Testing
import WeightFiles

@Suite struct DecoderConfigurationTests {
    static let plain: [String: any Sendable] = [
        "model_type": "ncvc", "vocab_size": 515, "hidden_size": 64, "intermediate_size": 192,
        "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "max_position_embeddings": 128,
        "bos_token_id": 1, "eos_token_id": 2,
    ]

    private func read(
        _ changes: [String: any Sendable] = [:], without removed: String? = nil
    ) throws(ModelConfigurationError) -> DecoderConfiguration {
        var fields: [String: any Sendable] = Self.plain
        if let removed { fields[removed] = nil }
        for (field, value) in changes { fields[field] = value }
        guard let json = try? JSONSerialization.data(withJSONObject: fields) else {
            throw .notJSON(file: "test")
        }
        return try DecoderConfiguration(json: json, name: "c.json")
    }

    @Test("what a file leaves out has its usual value")
    func defaults() throws {
        let configuration = try read()
        #expect(configuration.headDim == 16)
        #expect(configuration.embeddingScale == 1)
        #expect(!configuration.tieWordEmbeddings)
        #expect(configuration.dtype == .float32)
    }

    @Test("the newer form of the rotary base is read too")
    func ropeParameters() throws {
        let rope: [String: any Sendable] = ["rope_theta": 5000.0, "rope_type": "default"]
        let configuration = try read(["rope_parameters": rope], without: "rope_theta")
        #expect(configuration.ropeTheta == 5000)
    }

    @Test("a configuration written and read again is the same")
    func roundTrip() throws {
        var configuration = try read()
        configuration.embeddingScale = 8
        configuration.headDim = 24
        configuration.tieWordEmbeddings = true
        configuration.dtype = .bfloat16
        let again = try DecoderConfiguration(json: configuration.json(), name: "c.json")
        #expect(again == configuration)
    }

    @Test(
        "a required field that is missing is named",
        arguments: [
            "model_type", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
            "num_attention_heads", "rms_norm_eps", "rope_theta", "max_position_embeddings",
            "bos_token_id", "eos_token_id",
        ])
    func missing(field: String) {
        #expect(throws: ModelConfigurationError.missing(file: "c.json", field: field)) {
            try read(without: field)
        }
    }

    @Test(
        "a number outside its range is named",
        arguments: [
            ("vocab_size", 0), ("vocab_size", 1 << 40), ("hidden_size", -64),
            ("num_hidden_layers", 100_000), ("num_attention_heads", 0),
            ("num_key_value_heads", 3), ("num_key_value_heads", 0), ("head_dim", 15),
            ("head_dim", 0), ("rms_norm_eps", 0), ("rope_theta", 0), ("embedding_scale", -1),
            ("bos_token_id", 515), ("eos_token_id", -1), ("max_position_embeddings", 0),
        ])
    func range(field: String, value: Int) {
        let error = #expect(throws: ModelConfigurationError.self) { try read([field: value]) }
        guard let error, case .outOfRange("c.json", field, "\(value)", let expected?) = error else {
            Issue.record("\(field)")
            return
        }
        expectSentence(of: error, naming: ["c.json", "\(field) is \(value)", expected])
    }

    @Test("heads that do not divide the width need their own length")
    func headDim() throws {
        #expect(throws: ModelConfigurationError.missing(file: "c.json", field: "head_dim")) {
            try read(["hidden_size": 66])
        }
        #expect(try read(["hidden_size": 66, "head_dim": 16]).headDim == 16)
    }

    @Test("settings of other models are refused by name")
    func unsupported() {
        let settings: [(String, any Sendable)] = [
            ("model_type", "gpt_neox"), ("hidden_act", "gelu"), ("attention_bias", true),
            ("mlp_bias", true), ("mlp_gated", true), ("torch_dtype", "int8"),
            ("rope_scaling", ["rope_type": "linear", "factor": 2] as [String: any Sendable]),
        ]
        for (field, value) in settings {
            let error = #expect(throws: ModelConfigurationError.self) { try read([field: value]) }
            guard let error, case .unsupported("c.json", field, let found?, let supported) = error
            else {
                Issue.record("\(field)")
                continue
            }
            if let value = value as? String {
                #expect(found == "\"\(value)\"")
                // What an architecture fixes is not one of a list.
                #expect(supported.count > 2 || field == "hidden_act")
                expectSentence(of: error, naming: [field, value] + supported)
            }
        }
    }

    @Test(
        "a field of the wrong type is named",
        arguments: ["vocab_size", "rope_theta", "mlp_gated", "eos_token_id"])
    func type(field: String) {
        let error = #expect(throws: ModelConfigurationError.self) { try read([field: "many"]) }
        guard let error, case .type("c.json", field, "\"many\"", let expected?) = error else {
            Issue.record("\(field)")
            return
        }
        expectSentence(of: error, naming: ["c.json", field, "many", expected])
    }

    @Test(
        "what is no JSON object is refused, with how it is not",
        arguments: [
            ("", "it is empty"), ("[1]", "it holds a list"), ("null", "it holds null"),
            ("{", "it ends too soon, in line 1, at byte 1 of the file"),
            ("{\n\"a\": 1,\n}", "it is no JSON in line 3, at byte 11 of the file"),
            ("7", "it holds 7"),
        ])
    func notJSON(text: String, fault: String) {
        #expect(throws: ModelConfigurationError.notJSON(file: "c.json", fault: fault)) {
            try DecoderConfiguration(json: Data(text.utf8), name: "c.json")
        }
    }
}
