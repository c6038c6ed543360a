// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Foundation
import JapaneseText
import LanguageModel
import ModelTestSupport
import Tensors
import Testing
import Tokenizers

@Suite("States of words")
struct TrunkReaderTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }
    private static let texts = [
        "発熱あり。咳嗽はない。", "", "右上葉に腫瘤を認める。発熱なし。", "咳。",
        String(repeating: "発熱と咳嗽を認める。", count: 12),
    ]

    private static func tokenizer() throws -> UnigramTokenizer {
        let special = ["<|begin_of_text|>", "<|end_of_text|>", "\\n", "<|unk|>"]
        let added = special.enumerated().map { id, content in
            #"{"id":\#(id),"content":"\#(content)","single_word":false,"lstrip":false,"#
                + #""rstrip":false,"normalized":false,"special":true}"#
        }
        let pieces =
            special.map { #"["\#($0)",0.0]"# }
            + ["▁", "▁発熱", "発熱", "咳", "嗽", "認", "め", "る", "あり", "ない", "。"]
            .map { #"["\#($0)",-3.0]"# }
        let space =
            #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"#
        let json = """
            {"version":"1.0","truncation":null,"padding":null,"normalizer":null,
             "added_tokens":[\(added.joined(separator: ","))],
             "pre_tokenizer":\(space),"post_processor":null,"decoder":\(space),
             "model":{"type":"Unigram","unk_id":3,"byte_fallback":false,
                      "vocab":[\(pieces.joined(separator: ","))]}}
            """
        return try UnigramTokenizer(json: Data(json.utf8), name: "tokenizer")
    }

    private func reader(context: Int = 24, tokensPerBatch: Int = 64) throws -> TrunkReader {
        let trunk = try RandomModel.make(context: context)
        return TrunkReader(.words(try Self.tokenizer(), trunk), tokensPerBatch: tokensPerBatch)
    }

    @Test("each sentence gets one row a word, and a text without words none")
    func shapes() throws {
        let texts = Self.texts.map(try Self.analyzer.get().analyze)
        let reader = try reader()
        let states = try reader.wordStates(of: texts)
        #expect(states.map(\.count) == texts.map(\.sentences.count))
        for (text, states) in zip(texts, states) {
            for (sentence, tensor) in zip(text.sentences, states) {
                #expect(tensor.shape == [sentence.morphemes.count, reader.width])
                #expect(!tensor.values.contains { !$0.isFinite })
                // A word without a state would be a row of zeros.
                for row in 0..<tensor.rows {
                    #expect(tensor.rowSlice(row..<row + 1).values.contains { $0 != 0 })
                }
            }
        }
    }

    @Test("a text's states are the same alone and in company, whatever the size of a pass")
    func company() throws {
        let texts = Self.texts.map(try Self.analyzer.get().analyze)
        let together = try reader(tokensPerBatch: 1000).wordStates(of: texts)
        for (number, text) in texts.enumerated() {
            let alone = try reader(tokensPerBatch: 8).wordStates(of: [text])
            for (one, other) in zip(try #require(alone.first), together[number]) {
                #expect(one.shape == other.shape)
                let difference = zip(one.values, other.values).map { abs($0 - $1) }.max() ?? 0
                #expect(difference < 1e-4, "text \(number): \(difference)")
            }
        }
    }

    @Test("what is no number is an error, never a document without findings")
    func notFinite() throws {
        let trunk = try RandomModel.make(
            context: 24, damaged: "model.norm.weight")
        let reader = TrunkReader(.words(try Self.tokenizer(), trunk))
        let text = try Self.analyzer.get().analyze("発熱あり。")
        #expect(throws: TrunkError.notFinite(sequence: 0)) {
            try reader.wordStates(of: [text])
        }
    }
}
