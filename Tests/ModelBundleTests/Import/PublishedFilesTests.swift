// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import Tokenizers

@testable import ModelBundle

@Suite("The files of a published model")
struct PublishedFilesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("{}", to: "model/config.json")
    }

    private func files() throws -> PublishedFiles {
        try PublishedFiles(model: folder["model"], isFolder: true)
    }

    @Test("are configuration, weights, and what goes with them; nothing else")
    func whole() throws {
        for name in [
            "model.safetensors", "LICENSE", "generation_config.json", "pytorch_model.bin",
            "training_args.bin", ".git",
        ] {
            try folder.write("x", to: "model/" + name)
        }
        #expect(
            try files().files.map(\.name) == [
                "config.json", "model.safetensors", "generation_config.json", "LICENSE",
            ])
    }

    @Test("are the parts that an index names, each once")
    func parts() throws {
        try folder.write(
            #"{"weight_map":{"a":"2.safetensors","b":"1.safetensors","c":"2.safetensors"}}"#,
            to: "model/model.safetensors.index.json")
        try folder.write("x", to: "model/1.safetensors")
        let missing = folder["model/2.safetensors"].path(percentEncoded: false)
        #expect(throws: ModelImportError.missing(file: missing)) { try files() }
        try folder.write("x", to: "model/2.safetensors")
        #expect(
            try files().files.map(\.name) == [
                "config.json", "model.safetensors.index.json", "1.safetensors", "2.safetensors",
            ])
    }

    @Test(
        "are refused where the weights, or what an index is, are missing", arguments: [nil, "[]"])
    func missing(index: String?) throws {
        let name = "model.safetensors.index.json"
        if let index { try folder.write(index, to: "model/" + name) }
        let file = folder["model"].appending(path: name).path(percentEncoded: false)
        #expect(throws: ModelImportError.missing(file: file)) { try files() }
    }

    @Test("take a tokenizer under the name of its kind, with the settings nearest to it")
    func tokenizers() throws {
        try folder.write("x", to: "model/model.safetensors")
        try folder.write("beside the model", to: "model/tokenizer_config.json")
        try folder.write("x", to: "elsewhere/spiece.model")
        func settings(_ files: PublishedFiles) throws -> String? {
            try files.files.first { $0.name == "tokenizer_config.json" }
                .map { try String(contentsOf: $0.source, encoding: .utf8) }
        }
        let tokenizer = TokenizerLocation.sentencePiece(folder["elsewhere/spiece.model"])
        var found = try files()
        #expect(try found.add(tokenizer, settingsIn: folder["model"]) == "tokenizer.model")
        #expect(try settings(found) == "beside the model")
        var alone = try files()
        _ = try alone.add(tokenizer, settingsIn: nil)
        #expect(try settings(alone) == nil)
        try folder.write("beside the tokenizer", to: "elsewhere/tokenizer_config.json")
        var other = try files()
        _ = try other.add(tokenizer, settingsIn: folder["model"])
        #expect(try settings(other) == "beside the tokenizer")
    }

    @Test("are copied byte for byte, links as what they lead to")
    func copies() throws {
        try folder.write("weights", to: "blobs/1")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/model/model.safetensors", withDestinationPath: "../blobs/1")
        let target = folder["copy"]
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
        try files().copy(to: target)
        let copied = target.appending(path: "model.safetensors")
        #expect(try String(contentsOf: copied, encoding: .utf8) == "weights")
        let facts = try FileManager.default.attributesOfItem(atPath: copied.path)
        #expect(facts[.type] as? FileAttributeType == .typeRegular)
    }

    @Test("of one GGUF file are that file")
    func gguf() throws {
        let file = try folder.write("GGUF", to: "some-model-q4.gguf")
        let files = try PublishedFiles(model: file, isFolder: false)
        #expect(files.files.map(\.name) == ["model.gguf"])
        #expect(files.statedLicence == nil)
    }

    static let licences: [(readme: String, licence: String?)] = [
        ("---\nlanguage: ja\nlicense: apache-2.0\n---\n# Model\n", "apache-2.0"),
        ("---\r\nlicense: mit\r\n---\r\n", nil),
        ("---\nlicense: \"cc-by-sa-4.0\"\n---\n", "cc-by-sa-4.0"),
        ("# Model\nlicense: mit\n", nil),
        ("---\nlanguage: ja\n---\nlicense: mit\n", nil),
        ("---\nlicense:\n---\n", nil),
        ("---\nlicense: \(String(repeating: "x", count: 201))\n---\n", nil),
        ("", nil),
    ]

    @Test("state the licence that the front matter of the README names", arguments: licences)
    func licence(readme: String, licence: String?) throws {
        try folder.write("x", to: "model/model.safetensors")
        try folder.write(readme, to: "model/README.md")
        #expect(try files().statedLicence == licence)
    }
}
