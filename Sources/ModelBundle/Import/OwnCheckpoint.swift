// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import LanguageModel
import Tokenizers
import WeightFiles

/// A trunk of our own kind in a folder: a decoder that reads MeCab's words through a tokenizer that
/// Shoken trained, as an exported training run leaves it.
package struct OwnCheckpoint {
    /// What it was made from; nil where no file says it.
    package let origin: ModelOrigin?
    /// Tokens of the vocabulary.
    package let vocabularySize: Int
    /// `model_type` of its configuration.
    package let architecture: String

    private let files: PublishedFiles

    /// Files that may stand beside the model and travel with it.
    private static let companions = [
        "recipe.toml", "training.json", "train.log.jsonl", "configuration_ncvc.py",
        "modeling_ncvc.py",
    ]

    /// Whether a folder holds an encoder, which is a published one though it may read MeCab's words.
    private static func isEncoder(_ folder: URL) -> Bool {
        let fields = try? ConfigurationFields(file: folder.appending(path: "config.json"))
        let type = try? fields?.string("model_type")
        return type.flatMap(EncoderArchitecture.init) != nil
    }

    /// Opens a folder; nil where what is there is no trunk of our own kind.
    ///
    /// It is one where `shoken-origin.json` says so, or else where a decoder's `tokenizer.json` is of
    /// the kind that Shoken trains. Throws `ModelImportError` and the errors of the readers, which
    /// name file and field.
    package init?(_ location: URL) throws {
        let folder = location.resolvingSymlinksInPath()
        let file = folder.appending(path: BundleContents.FileName.tokenizer)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            return nil
        }
        origin = try ModelOrigin(in: folder)
        guard origin?.readsWords != false, !Self.isEncoder(folder) else { return nil }
        guard let tokenizer = try JSONTokenizers.tokenizer(at: file) as? UnigramTokenizer else {
            guard origin == nil else {
                throw ModelImportError.notOurTokenizer(file: file.path(percentEncoded: false))
            }
            return nil
        }
        guard case .decoder(let model) = try OpenedModel(folder) else { return nil }
        let configuration = model.configuration
        // With a head for tokens it is a published tagger, though it may read words.
        guard try TokenHead(directory: folder, width: configuration.hiddenSize) == nil else {
            return nil
        }
        guard tokenizer.vocabularySize == configuration.vocabSize else {
            throw ModelImportError.vocabularySize(
                file: file.path(percentEncoded: false), tokenizer: tokenizer.vocabularySize,
                model: configuration.vocabSize)
        }
        let trial = [tokenizer.beginOfText, tokenizer.newline, tokenizer.endOfText]
        let states = try model.hiddenStates([trial], bidirectional: true)
        guard states.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
            throw ModelImportError.notFinite(location: folder.path(percentEncoded: false))
        }
        var files = try PublishedFiles(model: folder, isFolder: true)
        try files.add(file)
        for name in Self.companions {
            let companion = folder.appending(path: name)
            if FileManager.default.fileExists(atPath: companion.path(percentEncoded: false)) {
                try files.add(companion)
            }
        }
        self.files = files
        vocabularySize = tokenizer.vocabularySize
        architecture = configuration.architecture.rawValue
    }

    /// The licence that its README states; nil where it says nothing.
    package var statedLicence: String? { files.statedLicence }

    /// Writes the bundle into the registry's folder, in one rename, and returns it as read back.
    ///
    /// The weights stay as they are. Throws `BundleError.invalidName`, `.alreadyThere`, and
    /// `FileError`; nothing is left behind then.
    package func write(
        _ manifest: BundleManifest, card: String, to registry: ModelRegistry
    ) throws -> BundleDirectory {
        try registry.add(manifest.name) { folder in
            try files.copy(to: folder)
            return try BundleDirectory.finish(manifest, card: card, in: folder)
        }
    }
}
