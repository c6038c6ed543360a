// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Tokenizers

/// The answers of the sentencepiece package beside a checkout; absent from the repository.
enum SentencePieceFixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures/tokenizers").standardized
    static let names = ["sentencepiece-unigram", "sentencepiece-bpe"]

    static var arePresent: Bool {
        names.allSatisfy {
            FileManager.default.fileExists(
                atPath: folder.appending(path: $0 + "/tokenizer.model").path)
        }
    }

    struct Case: Decodable {
        let text: String
        let normalized: String
        let ids: [Int32]
        let pieces: [String]
        let offsets: [[Int]]
        let decoded: String
        let tie: Bool?
    }

    static func cases(_ name: String) throws -> [Case] {
        struct File: Decodable {
            let cases: [Case]
        }
        let data = try Data(contentsOf: folder.appending(path: name + "/cases.json"))
        return try JSONDecoder().decode(File.self, from: data).cases
    }

    static func tokenizer(_ name: String) throws -> SentencePieceTokenizer {
        try SentencePieceTokenizer(file: folder.appending(path: name + "/tokenizer.model"))
    }
}

@Suite(
    "The sentencepiece package's answers",
    .enabled(
        if: SentencePieceFixtures.arePresent, "../shared/fixtures is not beside this checkout"))
struct SentencePieceFixtureTests {
    /// Those that single precision decides are in it, too: sums are kept as the reference keeps them.
    @Test(
        "Every case has the reference's normalised text, ids, pieces and offsets",
        arguments: SentencePieceFixtures.names)
    func encoding(_ name: String) throws {
        let tokenizer = try SentencePieceFixtures.tokenizer(name)
        let cases = try SentencePieceFixtures.cases(name)
        try #require(cases.count >= 300)
        for (index, expected) in cases.enumerated() {
            let found = tokenizer.encode(expected.text)
            #expect(
                tokenizer.normalized(expected.text).utf8.elementsEqual(expected.normalized.utf8),
                "case \(index)")
            #expect(found.map(\.id) == expected.ids, "case \(index)")
            #expect(tokenizer.ids(in: expected.text) == expected.ids, "case \(index)")
            #expect(
                found.map { Array($0.piece.utf8) } == expected.pieces.map { Array($0.utf8) },
                "case \(index)")
            #expect(found.map { [$0.start, $0.end] } == expected.offsets, "case \(index)")
        }
    }

    @Test("Every case is decoded as the reference does", arguments: SentencePieceFixtures.names)
    func decoding(_ name: String) throws {
        let tokenizer = try SentencePieceFixtures.tokenizer(name)
        for (index, expected) in try SentencePieceFixtures.cases(name).enumerated() {
            let found = tokenizer.decode(expected.ids, skippingSpecial: false)
            #expect(found.utf8.elementsEqual(expected.decoded.utf8), "case \(index)")
        }
    }

    @Test("The file is found by its contents, and its ids lead to pieces and back")
    func opening() throws {
        for name in SentencePieceFixtures.names {
            let tokenizer = try TokenizerLocation.open(
                SentencePieceFixtures.folder.appending(path: name))
            #expect(tokenizer.vocabularySize == 2000)
            #expect(tokenizer.tokensBefore == [] && tokenizer.tokensAfter == [])
            for id in Int32(0)..<2000 {
                let piece = try #require(tokenizer.piece(of: id))
                #expect(tokenizer.id(of: piece) == id)
            }
            #expect(tokenizer.piece(of: 2000) == nil && tokenizer.piece(of: -1) == nil)
        }
    }
}
