// SPDX-License-Identifier: Apache-2.0
import Foundation

extension PipelineFile {
    /// The steps of a normaliser; a `Sequence` is its steps.
    static func normalizers(_ field: TokenizerField) throws(TokenizerError) -> [Normalizer] {
        let type = try type(of: field)
        if let form = NormalizationForm(rawValue: type) {
            try field.allow(only: ["type"])
            return [.form(form)]
        }
        switch type {
        case "Sequence":
            try field.allow(only: ["type", "normalizers"])
            var steps: [Normalizer] = []
            for element in try field.required("normalizers").elements() {
                steps += try normalizers(element)
            }
            return steps
        case "Lowercase", "StripAccents", "Nmt", "ByteLevel":
            try field.allow(only: ["type"])
            return [
                type == "Lowercase"
                    ? .lowercase
                    : type == "StripAccents" ? .stripAccents : type == "Nmt" ? .nmt : .byteLevel
            ]
        case "Replace":
            try field.allow(only: ["type", "pattern", "content"])
            return [
                .replace(
                    try pattern(try field.required("pattern")),
                    with: Array(try field.required("content").string().unicodeScalars))
            ]
        case "Prepend":
            try field.allow(only: ["type", "prepend"])
            return [.prepend(Array(try field.required("prepend").string().unicodeScalars))]
        case "Strip":
            try field.allow(only: ["type", "strip_left", "strip_right"])
            return [
                .strip(
                    left: try field.required("strip_left").bool(),
                    right: try field.required("strip_right").bool())
            ]
        case "BertNormalizer": return [.bert(try bertNormalizer(field))]
        case "Precompiled": return [.precompiled(try precompiled(field))]
        default: throw try field.required("type").unsupported(type)
        }
    }

    private static func bertNormalizer(
        _ field: TokenizerField
    ) throws(TokenizerError) -> BertNormalizer {
        try field.allow(only: [
            "type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase",
        ])
        let lowercases = try field.required("lowercase").bool()
        return BertNormalizer(
            cleansText: try field.required("clean_text").bool(),
            separatesIdeographs: try field.required("handle_chinese_chars").bool(),
            // Absent, it follows `lowercase`, as in BERT's own code.
            stripsAccents: try field.bool("strip_accents") ?? lowercases,
            lowercases: lowercases)
    }

    private static func precompiled(
        _ field: TokenizerField
    ) throws(TokenizerError) -> PrecompiledCharacterMap {
        try field.allow(only: ["type", "precompiled_charsmap"])
        let map = try field.required("precompiled_charsmap")
        guard let bytes = Data(base64Encoded: try map.string()) else { throw map.malformed }
        do {
            return try PrecompiledCharacterMap(
                Array(bytes), file: map.file, field: map.path)
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw map.malformed
        }
    }
}
