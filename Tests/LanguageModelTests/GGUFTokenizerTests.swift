// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import TestSupport
import ModelTestSupport
import Testing
import Tokenizers
import WeightFiles

/// Tokenizers of the reference, through GGUF files; needs `../shared/fixtures`.
@Suite(.enabled(if: ReferenceModel.isAvailable, "needs ../shared/fixtures"))
struct GGUFTokenizerTests {
    static let fixtures = ReferenceModel.folder.appending(path: "..").standardized

    private struct Case: Decodable {
        var text: String
        var ids: [Int32]
        var tie: Bool?
    }

    @Test("the tokenizer inside a file gives the ids of the reference", arguments: ["f32", "q8_0"])
    func inside(name: String) throws {
        struct Expected: Decodable { var tokens: [Case] }
        let folder = Self.fixtures.appending(path: "gguf")
        let cases = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: folder.appending(path: "expected.json"))
        ).tokens
        #expect(cases.count > 50)
        let tokenizer = try GGUFTokenizer.open(at: folder.appending(path: "llama-\(name).gguf"))
        #expect(tokenizer.tokensBefore == [1] && tokenizer.tokensAfter.isEmpty)
        for test in cases { #expect(tokenizer.ids(in: test.text) == test.ids, "\(test.text)") }
    }

    @Test("the file that an inside tokenizer becomes is the one that it came from")
    func backToSentencePiece() throws {
        let folder = Self.fixtures.appending(path: "gguf")
        let place = try TemporaryFolder()
        try ModelConversion(folder.appending(path: "llama-f32.gguf")).writeFolder(to: place["out"])
        let original = try VocabularyTable(
            sentencePiece: Data(contentsOf: folder.appending(path: "tokenizer.model")), name: "a")
        let written = try VocabularyTable(
            sentencePiece: Data(contentsOf: place["out"].appending(path: "tokenizer.model")),
            name: "b")
        #expect(original != nil && original == written)
        let tokenizer = try TokenizerLocation.open(place["out"])
        #expect(tokenizer.tokensBefore == [1])
    }

    /// A model whose tokenizer is one of the reference's.
    private func model(_ tokenizer: String, in place: TemporaryFolder) throws -> URL {
        let folder = place[tokenizer]
        var configuration = try TinyModels.configuration("llama")
        configuration.vocabSize = 2010
        try TinyModels.write(configuration, to: folder)
        for name in ["tokenizer.json", "tokenizer.model"] {
            let file = Self.fixtures.appending(path: "tokenizers/\(tokenizer)/\(name)")
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            try FileManager.default.copyItem(at: file, to: folder.appending(path: name))
        }
        return folder
    }

    private func cases(_ tokenizer: String) throws -> [Case] {
        struct Cases: Decodable { var cases: [Case] }
        let file = Self.fixtures.appending(path: "tokenizers/\(tokenizer)/cases.json")
        return try JSONDecoder().decode(Cases.self, from: Data(contentsOf: file)).cases
    }

    @Test(
        "a folder's tokenizer gives the same ids from a GGUF file, and from its tables alone",
        arguments: [
            ("bpe-llama3", "gpt2"), ("bpe-qwen2", "gpt2"), ("sentencepiece-bpe", "llama"),
            ("sentencepiece-unigram", "t5"), ("unigram", "t5"), ("unigram-nfkc", "none"),
        ])
    func through(name: String, kind: String) throws {
        let place = try TemporaryFolder()
        let folder = try model(name, in: place)
        try ModelConversion(folder).writeGGUF(to: place["m.gguf"], recipe: .q8_0)
        let file = try GGUFFile(place["m.gguf"])
        #expect(file.metadata["tokenizer.ggml.model"] == .text(kind))
        let whole = try GGUFTokenizer.open(file)
        for test in try cases(name) where test.tie != true {
            #expect(whole.ids(in: test.text) == test.ids, "\(test.text)")
        }
        guard kind != "none", kind != "t5" || name != "unigram" else { return }
        let bare = place["bare.gguf"]
        let metadata = file.metadata.filter { $0.key != "tokenizer.huggingface.json" }
        try GGUFWriter.write(
            metadata: metadata.map { ($0.key, $0.value) }, tensors: [], to: bare
        ) { _ in }
        let tables = try GGUFTokenizer.open(at: bare)
        for test in try cases(name) where test.tie != true {
            #expect(tables.ids(in: test.text) == test.ids, "\(test.text)")
        }
    }

    @Test(
        "the files of a tokenizer travel through a GGUF file",
        arguments: ["bpe-llama3", "sentencepiece-bpe"])
    func travelling(name: String) throws {
        let place = try TemporaryFolder()
        let folder = try model(name, in: place)
        let texts = [
            "generation_config.json": #"{"temperature": 0.5}"#,
            "tokenizer_config.json": #"{"chat_template": "x", "add_bos_token": true}"#,
        ]
        for (name, text) in texts {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try ModelConversion(folder).writeGGUF(to: place["m.gguf"], recipe: .f16)
        let file = try GGUFFile(place["m.gguf"])
        #expect(file.metadata["tokenizer.chat_template"] == .text("x"))
        #expect(file.metadata["tokenizer.ggml.add_bos_token"] == .flag(true))
        try ModelConversion(place["m.gguf"]).writeFolder(to: place["out"])
        for (name, text) in texts {
            #expect(try Data(contentsOf: place["out"].appending(path: name)) == Data(text.utf8))
        }
        let again = try TokenizerLocation.open(place["out"])
        for test in try cases(name) where test.tie != true {
            #expect(again.ids(in: test.text) == test.ids)
        }
    }

    @Test("a tokenizer with more tokens than the model's vocabulary is refused")
    func tooMany() throws {
        let place = try TemporaryFolder()
        let folder = try model("bpe-llama3", in: place)
        var configuration = try TinyModels.configuration("llama")
        configuration.vocabSize = 2001
        try TinyModels.write(configuration, to: folder)
        let conversion = try ModelConversion(folder)
        let expected = ConversionError.tokenizerSize(
            file: "\(conversion.path)/tokenizer.json", tokens: 2002, vocabulary: 2001)
        #expect(throws: expected) { try conversion.writeGGUF(to: place["m.gguf"], recipe: .f32) }
    }
}

@Suite struct HostileVocabularyTests {
    /// A table of byte-level merging that is in order.
    static var sound: VocabularyTable {
        var table = VocabularyTable(kind: .gpt2)
        table.tokens = ["a", "b", "ab", "<|end|>"]
        table.kinds = [.normal, .normal, .normal, .control]
        table.merges = ["a b"]
        table.pattern = "gpt-2"
        return table
    }

    static func error(_ change: (inout VocabularyTable) -> Void) -> TokenizerError? {
        var table = sound
        change(&table)
        do {
            _ = try table.tokenizer(name: "t")
            return nil
        } catch { return error as? TokenizerError }
    }

    @Test("a table that does not fit itself is refused by the name of its field")
    func refused() throws {
        #expect(try Self.sound.tokenizer(name: "t").ids(in: "ab<|end|>") == [2, 3])
        #expect(
            Self.error { $0.tokens = [] }
                == .missing(file: "t", field: "tokenizer.ggml.tokens"))
        #expect(
            Self.error { $0.kinds.removeLast() }
                == .malformed(file: "t", field: "tokenizer.ggml.token_type"))
        #expect(
            Self.error { $0.begin = 4 }
                == .outOfRange(
                    file: "t", field: "tokenizer.ggml.bos_token_id", value: 4, count: 4))
        #expect(Self.error { $0.end = -1 } != nil)
        #expect(
            Self.error { $0.pattern = "superbpe" }
                == .unsupported(file: "t", field: "tokenizer.ggml.pre", value: "superbpe"))
        #expect(Self.error { $0.tokens[1] = "a" } != nil)
        #expect(Self.error { $0.merges = ["a c"] } != nil)
        #expect(Self.error { $0.merges = ["a"] } != nil)
        #expect(
            Self.error { $0.kind = .llama }
                == .malformed(file: "t", field: "tokenizer.ggml.scores"))
        #expect(
            Self.error {
                $0.kind = .t5
                $0.scores = [0, 0, .nan, 0]
            } != nil)
        #expect(
            Self.error {
                $0.kind = .llama
                $0.scores = [0, 0, 0, 0]
            } == .missing(file: "t", field: "pieces (UNKNOWN)"))
    }
}
