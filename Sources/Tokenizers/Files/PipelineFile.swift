// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Reads a `tokenizer.json` of any kind that is supported; whatever is not is refused with its path.
///
/// `truncation` and `padding` are wishes about batches, which Hugging Face's own model code leaves to
/// its caller; they say nothing about how a text becomes tokens, and are not read.
enum PipelineFile {
    /// Reads the bytes of a file; `name` goes into the errors.
    static func tokenizer(
        in json: Data, name: String
    ) throws(TokenizerError) -> PipelineTokenizer {
        guard json.count <= UnigramTokenizer.fileByteLimit else {
            throw .tooLarge(
                file: name, field: "$", count: json.count,
                limit: UnigramTokenizer.fileByteLimit)
        }
        return try tokenizer(TokenizerField(parsing: Array(json), file: name))
    }

    static func tokenizer(_ root: TokenizerField) throws(TokenizerError) -> PipelineTokenizer {
        try root.allow(only: [
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
            "post_processor", "decoder", "model",
        ])
        let normalizers =
            if let field = try root.optional("normalizer") {
                try normalizers(field)
            } else {
                [Normalizer]()
            }
        let preTokenizers =
            if let field = try root.optional("pre_tokenizer") {
                try preTokenizers(field)
            } else {
                [PreTokenizer]()
            }
        let model = try model(
            try root.required("model"),
            isByteLevel: (preTokenizers.last?.writesBytes ?? normalizers.last?.writesBytes)
                == true)
        var parts = PipelineTokenizer.Parts(
            normalizers: normalizers, preTokenizers: preTokenizers, model: model)
        if let field = try root.optional("decoder") { parts.decoders = try decoders(field) }
        if let field = try root.optional("added_tokens") {
            parts.addedTokens = try addedTokens(field, model, parts.normalizers)
        }
        let count = PipelineTokenizer(parts).vocabularySize
        if let field = try root.optional("post_processor") {
            try read(postProcessor: field, into: &parts.postProcessing, count: count)
        }
        return PipelineTokenizer(parts)
    }

    /// The field `type` of a component.
    static func type(of field: TokenizerField) throws(TokenizerError) -> String {
        try field.required("type").string()
    }

    /// The pattern `{"String": …}` or `{"Regex": …}`.
    static func pattern(_ field: TokenizerField) throws(TokenizerError) -> TextPattern {
        try field.allow(only: ["String", "Regex"])
        let literal = try field.optional("String")
        let expression = if let literal { literal } else { try field.required("Regex") }
        let text = try expression.string()
        guard text.unicodeScalars.count <= TextPattern.lengthLimit else {
            throw .tooLarge(
                file: field.file, field: expression.path, count: text.unicodeScalars.count,
                limit: TextPattern.lengthLimit)
        }
        if literal != nil { return TextPattern(literal: text) }
        guard let pattern = TextPattern(expression: text) else { throw expression.malformed }
        return pattern
    }

    private static func addedTokens(
        _ field: TokenizerField, _ model: any PieceModel, _ normalizers: [Normalizer]
    ) throws(TokenizerError) -> [AddedToken] {
        let elements = try field.elements()
        guard elements.count <= addedTokenLimit else {
            throw .tooLarge(
                file: field.file, field: field.path, count: elements.count,
                limit: addedTokenLimit)
        }
        var tokens: [AddedToken] = []
        var contents: Set<[UInt8]> = []
        var nextID = Int32(model.vocabulary.count)
        for element in elements {
            let token = try addedToken(element)
            let bytes = Array(token.content.utf8)
            guard contents.insert(bytes).inserted else {
                throw .duplicate(file: field.file, field: element.path)
            }
            // The library gives a token the id of the model's piece of that name, or else the next
            // one, and disregards what the file says; a file that says otherwise would mean
            // something else here than there.
            let expected = model.vocabulary.id(of: bytes) ?? nextID
            guard token.id == expected else {
                throw .outOfRange(
                    file: field.file, field: element.path + ".id", value: Int(token.id),
                    count: Int(expected) + 1)
            }
            if token.isNormalized,
                PipelineTokenizer.normalized(token.content, normalizers).isEmpty
            {
                throw .malformed(file: field.file, field: element.path + ".content")
            }
            if token.id >= nextID { nextID = token.id + 1 }
            tokens.append(token)
        }
        return tokens
    }

    /// Most added tokens in a file; vision models have tens of thousands.
    private static let addedTokenLimit = 1 << 17

    private static func addedToken(_ field: TokenizerField) throws(TokenizerError) -> AddedToken {
        try field.allow(only: [
            "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special",
        ])
        let content = try field.required("content")
        let text = try content.string()
        guard !text.isEmpty, text.utf8.count <= UnigramVocabulary.pieceByteLimit else {
            throw content.malformed
        }
        return AddedToken(
            id: try id(try field.required("id")), content: text,
            isSpecial: try field.required("special").bool(),
            isSingleWord: try field.required("single_word").bool(),
            stripsLeft: try field.required("lstrip").bool(),
            stripsRight: try field.required("rstrip").bool(),
            isNormalized: try field.required("normalized").bool())
    }

    /// A number that may be a token's.
    static func id(_ field: TokenizerField) throws(TokenizerError) -> Int32 {
        let value = try field.integer()
        guard value >= 0, value < PieceVocabulary.idLimit else {
            throw .outOfRange(
                file: field.file, field: field.path, value: value,
                count: PieceVocabulary.idLimit)
        }
        return Int32(value)
    }

    /// A count that is not negative.
    static func count(_ field: TokenizerField) throws(TokenizerError) -> Int {
        let value = try field.integer()
        guard value >= 0, value <= Int(Int32.max) else { throw field.malformed }
        return value
    }
}
