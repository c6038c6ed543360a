// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl model generate, convert and quantize", .timeLimit(.minutes(15)))
struct ModelCommandTests {
    private let folder: TemporaryFolder
    private let decoder: FictionalDecoder

    /// A small random Llama without a tokenizer, and prompts of ids.
    init() throws {
        folder = try TemporaryFolder()
        let place = folder.url.appending(path: "model")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        decoder = try FictionalDecoder(writtenTo: place)
        try folder.write("[[1,5,9,33],[1,70,8],[1,2,3,4,5,6,7]]", to: "prompts.json")
    }

    private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String)
    {
        try Programs.run("shokenctl", ["model"] + arguments, in: folder.url)
    }

    private func generations(_ model: String, _ more: String...) throws -> [[Int]] {
        struct Answer: Decodable { let generations: [[Int]] }
        let tokens = more.contains("--tokens") ? [] : ["--tokens", "prompts.json"]
        let result = try Programs.run(
            "shokenctl",
            ["model", "generate", "--model", model, "--greedy", "--max-new", "12", "--json"]
                + ["--ignore-stop"] + tokens + more, in: folder.url)
        try #require(result.code == 0, "\(result.errors)")
        return try JSONDecoder().decode(Answer.self, from: Data(result.output.utf8)).generations
    }

    @Test("A model answers the same from every kind of file that holds all of its bits")
    func conversions() throws {
        let expected = try generations("model")
        #expect(expected.count == 3 && expected.allSatisfy { $0.count == 12 })
        #expect(Set(expected.joined()).count > 6)
        for (output, more) in [
            ("one.gguf", []), ("parts", ["--shard-size", "1"]), ("half", ["--dtype", "bf16"]),
        ] {
            let result = try Programs.run(
                "shokenctl", ["model", "convert", "--model", "model", "--output", output] + more,
                in: folder.url)
            #expect(result.code == 0, "\(result.errors)")
        }
        #expect(try run("convert", "--model", "one.gguf", "--output", "back").code == 0)
        for model in ["one.gguf", "parts", "back"] {
            #expect(try generations(model) == expected, "\(model)")
        }
        let shards = try FileManager.default.contentsOfDirectory(
            atPath: folder.path + "/parts"
        ).filter { $0.hasSuffix(".safetensors") }
        #expect(shards.count > 1)
        let sizes = try ["model", "half"].map {
            try Data(contentsOf: folder.url.appending(path: $0 + "/model.safetensors")).count
        }
        #expect(sizes[1] < sizes[0] * 6 / 10)
        #expect(try generations("half").count == 3)
    }

    @Test("What exists is replaced only on demand, and what cannot be is refused")
    func refusals() throws {
        #expect(try run("convert", "--model", "model", "--output", "a.gguf").code == 0)
        let again = try run("convert", "--model", "model", "--output", "a.gguf")
        #expect(again.code != 0 && again.errors.contains("--force"), "\(again.errors)")
        #expect(try run("convert", "--model", "model", "--output", "a.gguf", "--force").code == 0)
        let type = try run("quantize", "--model", "model", "--output", "b.gguf", "--type", "q3")
        #expect(type.code == 64 && type.errors.contains("q4_0"), "\(type.errors)")
        let missing = try run("convert", "--model", "none", "--output", "c.gguf")
        #expect(missing.code == 66 && missing.errors.contains("none"), "\(missing.errors)")
        try folder.write("[[1,96]]", to: "outside.json")
        let outside = try run("generate", "--model", "model", "--tokens", "outside.json")
        #expect(outside.code == 65 && outside.errors.contains("96"), "\(outside.errors)")
        #expect(
            !FileManager.default.fileExists(atPath: folder.path + "/b.gguf")
                && !FileManager.default.fileExists(atPath: folder.path + "/c.gguf"))
    }

    @Test("Quantised files are smaller, and answer as they lie", arguments: ["q8_0", "q4_0"])
    func quantized(type: String) throws {
        let result = try run(
            "quantize", "--model", "model", "--output", "small.gguf", "--type", type, "--pure")
        #expect(result.code == 0, "\(result.errors)")
        let (before, after) = try (
            Data(contentsOf: folder.url.appending(path: "model/model.safetensors")).count,
            Data(contentsOf: folder.url.appending(path: "small.gguf")).count
        )
        #expect(after < before * (type == "q8_0" ? 36 : 24) / 100, "\(before) to \(after)")
        let answers = try generations("small.gguf", "--dtype", "stored")
        #expect(answers.count == 3 && answers.allSatisfy { $0.count == 12 })
        guard type == "q8_0" else { return }
        let (exact, first) = try (generations("model"), answers.map { $0[0] })
        #expect(first == exact.map { $0[0] })
    }

    @Test("Each prompt of a file may name its adapter, which answers as when merged")
    func adapters() throws {
        for (name, seed) in [("one", 7), ("two", 8)] {
            try decoder.writeAdapter(to: folder[name], seed: seed)
            let merged = try run(
                "merge", "--model", "model", "--adapter", name, "--output", "merged-\(name)")
            #expect(merged.code == 0, "\(merged.errors)")
        }
        try folder.write(
            """
            [{"tokens":[1,5,9,33],"adapter":"one"},{"tokens":[1,70,8],"adapter":"two"},
             {"tokens":[1,2,3,4,5,6,7],"adapter":"none"}]
            """, to: "chosen.json")
        let together = try generations(
            "model", "--adapter", "one=one", "--adapter", "two=two", "--tokens", "chosen.json")
        let alone = try (
            generations("merged-one")[0], generations("merged-two")[1], generations("model")[2]
        )
        #expect(together == [alone.0, alone.1, alone.2])
        #expect(try alone.0 != generations("model")[0])
        let unknown = try run(
            "generate", "--model", "model", "--adapter", "one=one", "--tokens", "chosen.json")
        #expect(unknown.code != 0 && unknown.errors.contains("two"), "\(unknown.errors)")
    }
}
