import Foundation
package import LanguageModel
import Tensors
package import Tokenizers
import WeightFiles

/// A bundle in memory: tokenizer, trunk, and the parameters of each task.
package struct BundleContents: Sendable {
    /// Cuts words into the trunk's tokens.
    package let tokenizer: UnigramTokenizer
    /// The language model.
    package let trunk: TrunkModel
    /// Parameters by task name.
    package let tasks: [String: TaskParameters]

    /// Contents.
    package init(
        tokenizer: UnigramTokenizer, trunk: TrunkModel, tasks: [String: TaskParameters]
    ) {
        self.tokenizer = tokenizer
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
    /// Reads the bundle's files after checking them against the manifest.
    ///
    /// Throws what `verify` throws, `BundleError.malformedManifest` for a trunk and a tokenizer that
    /// do not fit each other, and the errors of the files' readers, which name file and field.
    package func contents() throws -> BundleContents {
        try verify()
        let tokenizer = try UnigramTokenizer(
            file: directory.appendingPathComponent(BundleContents.FileName.tokenizer))
        let trunk = try TrunkModel(directory: directory)
        guard tokenizer.vocabularySize == trunk.configuration.vocabSize else {
            throw BundleError.vocabularySize(
                bundle: manifest.name, tokenizer: tokenizer.vocabularySize,
                trunk: trunk.configuration.vocabSize)
        }
        return BundleContents(tokenizer: tokenizer, trunk: trunk, tasks: try taskParameters())
    }

    /// Parameters of each task: settings from the manifest, tensors named `TASK.NAME`.
    private func taskParameters() throws -> [String: TaskParameters] {
        guard !manifest.tasks.isEmpty else { return [:] }
        let heads = try SafetensorsFile(
            directory.appendingPathComponent(BundleContents.FileName.heads))
        let encoder = JSONEncoder()
        var parameters: [String: TaskParameters] = [:]
        for (name, task) in manifest.tasks {
            parameters[name] = TaskParameters(
                settings: try encoder.encode(task.settings), tensors: [:])
        }
        for name in heads.names {
            let parts = name.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, manifest.tasks[String(parts[0])] != nil else { continue }
            parameters[String(parts[0])]?.tensors[String(parts[1])] = try heads.tensor(name)
        }
        return parameters
    }
}
