// SPDX-License-Identifier: Apache-2.0
import Curation
import DurableFiles
import Foundation

extension RecipeRun {
    /// The manifest's name in a bundle.
    static let corpusManifestName = "corpus-manifest.json"

    /// The manifest of the corpus that the recipe names; nil where it names none.
    ///
    /// Throws the errors of the file, and ``RecipeError/badValue(file:key:expected:)`` for a text of the corpus
    /// that is not the one that the manifest tells of.
    func corpusManifest() throws -> CorpusManifest? {
        guard let name = recipe.manifest else { return nil }
        let file = data.appending(path: name)
        let manifest = try CorpusManifest(file: file)
        let folder = name.split(separator: "/").dropLast().joined(separator: "/")
        for shard in manifest.shards {
            let path = folder.isEmpty ? shard.file : "\(folder)/\(shard.file)"
            guard recipe.sources.contains(where: { $0.file == path }) else { continue }
            let digest = try ContentDigest(
                ofFile: FilePath(data.appending(path: path).resolvingSymlinksInPath()))
            guard digest.hexadecimal == shard.sha256 else {
                throw RecipeError.badValue(
                    file: recipe.name, key: "data.manifest",
                    expected: "the manifest of \(path), which is another file now")
            }
        }
        return manifest
    }
}
