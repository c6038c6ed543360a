// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

import Tokenizers

/// The reference files beside a checkout; absent from the repository.
enum ReferenceFixtures {
    static let unigram = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures/tokenizers/unigram").standardized

    static var arePresent: Bool {
        FileManager.default.fileExists(atPath: unigram.appending(path: "cases.json").path)
    }

    struct Cases: Decodable {
        let cases: [Case]
        let before: [Int32]
        let after: [Int32]

        enum CodingKeys: String, CodingKey {
            case cases
            case before = "special_tokens_before"
            case after = "special_tokens_after"
        }
    }

    struct Case: Decodable {
        let text: String
        let ids: [Int32]
        let pieces: [String]
        let offsets: [[Int]]
        let decoded: String
        let withoutSpecial: String?
        let tie: Bool?

        enum CodingKeys: String, CodingKey {
            case text, ids, pieces, offsets, decoded, tie
            case withoutSpecial = "decoded_without_special"
        }
    }

    static func cases() throws -> Cases {
        let data = try Data(contentsOf: unigram.appending(path: "cases.json"))
        return try JSONDecoder().decode(Cases.self, from: data)
    }

    static func tokenizer() throws -> UnigramTokenizer {
        try UnigramTokenizer(file: unigram.appending(path: "tokenizer.json"))
    }
}

@Suite(
    "The reference library's answers",
    .enabled(
        if: ReferenceFixtures.arePresent, "../shared/fixtures is not beside this checkout"))
struct ReferenceFixtureTests {
    @Test("Every case has the reference's ids, pieces and offsets")
    func encoding() throws {
        let tokenizer = try ReferenceFixtures.tokenizer()
        let cases = try ReferenceFixtures.cases().cases
        try #require(cases.count >= 300)
        for (index, expected) in cases.enumerated() {
            let found = tokenizer.encode(expected.text)
            #expect(tokenizer.ids(in: expected.text) == found.map(\.id), "case \(index)")
            if expected.tie == true {
                let difference =
                    score(found.map(\.id), tokenizer) - score(expected.ids, tokenizer)
                #expect(abs(difference) < 1e-9, "case \(index)")
            } else {
                #expect(found.map(\.id) == expected.ids, "case \(index)")
                #expect(
                    found.map { Array($0.piece.utf8) } == expected.pieces.map { Array($0.utf8) },
                    "case \(index)")
                #expect(found.map { [$0.start, $0.end] } == expected.offsets, "case \(index)")
            }
        }
    }

    @Test("Every case is decoded as the reference does, with and without special tokens")
    func decoding() throws {
        let tokenizer = try ReferenceFixtures.tokenizer()
        for (index, expected) in try ReferenceFixtures.cases().cases.enumerated() {
            #expect(
                tokenizer.decode(expected.ids).utf8.elementsEqual(expected.decoded.utf8),
                "case \(index)")
            let without = expected.withoutSpecial ?? expected.decoded
            #expect(
                tokenizer.decode(expected.ids, skippingSpecial: true).utf8
                    .elementsEqual(without.utf8), "case \(index)")
        }
    }

    @Test("The file is read whole and written back with the same contents")
    func file() throws {
        let tokenizer = try ReferenceFixtures.tokenizer()
        let cases = try ReferenceFixtures.cases()
        #expect(tokenizer.vocabularySize == 2000)
        #expect(tokenizer.unknown == 3 && tokenizer.newline == 2)
        #expect(tokenizer.vocabulary.template?.before == cases.before)
        #expect(tokenizer.vocabulary.template?.after == cases.after)
        let again = try UnigramTokenizer(json: Data(tokenizer.json().utf8), name: "again")
        #expect(again.vocabulary == tokenizer.vocabulary)
    }

    private func score(_ ids: [Int32], _ tokenizer: UnigramTokenizer) -> Double {
        ids.reduce(0) { $0 + tokenizer.vocabulary.pieces[Int($1)].score }
    }
}
