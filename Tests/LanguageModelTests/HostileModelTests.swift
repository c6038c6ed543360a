// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles
import LanguageModel
import Tensors
import TestSupport
import ModelTestSupport
import Testing
import WeightFiles

/// Configurations and files that break one rule each.
@Suite struct HostileModelTests {
    /// One field of a sound configuration changed.
    static let fields: [(architecture: String, field: String, json: String, named: String)] = [
        ("llama", "num_hidden_layers", "1000000000", "num_hidden_layers"),
        ("mistral", "num_hidden_layers", "1e9", "num_hidden_layers"),
        ("llama", "num_hidden_layers", "-9223372036854775808", "num_hidden_layers"),
        ("llama", "num_hidden_layers", "2.5", "num_hidden_layers"),
        ("llama", "num_hidden_layers", "\"2\"", "num_hidden_layers"),
        ("llama", "num_hidden_layers", "true", "num_hidden_layers"),
        ("llama", "num_hidden_layers", "[2]", "num_hidden_layers"),
        ("llama", "head_dim", "0", "head_dim"),
        ("llama", "head_dim", "-2", "head_dim"),
        ("llama", "head_dim", "9223372036854775807", "head_dim"),
        ("llama", "vocab_size", "9223372036854775807", "vocab_size"),
        ("llama", "hidden_size", "9223372036854775807", "hidden_size"),
        ("llama", "num_attention_heads", "0", "num_attention_heads"),
        ("llama", "num_key_value_heads", "0", "num_key_value_heads"),
        ("llama", "num_key_value_heads", "3", "num_key_value_heads"),
        ("llama", "rms_norm_eps", "0", "rms_norm_eps"),
        ("llama", "rms_norm_eps", "-1e-5", "rms_norm_eps"),
        ("llama", "rms_norm_eps", "\"NaN\"", "rms_norm_eps"),
        ("llama", "rope_theta", "1e300", "rope_theta"),
        ("llama", "eos_token_id", "4294967296", "eos_token_id"),
        ("llama", "eos_token_id", "[2, 96]", "eos_token_id"),
        ("llama", "partial_rotary_factor", "-1", "partial_rotary_factor"),
        ("llama", "partial_rotary_factor", "1e300", "partial_rotary_factor"),
        ("llama", "rope_scaling", #"{"type":"linear","factor":0}"#, "factor"),
        ("llama", "rope_scaling", #"{"type":"spiral"}"#, "rope_type"),
        (
            "llama", "rope_scaling",
            #"{"type":"yarn","factor":4,"original_max_position_embeddings":0}"#,
            "original_max_position_embeddings"
        ),
        ("llama", "rope_scaling", #"{"type":"yarn","factor":4,"beta_fast":-1}"#, "beta_fast"),
        ("llama", "model_type", "\"gpt_neox\"", "model_type"),
        ("mixtral", "num_local_experts", "0", "num_experts_per_tok"),
        ("mixtral", "num_local_experts", "1000000000", "num_experts_per_tok"),
        ("mixtral", "num_experts_per_tok", "5", "num_experts_per_tok"),
        ("gemma2", "query_pre_attn_scalar", "0", "query_pre_attn_scalar"),
        ("gemma2", "attn_logit_softcapping", "-1", "attn_logit_softcapping"),
        ("gemma2", "final_logit_softcapping", "1e300", "final_logit_softcapping"),
        ("gemma2", "layer_types", #"["full_attention"]"#, "layer_types"),
        ("mistral", "sliding_window", "0", "sliding_window"),
    ]

    @Test("a field that cannot be is refused by its name", arguments: fields.indices)
    func field(index: Int) throws {
        let test = Self.fields[index]
        var all = try TinyModels.configuration(test.architecture).fields
        if test.field == "head_dim" { all["head_dim"] = nil }
        all[test.field] = try JSONDecoder().decode(
            JSONValue.self, from: Data(test.json.utf8))
        if test.architecture == "mixtral" {
            all["num_local_experts"] = all["num_local_experts"] ?? .integer(4)
        }
        let error = #expect(throws: ModelConfigurationError.self) {
            try DecoderConfiguration(ConfigurationFields(file: "c.json", values: all))
        }
        let shown = error.map { "\($0)" } ?? ""
        #expect(shown.contains("c.json") && shown.contains(test.named), "\(shown)")
    }

    @Test("experts of all layers together have a limit, before they are listed")
    func experts() throws {
        var all = try TinyModels.configuration("mixtral").fields
        all["num_local_experts"] = .integer(1024)
        all["num_hidden_layers"] = .integer(1024)
        let expected = ModelConfigurationError.outOfRange(
            file: "c", field: "num_experts_per_tok", found: all["num_experts_per_tok"]?.text,
            expected: "1 to the number of experts, of which at most 1024,")
        #expect(throws: expected) {
            try DecoderConfiguration(ConfigurationFields(file: "c", values: all))
        }
    }

    @Test("an encoder's padding token far outside the vocabulary is refused")
    func padding() {
        let fields: [String: JSONValue] = [
            "model_type": .string("roberta"), "vocab_size": .integer(8), "hidden_size": .integer(8),
            "intermediate_size": .integer(8), "num_hidden_layers": .integer(1),
            "num_attention_heads": .integer(1), "max_position_embeddings": .integer(8),
            "pad_token_id": .integer(.min),
        ]
        let expected = ModelConfigurationError.outOfRange(
            file: "c", field: "pad_token_id", found: "\(Int.min)", expected: "0 to 7")
        #expect(throws: expected) {
            try EncoderConfiguration(ConfigurationFields(file: "c", values: fields))
        }
    }

    /// A GGUF file of a sound model with one entry changed, or left out.
    private func error(
        _ key: String, _ value: GGUFValue?, in place: TemporaryFolder
    ) throws -> String {
        try TinyModels.write("llama", to: place["in"])
        try ModelConversion(place["in"]).writeGGUF(to: place["m.gguf"], recipe: .f32)
        let sound = try GGUFFile(place["m.gguf"])
        var metadata = sound.metadata
        metadata[key] = value
        let tensors = sound.names.map { name in
            PlannedTensor(name: name, shape: sound.shape(of: name) ?? [], format: .float32)
        }
        try GGUFWriter.write(
            metadata: metadata.map { ($0.key, $0.value) }, tensors: tensors, to: place["bad.gguf"]
        ) { try $0.append(sound.tensor($0.tensor.name).values) }
        do {
            _ = try DecoderModel(gguf: GGUFFile(place["bad.gguf"]))
            return "none"
        } catch { return "\(error)" }
    }

    @Test(
        "a GGUF file whose settings cannot be is refused by key or tensor",
        arguments: [
            ("general.architecture", GGUFValue?.none, "general.architecture"),
            ("general.architecture", .text("mamba"), "general.architecture"),
            ("general.architecture", .integer(1), "general.architecture"),
            ("llama.block_count", .integer(1_000_000_000), "num_hidden_layers"),
            ("llama.block_count", .integer(-1), "num_hidden_layers"),
            ("llama.block_count", .number(3), "llama.block_count"),
            ("llama.block_count", .integer(4), "blk.3"),
            ("llama.attention.key_length", .integer(0), "head_dim"),
            ("llama.rope.dimension_count", .integer(-3), "partial_rotary_factor"),
            ("llama.attention.layer_norm_rms_epsilon", .number(.nan), "rms_norm_eps"),
            ("llama.rope.freq_base", .number(.nan), "rope_theta"),
            ("llama.embedding_length", .integer(128), "embed_tokens"),
            ("llama.feed_forward_length", .integer(97), "mlp"),
            ("shoken.config", .text("{"), "shoken.config"),
            ("shoken.config", .integer(1), "shoken.config"),
            ("shoken.config", .text(#"{"rope_scaling":{"type":"x"}}"#), "rope_type"),
        ] as [(String, GGUFValue?, String)])
    func gguf(key: String, value: GGUFValue?, named: String) throws {
        let found = try error(key, value, in: TemporaryFolder())
        #expect(found.contains("bad.gguf"), "\(found)")
        #expect(found.contains(named) || found.contains("model.layers"), "\(found)")
    }

    @Test("a file that is cut off at any length is refused")
    func truncated() throws {
        let place = try TemporaryFolder()
        try TinyModels.write("ncvc", to: place["in"])
        try ModelConversion(place["in"]).writeGGUF(to: place["m.gguf"], recipe: .f16)
        let whole = try Data(contentsOf: place["m.gguf"])
        // Places in the head, which the reader's own tests cut at every byte, and among the elements.
        let lengths =
            Array(0..<100) + stride(from: 100, to: 3000, by: 13)
            + stride(from: 3000, to: whole.count - 64, by: 4099)
        for length in lengths where length < whole.count - 32 {
            try whole.prefix(length).write(to: place["cut.gguf"])
            #expect(throws: (any Error).self, "\(length)") {
                try GGUFDecoder(GGUFFile(place["cut.gguf"]))
            }
        }
    }
}

/// The corpus of `Scripts/fuzz`, and inputs that were found with it.
@Suite struct CorpusTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Corpus")

    @Test(
        "every input of the corpus ends in an answer or an error", arguments: HostileInput.allCases)
    func corpus(input: HostileInput) throws {
        let place = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: Self.folder.appending(path: "safetensors/one.safetensors"),
            to: place["one.safetensors"])
        let folder = Self.folder.appending(path: input.rawValue)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count >= 5)
        var results: Set<String> = []
        for name in names.sorted() {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            results.insert(input.read(bytes, in: place.url))
        }
        // Some are sound, and some are not.
        #expect(results.contains("read") && results.count > 1, "\(results)")
    }

    @Test("a byte changed anywhere ends in an answer or an error", arguments: HostileInput.allCases)
    func mutations(input: HostileInput) throws {
        let place = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: Self.folder.appending(path: "safetensors/one.safetensors"),
            to: place["one.safetensors"])
        let folder = Self.folder.appending(path: input.rawValue)
        var random = SeededNumbers(seed: 3)
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            for _ in 0..<50 {
                var changed = bytes
                for _ in 0...random.number(below: 3) {
                    changed[random.number(below: changed.count)] =
                        [0, 0xff, 0x7f, 0x80, 0x22][random.number(below: 5)]
                }
                _ = input.read(changed, in: place.url)
                count += 1
            }
        }
        #expect(count >= 250)
    }
}
