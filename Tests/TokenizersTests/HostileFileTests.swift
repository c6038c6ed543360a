// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Testing
import Tokenizers

@Suite("Tokenizer files that are wrong")
struct HostileFileTests {
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
    static let file = FictionalTokenizer.self
    static let cases: [Case] = [
        Case("nothing", "", .malformed(file: name, field: "$")),
        Case("truncated", String(file.json().dropLast(40)), .malformed(file: name, field: "$")),
        Case("a list", "[]", .malformed(file: name, field: "$")),
        Case("no model", "{}", .missing(file: name, field: "model")),
        Case(
            "deep nesting", String(repeating: "[", count: 100_000),
            .malformed(file: name, field: "$")),
        Case(
            "a piece twice", file.json(vocabulary: #"[["a",-1],["b",-2],["a",-3]]"#),
            .duplicate(file: name, field: "model.vocab[2]")),
        Case(
            "an empty piece", file.json(vocabulary: #"[["a",-1],["",-2]]"#),
            .malformed(file: name, field: "model.vocab[1][0]")),
        Case(
            "no pieces", file.json(vocabulary: "[]"),
            .missing(file: name, field: "model.vocab")),
        Case(
            "a missing score", file.json(vocabulary: #"[["a",-1],["b"]]"#),
            .missing(file: name, field: "model.vocab[1][1]")),
        Case(
            "a score null", file.json(vocabulary: #"[["a",null]]"#),
            .missing(file: name, field: "model.vocab[0][1]")),
        Case(
            "a score NaN", file.json(vocabulary: #"[["a",NaN]]"#),
            .malformed(file: name, field: "$")),
        Case(
            "a score in words", file.json(vocabulary: #"[["a","NaN"]]"#),
            .malformed(file: name, field: "model.vocab[0][1]")),
        Case(
            "a score of no finite size", file.json(vocabulary: #"[["a",-1e300]]"#),
            .malformed(file: name, field: "model.vocab[0][1]")),
        Case(
            "three things in an entry", file.json(vocabulary: #"[["a",-1,2]]"#),
            .malformed(file: name, field: "model.vocab[0][2]")),
        Case(
            "unk_id beyond the pieces", file.json(unknown: "22"),
            .outOfRange(file: name, field: "model.unk_id", value: 22, count: 22)),
        Case(
            "unk_id below zero", file.json(unknown: "-1"),
            .outOfRange(file: name, field: "model.unk_id", value: -1, count: 22)),
        Case(
            "unk_id null", file.json(unknown: "null"),
            .missing(file: name, field: "model.unk_id")),
        Case(
            "an added token far out",
            file.json(addedTokens: #"[{"id":2147483647,"content":"<x>","special":true}]"#),
            .outOfRange(
                file: name, field: "added_tokens[0].id", value: 2_147_483_647, count: 23)),
        Case(
            "an added token beyond 32 bits",
            file.json(addedTokens: #"[{"id":4294967296,"content":"<x>","special":true}]"#),
            .outOfRange(
                file: name, field: "added_tokens[0].id", value: 4_294_967_296,
                count: 2_147_483_647)),
        Case(
            "an added token that is another piece",
            file.json(addedTokens: #"[{"id":5,"content":"<x>","special":true}]"#),
            .malformed(file: name, field: "added_tokens[0].content")),
        Case(
            "an id of an added token twice",
            file.json(
                addedTokens: #"[{"id":22,"content":"<x>"},{"id":22,"content":"<y>"}]"#),
            .duplicate(file: name, field: "added_tokens[1]")),
        Case(
            "an empty added token", file.json(addedTokens: #"[{"id":22,"content":""}]"#),
            .malformed(file: name, field: "added_tokens[0].content")),
        Case(
            "no special tokens", file.json(addedTokens: "[]"),
            .missingSpecialToken(file: name, content: "<|begin_of_text|>")),
        Case(
            "an added token that strips",
            file.json(addedTokens: #"[{"id":0,"content":"<x>","lstrip":true}]"#),
            .unsupported(file: name, field: "added_tokens[0].lstrip", value: "true")),
        Case(
            "a normalizer", file.json(normalizer: #"{"type":"NFKC"}"#),
            .unsupported(file: name, field: "normalizer", value: "NFKC")),
        Case(
            "another pre-tokenizer", file.json(preTokenizer: #"{"type":"ByteLevel"}"#),
            .unsupported(file: name, field: "pre_tokenizer", value: "ByteLevel")),
        Case(
            "no pre-tokenizer", file.json(preTokenizer: "null"),
            .unsupported(file: name, field: "pre_tokenizer", value: "null")),
        Case(
            "another model", file.json(modelType: "BPE"),
            .unsupported(file: name, field: "model.type", value: "BPE")),
        Case(
            "a template of an unknown token",
            file.json(
                postProcessor: """
                    {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}},
                    {"Sequence":{"id":"A"}}],"special_tokens":{"x":{"ids":[77]}}}
                    """),
            .outOfRange(file: name, field: "post_processor", value: 77, count: 22)),
        Case(
            "a template without the text",
            file.json(postProcessor: #"{"type":"TemplateProcessing","single":[]}"#),
            .malformed(file: name, field: "post_processor.single")),
    ]

    @Test("Each fault is an error that names the file and the field", arguments: cases)
    func faults(_ fault: Case) {
        #expect(throws: fault.error) {
            try UnigramTokenizer(json: Data(fault.json.utf8), name: Self.name)
        }
    }

    @Test("The file that the faults are made from is itself right")
    func sound() throws {
        _ = try FictionalTokenizer.make()
    }

    @Test("Every beginning of a file is refused without a crash")
    func truncations() {
        let whole = Array(FictionalTokenizer.json().utf8)
        for length in stride(from: 0, to: whole.count - 1, by: 7) {
            #expect(throws: TokenizerError.self) {
                try UnigramTokenizer(json: Data(whole.prefix(length)), name: Self.name)
            }
        }
    }

    @Test("A file that is too large is refused before it is parsed")
    func oversize() {
        let limit = UnigramTokenizer.fileByteLimit
        #expect(
            throws: TokenizerError.tooLarge(
                file: Self.name, field: "$", count: limit + 1, limit: limit)
        ) {
            try UnigramTokenizer(json: Data(count: limit + 1), name: Self.name)
        }
    }

    @Test("A piece of more than 1024 bytes is refused")
    func longPiece() {
        let long = String(repeating: "a", count: 1025)
        #expect(
            throws: TokenizerError.tooLarge(
                file: Self.name, field: "model.vocab[0][0]", count: 1025, limit: 1024)
        ) {
            try UnigramTokenizer(
                json: Data(FictionalTokenizer.json(vocabulary: "[[\"\(long)\",-1]]").utf8),
                name: Self.name)
        }
    }

    @Test("A file that is not there is an error that names it")
    func absent() {
        let error = #expect(throws: FileError.self) {
            try UnigramTokenizer(file: URL(filePath: "/nonexistent/none.json"))
        }
        #expect(error?.path == "/nonexistent/none.json")
    }
}
