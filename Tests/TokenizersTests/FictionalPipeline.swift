// SPDX-License-Identifier: Apache-2.0
import Foundation

@testable import Tokenizers

/// Small `tokenizer.json` files of invented pieces, and their parts to be replaced by tests.
enum FictionalPipeline {
    static let bpe = """
        {"type":"BPE","unk_token":"<unk>","vocab":{"<unk>":0,"発":1,"熱":2,"発熱":3,"あ":4,\
        "り":5,"あり":6,"▁":7,"a":8,"b":9,"ab":10},\
        "merges":[["発","熱"],"あ り",["a","b"]]}
        """
    static let unigram = """
        {"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁",-2],["発熱",-4],["発",-6],\
        ["熱",-6],["a",-7]]}
        """
    static let wordPiece = """
        {"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",\
        "max_input_chars_per_word":8,"vocab":{"[UNK]":0,"発":1,"##熱":2,"##あり":3,"発熱":4}}
        """

    static func json(
        model: String = bpe, addedTokens: String = "[]", normalizer: String = "null",
        preTokenizer: String = "null", postProcessor: String = "null", decoder: String = "null",
        extra: String = ""
    ) -> String {
        """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":\(addedTokens),
        "normalizer":\(normalizer),"pre_tokenizer":\(preTokenizer),
        "post_processor":\(postProcessor),"decoder":\(decoder),"model":\(model)\(extra)}
        """
    }

    static func added(
        _ id: Int, _ content: String, special: Bool = true, singleWord: Bool = false,
        lstrip: Bool = false, rstrip: Bool = false, normalized: Bool = false
    ) -> String {
        #"{"id":\#(id),"content":"\#(content)","special":\#(special),"#
            + #""single_word":\#(singleWord),"lstrip":\#(lstrip),"rstrip":\#(rstrip),"#
            + #""normalized":\#(normalized)}"#
    }

    static func make(_ json: String) throws -> PipelineTokenizer {
        try PipelineFile.tokenizer(in: Data(json.utf8), name: "fictional.json")
    }
}
