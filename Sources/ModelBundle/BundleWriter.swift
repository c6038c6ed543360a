// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
import Tensors
import Tokenizers
import WeightFiles

extension BundleDirectory {
    /// What lies in a bundle with a trunk of its own beside its own files: recipe, log.
    package var attachments: [URL] {
        typealias Name = BundleContents.FileName
        let own: Set = [
            Name.tokenizer, Name.configuration, Name.trunk, Name.heads, "MODEL_CARD.md",
        ]
        guard manifest.trunk == nil else { return [] }
        return manifest.files.keys.sorted().filter { !own.contains($0) }
            .map { directory.appending(path: $0) }
    }

    /// Writes a bundle into a new folder and returns it as read back.
    ///
    /// Weights are stored as 16-bit floats: a trunk of our own as bfloat16, heads as float16. A
    /// published trunk's files are taken over from `published`, the bundle that holds it. The manifest
    /// is written last, so that a folder with a manifest is complete. `card` becomes `MODEL_CARD.md`;
    /// `attachments` (recipe, log) are copied beside it, and `files` are written under their names.
    package static func write(
        _ contents: BundleContents, manifest: BundleManifest, card: String,
        attachments: [URL] = [], files: [String: Data] = [:], published: BundleDirectory? = nil,
        to directory: URL
    ) throws -> BundleDirectory {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        func file(_ name: String) -> URL { directory.appendingPathComponent(name) }
        switch contents.trunk {
        case .words(let tokenizer, let trunk):
            try tokenizer.write(to: file(BundleContents.FileName.tokenizer))
            var configuration = trunk.configuration
            configuration.dtype = .bfloat16
            try configuration.write(to: file(BundleContents.FileName.configuration))
            try SafetensorsWriter.write(
                trunk.weights.named(configuration), storage: .bfloat16,
                metadata: ["format": "pt"], to: file(BundleContents.FileName.trunk))
        case .text:
            try published?.copyTrunk(to: directory)
        }
        var heads: [String: Tensor] = [:]
        for (task, parameters) in contents.tasks {
            for (name, tensor) in parameters.tensors { heads["\(task).\(name)"] = tensor }
        }
        try SafetensorsWriter.write(
            heads, storage: .float16, metadata: [:], to: file(BundleContents.FileName.heads))
        for attachment in attachments {
            try DiskFiles().write(
                try Data(contentsOf: attachment),
                to: FilePath(file(attachment.lastPathComponent)))
        }
        for (name, content) in files {
            try DiskFiles().write(content, to: FilePath(file(name)))
        }
        return try finish(manifest, card: card, in: directory)
    }

    /// Writes card and manifest of a folder whose other files are there.
    static func finish(
        _ manifest: BundleManifest, card: String, in directory: URL
    ) throws -> BundleDirectory {
        try DiskFiles().write(
            Data(card.utf8), to: FilePath(directory.appendingPathComponent(cardName)))
        try writeManifest(manifest, in: directory)
        return try BundleDirectory(directory: directory)
    }

    /// Name of the model card's file.
    static let cardName = "MODEL_CARD.md"

    /// Copies the files of a published trunk: all but what describes this bundle, and heads.
    private func copyTrunk(to folder: URL) throws {
        let own = [BundleContents.FileName.heads, Self.cardName]
        for name in manifest.files.keys.sorted() where !own.contains(name) {
            let content = try Data(
                contentsOf: directory.appending(path: name), options: .mappedIfSafe)
            try DiskFiles().write(content, to: FilePath(folder.appending(path: name)))
        }
    }

    /// Replaces manifest and card of a written bundle, for scores that were measured afterwards.
    package func replacingManifest(_ manifest: BundleManifest, card: String) throws
        -> BundleDirectory
    {
        try DiskFiles().write(
            Data(card.utf8), to: FilePath(directory.appendingPathComponent(Self.cardName)))
        try Self.writeManifest(manifest, in: directory)
        return try BundleDirectory(directory: directory)
    }

    private static func writeManifest(_ manifest: BundleManifest, in directory: URL) throws {
        var manifest = manifest
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        manifest.files = [:]
        for name in names where name != manifestName && !name.hasPrefix(".") {
            let path = FilePath(directory.appendingPathComponent(name))
            manifest.files[name] = try ContentDigest(ofFile: path).hexadecimal
        }
        try DiskFiles().write(
            try JSONEncoder.sorted(.prettyPrinted).encode(manifest) + Data("\n".utf8),
            to: FilePath(directory.appendingPathComponent(manifestName)))
    }
}
