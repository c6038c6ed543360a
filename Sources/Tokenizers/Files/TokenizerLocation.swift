// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// Where the file of a tokenizer is, and of which kind it is.
package enum TokenizerLocation: Equatable, Sendable {
    /// A Hugging Face `tokenizer.json`.
    case json(URL)
    /// A SentencePiece model (`tokenizer.model`, `spiece.model`).
    case sentencePiece(URL)
    /// A `vocab.txt`, one piece a line; its settings are in `tokenizer_config.json` beside it.
    case wordPieceVocabulary(URL)

    /// Finds out what is at `url`: a directory by the names in it, a file by what it begins with.
    ///
    /// Throws `TokenizerError.unrecognized` where there is no tokenizer, `FileError` where the file
    /// cannot be read.
    package static func find(at url: URL) throws -> TokenizerLocation {
        let values = try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey])
        guard values?.isDirectory == true else { return try kind(ofFile: url) }
        for name in ["tokenizer.json", "tokenizer.model", "spiece.model", "vocab.txt"] {
            let file = url.appending(path: name)
            if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
                return name == "vocab.txt" ? .wordPieceVocabulary(file) : try kind(ofFile: file)
            }
        }
        throw TokenizerError.unrecognized(file: url.lastPathComponent)
    }

    /// Reads the tokenizer; one that cuts words with MeCab takes these dictionaries, or else those that
    /// its own settings name.
    ///
    /// Throws `TokenizerError`, which names the file and the field, `FileError` where the file
    /// cannot be read, or `MorphologyError` where a dictionary cannot be loaded.
    package func open(
        dictionary: String? = nil, userDictionary: String? = nil
    ) throws -> any TextTokenizer {
        switch self {
        case .json(let file):
            return try JSONTokenizers.tokenizer(at: file)
        case .sentencePiece(let file):
            return try SentencePieceTokenizer(file: file)
        case .wordPieceVocabulary(let file):
            return try WordPieceFile.tokenizer(
                at: file, dictionary: dictionary, userDictionary: userDictionary)
        }
    }

    /// Reads the tokenizer at `url`: a file of any kind, or a model's directory.
    ///
    /// Throws as `find(at:)` and `open(dictionary:userDictionary:)` do.
    package static func open(
        _ url: URL, dictionary: String? = nil, userDictionary: String? = nil
    ) throws -> any TextTokenizer {
        try find(at: url).open(dictionary: dictionary, userDictionary: userDictionary)
    }

    /// A JSON object begins with a brace; a SentencePiece model is a protobuf whose first field is
    /// its list of pieces (field 1, length-delimited: byte 0x0A), each of which begins with its
    /// text (again 0x0A). A `vocab.txt` is told by its name, for its contents may be anything.
    private static func kind(ofFile url: URL) throws -> TokenizerLocation {
        let content = try DiskFiles().read(
            FilePath(url.resolvingSymlinksInPath()), maximumBytes: UnigramTokenizer.fileByteLimit)
        let start = content.prefix(64)
        if let mistaken = MistakenContent(beginning: content.prefix(MistakenContent.bytes)) {
            throw TokenizerError.damaged(
                file: url.lastPathComponent, fault: mistaken.explanation)
        }
        if start.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == 0x7B {
            return .json(url)
        }
        if url.lastPathComponent.hasSuffix("vocab.txt") { return .wordPieceVocabulary(url) }
        if start.count > 2, start.first == 0x0A, start.dropFirst().prefix(4).contains(0x0A) {
            return .sentencePiece(url)
        }
        // An empty or truncated file is reported in the words of what its name says it is.
        switch url.pathExtension {
        case "json": return .json(url)
        case "model": return .sentencePiece(url)
        default: throw TokenizerError.unrecognized(file: url.lastPathComponent)
        }
    }
}
