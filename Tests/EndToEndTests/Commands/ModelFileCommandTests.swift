// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl model, on files of models", .timeLimit(.minutes(15)))
struct ModelFileCommandTests: CommandSubject {
    private static let prompts = "[[1,5,9,33],[1,70,8]]"

    static let place = prepared { folder in
        let model = folder["model"]
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: false)
        try FictionalDecoder(writtenTo: model).writeAdapter(to: folder["adapter"], seed: 7)
        try FictionalCheckpoint(.bert).write(to: folder["encoder"])
        try folder.write(prompts, to: "prompts.json")
    }

    /// Whether a report on a conversion tells the model, and what it wrote is there.
    private static func check(_ result: CommandResult, type: String?) throws {
        let report = try result.object()
        #expect(report["architecture"] as? String == "llama")
        #expect(report["type"] as? String == type)
        let output = try #require(report["output"] as? String)
        #expect(FileManager.default.fileExists(atPath: output))
        #expect((report["bytes"] as? Int ?? 0) > 0 && (report["files"] as? Int ?? 0) > 0)
    }

    static let cases: [CommandCase] = [
        .works(
            "model", "generate", "--model", "model", "--tokens", "-", "--greedy", "--max-new", "3",
            "--ignore-stop", "--json", input: prompts
        ) { result in
            let lists = try #require(try result.object()["generations"] as? [[Int]])
            #expect(lists.map(\.count) == [3, 3])
        },
        .fails(
            "model", "generate", "--model", "model", "--tokens", "-", input: "[[1,96]]", code: 65,
            saying: "96"),
        .fails("model", "generate", "--model", "model", code: 64, saying: "--tokens"),
        .works(
            "model", "logits", "--model", "model", "--input", "prompts.json", "--output",
            "logits.safetensors", "--json"
        ) { result in
            let report = try result.object()
            #expect(report["sequences"] as? Int == 2 && report["vocabulary"] as? Int == 96)
            let file = try Data(contentsOf: place.get()["logits.safetensors"])
            #expect(file.count > 4 * 96 * 7)
        },
        .fails(
            "model", "logits", "--model", "model", "--input", "-", "--output", "x", input: "{}",
            code: 65, saying: "list"),
        .fails(
            "model", "logits", "--model", "absent", "--input", "prompts.json", "--output", "x",
            code: 66, saying: "absent"),
        .works(
            "model", "convert", "--model", "model", "--output", "half", "--dtype", "f16", "--json"
        ) { try check($0, type: nil) },
        .fails(
            "model", "convert", "--model", "absent", "--output", "x", code: 66, saying: "absent"),
        .works(
            "model", "quantize", "--model", "model", "--output", "small.gguf", "--type", "q8_0",
            "--json"
        ) { try check($0, type: "q8_0") },
        .fails(
            "model", "quantize", "--model", "encoder", "--output", "x.gguf", "--type", "q8_0",
            code: 69, saying: "encoder"),
        .works(
            "model", "merge", "--model", "model", "--adapter", "adapter", "--output", "merged",
            "--json"
        ) { try check($0, type: nil) },
        .fails(
            "model", "merge", "--model", "model", "--adapter", "absent", "--output", "x", code: 66,
            saying: "absent"),
        .works(
            "model", "bench", "--model", "model", "--prompt", "4", "--new", "2", "--documents",
            "2", "--tokens", "4", "--rounds", "1", "--threads", "1", "--json"
        ) { result in
            let report = try result.object()
            for figure in ["prefill", "decode", "documents", "bandwidth", "operations"] {
                #expect((report[figure] as? Double ?? 0) > 0, "\(figure)")
            }
        },
        .fails("model", "bench", "--rounds", "1", code: 64, saying: "--model", "--shape"),
        .fails("model", "bench", "--model", "encoder", code: 64, saying: "encoder"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
