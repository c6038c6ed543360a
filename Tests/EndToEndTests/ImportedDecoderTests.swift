// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Reference models beside the project, where this machine has them.
private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/fixtures").standardized

@Suite(
    "A published decoder, imported",
    .enabled(
        if: FileManager.default.fileExists(atPath: fixtures.path), "../shared/fixtures is not there"
    ),
    .timeLimit(.minutes(15)))
struct ImportedDecoderTests {
    @Test(
        "is a trunk with the tokenizer of its GGUF file, whatever format its weights have",
        arguments: ["llama-f32.gguf", "llama-q8_0.gguf", "llama-q4_0.gguf"])
    func gguf(name: String) throws {
        let folder = try TemporaryFolder()
        let daemon = try DaemonInstance(models: folder.path + "/models")
        func control(_ arguments: String...) throws -> (code: Int32, output: String, errors: String)
        {
            try Programs.run("shokenctl", arguments + ["--config", daemon.config])
        }
        let source = fixtures.appending(path: "gguf/\(name)").path
        let imported = try control("model", "import", "--from", source, "--name", "trunk")
        #expect(imported.code == 0, "\(imported.errors)")
        let shown = try control("model", "show", "trunk")
        #expect(shown.output.contains("llama decoder") && shown.output.contains("model.gguf"))
        #expect(try control("model", "verify", "trunk").code == 0)
        #expect(try control("model", "activate", "trunk").code == 69)
    }

    @Test("without a tokenizer is refused")
    func withoutTokenizer() throws {
        let folder = try TemporaryFolder()
        let daemon = try DaemonInstance(models: folder.path + "/models")
        for model in ["models/qwen2", "models/bert-token-classification"] {
            let result = try Programs.run(
                "shokenctl",
                [
                    "model", "import", "--from", fixtures.appending(path: model).path, "--name",
                    "x", "--config", daemon.config,
                ])
            #expect(result.code == 66 && result.errors.contains("--tokenizer"), "\(result.errors)")
        }
    }
}
