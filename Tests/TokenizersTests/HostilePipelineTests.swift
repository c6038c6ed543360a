// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite("General tokenizer files that are wrong")
struct HostilePipelineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let json: String
        let error: TokenizerError

        init(_ description: String, _ json: String, _ error: TokenizerError) {
            testDescription = description
            self.json = json
            self.error = error
        }
    }

    static let name = "broken.json"
    static func malformed(_ field: String) -> TokenizerError {
        .malformed(file: name, field: field)
    }
    static func missing(_ field: String) -> TokenizerError { .missing(file: name, field: field) }
    static func duplicate(_ field: String) -> TokenizerError {
        .duplicate(file: name, field: field)
    }
    static func unsupported(_ field: String, _ value: String) -> TokenizerError {
        .unsupported(file: name, field: field, value: value)
    }
    static func bpe(_ vocabulary: String, _ merges: String = "[]", _ more: String = "") -> String {
        FictionalPipeline.json(
            model: #"{"type":"BPE","vocab":\#(vocabulary),"merges":\#(merges)\#(more)}"#)
    }
    static func unigram(_ vocabulary: String, _ more: String = "") -> String {
        FictionalPipeline.json(
            model: #"{"type":"Unigram","unk_id":0,"vocab":\#(vocabulary)\#(more)}"#)
    }
    static func added(_ tokens: String...) -> String {
        FictionalPipeline.json(addedTokens: "[" + tokens.joined(separator: ",") + "]")
    }
    static func file(_ part: String, _ value: String) -> String {
        switch part {
        case "normalizer": FictionalPipeline.json(normalizer: value)
        case "pre_tokenizer": FictionalPipeline.json(preTokenizer: value)
        case "post_processor": FictionalPipeline.json(postProcessor: value)
        default: FictionalPipeline.json(decoder: value)
        }
    }

    static let limit = PieceVocabulary.idLimit
    static let cases: [Case] = syntax + models + tokens + components

    static let syntax: [Case] = [
        Case("nothing", "", malformed("$")),
        Case("a list", "[]", malformed("$")),
        Case("a word", "nul", malformed("$")),
        Case("two values", "{} {}", malformed("$")),
        Case("nesting", String(repeating: "[", count: 100_000), malformed("$")),
        Case("nested objects", String(repeating: #"{"a":"#, count: 500), malformed("$")),
        Case("a lone surrogate", #"{"model":"\ud800"}"#, malformed("$")),
        Case("half an escape", #"{"model":"\u12"#, malformed("$")),
        Case("a control in a string", "{\"model\":\"\u{1}\"}", malformed("$")),
        Case("a number with a zero before", #"{"model":01}"#, malformed("$")),
        Case("NaN", unigram(#"[["<unk>",NaN]]"#), malformed("$")),
        Case("a comma too many", #"{"model":{},}"#, malformed("$")),
        Case("no model", "{}", missing("model")),
        Case("model null", #"{"model":null}"#, missing("model")),
        Case("model a list", #"{"model":[]}"#, malformed("model")),
        Case("a name twice", #"{"model":1,"model":2}"#, duplicate("model")),
        Case(
            "an unknown field", FictionalPipeline.json(extra: #","flavour":1"#),
            unsupported("flavour", "set")),
    ]

    static let models: [Case] = [
        Case(
            "another model", FictionalPipeline.json(model: #"{"type":"Telepathy"}"#),
            unsupported("model.type", "Telepathy")),
        Case("no pieces", bpe("{}"), missing("model.vocab")),
        Case("pieces in a list", bpe("[]"), malformed("model.vocab")),
        Case("a piece twice", bpe(#"{"a":0,"b":1,"a":2}"#), duplicate("model.vocab[2]")),
        Case("an id twice", bpe(#"{"a":0,"b":0}"#), duplicate("model.vocab[1]")),
        Case("an id in words", bpe(#"{"a":"0"}"#), malformed("model.vocab[0]")),
        Case("an id that is no integer", bpe(#"{"a":0.5}"#), malformed("model.vocab[0]")),
        Case(
            "an id below zero", bpe(#"{"a":-1}"#),
            .outOfRange(file: name, field: "model.vocab[0]", value: -1, count: limit)),
        Case(
            "an id far out", bpe(#"{"a":99999999999}"#),
            .outOfRange(
                file: name, field: "model.vocab[0]", value: 99_999_999_999, count: limit)),
        Case(
            "no merges",
            FictionalPipeline.json(
                model: #"{"type":"BPE","vocab":{"a":0}}"#), missing("model.merges")),
        Case(
            "a merge of an unknown piece", bpe(#"{"a":0,"b":1,"ab":2}"#, #"["a b","a x"]"#),
            malformed("model.merges[1]")),
        Case(
            "a merge into an unknown piece", bpe(#"{"a":0,"b":1}"#, #"[["a","b"]]"#),
            malformed("model.merges[0]")),
        Case(
            "a merge that goes in a circle", bpe(#"{"":0,"a":1}"#, #"[["","a"]]"#),
            malformed("model.merges[0]")),
        Case(
            "a merge of three", bpe(#"{"a":0,"aa":1}"#, #"["a a","a a a"]"#),
            malformed("model.merges[1]")),
        Case(
            "a merge of numbers", bpe(#"{"a":0}"#, "[[0,1]]"), malformed("model.merges[0]")),
        Case(
            "a merge without the prefix",
            bpe(
                #"{"a":0,"b":1,"ab":2}"#, #"[["a","b"]]"#, ###","continuing_subword_prefix":"##""###
            ),
            malformed("model.merges[0]")),
        Case(
            "dropout", bpe(#"{"a":0}"#, "[]", #","dropout":0.1"#),
            unsupported("model.dropout", "random")),
        Case(
            "an unknown token that is no piece", bpe(#"{"a":0}"#, "[]", #","unk_token":"<u>""#),
            malformed("model.unk_token")),
        Case(
            "a flag in words", bpe(#"{"a":0}"#, "[]", #","byte_fallback":"yes""#),
            malformed("model.byte_fallback")),
        Case(
            "an unknown setting", bpe(#"{"a":0}"#, "[]", #","speed":11"#),
            unsupported("model.speed", "set")),
        Case(
            "a long piece", bpe(#"{"\#(String(repeating: "a", count: 1025))":0}"#),
            .tooLarge(file: name, field: "model.vocab[0]", count: 1025, limit: 1024)),
        Case("a score without end", unigram(#"[["a",-1e999]]"#), malformed("model.vocab[0][1]")),
        Case("a huge score", unigram(#"[["a",-1e300]]"#), malformed("model.vocab[0][1]")),
        Case("a score null", unigram(#"[["a",null]]"#), malformed("model.vocab[0][1]")),
        Case("no score", unigram(#"[["a"]]"#), malformed("model.vocab[0]")),
        Case("an empty piece", unigram(#"[["",0]]"#), malformed("model.vocab[0][0]")),
        Case(
            "a piece twice with scores", unigram(#"[["a",-1],["a",-2]]"#),
            duplicate("model.vocab[1]")),
        Case(
            "unk_id beyond the pieces",
            FictionalPipeline.json(model: #"{"type":"Unigram","unk_id":9,"vocab":[["a",0]]}"#),
            .outOfRange(file: name, field: "model.unk_id", value: 9, count: 1)),
        Case(
            "WordPiece without its unknown token",
            FictionalPipeline.json(
                model: FictionalPipeline.wordPiece.replacingOccurrences(
                    of: "[UNK]\":", with: "u\":")
            ), malformed("model.unk_token")),
        Case(
            "a word length below zero",
            FictionalPipeline.json(
                model: FictionalPipeline.wordPiece.replacingOccurrences(of: ":8,", with: ":-8,")),
            malformed("model.max_input_chars_per_word")),
    ]

    static let tokens: [Case] = [
        Case(
            "an added token with a hole before it", added(FictionalPipeline.added(12, "<x>")),
            .outOfRange(file: name, field: "added_tokens[0].id", value: 12, count: 12)),
        Case(
            "an added token on another piece's id", added(FictionalPipeline.added(3, "<x>")),
            .outOfRange(file: name, field: "added_tokens[0].id", value: 3, count: 12)),
        Case(
            "an added token twice",
            added(FictionalPipeline.added(11, "<x>"), FictionalPipeline.added(12, "<x>")),
            duplicate("added_tokens[1]")),
        Case(
            "an empty added token", added(FictionalPipeline.added(11, "")),
            malformed("added_tokens[0].content")),
        Case(
            "an added token without flags", added(#"{"id":11,"content":"<x>","special":true}"#),
            missing("added_tokens[0].single_word")),
        Case(
            "an added token that normalises to nothing",
            FictionalPipeline.json(
                addedTokens: "[\(FictionalPipeline.added(11, " ", normalized: true))]",
                normalizer: #"{"type":"Strip","strip_left":true,"strip_right":true}"#),
            malformed("added_tokens[0].content")),
    ]

    static let components: [Case] = [
        Case(
            "an unknown normaliser", file("normalizer", #"{"type":"Polish"}"#),
            unsupported("normalizer.type", "Polish")),
        Case(
            "one deep in a sequence",
            file("normalizer", #"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"X"}]}"#),
            unsupported("normalizer.normalizers[1].type", "X")),
        Case(
            "a normaliser with more", file("normalizer", #"{"type":"NFC","form":"D"}"#),
            unsupported("normalizer.form", "set")),
        Case(
            "a broken expression",
            file("normalizer", #"{"type":"Replace","pattern":{"Regex":"(a"},"content":""}"#),
            malformed("normalizer.pattern.Regex")),
        Case(
            "a long expression",
            file(
                "normalizer",
                #"{"type":"Replace","pattern":{"Regex":"\#(String(repeating: "a", count: 2049))"},"#
                    + #""content":""}"#),
            .tooLarge(file: name, field: "normalizer.pattern.Regex", count: 2049, limit: 2048)),
        Case(
            "a character map in no base 64",
            file("normalizer", #"{"type":"Precompiled","precompiled_charsmap":"%%"}"#),
            malformed("normalizer.precompiled_charsmap")),
        Case(
            "a character map too short",
            file("normalizer", #"{"type":"Precompiled","precompiled_charsmap":"AAA="}"#),
            malformed("normalizer.precompiled_charsmap.trie_size")),
        Case(
            "an unknown pre-tokeniser", file("pre_tokenizer", #"{"type":"UnicodeScripts"}"#),
            unsupported("pre_tokenizer.type", "UnicodeScripts")),
        Case(
            "an unknown behaviour",
            file(
                "pre_tokenizer",
                #"{"type":"Split","pattern":{"String":"a"},"behavior":"Shy","invert":false}"#),
            unsupported("pre_tokenizer.behavior", "Shy")),
        Case(
            "a mark of two characters",
            file("pre_tokenizer", #"{"type":"Metaspace","replacement":"ab"}"#),
            malformed("pre_tokenizer.replacement")),
        Case(
            "an unknown scheme",
            file(
                "pre_tokenizer",
                #"{"type":"Metaspace","replacement":"_","prepend_scheme":"often"}"#),
            unsupported("pre_tokenizer.prepend_scheme", "often")),
        Case(
            "an unknown decoder", file("decoder", #"{"type":"CTC"}"#),
            unsupported("decoder.type", "CTC")),
        Case(
            "a decoder that strips less than nothing",
            file("decoder", #"{"type":"Strip","content":" ","start":-1,"stop":0}"#),
            malformed("decoder.start")),
        Case(
            "an unknown post-processor", file("post_processor", #"{"type":"Glue"}"#),
            unsupported("post_processor.type", "Glue")),
        Case(
            "a template of an unknown id",
            file(
                "post_processor",
                #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}},"#
                    + #"{"Sequence":{"id":"A"}}],"special_tokens":{"x":{"ids":[77]}}}"#),
            .outOfRange(
                file: name, field: "post_processor.special_tokens.x.ids[0]", value: 77, count: 11)),
        Case(
            "a template of a token that is nowhere",
            file(
                "post_processor",
                #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}},"#
                    + #"{"Sequence":{"id":"A"}}],"special_tokens":{}}"#),
            missing("post_processor.single[0].SpecialToken.id")),
        Case(
            "a template without the text",
            file("post_processor", #"{"type":"TemplateProcessing","single":[]}"#),
            malformed("post_processor.single")),
        Case(
            "a separator beyond the ids",
            file("post_processor", #"{"type":"BertProcessing","sep":["s",99],"cls":["c",0]}"#),
            .outOfRange(file: name, field: "post_processor.sep[1]", value: 99, count: 11)),
    ]

    @Test("Each fault is an error that names the file and the field", arguments: cases)
    func faults(_ fault: Case) {
        #expect(throws: fault.error) {
            try PipelineFile.tokenizer(in: Data(fault.json.utf8), name: Self.name)
        }
    }

    static let sound = [
        FictionalPipeline.json(), FictionalPipeline.json(model: FictionalPipeline.unigram),
        FictionalPipeline.json(model: FictionalPipeline.wordPiece), rich,
    ]
    static let rich = FictionalPipeline.json(
        addedTokens: "["
            + FictionalPipeline.added(11, "<x>", lstrip: true, rstrip: true) + ","
            + FictionalPipeline.added(12, "ＡＢ", singleWord: true, normalized: true) + "]",
        normalizer: #"{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Replace","#
            + #""pattern":{"Regex":" {2,}"},"content":" "}]}"#,
        preTokenizer: #"{"type":"Sequence","pretokenizers":[{"type":"Digits","#
            + #""individual_digits":true},{"type":"Metaspace","replacement":"▁"}]}"#,
        postProcessor: #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}},"#
            + #"{"Sequence":{"id":"A"}}],"special_tokens":{"x":{"ids":[11]}}}"#,
        decoder: #"{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]}"#)

    @Test("The files that the faults are made from are themselves right", arguments: sound)
    func soundFiles(_ json: String) throws {
        let tokenizer = try FictionalPipeline.make(json)
        #expect(tokenizer.encode("発熱").count > 0)
    }

    @Test("Every beginning of a file is refused", arguments: sound)
    func truncations(_ json: String) {
        let whole = Array(json.utf8)
        let step = max(1, whole.count / 200)
        for length in stride(from: 0, to: whole.count - 1, by: step) {
            #expect(throws: TokenizerError.self) {
                try PipelineFile.tokenizer(
                    in: Data(whole.prefix(length)), name: Self.name)
            }
        }
    }

    @Test("A file with wrong bytes is refused, or works", arguments: sound)
    func wrongBytes(_ json: String) {
        var random = SeededNumbers(seed: 5)
        var refused = 0
        for _ in 0..<1500 {
            var bytes = Array(json.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                // Half of them stay ASCII, so that the file is more often still JSON.
                bytes[index] = UInt8.random(
                    in: 0...(Bool.random(using: &random) ? 127 : 255), using: &random)
            }
            do {
                let tokenizer = try PipelineFile.tokenizer(in: Data(bytes), name: Self.name)
                let found = tokenizer.encode(" 発熱 <x>ＡＢ\u{3099} 12ab未知")
                #expect(found.map(\.id) == tokenizer.ids(in: " 発熱 <x>ＡＢ\u{3099} 12ab未知"))
                #expect(found.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= 17 })
                _ = tokenizer.decode(Array(-2..<40), skippingSpecial: true)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300)
    }

    @Test("A file that is too large is refused before it is parsed")
    func oversize() {
        let limit = UnigramTokenizer.fileByteLimit
        #expect(
            throws: TokenizerError.tooLarge(
                file: Self.name, field: "$", count: limit + 1, limit: limit)
        ) {
            try PipelineFile.tokenizer(in: Data(count: limit + 1), name: Self.name)
        }
    }
}
