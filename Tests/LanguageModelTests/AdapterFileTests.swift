// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import ModelTestSupport
import TestSupport
import Testing
import WeightFiles

@Suite("The folder of an adapter") struct AdapterFileTests {
    private let place: TemporaryFolder
    private let configuration: DecoderConfiguration

    init() throws {
        place = try TemporaryFolder()
        configuration = try TinyModels.configuration("llama")
    }

    /// An adapter of the query and value projections, written as PEFT does.
    private func folder() throws -> URL {
        let adapter = try RandomAdapter.make(
            for: configuration, targets: .named(["q_proj", "v_proj"]), seed: 1)
        try adapter.write(to: place["adapter"])
        return place["adapter"]
    }

    private func fields(_ folder: URL) throws -> [String: Any] {
        let json = try Data(contentsOf: folder.appending(path: "adapter_config.json"))
        return try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    private func change(_ folder: URL, _ field: String, _ value: Any?) throws {
        var fields = try fields(folder)
        fields[field] = value
        try JSONSerialization.data(withJSONObject: fields)
            .write(to: folder.appending(path: "adapter_config.json"))
    }

    private func tensors(_ folder: URL) throws -> [String: Tensor] {
        let file = try SafetensorsFile(folder.appending(path: "adapter_model.safetensors"))
        return try file.names.reduce(into: [:]) { $0[$1] = try file.tensor($1) }
    }

    private func read(_ folder: URL) throws -> Adapter {
        try Adapter(directory: folder, configuration: configuration)
    }

    @Test(
        "is read as it was written",
        arguments: [AdapterTargets.all, .named(["q_proj"]), .named(["layers.1.mlp.up_proj"])])
    func roundTrip(targets: AdapterTargets) throws {
        let adapter = try RandomAdapter.make(for: configuration, targets: targets, seed: 2)
        try adapter.write(to: place["a"])
        #expect(try read(place["a"]) == adapter)
    }

    @Test("has the names of PEFT's files")
    func names() throws {
        let folder = try folder()
        let names = try tensors(folder).keys
        #expect(
            names.contains("base_model.model.model.layers.2.self_attn.v_proj.lora_B.weight"))
        #expect(names.count == 12)
        let fields = try fields(folder)
        #expect(fields["peft_type"] as? String == "LORA")
        #expect(fields["target_modules"] as? [String] == ["q_proj", "v_proj"])
    }

    @Test("divides by the root of the rank where it says so")
    func rankStabilized() throws {
        let folder = try folder()
        try change(folder, "use_rslora", true)
        let settings = try read(folder).settings
        #expect(abs(settings.scale - 6 / 3.0.squareRoot()) < 1e-12)
    }

    static let unsupported: [(String, String)] = [
        ("peft_type", "\"IA3\""), ("task_type", "\"SEQ_CLS\""), ("bias", "\"all\""),
        ("use_dora", "true"), ("rank_pattern", "{\"q_proj\": 2}"),
        ("alpha_pattern", "{\"q_proj\": 2}"), ("modules_to_save", "[\"lm_head\"]"),
        ("fan_in_fan_out", "true"), ("layers_to_transform", "[0]"),
        ("trainable_token_indices", "[1]"), ("lora_bias", "true"),
        ("init_lora_weights", "\"pissa\""), ("target_modules", "\".*_proj\""),
        ("target_modules", "[]"), ("exclude_modules", "[\"q_proj\"]"),
        ("something_new", "{\"a\": 1}"),
    ]

    @Test(
        "that asks for what is not supported is refused by file and field", arguments: unsupported)
    func refusals(field: String, json: String) throws {
        let folder = try folder()
        let value = try JSONSerialization.jsonObject(
            with: Data(json.utf8), options: .fragmentsAllowed)
        try change(folder, field, value)
        let error = #expect(throws: ModelConfigurationError.self) { try read(folder) }
        guard case .unsupported(let file, field, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file.hasSuffix("adapter_config.json"))
    }

    @Test("that says nothing with a field that nobody knows is read")
    func empty() throws {
        let folder = try folder()
        for (field, value) in [
            ("future", NSNull()), ("other", [String]()), ("flag", false), ("peft_version", "9"),
        ] as [(String, Any)] { try change(folder, field, value) }
        _ = try read(folder)
    }

    @Test("with a number out of range is refused", arguments: ["r", "lora_alpha", "lora_dropout"])
    func ranges(field: String) throws {
        let folder = try folder()
        for value in [-1, 1_000_000_000] {
            try change(folder, field, value)
            let error = #expect(throws: ModelConfigurationError.self) { try read(folder) }
            guard case .outOfRange(_, field, _, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("whose tensors do not fit the base is refused by name")
    func shapes() throws {
        let folder = try folder()
        let name = "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight"
        let all = try tensors(folder)
        func write(_ change: (inout [String: Tensor]) -> Void) throws {
            var tensors = all
            change(&tensors)
            try SafetensorsWriter.write(
                tensors, to: folder.appending(path: "adapter_model.safetensors"))
        }
        try write { $0[name] = Tensor(zeros: [3, 63]) }
        guard
            case .unexpectedShape(_, name, [3, 64], [3, 63])? = #expect(
                throws: WeightFileError.self, performing: { try read(folder) })
        else {
            Issue.record("another shape")
            return
        }
        try write { $0[name] = nil }
        guard
            case .missingTensor(_, name)? = #expect(
                throws: WeightFileError.self, performing: { try read(folder) })
        else {
            Issue.record("a missing tensor")
            return
        }
        let stranger = "base_model.model.model.embed_tokens.weight"
        try write { $0[stranger] = Tensor(zeros: [1, 1]) }
        guard
            case .tensor(_, stranger)? = #expect(
                throws: AdapterError.self, performing: { try read(folder) })
        else {
            Issue.record("a tensor too many")
            return
        }
    }

    @Test("that means no layer of the base is refused")
    func targets() throws {
        let folder = try folder()
        try change(folder, "target_modules", ["q_proj", "c_attn"])
        guard
            case .target(_, "c_attn")? = #expect(
                throws: AdapterError.self, performing: { try read(folder) })
        else {
            Issue.record("an unknown target")
            return
        }
    }

    @Test("changed anywhere in its bytes is read or refused, never more")
    func fuzz() throws {
        let folder = try folder()
        var random = SeededNumbers(seed: 4)
        for name in ["adapter_config.json", "adapter_model.safetensors"] {
            let file = folder.appending(path: name)
            let whole = try Data(contentsOf: file)
            for _ in 0..<150 {
                var changed = whole
                for _ in 0...random.number(below: 3) {
                    changed[random.number(below: min(changed.count, 1500))] = UInt8(
                        random.number(below: 256))
                }
                if random.number(below: 4) == 0 {
                    changed = changed.prefix(random.number(below: changed.count))
                }
                try changed.write(to: file)
                _ = try? read(folder)
            }
            try whole.write(to: file)
        }
        _ = try read(folder)
    }
}
