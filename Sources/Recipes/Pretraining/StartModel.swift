// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
package import LanguageModel
package import Tensors
import Tokenizers
import WeightFiles

/// A decoder, in a folder as Hugging Face tools write them, that training goes on from.
package struct StartModel: Sendable {
    /// The folder.
    package let folder: URL
    /// Sizes and settings.
    package let configuration: DecoderConfiguration
    private let conversion: ModelConversion
    private let weights: SafetensorsFolder

    /// Opens a folder and checks that every tensor is there in its shape.
    ///
    /// Throws `ModelConfigurationError` or `WeightFileError`, and
    /// ``RecipeError/badValue(file:key:expected:)`` for what is no decoder's folder.
    package init(_ folder: URL) throws {
        configuration = try Self.configuration(at: folder)
        self.folder = folder
        conversion = try ModelConversion(folder)
        weights = try SafetensorsFolder(folder)
    }

    /// The configuration of the decoder in a folder; throws as `init(_:)`.
    static func configuration(at folder: URL) throws -> DecoderConfiguration {
        let values = try? folder.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey]
        )
        guard values?.isDirectory == true else {
            throw RecipeError.badValue(
                file: FilePath(folder).description, key: "start",
                expected: "a model's folder; shokenctl model convert makes one of a GGUF file")
        }
        return try DecoderConfiguration(file: folder.appending(path: "config.json"))
    }

    /// All weights in 32 bits, by their names in the folder.
    package func parameters() throws -> ParameterSet {
        try ParameterSet(ParameterLayout(configuration)) { try weights.tensor($0) }
    }

    /// What stands for its weights.
    func digest() throws -> String {
        let names = try DiskFiles().names(in: FilePath(folder))
            .filter { $0.escaped.hasSuffix(".safetensors") }.sorted()
        let digests = try names.map {
            let file = folder.appending(path: $0.escaped).resolvingSymlinksInPath()
            return try ContentDigest(ofFile: FilePath(file)).hexadecimal
        }
        return ContentDigest(of: Data(digests.joined().utf8)).hexadecimal
    }

    /// Writes the folder again with other weights, in 32 bits, and with the files beside them.
    ///
    /// What is there already is replaced as a whole.
    package func write(_ parameters: ParameterSet, to url: URL) throws {
        try conversion.writeFolder(
            to: url, storage: .float32, replaces: true, weights: parameters.named())
    }

    /// Its tokenizer, with the marks of documents that the model's files name.
    ///
    /// Throws what reading it throws, and ``RecipeError/badValue(file:key:expected:)`` where no
    /// token ends a text or the tokenizer has more tokens than the model.
    func runTokenizer() throws -> RunTokenizer {
        let location = try TokenizerLocation.find(at: folder)
        let opened = try location.open()
        let path = FilePath(folder.appending(path: "config.json")).description
        guard opened.vocabularySize <= configuration.vocabSize else {
            throw RecipeError.badValue(
                file: path, key: "vocab_size",
                expected: "at least the \(opened.vocabularySize) tokens of the tokenizer")
        }
        if let own = opened as? UnigramTokenizer {
            return try RunTokenizer(own, file: location.file)
        }
        guard let end = opened.tokensAfter.last ?? configuration.eosTokenIDs.first,
            (0..<Int32(clamping: configuration.vocabSize)).contains(end)
        else { throw RecipeError.badValue(file: path, key: "eos_token_id", expected: "a token") }
        // A begin that the tokenizer itself does not set is no habit of the model's.
        return try RunTokenizer(
            opened, file: location.file, begin: opened.tokensBefore.first, end: end)
    }
}

extension TokenizerLocation {
    /// The file that is read.
    fileprivate var file: URL {
        switch self {
        case .json(let file), .sentencePiece(let file), .wordPieceVocabulary(let file): file
        }
    }
}
