// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
package import LanguageModel
import Tensors
package import Tokenizers
import WeightFiles

/// A published model with its tokenizer, opened and checked, ready to become a bundle.
package struct PublishedCheckpoint {
    /// The model.
    package let model: Trunk
    /// Its tokenizer.
    package let tokenizer: any TextTokenizer
    /// What the bundle's manifest says of both.
    package let description: BundleManifest.Trunk
    /// The licence that its README states; nil where it says nothing.
    package var statedLicence: String? { files.statedLicence }

    private let files: PublishedFiles

    /// What the caller says beyond the files.
    package struct Options: Sendable {
        /// The tokenizer's file or folder, where it is not in the model's folder.
        package var tokenizer: URL?
        /// MeCab's system dictionary for a tokenizer that cuts words with it.
        package var dictionary: String?
        /// A user dictionary for it.
        package var userDictionary: String?
        /// The longest text in tokens; nil for all that the model takes, but not above 8192.
        package var context: Int?
        /// Whether a vocabulary that was filled up with unused tokens is accepted.
        package var isPadded = false

        /// Nothing beyond the files.
        package init() {}
    }

    /// The longest context where none is asked for; attention costs its square.
    package static let longestContext = 8192
    /// What the model is tried on.
    private static let trial = "発熱と咳嗽あり。"

    /// Opens a folder or a GGUF file.
    ///
    /// Throws `ModelImportError`, and the errors of the readers, which name file and field: among
    /// others `WeightFileError.pickle` for weights that are there only as PyTorch's pickle.
    package init(_ location: URL, options: Options) throws {
        let location = location.resolvingSymlinksInPath()
        let isFolder = location.leadsToFolder
        model = try PublishedModel.trunk(at: location)
        let place = location.path(percentEncoded: false)
        var files = try PublishedFiles(model: location, isFolder: isFolder)
        let found = try Self.tokenizer(of: location, isFolder: isFolder, options, &files)
        tokenizer = found.tokenizer
        try Self.check(
            tokenizer.vocabularySize, model.vocabularySize, isPadded: options.isPadded,
            file: found.place)
        let dictionaries = try Self.dictionaries(of: tokenizer)
        if let user = dictionaries?.user { try files.add(user, as: "user.dic") }
        self.files = files
        let readsWords = try Self.readsWords(tokenizer, model, file: found.place)
        let own = readsWords ? tokenizer as? UnigramTokenizer : nil
        let special =
            own.map { (before: [$0.beginOfText], after: []) }
            ?? Self.special(tokenizer, found.settings, model)
        let room = special.before.count + special.after.count
        let allowed = room + 1...max(room + 1, model.longestText)
        let context = options.context ?? min(model.longestText, Self.longestContext)
        guard allowed.contains(context), context <= model.longestText else {
            throw ModelImportError.context(wanted: context, allowed: allowed)
        }
        description = BundleManifest.Trunk(
            kind: model.isEncoder ? .encoder : .decoder, architecture: model.architecture,
            gguf: isFolder ? nil : PublishedFiles.ggufName, context: context, tokenizer: found.name,
            tokenizerSize: tokenizer.vocabularySize, dictionaries: dictionaries?.description,
            readsWords: readsWords ? true : nil,
            tokensBefore: special.before, tokensAfter: special.after)
        try tryOut(room: context - room, place: place)
    }

    /// Writes the bundle into the registry's folder, in one rename, and returns it as read back.
    ///
    /// Throws `BundleError.invalidName`, `.alreadyThere`, and `FileError`; nothing is left behind then.
    package func write(
        _ manifest: BundleManifest, card: String, to registry: ModelRegistry
    ) throws -> BundleDirectory {
        try registry.add(manifest.name) { folder in
            try files.copy(to: folder)
            return try BundleDirectory.finish(manifest, card: card, in: folder)
        }
    }

    // MARK: Checks

    /// A tokenizer as it was found.
    private struct FoundTokenizer {
        let tokenizer: any TextTokenizer
        /// Its file in the bundle.
        let name: String
        /// Where it is, for errors.
        let place: String
        let settings: TokenizerSettings?
    }

    /// The tokenizer that is named, else that in the model's folder or GGUF file.
    private static func tokenizer(
        of model: URL, isFolder: Bool, _ options: Options, _ files: inout PublishedFiles
    ) throws -> FoundTokenizer {
        let place = options.tokenizer ?? model
        do {
            if options.tokenizer == nil, !isFolder {
                return FoundTokenizer(
                    tokenizer: try GGUFTokenizer.open(at: model), name: PublishedFiles.ggufName,
                    place: model.path(percentEncoded: false), settings: nil)
            }
            let location = try TokenizerLocation.find(at: place)
            return FoundTokenizer(
                tokenizer: try location.open(
                    dictionary: options.dictionary, userDictionary: options.userDictionary),
                name: try files.add(location, settingsIn: isFolder ? model : nil),
                place: location.file.path(percentEncoded: false),
                settings: try TokenizerSettings.read(beside: location.file))
        } catch TokenizerError.unrecognized {
            throw ModelImportError.noTokenizer(location: place.path(percentEncoded: false))
        }
    }

    private static func check(
        _ tokenizer: Int, _ model: Int, isPadded: Bool, file: String
    ) throws(ModelImportError) {
        guard tokenizer == model || (isPadded && tokenizer < model) else {
            throw .vocabularySize(file: file, tokenizer: tokenizer, model: model)
        }
    }

    /// Makes sure that a sentence becomes numbers.
    private func tryOut(room: Int, place: String) throws {
        let ids =
            description.tokensBefore + tokenizer.ids(in: Self.trial).prefix(room)
            + description.tokensAfter
        let states = try model.hiddenStates([ids])
        guard states.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
            throw ModelImportError.notFinite(location: place)
        }
    }

    // MARK: Tokenizer

    /// Whether the model says that its tokenizer gets MeCab's words, which that must be able to read.
    private static func readsWords(
        _ tokenizer: any TextTokenizer, _ model: Trunk, file: String
    ) throws(ModelImportError) -> Bool {
        guard model.readsWords else { return false }
        // A decoder's texts begin and end as only our own tokenizer says.
        guard model.isEncoder ? tokenizer.readsWords : tokenizer is UnigramTokenizer else {
            throw .notOurTokenizer(file: file)
        }
        return true
    }

    /// The tokens around a text: the tokenizer's own, or for an encoder those that its settings name.
    private static func special(
        _ tokenizer: any TextTokenizer, _ settings: TokenizerSettings?, _ model: Trunk
    ) -> (before: [Int32], after: [Int32]) {
        let own = (tokenizer.tokensBefore, tokenizer.tokensAfter)
        guard model.isEncoder, own.0.isEmpty, own.1.isEmpty else { return own }
        func id(_ names: [String?]) -> [Int32] {
            names.lazy.compactMap { $0 }.compactMap { tokenizer.id(of: $0) }.first.map { [$0] }
                ?? []
        }
        return (
            id([settings?.classToken?.content, "[CLS]", "<s>"]),
            id([settings?.separatorToken?.content, "[SEP]", "</s>"])
        )
    }

    private static func dictionaries(
        of tokenizer: any TextTokenizer
    ) throws -> (description: BundleManifest.Trunk.Dictionaries, user: URL?)? {
        guard let tokenizer = tokenizer as? MeCabWordPieceTokenizer else { return nil }
        let user = tokenizer.userDictionary.map { URL(filePath: $0) }
        return (
            BundleManifest.Trunk.Dictionaries(
                directory: tokenizer.dictionary,
                sha256: try SystemDictionary.digest(tokenizer.dictionary),
                userDictionary: user == nil ? nil : "user.dic"), user
        )
    }
}

extension TokenizerLocation {
    /// The tokenizer's file.
    fileprivate var file: URL {
        switch self {
        case .json(let file), .sentencePiece(let file), .wordPieceVocabulary(let file): file
        }
    }
}

extension Trunk {
    fileprivate var isEncoder: Bool { if case .encoder = self { true } else { false } }

    /// The architecture's name, as `model_type` says it.
    fileprivate var architecture: String {
        switch self {
        case .decoder(let model, _, _): model.configuration.architecture.rawValue
        case .encoder(let model): model.configuration.architecture.rawValue
        }
    }
}
