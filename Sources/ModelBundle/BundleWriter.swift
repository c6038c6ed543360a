import DurableFiles
package import Foundation
import LanguageModel
import Tensors
import Tokenizers
import WeightFiles

extension BundleDirectory {
    /// Writes a bundle into a new folder and returns it as read back.
    ///
    /// Weights are stored as 16-bit floats: the trunk as bfloat16, heads as float16. The manifest is
    /// written last, so that a folder with a manifest is complete. `card` becomes `MODEL_CARD.md`;
    /// `attachments` (recipe, log) are copied beside it.
    package static func write(
        _ contents: BundleContents, manifest: BundleManifest, card: String,
        attachments: [URL] = [], to directory: URL
    ) throws -> BundleDirectory {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        func file(_ name: String) -> URL { directory.appendingPathComponent(name) }
        try contents.tokenizer.write(to: file(BundleContents.FileName.tokenizer))
        var configuration = contents.trunk.configuration
        configuration.dtype = .bfloat16
        try configuration.write(to: file(BundleContents.FileName.configuration))
        try SafetensorsWriter.write(
            contents.trunk.weights.named(configuration), storage: .bfloat16,
            metadata: ["format": "pt"], to: file(BundleContents.FileName.trunk))
        var heads: [String: Tensor] = [:]
        for (task, parameters) in contents.tasks {
            for (name, tensor) in parameters.tensors { heads["\(task).\(name)"] = tensor }
        }
        try SafetensorsWriter.write(
            heads, storage: .float16, metadata: [:], to: file(BundleContents.FileName.heads))
        try DiskFiles().write(Data(card.utf8), to: FilePath(file("MODEL_CARD.md")))
        for attachment in attachments {
            try DiskFiles().write(
                try Data(contentsOf: attachment),
                to: FilePath(file(attachment.lastPathComponent)))
        }
        try writeManifest(manifest, in: directory)
        return try BundleDirectory(directory: directory)
    }

    /// Replaces manifest and card of a written bundle, for scores that were measured afterwards.
    package func replacingManifest(_ manifest: BundleManifest, card: String) throws
        -> BundleDirectory
    {
        try DiskFiles().write(
            Data(card.utf8), to: FilePath(directory.appendingPathComponent("MODEL_CARD.md")))
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try DiskFiles().write(
            try encoder.encode(manifest) + Data("\n".utf8),
            to: FilePath(directory.appendingPathComponent(manifestName)))
    }
}
