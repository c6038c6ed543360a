// SPDX-License-Identifier: Apache-2.0
import Foundation

extension TokenizerFile {
    /// Parses and checks the bytes of a file; throws `TokenizerError` naming the field.
    static func vocabulary(in json: Data, file: String) throws -> UnigramVocabulary {
        let parsed: TokenizerFile
        do {
            parsed = try JSONDecoder().decode(TokenizerFile.self, from: json)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw TokenizerError.missing(file: file, field: path(context.codingPath + [key]))
        } catch DecodingError.valueNotFound(_, let context) {
            throw TokenizerError.missing(file: file, field: path(context.codingPath))
        } catch DecodingError.typeMismatch(_, let context) {
            throw TokenizerError.malformed(file: file, field: path(context.codingPath))
        } catch DecodingError.dataCorrupted(let context) {
            throw TokenizerError.malformed(file: file, field: path(context.codingPath))
        }
        return try parsed.vocabulary(file: file)
    }

    /// `[model, vocab, 3]` as `model.vocab[3]`; the whole file is `$`.
    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? "$" : path
    }

    private func vocabulary(file: String) throws -> UnigramVocabulary {
        try refuseUnsupported(file: file)
        guard let unknown = model.unknown else {
            throw TokenizerError.missing(file: file, field: "model.unk_id")
        }
        return try UnigramVocabulary(
            pieces: model.vocabulary.map(\.piece), addedTokens: try tokens(file: file),
            unknown: unknown, template: try template(file: file), file: file)
    }

    private func refuseUnsupported(file: String) throws {
        func expect(_ field: String, _ value: String?, _ expected: String?) throws {
            guard value != expected else { return }
            let shown = String((value ?? "null").unicodeScalars.prefix(64))
            throw TokenizerError.unsupported(file: file, field: field, value: shown)
        }
        try expect("model.type", model.type, "Unigram")
        try expect("model.byte_fallback", "\(model.byteFallback ?? false)", "false")
        try expect("truncation", truncation == nil ? nil : "object", nil)
        try expect("padding", padding == nil ? nil : "object", nil)
        try expect("normalizer", normalizer?.type, nil)
        for (field, part) in [("pre_tokenizer", preTokenizer), ("decoder", decoder)] {
            try expect(field, part?.type, "Metaspace")
            try expect(field + ".replacement", part?.replacement ?? "\u{2581}", "\u{2581}")
            // The library's defaults.
            try expect(field + ".prepend_scheme", part?.prependScheme ?? "always", "always")
            try expect(field + ".split", "\(part?.split ?? true)", "true")
        }
        if let postProcessor {
            try expect("post_processor.type", postProcessor.type, "TemplateProcessing")
        }
    }

    private func tokens(file: String) throws -> [UnigramVocabulary.AddedToken] {
        try (addedTokens ?? []).enumerated().map { index, token in
            let flags = [
                ("single_word", token.singleWord), ("lstrip", token.lstrip),
                ("rstrip", token.rstrip), ("normalized", token.normalized),
            ]
            for (name, value) in flags where value == true {
                throw TokenizerError.unsupported(
                    file: file, field: "added_tokens[\(index)].\(name)", value: "true")
            }
            guard let id = Int32(exactly: token.id) else {
                throw TokenizerError.outOfRange(
                    file: file, field: "added_tokens[\(index)].id", value: token.id,
                    count: Int(Int32.max))
            }
            return UnigramVocabulary.AddedToken(
                id: id, content: token.content, isSpecial: token.special ?? false)
        }
    }

    private func template(file: String) throws -> UnigramVocabulary.Template? {
        guard let postProcessor else { return nil }
        var sides: [[Int32]] = [[]]
        for (index, part) in (postProcessor.single ?? []).enumerated() {
            let field = "post_processor.single[\(index)]"
            if part.sequence != nil {
                sides.append([])
            } else if let name = part.special?.id {
                guard let token = postProcessor.specialTokens?[name] else {
                    throw TokenizerError.missing(file: file, field: field)
                }
                sides[sides.count - 1] += token.ids
            }
        }
        guard sides.count == 2 else {
            throw TokenizerError.malformed(file: file, field: "post_processor.single")
        }
        return UnigramVocabulary.Template(before: sides[0], after: sides[1])
    }
}
