// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tokenizers
import WeightFiles

/// A tokenizer wherever it was found: in a file of its own, in a model's folder, or in a GGUF file.
struct OpenedTokenizer {
    let tokenizer: any TextTokenizer
    private let place: Place

    private enum Place {
        case file(URL)
        case gguf(GGUFFile)
    }

    /// Reads a tokenizer; one that cuts words with MeCab takes these dictionaries where its own
    /// settings name none. Throws as `TokenizerLocation.open` and `GGUFTokenizer.open` do.
    init(_ url: URL, dictionary: String? = nil, userDictionary: String? = nil) throws {
        let facts = try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey])
        if facts?.isDirectory == false, try GGUFFile.isGGUF(url) {
            let file = try GGUFFile(url)
            (tokenizer, place) = (try GGUFTokenizer.open(file), .gguf(file))
        } else {
            let location = try TokenizerLocation.find(at: url)
            tokenizer = try location.open(dictionary: dictionary, userDictionary: userDictionary)
            place = .file(location.file)
        }
    }

    /// What a `tokenizer_config.json` says, beside the file or inside the GGUF file, or the chat
    /// template alone that a GGUF file has; nil where there is nothing.
    func settings() throws -> TokenizerSettings? {
        switch place {
        case .file(let file): return try TokenizerSettings.read(beside: file)
        case .gguf(let file):
            let key = "shoken.file.tokenizer_config.json"
            if case .text(let json)? = file.metadata[key] {
                return try TokenizerSettings(json: Data(json.utf8), name: "\(file.path) (\(key))")
            }
            guard case .text(let template)? = file.metadata["tokenizer.chat_template"] else {
                return nil
            }
            let json = try JSONEncoder().encode(["chat_template": template])
            return try TokenizerSettings(json: json, name: file.path)
        }
    }
}
