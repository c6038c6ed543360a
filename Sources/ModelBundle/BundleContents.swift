// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles
package import LanguageModel
package import LinearHeads
package import Tensors
import Tokenizers
import WeightFiles

/// A bundle in memory: trunk with tokenizer, and the parameters of each task.
package struct BundleContents: Sendable {
    /// The language model with its tokenizer.
    package let trunk: TokenizedTrunk
    /// Parameters of heads and rules by task name; a tagger has none but its settings.
    package let tasks: [String: TaskParameters]

    /// Contents.
    package init(trunk: TokenizedTrunk, tasks: [String: TaskParameters]) {
        self.trunk = trunk
        self.tasks = tasks
    }

    /// Names of the files, as Hugging Face tools expect them, and our own.
    enum FileName {
        static let tokenizer = "tokenizer.json"
        static let configuration = "config.json"
        static let trunk = "model.safetensors"
        static let heads = "heads.safetensors"
    }
}

extension BundleDirectory {
    /// Reads the bundle's files and checks them against the manifest.
    ///
    /// A published tokenizer that cuts words with MeCab needs the dictionary of its import: looked for
    /// where it was then, and in `dictionaries`. Throws what `verify` throws,
    /// `BundleError.malformedManifest` for a trunk and a tokenizer that do not fit each other,
    /// `.tokenizerDictionary`, and the errors of the files' readers, which name file and field.
    /// The matrices of the trunk are prepared for products of a precision, or without one left as 32-bit
    /// floats row by row.
    package func contents(
        dictionaries: [String] = [], precision: Precision? = nil
    ) throws -> BundleContents {
        let contents: BundleContents
        do {
            let trunk = try manifest.trunk.map {
                try published($0, dictionaries: dictionaries, precision)
            }
            contents = BundleContents(
                trunk: try trunk ?? ownTrunk(precision), tasks: try taskParameters())
        } catch {
            // A file that was changed is what is wrong, not what its reader makes of it.
            try verify()
            throw error
        }
        // After reading: what is verified now is what was read, for it lies in memory of our own.
        try verify()
        return contents
    }

    private func ownTrunk(_ precision: Precision?) throws -> TokenizedTrunk {
        let tokenizer = try UnigramTokenizer(
            file: directory.appendingPathComponent(BundleContents.FileName.tokenizer))
        let trunk = try DecoderModel(directory: directory, precision: precision)
        try check(tokenizer: tokenizer.vocabularySize, trunk: trunk.configuration.vocabSize)
        return .words(tokenizer, trunk)
    }

    private func published(
        _ trunk: BundleManifest.Trunk, dictionaries: [String], _ precision: Precision?
    ) throws -> TokenizedTrunk {
        let model = try PublishedModel.trunk(
            at: trunk.gguf.map { directory.appending(path: $0) } ?? directory, precision: precision)
        let tokenizer = try publishedTokenizer(trunk, dictionaries: dictionaries)
        guard tokenizer.vocabularySize == trunk.tokenizerSize,
            tokenizer.vocabularySize <= model.vocabularySize
        else {
            throw BundleError.vocabularySize(
                bundle: manifest.name, tokenizer: tokenizer.vocabularySize,
                trunk: model.vocabularySize)
        }
        let special = trunk.tokensBefore + trunk.tokensAfter
        guard special.allSatisfy({ (0..<model.vocabularySize).contains(Int($0)) }) else {
            throw malformed("trunk.tokensBefore")
        }
        guard trunk.context > special.count, trunk.context <= model.longestText else {
            throw malformed("trunk.context")
        }
        guard trunk.readsWords != true || tokenizer.readsWords else {
            throw malformed("trunk.readsWords")
        }
        return .text(
            TextTrunk(
                tokenizer: tokenizer, readsWords: trunk.readsWords == true, model: model,
                before: trunk.tokensBefore, after: trunk.tokensAfter, context: trunk.context))
    }

    private func publishedTokenizer(
        _ trunk: BundleManifest.Trunk, dictionaries: [String]
    ) throws -> any TextTokenizer {
        let file = directory.appending(path: trunk.tokenizer)
        if trunk.tokenizer == trunk.gguf { return try GGUFTokenizer.open(at: file) }
        return try TokenizerLocation.open(
            file, dictionary: try trunk.dictionaries.map { try place(of: $0, among: dictionaries) },
            userDictionary: trunk.dictionaries?.userDictionary.map {
                directory.appending(path: $0).path(percentEncoded: false)
            })
    }

    /// Where the system dictionary of a tokenizer's import is now.
    private func place(
        of dictionary: BundleManifest.Trunk.Dictionaries, among others: [String]
    ) throws(BundleError) -> String {
        for directory in [dictionary.directory] + others
        where (try? SystemDictionary.digest(directory)) == dictionary.sha256 {
            return directory
        }
        throw .tokenizerDictionary(
            bundle: manifest.name, directory: dictionary.directory, expected: dictionary.sha256)
    }

    private func check(tokenizer: Int, trunk: Int) throws(BundleError) {
        guard tokenizer == trunk else {
            throw .vocabularySize(bundle: manifest.name, tokenizer: tokenizer, trunk: trunk)
        }
    }

    private func malformed(_ field: String) -> BundleError {
        .malformedManifest(
            file: directory.appending(path: Self.manifestName).path(percentEncoded: false),
            field: field)
    }

    /// Parameters of each task: settings from the manifest, tensors named `TASK.NAME`.
    private func taskParameters() throws -> [String: TaskParameters] {
        let encoder = JSONEncoder.sorted()
        var parameters: [String: TaskParameters] = [:]
        for (name, task) in manifest.tasks {
            parameters[name] = TaskParameters(
                settings: try encoder.encode(task.settings), tensors: [:])
        }
        let withHeads = manifest.tasks.values.contains {
            $0.method != .tagger && $0.method != .instruct
        }
        guard withHeads else { return parameters }
        let heads = try SafetensorsFile(
            directory.appendingPathComponent(BundleContents.FileName.heads))
        for name in heads.names {
            let parts = name.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, manifest.tasks[String(parts[0])] != nil else { continue }
            parameters[String(parts[0])]?.tensors[String(parts[1])] = try heads.tensor(name)
        }
        return parameters
    }
}

/// A model as it was published, opened as a trunk.
enum PublishedModel {
    /// Opens a folder or a GGUF file; throws as `OpenedModel` does.
    static func trunk(at location: URL, precision: Precision? = nil) throws -> Trunk {
        switch try OpenedModel(location, precision: precision) {
        case .decoder(let model):
            try decoder(model, at: location)
        case .encoder(let model): .encoder(model)
        }
    }

    /// A decoder with its head for tokens, where its folder has one.
    private static func decoder(_ model: DecoderModel, at location: URL) throws -> Trunk {
        guard location.leadsToFolder,
            let head = try TokenHead(directory: location, width: model.configuration.hiddenSize)
        else { return .decoder(model, bidirectional: false) }
        return .decoder(model, bidirectional: head.isBidirectional, head: head)
    }
}
