import DurableFiles
package import Foundation

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
        let added = vocabulary.addedTokens.map { token in
            "{\"id\":\(token.id),\"content\":\(quoted(token.content)),\"single_word\":false,"
                + "\"lstrip\":false,\"rstrip\":false,\"normalized\":false,"
                + "\"special\":\(token.isSpecial)}"
        }
        let metaspace =
            "{\"type\":\"Metaspace\",\"replacement\":\"\u{2581}\",\"prepend_scheme\":\"always\","
            + "\"split\":true}"
        let pieces = vocabulary.pieces.map { "[\(quoted($0.text)),\($0.score)]" }
        return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":["
            + added.joined(separator: ",") + "],\"normalizer\":null,\"pre_tokenizer\":\(metaspace),"
            + "\"post_processor\":\(postProcessor()),\"decoder\":\(metaspace),"
            + "\"model\":{\"type\":\"Unigram\",\"unk_id\":\(unknown),\"vocab\":["
            + pieces.joined(separator: ",") + "],\"byte_fallback\":false}}"
    }

    private func postProcessor() -> String {
        guard let template = vocabulary.template else { return "null" }
        func part(_ id: Int32) -> String {
            "{\"SpecialToken\":{\"id\":\(quoted(content(of: id))),\"type_id\":0}}"
        }
        let sequence = "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}"
        let single = template.before.map(part) + [sequence] + template.after.map(part)
        let tokens = Set(template.before + template.after).sorted().map { id in
            let content = quoted(content(of: id))
            return "\(content):{\"id\":\(content),\"ids\":[\(id)],\"tokens\":[\(content)]}"
        }
        return "{\"type\":\"TemplateProcessing\",\"single\":[" + single.joined(separator: ",")
            + "],\"pair\":[\(sequence),{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}],"
            + "\"special_tokens\":{" + tokens.joined(separator: ",") + "}}"
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
