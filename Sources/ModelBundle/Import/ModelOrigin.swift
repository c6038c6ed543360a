// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles

/// `shoken-origin.json`: what a model that was trained elsewhere on our own rows, or fine-tuned here, was
/// made from.
///
/// It travels with an export of a training run, and with the trained model back, so that the bundle
/// says the same of its making as one that was trained here; and with a fine-tuned model.
package struct ModelOrigin: Codable, Hashable, Sendable {
    /// Name of the file.
    package static let fileName = "shoken-origin.json"
    /// What stands for a licence of which nothing is said.
    package static let notStated = "not stated"
    private static let byteLimit = 16 << 20
    private static let currentFormat = 1

    /// Version of the format of this file.
    package var format = Self.currentFormat
    /// Name of the recipe.
    package var recipe: String
    /// SHA-256 of the recipe's text.
    package var recipeSHA256: String
    /// Version of the program that cut and cleaned the text.
    package var codeVersion: String
    /// Version of the cleaning rules.
    package var cleaningVersion: Int
    /// MeCab dictionaries that the words came from, as a bundle's manifest has them.
    package var dictionary: String
    /// Whether its tokenizer reads MeCab's words, as those that Shoken trains do.
    package var readsWords: Bool
    /// Text that it learns from.
    package var sources: [BundleManifest.Source]
    /// Licence of what is made from it.
    package var licence: String

    /// All of it.
    package init(
        recipe: String, recipeSHA256: String, codeVersion: String, cleaningVersion: Int,
        dictionary: String, readsWords: Bool, sources: [BundleManifest.Source], licence: String
    ) {
        (self.recipe, self.recipeSHA256, self.codeVersion) = (recipe, recipeSHA256, codeVersion)
        (self.cleaningVersion, self.dictionary) = (cleaningVersion, dictionary)
        (self.readsWords, self.sources, self.licence) = (readsWords, sources, licence)
    }

    /// Reads the file in a folder; nil where there is none.
    ///
    /// Throws `FileError` or `ModelImportError.origin`.
    package init?(in folder: URL) throws {
        let file = folder.appending(path: Self.fileName).resolvingSymlinksInPath()
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            return nil
        }
        let json = try DiskFiles().read(FilePath(file), maximumBytes: Self.byteLimit)
        guard let origin = try? JSONDecoder().decode(ModelOrigin.self, from: json),
            origin.format == Self.currentFormat
        else { throw ModelImportError.origin(file: file.path(percentEncoded: false)) }
        self = origin
    }

    /// The file's content.
    package func json() throws -> Data {
        return try JSONEncoder.sorted(.prettyPrinted).encode(self) + Data("\n".utf8)
    }
}
