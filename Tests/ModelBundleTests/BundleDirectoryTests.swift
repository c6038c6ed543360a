// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Glibc
import LanguageModel
import LinearHeads
import ModelBundle
import Tensors
import TestSupport
import Testing
import Tokenizers
import WeightFiles

/// A folder of bundles that goes with the value.
final class BundleFolder {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var registry: ModelRegistry { ModelRegistry(directory: folder) }

    init() throws { temporary = try TemporaryFolder() }

    private static let tokenizer = """
        {"version":"1.0","truncation":null,"padding":null,
         "added_tokens":[\(special(0, "<|begin_of_text|>")),\(special(1, "<|end_of_text|>")),
         \(special(2, "\\n")),\(special(3, "<|unk|>"))],
         "normalizer":null,
         "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
         "post_processor":null,
         "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
         "model":{"type":"Unigram","unk_id":3,"byte_fallback":false,"vocab":[
         ["<|begin_of_text|>",0.0],["<|end_of_text|>",0.0],["\\n",0.0],["<|unk|>",0.0],
         ["▁",-2.0],["▁発熱",-3.0],["咳",-4.0]]}}
        """

    private static func special(_ id: Int, _ content: String) -> String {
        """
        {"id":\(id),"content":"\(content)","single_word":false,"lstrip":false,"rstrip":false,
        "normalized":false,"special":true}
        """
    }

    /// Writes a tiny bundle with one task and returns it.
    func write(_ name: String, weight: Float = 0.5) throws -> BundleDirectory {
        let tokenizer = try UnigramTokenizer(json: Data(Self.tokenizer.utf8), name: "tokenizer")
        var configuration = DecoderConfiguration.ncvcFullSize
        configuration.vocabSize = tokenizer.vocabularySize
        configuration.hiddenSize = 8
        configuration.intermediateSize = 16
        configuration.numHiddenLayers = 1
        configuration.numAttentionHeads = 2
        configuration.numKeyValueHeads = 1
        configuration.headDim = 4
        configuration.maxPositionEmbeddings = 32
        configuration.bosTokenID = tokenizer.beginOfText
        configuration.eosTokenIDs = [tokenizer.endOfText]
        let zeros = configuration.storedTensors.map { ($0.name, Tensor(zeros: $0.shape)) }
        let weights = try DecoderWeights(
            from: MemoryTensors(Dictionary(uniqueKeysWithValues: zeros), name: "zeros"),
            configuration: configuration)
        let contents = BundleContents(
            trunk: .words(
                tokenizer, DecoderModel(configuration: configuration, weights: weights)),
            tasks: [
                "entities": TaskParameters(
                    settings: Data(#"{"threshold":0.25,"labels":["a","b"],"count":3}"#.utf8),
                    tensors: ["weights": Tensor(shape: [1, 2], values: [weight, -1])])
            ])
        let manifest = BundleManifest(
            name: name, version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "0",
            cleaning: .init(profile: "documents", version: 1), dictionary: "ipadic",
            tasks: [
                "entities": .init(
                    method: .heads,
                    settings: [
                        "threshold": .number(0.25), "count": 3, "labels": ["a", "b"],
                    ])
            ], sources: [], licence: "none", scores: [:])
        return try BundleDirectory.write(
            contents, manifest: manifest, card: "# \(name)\n",
            to: folder.appendingPathComponent(name))
    }
}

@Suite("Model bundles")
struct BundleDirectoryTests {
    let bundles: BundleFolder

    init() throws { bundles = try BundleFolder() }

    @Test("what was written is read back: settings, tensors, tokenizer, trunk")
    func roundTrip() throws {
        let written = try bundles.write("one")
        let contents = try bundles.registry.bundle("one").contents()
        let task = try #require(contents.tasks["entities"])
        #expect(task.tensors["weights"]?.values == [0.5, -1])
        struct Settings: Decodable, Equatable {
            let threshold: Double
            let labels: [String]
            let count: Int
        }
        #expect(
            try JSONDecoder().decode(Settings.self, from: task.settings)
                == Settings(threshold: 0.25, labels: ["a", "b"], count: 3))
        #expect(contents.trunk.width == 8)
        guard case .words(let tokenizer, let trunk) = contents.trunk else {
            Issue.record("a trunk of our own")
            return
        }
        #expect(tokenizer.vocabularySize == trunk.configuration.vocabSize)
        #expect(
            Set(written.manifest.files.keys) == [
                "config.json", "model.safetensors", "tokenizer.json", "heads.safetensors",
                "MODEL_CARD.md",
            ])
    }

    @Test(
        "a file that was changed, or is gone, is named",
        arguments: ["heads.safetensors", "model.safetensors", "tokenizer.json", "config.json"])
    func changedFile(_ name: String) throws {
        let bundle = try bundles.write("one")
        let file = bundle.directory.appendingPathComponent(name)
        var data = try Data(contentsOf: file)
        data[data.count / 2] ^= 1
        try data.write(to: file)
        #expect(throws: BundleError.changedFile(bundle: "one", file: name)) {
            try bundle.contents()
        }
        try FileManager.default.removeItem(at: file)
        #expect(throws: BundleError.missingFile(bundle: "one", file: name)) {
            try bundle.contents()
        }
    }

    @Test("a folder, an empty file or a pointer of Git LFS in a file's place is called that")
    func mistakenFile() throws {
        let bundle = try bundles.write("one")
        let file = bundle.directory.appendingPathComponent("model.safetensors")
        for (content, expected) in [
            ("", MistakenContent.empty),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", .gitLFS),
            ("\n<!DOCTYPE HTML><html>404</html>", .html), ("PK\u{3}\u{4}rest", .zip),
        ] {
            try Data(content.utf8).write(to: file)
            let error = BundleError.mistakenFile(
                bundle: "one", file: "model.safetensors", expected)
            #expect(throws: error) { try bundle.contents() }
        }
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        let refusal = FileError(.open, FilePath(file), errno: EISDIR)
        #expect(throws: BundleError.unreadable(file: "model.safetensors", refusal)) {
            try bundle.contents()
        }
    }

    @Test("a manifest that is not whole, or empty, says so with the place")
    func damagedManifest() throws {
        let bundle = try bundles.write("one")
        let file = bundle.directory.appendingPathComponent(BundleDirectory.manifestName)
        let whole = try Data(contentsOf: file)
        let cut = whole.prefix(whole.count / 2)
        let line = cut.count { $0 == 0x0A } + 1
        for (content, fault) in [
            (Data(), "it is empty"),
            (cut, "it ends too soon, in line \(line), at byte \(cut.count) of the file"),
            (Data("{\n x".utf8), "it is no JSON in line 2, at byte 4 of the file"),
            (Data("[]".utf8), "it holds no JSON object"),
        ] {
            try content.write(to: file)
            #expect(throws: BundleError.manifestNotJSON(file: file.path, fault: fault)) {
                try BundleDirectory(directory: bundle.directory)
            }
        }
    }

    @Test("a manifest says which field is wrong", arguments: ["version", "tasks", "files"])
    func missingField(_ field: String) throws {
        let bundle = try bundles.write("one")
        let file = bundle.directory.appendingPathComponent(BundleDirectory.manifestName)
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        object[field] = nil
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        #expect(throws: BundleError.malformedManifest(file: file.path, field: field)) {
            try BundleDirectory(directory: bundle.directory)
        }
    }

    @Test("a manifest of another format, or with a path in a file's name, is refused")
    func foreignManifest() throws {
        let bundle = try bundles.write("one")
        let file = bundle.directory.appendingPathComponent(BundleDirectory.manifestName)
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacingOccurrences(of: "\"format\" : 1", with: "\"format\" : 9")
            .write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: BundleError.unsupportedFormat(file: file.path, found: 9, expected: 1)) {
            try BundleDirectory(directory: bundle.directory)
        }
        try text.replacingOccurrences(of: "\"config.json\"", with: "\"../config.json\"")
            .write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: BundleError.unsafeName(bundle: "one", file: "../config.json")) {
            try BundleDirectory(directory: bundle.directory).verify()
        }
    }
}

@Suite("The model registry")
struct ModelRegistryTests {
    let bundles: BundleFolder

    init() throws { bundles = try BundleFolder() }

    @Test("lists bundles and remembers which one was activated")
    func activation() throws {
        _ = try bundles.write("one")
        let second = try bundles.write("two", weight: 2)
        #expect(bundles.registry.names() == ["one", "two"])
        #expect(bundles.registry.activeName() == nil)
        try bundles.registry.activate("two")
        #expect(bundles.registry.activeName() == "two")
        #expect(bundles.registry.names() == ["one", "two"])
        #expect(try bundles.registry.bundle("two").sha256 == second.sha256)
        #expect(try bundles.registry.bundle("one").sha256 != second.sha256)
    }

    @Test("a damaged bundle is not activated, and the former stays")
    func damaged() throws {
        _ = try bundles.write("one")
        let second = try bundles.write("two")
        try bundles.registry.activate("one")
        try Data("{}".utf8).write(to: second.directory.appendingPathComponent("config.json"))
        #expect(throws: BundleError.changedFile(bundle: "two", file: "config.json")) {
            try bundles.registry.activate("two")
        }
        #expect(bundles.registry.activeName() == "one")
    }

    @Test("names that are no plain folder names are refused", arguments: ["", "..", "a/b", ".x"])
    func names(_ name: String) {
        #expect(throws: BundleError.invalidName(name)) { try bundles.registry.bundle(name) }
    }
}
