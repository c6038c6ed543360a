// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Tokenizers

@Suite("SentencePiece's own way of encoding")
struct SentencePieceTokenizerTests {
    typealias Model = FictionalSentencePieceModel

    private func shown(_ tokens: [TokenPiece]) -> [String] {
        tokens.map { "\($0.piece) \($0.start)-\($0.end)" }
    }

    private func model(_ change: (inout Model) -> Void) throws -> SentencePieceTokenizer {
        var model = Model()
        change(&model)
        return try model.tokenizer()
    }

    @Test("A piece that stands for no source text has an empty range")
    func offsets() throws {
        let tokenizer = try Model().tokenizer()
        #expect(shown(tokenizer.encode("  を mg ")) == ["▁ 2-2", "を 2-3", "▁ 3-4", "mg 4-6"])
    }

    @Test("Unknown characters in a row are one token")
    func unknown() throws {
        #expect(
            shown(try Model().tokenizer().encode("発痛痒熱")) == [
                "▁ 0-0", "発 0-1", "<unk> 1-3", "熱 3-4",
            ])
    }

    @Test("A user-defined piece is one token wherever it stands, and is not normalised")
    func userDefined() throws {
        let tokenizer = try model {
            $0.normalizer = Model.message(
                2, FictionalCharacterMap([("<", "ガ"), ("㎎", "mg")]).bytes)
        }
        #expect(
            shown(tokenizer.encode("<sep><㎎")) == [
                "▁ 0-0", "<sep> 0-5", "ガ 5-6", "mg 6-7",
            ])
    }

    @Test("A control piece in a text is plain text")
    func control() throws {
        let tokenizer = try Model().tokenizer()
        #expect(tokenizer.encode("<s>").map(\.id) == [3, 0])
        #expect(tokenizer.encode("を<s>mg").map(\.id) == [3, 7, 0, 8])
    }

    @Test("Unused pieces are not made, neither by likelihood nor by merging", arguments: [1, 2])
    func unused(_ algorithm: UInt64) throws {
        let tokenizer = try model { $0.trainer = Model.number(3, algorithm) }
        #expect(!tokenizer.ids(in: "発熱を 発熱を").contains(13))
    }

    @Test("With byte fallback only the last byte of a character has a range")
    func bytes() throws {
        let tokenizer = try model {
            $0.trainer = Model.number(35, 1)
            let digits = Array("0123456789ABCDEF")
            $0.pieces += (0..<256).map {
                .init("<0x\(digits[$0 / 16])\(digits[$0 % 16])>", kind: 6)
            }
        }
        let tokens = tokenizer.encode("を痛")
        #expect(
            shown(tokens) == [
                "▁ 0-0", "を 0-1", "<0xE7> 1-1", "<0x97> 1-1", "<0x9B> 1-2",
            ])
        #expect(tokenizer.decode(tokens.map(\.id), skippingSpecial: false) == "を痛")
        // A character cut off in the middle.
        #expect(
            tokenizer.decode(tokens.dropLast().map(\.id), skippingSpecial: false)
                == "を\u{FFFD}\u{FFFD}")
    }

    @Test("A space may stand after each word instead of before it")
    func suffix() throws {
        let tokenizer = try model { $0.trainer = Model.number(24, 1) }
        #expect(shown(tokenizer.encode("を 発")) == ["を 0-1", "▁ 1-2", "発 2-3", "▁ 3-3"])
    }

    @Test("Nothing but spaces has no tokens", arguments: ["", " ", "   "])
    func empty(_ text: String) throws {
        #expect(try Model().tokenizer().encode(text) == [])
    }

    @Test("Unknown pieces are decoded as the model says, or left out")
    func decodingUnknown() throws {
        let tokenizer = try Model().tokenizer()
        #expect(tokenizer.decode([1, 3, 7, 0, 8, 2], skippingSpecial: false) == "を \u{2047} mg")
        #expect(tokenizer.decode([1, 3, 7, 0, 8, 2], skippingSpecial: true) == "をmg")
    }

    @Test("Ids lead to pieces and pieces to ids, control pieces too")
    func pieces() throws {
        let tokenizer = try Model().tokenizer()
        for id in Int32(0)..<Int32(tokenizer.vocabularySize) {
            let piece = try #require(tokenizer.piece(of: id))
            #expect(tokenizer.id(of: piece) == id)
        }
        #expect(tokenizer.id(of: "無") == nil)
        #expect(tokenizer.piece(of: 14) == nil && tokenizer.piece(of: -1) == nil)
    }
}
