// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Tokenizers

/// The files of a published model that a bundle takes over as they are.
struct PublishedFiles {
    /// From where, and the name in the bundle.
    private(set) var files: [(source: URL, name: String)] = []

    /// Files that go with a model where they are there.
    private static let companions = [
        "generation_config.json", "special_tokens_map.json", "README.md", "LICENSE", "LICENSE.txt",
        "NOTICE", ModelOrigin.fileName,
    ]
    /// The name that a GGUF file gets in a bundle.
    static let ggufName = "model.gguf"
    /// The index of weights in several files.
    private static let index = "model.safetensors.index.json"

    /// The files of a model's folder, or one GGUF file; throws `FileError`, `ModelImportError.missing`.
    init(model location: URL, isFolder: Bool) throws {
        guard isFolder else {
            files.append((location, Self.ggufName))
            return
        }
        try add(location.appending(path: "config.json"))
        if exists(location.appending(path: "model.safetensors")) {
            try add(location.appending(path: "model.safetensors"))
        } else {
            try add(location.appending(path: Self.index))
            for shard in try Self.shards(location.appending(path: Self.index)) {
                try add(location.appending(path: shard))
            }
        }
        for name in Self.companions where exists(location.appending(path: name)) {
            try add(location.appending(path: name))
        }
    }

    /// Adds a tokenizer's file under the name that tells its kind, with its settings.
    ///
    /// The settings are those beside it, or else those in `folder`. Gives back the file's name.
    mutating func add(_ tokenizer: TokenizerLocation, settingsIn folder: URL?) throws -> String {
        let (file, name) =
            switch tokenizer {
            case .json(let file): (file, "tokenizer.json")
            case .sentencePiece(let file): (file, "tokenizer.model")
            case .wordPieceVocabulary(let file): (file, "vocab.txt")
            }
        try add(file, as: name)
        let beside = file.deletingLastPathComponent()
        let settings = [beside, folder].lazy.compactMap { $0 }
            .map { $0.appending(path: TokenizerSettings.fileName) }
        if let settings = settings.first(where: { exists($0) }) {
            try add(settings, as: TokenizerSettings.fileName)
        }
        return name
    }

    /// Adds a file under a name of its own or another; throws `ModelImportError.missing`.
    mutating func add(_ source: URL, as name: String? = nil) throws {
        guard exists(source) else {
            throw ModelImportError.missing(file: source.path(percentEncoded: false))
        }
        files.append((source.resolvingSymlinksInPath(), name ?? source.lastPathComponent))
    }

    /// Copies all into a folder, each file flushed to disk.
    func copy(to folder: URL) throws {
        for (source, name) in files {
            // Mapped, so that weights larger than memory pass through it.
            let content = try Data(contentsOf: source, options: .mappedIfSafe)
            try DiskFiles().write(content, to: FilePath(folder.appending(path: name)))
        }
    }

    /// The licence that the front matter of the model's README names.
    var statedLicence: String? {
        guard let readme = files.first(where: { $0.name == "README.md" }),
            let content = try? DiskFiles().read(FilePath(readme.source), maximumBytes: 16 << 20)
        else { return nil }
        let lines = String(decoding: content, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "---" else { return nil }
        for line in lines.dropFirst() {
            if line == "---" { return nil }
            guard line.hasPrefix("license:") else { continue }
            let value = line.dropFirst("license:".count).trimmingCharacters(
                in: CharacterSet(charactersIn: " \"'\r\t"))
            return value.isEmpty || value.count > 200 ? nil : value
        }
        return nil
    }

    private func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path(percentEncoded: false))
    }

    private static func shards(_ index: URL) throws -> [String] {
        struct Index: Decodable { let weight_map: [String: String] }
        let json = try DiskFiles().read(
            FilePath(index.resolvingSymlinksInPath()), maximumBytes: 50_000_000)
        guard let index = try? JSONDecoder().decode(Index.self, from: json) else {
            throw ModelImportError.missing(file: index.path(percentEncoded: false))
        }
        return Set(index.weight_map.values).sorted()
    }
}
