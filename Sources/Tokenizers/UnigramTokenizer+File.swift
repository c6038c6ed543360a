// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles

extension UnigramTokenizer {
    /// Largest `tokenizer.json` that is read, in bytes.
    package static let fileByteLimit = 64 << 20

    /// Reads a Hugging Face `tokenizer.json`.
    ///
    /// Throws `TokenizerError`, which names the file and the field, or `FileError` where the file
    /// cannot be read.
    package init(file: URL) throws {
        let json = try DiskFiles().read(
            FilePath(file.resolvingSymlinksInPath()), maximumBytes: Self.fileByteLimit)
        try self.init(json: json, name: file.lastPathComponent)
    }

    /// Reads the bytes of a `tokenizer.json`; `name` goes into the errors.
    package init(json: Data, name: String) throws {
        guard json.count <= Self.fileByteLimit else {
            throw TokenizerError.tooLarge(
                file: name, field: "$", count: json.count, limit: Self.fileByteLimit)
        }
        try self.init(
            vocabulary: try TokenizerFile.vocabulary(in: json, file: name), file: name)
    }

    /// Writes a `tokenizer.json` that the Hugging Face library reads too.
    ///
    /// A file of that name is replaced whole. Throws `FileError`.
    package func write(to file: URL) throws {
        try DiskFiles().write(Data(json().utf8), to: FilePath(file))
    }

    /// The contents of the file: one line, pieces in the order of their ids.
    package func json() -> String {
        let metaspace: JSONValue = [
            "type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "always",
            "split": true,
        ]
        let file: JSONValue = [
            "version": "1.0", "truncation": nil, "padding": nil,
            "added_tokens": .array(
                vocabulary.addedTokens.map {
                    .plainToken($0.content, id: Int($0.id), isSpecial: $0.isSpecial)
                }),
            "normalizer": nil, "pre_tokenizer": metaspace, "post_processor": postProcessor(),
            "decoder": metaspace,
            "model": [
                "type": "Unigram", "unk_id": .integer(Int(unknown)),
                "vocab": .array(
                    vocabulary.pieces.map { [.string($0.text), .number($0.score)] }),
                "byte_fallback": false,
            ],
        ]
        return file.text
    }

    private func postProcessor() -> JSONValue {
        guard let template = vocabulary.template else { return nil }
        func tokens(_ ids: [Int32]) -> [(id: Int, content: String)] {
            ids.map { (Int($0), content(of: $0)) }
        }
        return .template(before: tokens(template.before), after: tokens(template.after))
    }
}
