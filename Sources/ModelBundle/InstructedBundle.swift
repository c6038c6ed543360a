// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

extension BundleManifest {
    /// A model that follows instructions, beside the trunk: it answers the tasks whose method is `instruct`.
    package struct Instruct: Codable, Hashable, Sendable {
        /// Its GGUF file in the bundle.
        package var file: String
        /// The chat template by name; nil for the file's own.
        package var template: String?
        /// Its architecture.
        package var architecture: String

        /// A model.
        package init(file: String, template: String?, architecture: String) {
            (self.file, self.template, self.architecture) = (file, template, architecture)
        }
    }

    /// What the file of such a model is called in a bundle.
    package static let instructFile = "instruct.gguf"
}

extension BundleDirectory {
    /// Adds a bundle that is this one with a model beside it that follows instructions, in one rename.
    ///
    /// `manifest` says which tasks that answers. Throws what `verify` throws, `BundleError.invalidName`,
    /// `.alreadyThere`, and `FileError`.
    package func adding(
        instruct model: URL, manifest: BundleManifest, to registry: ModelRegistry
    ) throws -> BundleDirectory {
        try verify()
        return try registry.add(manifest.name) { folder in
            func copy(_ file: URL, as name: String) throws {
                // Mapped, for a model may be larger than memory.
                let content = try Data(contentsOf: file, options: .mappedIfSafe)
                try DiskFiles().write(content, to: FilePath(folder.appending(path: name)))
            }
            let left = [Self.cardName, BundleManifest.instructFile]
            for name in self.manifest.files.keys.sorted() where !left.contains(name) {
                try copy(directory.appending(path: name), as: name)
            }
            try copy(model.resolvingSymlinksInPath(), as: BundleManifest.instructFile)
            return try Self.finish(
                manifest, card: ModelCard(manifest: manifest).text, in: folder)
        }
    }
}
