// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import TestSupport
import Testing
import Tokenizers
import WeightFiles

@testable import ModelBundle

/// The files of a tiny trunk of our own kind, as an export brings them back, and a registry to put it in.
private struct TinyCheckpoint {
    private let bundles: BundleFolder
    private let target: TemporaryFolder
    let folder: URL
    var registry: ModelRegistry { ModelRegistry(directory: target.url) }

    init() throws {
        (bundles, target) = (try BundleFolder(), try TemporaryFolder())
        folder = try bundles.write("source").directory
        for name in [BundleDirectory.manifestName, "heads.safetensors", "MODEL_CARD.md"] {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    func path(_ name: String) -> String {
        folder.appending(path: name).resolvingSymlinksInPath().path(percentEncoded: false)
    }

    func write(_ content: Data, _ name: String) throws {
        try content.write(to: folder.appending(path: name))
    }

    /// Changes fields of `config.json`.
    func configure(_ change: (inout [String: Any]) -> Void) throws {
        let file = folder.appending(path: "config.json")
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        change(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: file)
    }

    func origin(readsWords: Bool = true) throws -> ModelOrigin {
        let origin = ModelOrigin(
            recipe: "elsewhere", recipeSHA256: String(repeating: "ab", count: 32),
            codeVersion: "1", cleaningVersion: 1, dictionary: "ipadic", readsWords: readsWords,
            sources: [], licence: "CC0")
        try write(origin.json(), ModelOrigin.fileName)
        return origin
    }

    func manifest(_ name: String, trunk: BundleManifest.Trunk? = nil) -> BundleManifest {
        BundleManifest(
            name: name, version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "0",
            cleaning: .init(profile: "documents", version: 1), dictionary: "ipadic", trunk: trunk,
            tasks: [:], sources: [], licence: "CC0", scores: .object([]))
    }
}

@Suite("A trunk of our own kind that comes back")
struct OwnCheckpointTests {
    private let checkpoint: TinyCheckpoint

    init() throws { checkpoint = try TinyCheckpoint() }

    @Test("becomes a bundle that reads words, its weights untouched")
    func bundle() throws {
        let origin = try checkpoint.origin()
        try checkpoint.write(Data("name = \"elsewhere\"\n".utf8), "recipe.toml")
        try checkpoint.write(Data("print()\n".utf8), "train.py")
        let own = try #require(try OwnCheckpoint(checkpoint.folder))
        #expect(own.origin == origin && own.vocabularySize == 7 && own.architecture == "ncvc")
        let bundle = try own.write(
            checkpoint.manifest("own"), card: "# own\n", to: checkpoint.registry)
        guard case .words = try bundle.contents().trunk else {
            Issue.record("a trunk of words")
            return
        }
        let names = Set(bundle.manifest.files.keys)
        #expect(names.isSuperset(of: ["recipe.toml", "model.safetensors", ModelOrigin.fileName]))
        #expect(!names.contains("train.py"))
        let weights = try [checkpoint.folder, bundle.directory].map {
            try Data(contentsOf: $0.appending(path: "model.safetensors"))
        }
        #expect(weights[0] == weights[1])
        #expect(throws: BundleError.alreadyThere("own")) {
            try own.write(checkpoint.manifest("own"), card: "", to: checkpoint.registry)
        }
    }

    @Test("is none without a tokenizer of ours, or where its origin says that it reads text")
    func others() throws {
        _ = try checkpoint.origin(readsWords: false)
        #expect(try OwnCheckpoint(checkpoint.folder) == nil)
        try FileManager.default.removeItem(atPath: checkpoint.path(ModelOrigin.fileName))
        #expect(try OwnCheckpoint(checkpoint.folder) != nil)
        try FileManager.default.removeItem(atPath: checkpoint.path("tokenizer.json"))
        #expect(try OwnCheckpoint(checkpoint.folder) == nil)
    }

    @Test("is refused where the tokenizer is not the one that it was exported with")
    func foreignTokenizer() throws {
        _ = try checkpoint.origin()
        let foreign = """
            {"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":null,
             "post_processor":null,"decoder":null,"model":{"type":"WordLevel","vocab":{"a":0},
             "unk_token":"a"}}
            """
        try checkpoint.write(Data(foreign.utf8), "tokenizer.json")
        #expect(throws: (any Error).self) { try OwnCheckpoint(checkpoint.folder) }
    }

    @Test("is refused where weights make no numbers")
    func notFinite() throws {
        try checkpoint.poison()
        #expect(
            throws: ModelImportError.notFinite(
                location: checkpoint.folder.resolvingSymlinksInPath().path(percentEncoded: false))
        ) { try OwnCheckpoint(checkpoint.folder) }
    }
}

extension TinyCheckpoint {
    /// Sets every weight to the bits of NaN.
    fileprivate func poison() throws {
        let file = folder.appending(path: "model.safetensors")
        var content = try Data(contentsOf: file)
        let header = content.prefix(8).enumerated().reduce(0) { $0 + Int($1.1) << (8 * $1.0) }
        for index in content.indices.dropFirst(8 + header) { content[index] = 0xFF }
        try content.write(to: file)
    }
}

@Suite("A published model, opened for import")
struct PublishedCheckpointTests {
    private let checkpoint: TinyCheckpoint

    init() throws { checkpoint = try TinyCheckpoint() }

    private func open(
        _ change: (inout PublishedCheckpoint.Options) -> Void = { _ in }
    ) throws -> PublishedCheckpoint {
        var options = PublishedCheckpoint.Options()
        change(&options)
        return try PublishedCheckpoint(checkpoint.folder, options: options)
    }

    @Test("is described by its files: kind, context, tokens around a text")
    func description() throws {
        let found = try open().description
        #expect(found.kind == .decoder && found.architecture == "ncvc" && found.gguf == nil)
        #expect(found.context == 32 && found.tokenizer == "tokenizer.json")
        #expect(found.tokenizerSize == 7 && found.dictionaries == nil)
        #expect(try open { $0.context = 12 }.description.context == 12)
    }

    @Test("gives a bundle whose trunk reads text", arguments: [nil, 8])
    func bundle(context: Int?) throws {
        try checkpoint.write(Data("---\nlicense: mit\n---\n".utf8), "README.md")
        let opened = try open { $0.context = context }
        #expect(opened.statedLicence == "mit")
        let bundle = try opened.write(
            checkpoint.manifest("published", trunk: opened.description), card: "# x\n",
            to: checkpoint.registry)
        #expect(checkpoint.registry.names() == ["published"])
        guard case .text(let trunk) = try bundle.contents().trunk else {
            Issue.record("a trunk of text")
            return
        }
        #expect(trunk.model.vocabularySize == 7)
        #expect(bundle.manifest.trunk?.context == context ?? 32)
    }

    @Test(
        "is refused with a context that leaves no room, or is above its positions",
        arguments: [-1, 0, 33])
    func context(_ wanted: Int) throws {
        do {
            _ = try open { $0.context = wanted }
            Issue.record("a context of \(wanted) must be refused")
        } catch ModelImportError.context(let refused, let allowed) {
            #expect(refused == wanted && !allowed.contains(wanted) && allowed.upperBound == 32)
        }
    }

    @Test("is refused without a tokenizer, which may be elsewhere")
    func tokenizer() throws {
        let elsewhere = try TemporaryFolder()
        let file = elsewhere["tokenizer.json"]
        try FileManager.default.moveItem(
            at: checkpoint.folder.appending(path: "tokenizer.json"), to: file)
        do {
            _ = try open()
            Issue.record("there is no tokenizer")
        } catch ModelImportError.noTokenizer(let location) {
            #expect(location.contains("source"))
        }
        #expect(try open { $0.tokenizer = elsewhere.url }.description.tokenizerSize == 7)
        #expect(try open { $0.tokenizer = file }.description.tokenizer == "tokenizer.json")
    }

    @Test("is refused where its vocabulary is another, unless it was filled up and that is known")
    func vocabulary() throws {
        let file = checkpoint.folder.appending(path: "tokenizer.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        func write(_ change: (inout [Any]) -> Void) throws {
            var object = object
            var model = try #require(object["model"] as? [String: Any])
            var vocabulary = try #require(model["vocab"] as? [Any])
            change(&vocabulary)
            model["vocab"] = vocabulary
            object["model"] = model
            try checkpoint.write(
                JSONSerialization.data(withJSONObject: object), "tokenizer.json")
        }
        try write { $0.removeLast() }
        #expect(
            throws: ModelImportError.vocabularySize(
                file: checkpoint.path("tokenizer.json"), tokenizer: 6, model: 7)
        ) { try open() }
        #expect(try open { $0.isPadded = true }.description.tokenizerSize == 6)
        try write { $0.append(["嘔気", -5.0] as [Any]) }
        #expect(
            throws: ModelImportError.vocabularySize(
                file: checkpoint.path("tokenizer.json"), tokenizer: 8, model: 7)
        ) { try open { $0.isPadded = true } }
    }

    @Test(
        "is refused where a sentence becomes no numbers, or a field of its configuration is unknown"
    )
    func unfit() throws {
        try checkpoint.configure { $0["model_type"] = "unheard" }
        #expect(throws: ModelConfigurationError.self) { try open() }
        try checkpoint.configure { $0["model_type"] = "ncvc" }
        _ = try open()
        try checkpoint.poison()
        #expect(
            throws: ModelImportError.notFinite(
                location: checkpoint.folder.resolvingSymlinksInPath().path(percentEncoded: false))
        ) { try open() }
    }
}
