// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JSONFiles
import Tokenizers
import WeightFiles

extension ModelConversion {
    /// The key under which a GGUF file holds a text file of the folder it came from.
    private static func key(ofFile name: String) -> String { "shoken.file." + name }
    /// Files that travel inside a GGUF file as they are.
    private static let embeddedFiles = [
        "generation_config.json", "tokenizer_config.json", "special_tokens_map.json",
    ]
    /// The largest of them, in bytes.
    private static let embeddedFileLimit = 16 << 20

    /// The entries of a GGUF file that belong to the tokenizer, and to files that travel with it.
    ///
    /// A `tokenizer.json` is embedded whole, since its tables do not say all that it does; readers that
    /// know tables only get them where they give the same tokens. Throws `TokenizerError`, `FileError`,
    /// or `tokenizerSize`.
    func tokenizerEntries(
        _ configuration: DecoderConfiguration
    ) throws -> [(key: String, value: GGUFValue)] {
        switch source {
        case .gguf(let decoder):
            return decoder.file.metadata.filter {
                $0.key.hasPrefix("tokenizer.") || $0.key.hasPrefix(Self.key(ofFile: ""))
            }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        case .folder(let folder, _, _):
            var entries = try tableEntries(folder, configuration)
            for name in Self.embeddedFiles {
                guard let text = try content(of: name, in: folder) else { continue }
                entries.append(
                    (Self.key(ofFile: name), .text(String(decoding: text, as: UTF8.self))))
            }
            if let template = try chatTemplate(folder) {
                entries.append(("tokenizer.chat_template", .text(template)))
            }
            return entries
        }
    }

    private func tableEntries(
        _ folder: URL, _ configuration: DecoderConfiguration
    ) throws -> [(key: String, value: GGUFValue)] {
        var table: VocabularyTable?
        var entries: [(key: String, value: GGUFValue)] = []
        if let json = try content(of: "tokenizer.json", in: folder) {
            let tokenizer = try JSONTokenizers.tokenizer(in: json, name: "tokenizer.json")
            try checkSize(tokenizer.vocabularySize, "tokenizer.json", configuration)
            table = try VocabularyTable(json: json, name: "tokenizer.json")
            entries.append(
                (GGUFTokenizer.jsonKey, .text(String(decoding: json, as: UTF8.self))))
        }
        // SentencePiece's own file says more of a SentencePiece tokenizer.
        for name in ["tokenizer.model", "spiece.model"] where table?.kind != .gpt2 {
            guard let model = try content(of: name, in: folder) else { continue }
            table = try VocabularyTable(sentencePiece: model, name: name) ?? table
            try checkSize(table?.tokens.count ?? 0, name, configuration)
            break
        }
        if let found = table {
            var settings = found
            try complete(&settings, folder, configuration)
            return entries
                + GGUFTokenizer.entries(settings, vocabulary: configuration.vocabSize)
        }
        entries.append(("tokenizer.ggml.model", .text("none")))
        if let id = configuration.bosTokenID {
            entries.append(("tokenizer.ggml.bos_token_id", .integer(Int(id))))
        }
        if let id = configuration.eosTokenIDs.first {
            entries.append(("tokenizer.ggml.eos_token_id", .integer(Int(id))))
        }
        return entries
    }

    /// What the folder's other files say of the tokens around a text.
    private func complete(
        _ table: inout VocabularyTable, _ folder: URL, _ configuration: DecoderConfiguration
    ) throws {
        table.begin = configuration.bosTokenID.map(Int.init) ?? table.begin
        table.end = configuration.eosTokenIDs.first.map(Int.init) ?? table.end
        let settings = try TokenizerSettings.read(
            beside: folder.appending(path: "tokenizer.json"))
        table.addsBegin = settings?.addsBegin ?? table.addsBegin
        table.addsEnd = settings?.addsEnd ?? table.addsEnd
        // Readers of tables take the end of a table for the end of the ids.
        let limit = configuration.vocabSize
        if let begin = table.begin, begin >= limit { table.begin = nil }
        if let end = table.end, end >= limit { table.end = nil }
    }

    private func checkSize(
        _ tokens: Int, _ file: String, _ configuration: DecoderConfiguration
    ) throws(ConversionError) {
        guard tokens <= configuration.vocabSize else {
            throw .tokenizerSize(
                file: "\(path)/\(file)", tokens: tokens, vocabulary: configuration.vocabSize)
        }
    }

    private func content(of name: String, in folder: URL) throws -> Data? {
        let file = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            return nil
        }
        let limit =
            Self.embeddedFiles.contains(name) ? Self.embeddedFileLimit : Self.travellingFileLimit
        return try DiskFiles().read(
            FilePath(file.resolvingSymlinksInPath()), maximumBytes: limit)
    }

    private func chatTemplate(_ folder: URL) throws -> String? {
        if let text = try content(of: "chat_template.jinja", in: folder) {
            return String(decoding: text, as: UTF8.self)
        }
        return try TokenizerSettings.read(beside: folder.appending(path: "tokenizer.json"))?
            .chatTemplate?.template
    }

    /// The files of a folder that a GGUF file's tokenizer and what travelled with it become.
    func tokenizerFiles(_ decoder: GGUFDecoder) throws -> [String: Data] {
        let file = decoder.file
        var files: [String: Data] = [:]
        for name in Self.embeddedFiles {
            guard case .text(let text)? = file.metadata[Self.key(ofFile: name)] else { continue }
            files[name] = Data(text.utf8)
        }
        let table = try GGUFTokenizer.table(file)
        if let json = try GGUFTokenizer.json(file) {
            files["tokenizer.json"] = json
        } else if let table {
            let made = try table.file(name: file.path)
            files[made.name] = made.content
        }
        if let table, table.tokens.count > decoder.configuration.vocabSize {
            throw ConversionError.tokenizerSize(
                file: path, tokens: table.tokens.count,
                vocabulary: decoder.configuration.vocabSize)
        }
        if files["tokenizer_config.json"] == nil, let table {
            files["tokenizer_config.json"] = try settings(of: table, file)
        }
        return files
    }

    /// A `tokenizer_config.json` with what a table says.
    private func settings(of table: VocabularyTable, _ file: GGUFFile) throws -> Data {
        var fields: [String: JSONValue] = [:]
        for (key, id) in [
            ("bos_token", table.begin), ("eos_token", table.end), ("unk_token", table.unknown),
            ("pad_token", table.padding),
        ] {
            guard let id, table.tokens.indices.contains(id) else { continue }
            fields[key] = .string(table.tokens[id])
        }
        fields["add_bos_token"] = table.addsBegin.map { .bool($0) }
        fields["add_eos_token"] = table.addsEnd.map { .bool($0) }
        if table.kind == .llama { fields["tokenizer_class"] = .string("LlamaTokenizer") }
        if case .text(let template)? = file.metadata["tokenizer.chat_template"] {
            fields["chat_template"] = .string(template)
        }
        return try JSONEncoder.sorted(.prettyPrinted).encode(fields)
    }
}
