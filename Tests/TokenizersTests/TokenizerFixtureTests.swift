// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Tokenizers

/// Tokenizers of the field and what its own libraries make of some hundred strings.
struct TokenizerFixture: Sendable, CustomTestStringConvertible {
    let name: String
    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures/tokenizers").standardized

    static let all = [
        "bpe-llama2", "bpe-llama3", "bpe-qwen2", "unigram", "unigram-nfkc", "unigram-precompiled",
    ].map(Self.init)

    static var arePresent: Bool {
        all.allSatisfy { FileManager.default.fileExists(atPath: $0.file("cases.json").path) }
    }

    func file(_ name: String) -> URL { Self.folder.appending(path: "\(self.name)/\(name)") }

    func cases() throws -> ReferenceFixtures.Cases {
        try JSONDecoder().decode(
            ReferenceFixtures.Cases.self, from: Data(contentsOf: file("cases.json")))
    }

    /// The general tokenizer, even where a faster one would be taken.
    func pipeline() throws -> PipelineTokenizer {
        try PipelineFile.tokenizer(
            in: Data(contentsOf: file("tokenizer.json")), name: "tokenizer.json")
    }

    /// Scores by id, where the model has any.
    func scores() throws -> [Double]? {
        struct Model: Decodable {
            let vocab: [[Score]]
        }
        struct File: Decodable {
            let model: Model
        }
        struct Score: Decodable {
            let value: Double?
            init(from decoder: any Decoder) throws {
                value = try? decoder.singleValueContainer().decode(Double.self)
            }
        }
        let data = try Data(contentsOf: file("tokenizer.json"))
        let parsed = try? JSONDecoder().decode(File.self, from: data)
        return parsed?.model.vocab.map { $0.last?.value ?? 0 }
    }
}

@Suite(
    "Tokenizers of every kind agree with the reference",
    .enabled(
        if: TokenizerFixture.arePresent, "../shared/fixtures is not beside this checkout"))
struct TokenizerFixtureTests {
    @Test("Ids, pieces and offsets of every case", arguments: TokenizerFixture.all)
    func encoding(_ fixture: TokenizerFixture) throws {
        let tokenizer = try fixture.pipeline()
        let opened = try TokenizerLocation.open(fixture.file("tokenizer.json"))
        let scores = try fixture.scores()
        let cases = try fixture.cases().cases
        try #require(cases.count >= 300)
        for (index, expected) in cases.enumerated() {
            let found = tokenizer.encode(expected.text)
            #expect(tokenizer.ids(in: expected.text) == found.map(\.id), "case \(index)")
            #expect(opened.ids(in: expected.text) == found.map(\.id), "case \(index)")
            if expected.tie == true, found.map(\.id) != expected.ids {
                let scores = try #require(scores)
                func total(_ ids: [Int32]) -> Double {
                    ids.reduce(0) { $0 + scores[Int($1)] }
                }
                #expect(abs(total(found.map(\.id)) - total(expected.ids)) < 1e-9, "case \(index)")
                continue
            }
            #expect(found.map(\.id) == expected.ids, "case \(index)")
            #expect(
                found.map { Array($0.piece.utf8) } == expected.pieces.map { Array($0.utf8) },
                "case \(index)")
            #expect(found.map { [$0.start, $0.end] } == expected.offsets, "case \(index)")
        }
    }

    @Test("Decoded text of every case", arguments: TokenizerFixture.all)
    func decoding(_ fixture: TokenizerFixture) throws {
        let tokenizer = try fixture.pipeline()
        for (index, expected) in try fixture.cases().cases.enumerated() {
            let all = tokenizer.decode(expected.ids, skippingSpecial: false)
            #expect(all.utf8.elementsEqual(expected.decoded.utf8), "case \(index)")
            let without = tokenizer.decode(expected.ids, skippingSpecial: true)
            #expect(
                without.utf8.elementsEqual((expected.withoutSpecial ?? expected.decoded).utf8),
                "case \(index)")
        }
    }

    @Test("What the post-processor puts around a text", arguments: TokenizerFixture.all)
    func surroundings(_ fixture: TokenizerFixture) throws {
        let tokenizer = try TokenizerLocation.open(fixture.file("tokenizer.json"))
        let cases = try fixture.cases()
        #expect(tokenizer.tokensBefore == cases.before)
        #expect(tokenizer.tokensAfter == cases.after)
    }
}
