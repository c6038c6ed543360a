// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import Tokenizers

@Suite(.enabled(if: TokenizerFixtures.areAvailable, "needs ../shared/fixtures/tokenizers"))
struct TokenBytesTests {
    static let kinds = [
        "bpe-llama2", "bpe-llama3", "bpe-qwen2", "sentencepiece-bpe", "sentencepiece-unigram",
        "unigram", "unigram-nfkc", "unigram-precompiled",
    ]

    @Test("the bytes of tokens, one after another, are the decoded text", arguments: kinds)
    func decoding(kind: String) throws {
        let tokenizer = try TokenizerLocation.open(TokenizerFixtures.folder.appending(path: kind))
        let bytes = TokenBytes(tokenizer)
        let texts = [
            "右上葉に腫瘤を認める。", "  two  spaces", "Aspirin 100mg 内服\n経過良好", "𠮷野家 😀 が",
            "\u{304B}\u{3099}", "▁", "a",
        ]
        var random = SeededNumbers(seed: 31)
        var generated = texts.map { tokenizer.ids(in: $0) }
        // A space as a byte, which some decoders take away at the beginning.
        generated += ["<0x20>", "<0x41>"].compactMap { tokenizer.id(of: $0) }.map {
            [$0] + tokenizer.ids(in: "腫瘤")
        }
        for _ in 0..<300 {
            let length = Int.random(in: 1...12, using: &random)
            generated.append(
                (0..<length).map { _ in
                    Int32.random(in: 0..<Int32(tokenizer.vocabularySize), using: &random)
                })
        }
        var compared = 0
        for ids in generated {
            // Tokens without bytes, and texts that begin with an empty token, are not compared:
            // the first tells nothing, the second moves the beginning.
            let shown = ids.filter { !bytes.bytes(of: $0, isFirst: false).isEmpty }
            guard let first = shown.first, !bytes.bytes(of: first, isFirst: true).isEmpty,
                let text = String(validating: bytes.bytes(of: shown), as: UTF8.self)
            else { continue }
            compared += 1
            let decoded = tokenizer.decode(shown, skippingSpecial: false)
            #expect(Array(decoded.utf8) == Array(text.utf8), "\(shown)")
        }
        #expect(compared > 20)
    }

    @Test("special tokens have no bytes", arguments: kinds)
    func special(kind: String) throws {
        let tokenizer = try TokenizerLocation.open(TokenizerFixtures.folder.appending(path: kind))
        let bytes = TokenBytes(tokenizer)
        for token in tokenizer.summary.specialTokens {
            let isSpace = token.content.allSatisfy(\.isWhitespace)
            #expect(bytes.bytes(of: token.id, isFirst: false).isEmpty == !isSpace)
        }
        #expect(bytes.bytes(of: -1, isFirst: true).isEmpty)
        #expect(bytes.bytes(of: .max, isFirst: true).isEmpty)
    }
}

/// Tokenizers of an independent implementation.
enum TokenizerFixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures/tokenizers").standardized
    static var areAvailable: Bool {
        FileManager.default.fileExists(atPath: folder.path(percentEncoded: false))
    }
}
