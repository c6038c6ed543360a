// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tokenizers

/// A small tokenizer over invented pieces, and the parts of its file to be broken by tests.
enum FictionalTokenizer {
    static let pieces: [(String, Double)] = [
        ("<|begin_of_text|>", 0), ("<|end_of_text|>", 0), ("\n", 0), ("<|unk|>", 0),
        ("▁", -2), ("▁発熱", -4), ("発", -6), ("熱", -6), ("を", -5), ("▁を", -3.5),
        ("▁認め", -4.5), ("認", -7), ("め", -6.5), ("▁右", -5), ("上葉", -5.5), ("右", -7),
        ("上", -7), ("葉", -7), ("▁ず", -4), ("a", -8), ("か\u{3099}", -8), ("が", -7.5),
    ]

    /// The file, with some of its parts replaced.
    static func json(
        vocabulary: String? = nil, unknown: String = "3", preTokenizer: String? = nil,
        normalizer: String = "null", addedTokens: String? = nil, modelType: String = "Unigram",
        postProcessor: String = "null"
    ) -> String {
        let metaspace =
            #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"#
        let added = pieces.prefix(4).enumerated().map { id, piece in
            #"{"id":\#(id),"content":"\#(escaped(piece.0))","special":true}"#
        }
        let entries = pieces.map { #"["\#(escaped($0.0))",\#($0.1)]"# }
        return """
            {"version":"1.0","truncation":null,"padding":null,
            "added_tokens":\(addedTokens ?? "[" + added.joined(separator: ",") + "]"),
            "normalizer":\(normalizer),"pre_tokenizer":\(preTokenizer ?? metaspace),
            "post_processor":\(postProcessor),"decoder":\(metaspace),
            "model":{"type":"\(modelType)","unk_id":\(unknown),
            "vocab":\(vocabulary ?? "[" + entries.joined(separator: ",") + "]")}}
            """
    }

    static func make() throws -> UnigramTokenizer {
        try UnigramTokenizer(json: Data(json().utf8), name: "fictional.json")
    }

    private static func escaped(_ text: String) -> String {
        text == "\n" ? "\\n" : text
    }
}
