// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tokenizers

/// Small vocabularies of each kind, made in the test.
enum ConstraintVocabularies {
    static let kinds = ["byte-level", "byte-fallback", "unigram"]

    static let words = [
        "腫瘤", "右上葉", "右", "上", "葉", "に", "を", "認める", "認", "め", "る", "肺", "癌",
        "疑い", "疑", "い", "disease", "drug", "dis", "ease", "\",\"", "\":\"", "\": ", "{\"", "\"}",
        "[{", "}]", "},{", "text", "type", "true", "false", "null", "薬", "mg", "10", "。", "、",
    ]

    static func tokenizer(_ kind: String) throws -> any TextTokenizer {
        switch kind {
        case "byte-level": try json(byteLevel)
        case "byte-fallback": try json(byteFallback)
        default: try unigram()
        }
    }

    private static func json(_ value: [String: Any]) throws -> any TextTokenizer {
        try JSONTokenizers.tokenizer(
            in: JSONSerialization.data(withJSONObject: value), name: "tokenizer.json")
    }

    private static func file(
        _ pieces: [String], preTokenizer: Any = NSNull(), decoder: [String: Any], fallback: Bool
    ) -> [String: Any] {
        var vocabulary: [String: Int] = [:]
        for piece in ["<s>", "</s>"] + pieces where vocabulary[piece] == nil {
            vocabulary[piece] = vocabulary.count
        }
        let added = ["<s>", "</s>"].enumerated().map { id, content -> [String: Any] in
            [
                "id": id, "content": content, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true,
            ]
        }
        return [
            "version": "1.0", "added_tokens": added, "normalizer": NSNull(),
            "pre_tokenizer": preTokenizer, "post_processor": NSNull(), "decoder": decoder,
            "model": [
                "type": "BPE", "dropout": NSNull(), "unk_token": NSNull(),
                "continuing_subword_prefix": NSNull(), "end_of_word_suffix": NSNull(),
                "fuse_unk": false, "byte_fallback": fallback, "vocab": vocabulary,
                "merges": [String](),
            ] as [String: Any],
        ]
    }

    /// The characters that byte-level tokenizers write bytes with.
    private static let alphabet: [String] = {
        var next = UnicodeScalar(0x100 as UInt32)?.value ?? 0
        return (0...255).map { byte in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
                return String(UnicodeScalar(UInt8(byte)))
            }
            defer { next += 1 }
            return UnicodeScalar(next).map { String($0) } ?? ""
        }
    }()

    private static var byteLevel: [String: Any] {
        func written(_ text: some Sequence<UInt8>) -> String {
            text.map { alphabet[Int($0)] }.joined()
        }
        let parts =
            words.map { written($0.utf8) }
            // Tokens that begin or end within a character.
            + words.map { written($0.utf8.dropFirst()) } + words.map { written($0.utf8.dropLast()) }
        let step: [String: Any] = [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false,
            "use_regex": false,
        ]
        return file(
            alphabet + parts.filter { !$0.isEmpty }, preTokenizer: step, decoder: step,
            fallback: false)
    }

    private static var byteFallback: [String: Any] {
        let bytes = (0...255).map { String(format: "<0x%02X>", $0) }
        let pieces = words + words.map { "\u{2581}" + $0 } + ["\u{2581}"]
        return file(
            bytes + pieces,
            decoder: [
                "type": "Sequence",
                "decoders": [
                    [
                        "type": "Replace", "pattern": ["String": "\u{2581}"], "content": " ",
                    ] as [String: Any],
                    ["type": "ByteFallback"], ["type": "Fuse"],
                    ["type": "Strip", "content": " ", "start": 1, "stop": 0],
                ],
            ], fallback: true)
    }

    /// Without pieces for bytes: every character of the documents is one of its own.
    private static func unigram() throws -> UnigramTokenizer {
        let special = UnigramTokenizer.SpecialToken.all
        let ascii = (0x21...0x7E).compactMap { UnicodeScalar($0).map { String($0) } }
        var seen = Set(special)
        let pieces = (ascii + words + words.map { "\u{2581}" + $0 } + ["\u{2581}", "𠮷", "が"])
            .filter { seen.insert($0).inserted }
        let vocabulary = try UnigramVocabulary(
            pieces: (special + pieces).map { UnigramVocabulary.Piece(text: $0, score: -5) },
            addedTokens: special.enumerated().map {
                UnigramVocabulary.AddedToken(id: Int32($0), content: $1)
            }, unknown: 3, template: nil, file: "test")
        return try UnigramTokenizer(vocabulary: vocabulary, file: "test")
    }
}
