// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText
import TestSupport
import Testing

@testable import Tokenizers

private let hasDictionary = FileManager.default.fileExists(
    atPath: MorphologicalAnalyzer.defaultDictionary + "/sys.dic")

private let wordPieceFolder = SentencePieceFixtures.folder.appending(path: "wordpiece")

private let hasWordPieceFixture = FileManager.default.fileExists(
    atPath: wordPieceFolder.appending(path: "vocab.txt").path)

@Suite("WordPiece", .enabled(if: hasDictionary, "mecab-ipadic-utf8 is not installed"))
struct WordPieceTests {
    static let pieces = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "患者", "は", "発熱", "##あり", "38", "##.", "##2",
        "ガ", "##ス", "ct", "mg", "が", ".", "2", "発", "熱", "ｃ", "ｔ",
    ]

    private func tokenizer(
        _ pieces: [String] = pieces, _ change: (inout TokenizerSettings) -> Void = { _ in }
    ) throws -> MeCabWordPieceTokenizer {
        var settings = TokenizerSettings()
        change(&settings)
        return try MeCabWordPieceTokenizer(
            pieces: pieces, settings: settings, analyzer: try MorphologicalAnalyzer(),
            file: "vocab.txt")
    }

    private func shown(_ tokens: [TokenPiece]) -> [String] {
        tokens.map { "\($0.piece) \($0.start)-\($0.end)" }
    }

    @Test("Offsets are those of the raw text, of all scalars that NFKC has joined")
    func offsets() throws {
        #expect(
            shown(try tokenizer().encode("患者は　ｶﾞス、㎎")) == [
                "患者 0-2", "は 2-3", "ガ 4-6", "##ス 6-7", "[UNK] 7-8", "mg 8-9",
            ])
    }

    @Test("The sign of the era Reiwa is its two characters")
    func reiwa() throws {
        #expect(
            try tokenizer().words(of: "\u{32FF}2") == ["令和", "2"]
                || tokenizer().words(of: "\u{32FF}2") == ["令", "和", "2"])
        let tokens = try tokenizer().encode("\u{32FF}2")
        #expect(tokens.first?.start == 0 && tokens.first?.end == 1)
    }

    @Test("A special token in a text is text")
    func specialTokens() throws {
        let tokenizer = try tokenizer()
        #expect(!tokenizer.ids(in: "患者[SEP][CLS]").contains { $0 == 2 || $0 == 3 })
        #expect(tokenizer.tokensBefore == [2] && tokenizer.tokensAfter == [3])
    }

    @Test("Lower case comes after MeCab, and keeps offsets")
    func lowercase() throws {
        let tokenizer = try tokenizer { $0.lowercases = true }
        #expect(shown(tokenizer.encode("ＣＴは")) == ["ct 0-2", "は 2-3"])
    }

    @Test("Each character may be a piece")
    func characters() throws {
        let tokenizer = try tokenizer { $0.subwordTokenizer = "character" }
        #expect(shown(tokenizer.encode("発熱 嗽")) == ["発 0-1", "熱 1-2", "[UNK] 3-4"])
    }

    @Test("Letters may be made wide before MeCab")
    func wide() throws {
        let tokenizer = try tokenizer {
            $0.widens = true
            $0.subwordTokenizer = "character"
            $0.mecab = .init(normalizesText: true)
        }
        #expect(tokenizer.words(of: "ct は").prefix(1).joined().unicodeScalars.first == "ｃ")
    }

    @Test("A word without a full cover is unknown as a whole")
    func unknown() throws {
        #expect(try tokenizer().ids(in: "患者") == [5])
        #expect(try tokenizer().ids(in: "腫瘍") == [1])
        #expect(try tokenizer().ids(in: String(repeating: "x", count: 101)).allSatisfy { $0 == 1 })
    }

    @Test("Pieces are put together with spaces, continuing ones without")
    func decoding() throws {
        let tokenizer = try tokenizer()
        #expect(tokenizer.decode([2, 5, 6, 7, 8, 3], skippingSpecial: true) == "患者 は 発熱あり")
        #expect(tokenizer.decode([2, 5, 99, -1], skippingSpecial: false) == "[CLS] 患者")
    }

    @Test("Ranges of tokens lie in the text and never go back, whatever the text")
    func ranges() throws {
        let tokenizer = try tokenizer()
        var random = SeededNumbers(seed: 23)
        let alphabet: [Unicode.Scalar] = Array(
            "患者ｶﾞｷﾟ㎎①Å が\u{3099}\u{301}\0\r\n 　CT38.2😀\u{FB01}\u{1100}\u{1161}".unicodeScalars)
        for _ in 0..<2000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                view.append(alphabet.randomElement(using: &random) ?? "x")
            }
            let text = String(view)
            var last = 0
            for token in tokenizer.encode(text) {
                #expect(token.start < token.end && token.end <= text.unicodeScalars.count)
                #expect(token.start >= last)
                last = token.start
            }
        }
    }

    @Test(
        "A vocab.txt that is wrong is an error that names the line",
        arguments: [
            ([], TokenizerError.missing(file: "v", field: "line 1")),
            (Array("a\nb\na\n".utf8), .duplicate(file: "v", field: "line 3")),
            ([0x61, 0x0A, 0xE3, 0x81, 0x0A], .malformed(file: "v", field: "line 2")),
            (
                [UInt8](repeating: 0x61, count: 1025),
                .tooLarge(file: "v", field: "line 1", count: 1025, limit: 1024)
            ),
        ] as [([UInt8], TokenizerError)])
    func wrongVocabulary(_ content: [UInt8], _ error: TokenizerError) {
        #expect(throws: error) { try WordPieceFile.pieces(of: content, file: "v") }
    }

    @Test("A vocabulary without a token for unknown words is refused")
    func noUnknown() {
        #expect(throws: TokenizerError.missing(file: "vocab.txt", field: "[UNK]")) {
            try tokenizer(["[CLS]", "a"])
        }
    }

    @Test("Lines may end as on Windows")
    func carriageReturns() throws {
        #expect(try WordPieceFile.pieces(of: Array("a\r\nb\r\n".utf8), file: "v") == ["a", "b"])
    }

    @Test("Settings that cannot be carried out are refused by name")
    func unsupported() throws {
        #expect(throws: TokenizerError.self) {
            try tokenizer { $0.subwordTokenizer = "sentencepiece" }
        }
        #expect(throws: TokenizerError.self) { try MeCabOptions("-O dump") }
        #expect(throws: TokenizerError.self) { try MeCabOptions(nil).check("unidic") }
        #expect(try MeCabOptions("-d /d -u /u.dic").userDictionary == "/u.dic")
        var settings = TokenizerSettings()
        settings.wordTokenizer = "sudachi"
        #expect(throws: TokenizerError.self) { try WordPieceFile.words(settings, pieces: []) }
    }

    @Test("Without settings the pieces tell whether MeCab cut the words")
    func kind() throws {
        #expect(try WordPieceFile.words(TokenizerSettings(), pieces: Self.pieces) == .mecab)
        #expect(try WordPieceFile.words(TokenizerSettings(), pieces: ["a", "発", "##b"]) == .basic)
    }

    @Test("BERT's own tokenizer is read from a vocab.txt, too")
    func basic() throws {
        let folder = try TemporaryFolder()
        try folder.write("[UNK]\n[CLS]\n[SEP]\nct\n##s\n発\n!\ne\n", to: "vocab.txt")
        let tokenizer = try TokenizerLocation.open(folder.url)
        #expect(tokenizer.ids(in: "CTs 発発!É") == [3, 4, 5, 5, 6, 7])
        #expect(tokenizer.tokensBefore == [1] && tokenizer.tokensAfter == [2])
    }
}

@Suite(
    "The Japanese WordPiece fixture",
    .enabled(
        if: hasDictionary && hasWordPieceFixture,
        "mecab-ipadic-utf8 or ../shared/fixtures is not there"))
struct WordPieceFixture {
    struct Cases: Decodable {
        struct Case: Decodable {
            let text: String
            let words: [String]
            let pieces: [String]
            let ids: [Int32]
        }

        let cases: [Case]
    }

    @Test("Every case has the reference's words, pieces and ids")
    func cases() throws {
        let tokenizer = try #require(
            try TokenizerLocation.open(wordPieceFolder) as? MeCabWordPieceTokenizer)
        let data = try Data(contentsOf: wordPieceFolder.appending(path: "cases.json"))
        let cases = try JSONDecoder().decode(Cases.self, from: data).cases
        try #require(cases.count >= 298)
        for (index, expected) in cases.enumerated() {
            let tokens = tokenizer.encode(expected.text)
            #expect(
                tokenizer.words(of: expected.text).map { Array($0.utf8) }
                    == expected.words.map { Array($0.utf8) }, "case \(index)")
            #expect(tokens.map(\.piece) == expected.pieces, "case \(index)")
            #expect(tokens.map(\.id) == expected.ids, "case \(index)")
        }
    }
}
