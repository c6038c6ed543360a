// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tokenizers
package import WeightFiles

/// The tokenizer inside a GGUF file.
package enum GGUFTokenizer {
    /// Reads the tokenizer of an open file.
    ///
    /// Where the file holds a whole `tokenizer.json` (`tokenizer.huggingface.json`), that is what is
    /// carried out; else the tables under `tokenizer.ggml`. Throws `TokenizerError`, which names the
    /// file and the key; `unrecognized` where there is no tokenizer.
    package static func open(_ file: GGUFFile) throws -> any TextTokenizer {
        if let json = try json(file) {
            return try JSONTokenizers.tokenizer(in: json, name: "\(file.path) (\(jsonKey))")
        }
        guard let table = try table(file) else {
            throw TokenizerError.unrecognized(file: file.path)
        }
        return try table.tokenizer(name: file.path)
    }

    /// Reads the tokenizer of a GGUF file; throws `WeightFileError` or as `open(_:)` does.
    package static func open(at url: URL) throws -> any TextTokenizer {
        try open(GGUFFile(url))
    }

    static let jsonKey = "tokenizer.huggingface.json"
    private static let prefix = "tokenizer.ggml."

    /// The `tokenizer.json` that a file holds.
    static func json(_ file: GGUFFile) throws(TokenizerError) -> Data? {
        guard let value = file.metadata[jsonKey] else { return nil }
        guard case .text(let text) = value else {
            throw .malformed(file: file.path, field: jsonKey)
        }
        return Data(text.utf8)
    }

    /// The table that a file holds; nil where it has none.
    static func table(_ file: GGUFFile) throws(TokenizerError) -> VocabularyTable? {
        let fields = Fields(file: file)
        guard let model = try fields.text("model"), model != "none" else { return nil }
        guard let kind = VocabularyTable.Kind(rawValue: model) else {
            throw .unsupported(
                file: file.path, field: prefix + "model",
                value: String(model.unicodeScalars.prefix(64)))
        }
        var table = VocabularyTable(kind: kind)
        table.tokens = try fields.texts("tokens")
        table.kinds = try fields.kinds(count: table.tokens.count)
        table.scores = try fields.scores()
        table.merges = kind == .gpt2 ? try fields.texts("merges") : []
        table.pattern = try fields.text("pre")
        table.begin = try fields.integer("bos_token_id")
        table.end = try fields.integer("eos_token_id")
        table.unknown = try fields.integer("unknown_token_id")
        table.padding = try fields.integer("padding_token_id")
        table.addsBegin = try fields.flag("add_bos_token")
        table.addsEnd = try fields.flag("add_eos_token")
        table.addsSpacePrefix = try fields.flag("add_space_prefix") ?? true
        table.removesExtraSpaces = try fields.flag("remove_extra_whitespaces") ?? false
        table.characterMap = try fields.bytes("precompiled_charsmap")
        return table
    }

    /// The entries of a file for a table, filled up to the model's vocabulary with unused tokens.
    static func entries(
        _ table: VocabularyTable, vocabulary: Int
    ) -> [(key: String, value: GGUFValue)] {
        var (tokens, kinds, scores) = (table.tokens, table.kinds, table.scores)
        while tokens.count < vocabulary {
            tokens.append("[PAD\(tokens.count)]")
            kinds.append(.unused)
            if table.kind != .gpt2 { scores.append(0) }
        }
        var entries: [(key: String, value: GGUFValue)] = [
            ("model", .text(table.kind.rawValue)), ("tokens", .texts(tokens)),
            ("token_type", .integers(kinds.map(\.rawValue))),
        ]
        if let pattern = table.pattern { entries.append(("pre", .text(pattern))) }
        if table.kind == .gpt2 {
            entries.append(("merges", .texts(table.merges)))
        } else {
            entries.append(("scores", .numbers(scores.map(Double.init))))
            entries.append(("add_space_prefix", .flag(table.addsSpacePrefix)))
            entries.append(("remove_extra_whitespaces", .flag(table.removesExtraSpaces)))
        }
        if !table.characterMap.isEmpty {
            entries.append(("precompiled_charsmap", .bytes(table.characterMap)))
        }
        for (key, id) in [
            ("bos_token_id", table.begin), ("eos_token_id", table.end),
            ("unknown_token_id", table.unknown), ("padding_token_id", table.padding),
        ] {
            if let id { entries.append((key, .integer(id))) }
        }
        for (key, flag) in [("add_bos_token", table.addsBegin), ("add_eos_token", table.addsEnd)] {
            if let flag { entries.append((key, .flag(flag))) }
        }
        return entries.map { (prefix + $0.key, $0.value) }
    }

    /// The values under `tokenizer.ggml`, each of which must be of its type.
    private struct Fields {
        let file: GGUFFile

        private func value(_ name: String) -> GGUFValue? { file.metadata[prefix + name] }

        private func malformed(_ name: String) -> TokenizerError {
            .malformed(file: file.path, field: prefix + name)
        }

        func text(_ name: String) throws(TokenizerError) -> String? {
            guard let value = value(name) else { return nil }
            guard case .text(let text) = value else { throw malformed(name) }
            return text
        }

        func flag(_ name: String) throws(TokenizerError) -> Bool? {
            guard let value = value(name) else { return nil }
            guard case .flag(let flag) = value else { throw malformed(name) }
            return flag
        }

        func integer(_ name: String) throws(TokenizerError) -> Int? {
            guard let value = value(name) else { return nil }
            guard case .integer(let number) = value else { throw malformed(name) }
            return number
        }

        func texts(_ name: String) throws(TokenizerError) -> [String] {
            guard let value = value(name) else {
                throw .missing(file: file.path, field: prefix + name)
            }
            guard case .texts(let texts) = value else { throw malformed(name) }
            return texts
        }

        func bytes(_ name: String) throws(TokenizerError) -> [UInt8] {
            guard let value = value(name) else { return [] }
            guard case .bytes(let bytes) = value else { throw malformed(name) }
            return bytes
        }

        func scores() throws(TokenizerError) -> [Float] {
            guard let value = value("scores") else { return [] }
            guard case .numbers(let numbers) = value else { throw malformed("scores") }
            return numbers.map(Float.init)
        }

        /// What each token is for; all are made of text where the file does not say.
        func kinds(count: Int) throws(TokenizerError) -> [VocabularyTable.TokenKind] {
            guard let value = value("token_type") else {
                return Array(repeating: .normal, count: count)
            }
            guard case .integers(let numbers) = value else { throw malformed("token_type") }
            var kinds: [VocabularyTable.TokenKind] = []
            for number in numbers {
                guard let kind = VocabularyTable.TokenKind(rawValue: number) else {
                    throw malformed("token_type")
                }
                kinds.append(kind)
            }
            return kinds
        }
    }
}
