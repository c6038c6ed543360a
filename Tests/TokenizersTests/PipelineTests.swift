// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite("Parts of a general tokenizer file")
struct PipelineTests {
    private func pieces(_ json: String, _ text: String) throws -> [String] {
        try FictionalPipeline.make(json).encode(text).map(\.piece)
    }

    private func places(_ json: String, _ text: String) throws -> [[Int]] {
        try FictionalPipeline.make(json).encode(text).map { [$0.start, $0.end] }
    }

    @Test("Merges go by rank, and a character without a piece is unknown")
    func merging() throws {
        let tokenizer = try FictionalPipeline.make(FictionalPipeline.json())
        let found = tokenizer.encode("発熱ありab熱😀")
        #expect(found.map(\.id) == [3, 6, 10, 2, 0])
        #expect(found.map { [$0.start, $0.end] } == [[0, 2], [2, 4], [4, 6], [6, 7], [7, 8]])
        #expect(tokenizer.decode([3, 6, 99, -1, 10], skippingSpecial: false) == "発熱 あり ab")
        #expect(tokenizer.id(of: "発熱") == 3 && tokenizer.id(of: "ない") == nil)
    }

    @Test("A word that no piece continues is one unknown token, as is a long one")
    func wordPiece() throws {
        let json = FictionalPipeline.json(
            model: FictionalPipeline.wordPiece, preTokenizer: #"{"type":"WhitespaceSplit"}"#)
        #expect(
            try pieces(json, "発熱 発熱あり 発熱熱ない 発熱ありありありあり")
                == ["発熱", "発熱", "##あり", "[UNK]", "[UNK]"])
        #expect(try places(json, " 発熱あり 熱") == [[1, 3], [3, 5], [6, 7]])
    }

    @Test("Bytes stand for a character that is no piece, if all of them are pieces")
    func byteFallback() throws {
        let bytes = (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return #""<0x\#(digits.count < 2 ? "0" : "")\#(digits)>":\#(byte + 2)"#
        }
        let json = FictionalPipeline.json(
            model: #"{"type":"BPE","unk_token":"u","byte_fallback":true,"fuse_unk":true,"#
                + #""vocab":{"u":0,"発":1,\#(bytes.joined(separator: ","))},"merges":[]}"#,
            decoder: #"{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]}"#)
        let tokenizer = try FictionalPipeline.make(json)
        let found = tokenizer.encode("発熱")
        #expect(found.map(\.piece) == ["発", "<0xE7>", "<0x86>", "<0xB1>"])
        #expect(found.map { [$0.start, $0.end] } == [[0, 1], [1, 2], [1, 2], [1, 2]])
        #expect(tokenizer.decode(found.map(\.id), skippingSpecial: false) == "発熱")
        #expect(tokenizer.decode([0xE7 + 2, 1], skippingSpecial: false) == "\u{FFFD}発")
    }

    struct Flags: Sendable {
        let flags: String
        let text: String
        let places: [[Int]]
    }

    static let flagCases = [
        Flags(flags: FictionalPipeline.added(11, "cd"), text: "a cd b", places: [[2, 4]]),
        Flags(
            flags: FictionalPipeline.added(11, "x", lstrip: true), text: "a  x b",
            places: [[1, 4]]),
        Flags(
            flags: FictionalPipeline.added(11, "x", rstrip: true), text: "a  x \u{3000}b",
            places: [[3, 6]]),
        Flags(
            flags: FictionalPipeline.added(11, "x", singleWord: true), text: "ax x 発x。x-x",
            places: [[3, 4], [8, 9], [10, 11]]),
        // Looked for after normalisation, or before it.
        Flags(
            flags: FictionalPipeline.added(11, "ＸＹ", normalized: true), text: "XY ＸＹ",
            places: [[0, 2], [3, 5]]),
        Flags(
            flags: FictionalPipeline.added(11, "ＸＹ"), text: "XY ＸＹ", places: [[3, 5]]),
        Flags(
            flags: FictionalPipeline.added(11, "x") + "," + FictionalPipeline.added(12, "xyz"),
            text: "xyxyz", places: [[0, 1], [2, 5]]),
    ]

    @Test("Added tokens are found as their flags say", arguments: flagCases)
    func addedTokens(_ flags: Flags) throws {
        let tokenizer = try FictionalPipeline.make(
            FictionalPipeline.json(
                addedTokens: "[\(flags.flags)]", normalizer: #"{"type":"NFKC"}"#))
        let found = tokenizer.encode(flags.text).filter { $0.id >= 11 }
        #expect(found.map { [$0.start, $0.end] } == flags.places)
    }

    struct Normalisation: Sendable {
        let normalizer: String
        let text: String
        let result: String
        /// Source offset of the start of each scalar.
        let starts: [Int32]
    }

    static let normalisations = [
        Normalisation(
            normalizer: #"{"type":"NFKC"}"#, text: "ﾊﾟｶﾞ㎎か\u{3099}", result: "パガmgが",
            starts: [0, 2, 4, 4, 5]),
        Normalisation(
            normalizer: #"{"type":"NFC"}"#, text: "ﾊﾟか\u{3099}e\u{323}\u{302}", result: "ﾊﾟが\u{1EC7}",
            starts: [0, 1, 2, 4]),
        Normalisation(
            normalizer: #"{"type":"NFD"}"#, text: "が\u{1EC7}", result: "か\u{3099}e\u{323}\u{302}",
            starts: [0, 0, 1, 1, 1]),
        Normalisation(
            normalizer: #"{"type":"NFC"}"#, text: "\u{1112}\u{1161}\u{11AB}각", result: "한각",
            starts: [0, 3]),
        Normalisation(
            normalizer: #"{"type":"Strip","strip_left":true,"strip_right":true}"#,
            text: "\u{3000} あ ", result: "あ", starts: [2]),
        Normalisation(
            normalizer: #"{"type":"Prepend","prepend":"▁▁"}"#, text: "あい", result: "▁▁あい",
            starts: [0, 0, 0, 1]),
        Normalisation(
            normalizer: #"{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"}"#,
            text: "あ  い う", result: "あ▁い う", starts: [0, 2, 3, 4, 5]),
        Normalisation(
            normalizer: #"{"type":"Lowercase"}"#, text: "AİΣ", result: "ai\u{307}σ",
            starts: [0, 1, 1, 2]),
        Normalisation(
            normalizer: #"{"type":"BertNormalizer","clean_text":true,"#
                + #""handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"#,
            text: "É\u{0}熱\u{3000}", result: "e 熱  ", starts: [0, 2, 2, 2, 3]),
    ]

    @Test("Normalisers keep the place of every scalar", arguments: normalisations)
    func normalisers(_ expected: Normalisation) throws {
        let tokenizer = try FictionalPipeline.make(
            FictionalPipeline.json(normalizer: expected.normalizer))
        var text = NormalizedText(expected.text.unicodeScalars)
        for normalizer in tokenizer.parts.normalizers { normalizer.apply(to: &text) }
        #expect(text.scalars == Array(expected.result.unicodeScalars))
        #expect(text.sources.map(\.start) == expected.starts)
    }

    struct Splitting: Sendable {
        let preTokenizer: String
        let text: String
        let parts: [String]
    }

    static func split(_ behavior: String, inverted: Bool = false) -> String {
        #"{"type":"Split","pattern":{"String":"-"},"behavior":"\#(behavior)","invert":\#(inverted)}"#
    }

    static let splittings = [
        Splitting(
            preTokenizer: split("Isolated"), text: "a--b-", parts: ["a", "-", "-", "b", "-"]),
        Splitting(preTokenizer: split("Removed"), text: "a--b-", parts: ["a", "b"]),
        Splitting(
            preTokenizer: split("Removed", inverted: true), text: "a--b-", parts: ["-", "-", "-"]),
        Splitting(
            preTokenizer: split("MergedWithPrevious"), text: "a--b-", parts: ["a-", "-", "b-"]),
        Splitting(
            preTokenizer: split("MergedWithNext"), text: "a--b-", parts: ["a", "-", "-b", "-"]),
        Splitting(preTokenizer: split("Contiguous"), text: "a--b-", parts: ["a", "--", "b", "-"]),
        Splitting(
            preTokenizer: #"{"type":"Digits","individual_digits":true}"#, text: "a12½",
            parts: ["a", "1", "2", "½"]),
        Splitting(
            preTokenizer: #"{"type":"Whitespace"}"#, text: "あ。い か\u{3099}!",
            parts: ["あ", "。", "い", "か\u{3099}", "!"]),
        Splitting(
            preTokenizer: #"{"type":"BertPreTokenizer"}"#, text: " a,b c",
            parts: ["a", ",", "b", "c"]),
        Splitting(
            preTokenizer: #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"first"}"#,
            text: "a b", parts: ["▁a", "▁b"]),
        Splitting(
            preTokenizer: #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"never"}"#,
            text: "a b", parts: ["a", "▁b"]),
        Splitting(
            preTokenizer: #"{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true}"#,
            text: "a é", parts: ["Ġa", "ĠÃ©"]),
    ]

    @Test("Pre-tokenisers cut where they should", arguments: splittings)
    func preTokenisers(_ expected: Splitting) throws {
        let tokenizer = try FictionalPipeline.make(
            FictionalPipeline.json(preTokenizer: expected.preTokenizer))
        let parts = tokenizer.parts.preTokenizers.reduce(
            [NormalizedText(expected.text.unicodeScalars)]
        ) { $1.apply(to: $0) }
        #expect(parts.map(\.scalars) == expected.parts.map { Array($0.unicodeScalars) })
    }

    // Merging that looked through the word for each merge would take many minutes.
    @Test("A word of megabytes is cut in a moment", .timeLimit(.minutes(15)))
    func longWord() throws {
        let tokenizer = try FictionalPipeline.make(FictionalPipeline.json())
        let text = String(repeating: "発熱ありab", count: 120_000)
        #expect(tokenizer.ids(in: text).count == 360_000)
    }

    @Test("A file of the kind that Shoken trains is read as such, others in general")
    func choice() throws {
        let own = Data(try FictionalTokenizer.make().json().utf8)
        #expect(try JSONTokenizers.tokenizer(in: own, name: "own.json") is UnigramTokenizer)
        let other = Data(FictionalPipeline.json(model: FictionalPipeline.unigram).utf8)
        #expect(try JSONTokenizers.tokenizer(in: other, name: "other.json") is PipelineTokenizer)
    }

    @Test("A Unigram model reads words that were cut before without a mark of their start")
    func words() throws {
        let metaspace = #"{"type":"Metaspace","replacement":"▁","add_prefix_space":true}"#
        let tokenizer = try FictionalPipeline.make(
            FictionalPipeline.json(model: FictionalPipeline.unigram, preTokenizer: metaspace))
        #expect(tokenizer.encode("発熱").map(\.piece) == ["▁", "発熱"])
        let words = try #require(tokenizer.wordTokenizer)
        #expect(words.encode("発熱") == [TokenPiece(id: 2, piece: "発熱", start: 0, end: 2)])
        #expect(["発", "熱"].map { words.encode($0).map(\.id) } == [[3], [4]])
        #expect(try FictionalPipeline.make(FictionalPipeline.json()).wordTokenizer == nil)
    }

    @Test("What the general tokenizer makes of our own files is what the fast one makes")
    func sameAsUnigram() throws {
        let json = Data(try FictionalTokenizer.make().json().utf8)
        let fast = try UnigramTokenizer(json: json, name: "own.json")
        let general = try PipelineFile.tokenizer(in: json, name: "own.json")
        var random = SeededNumbers(seed: 3)
        let alphabet = Array("発熱を認めず右上葉 \n▁aが未<|end_of_text|>か\u{3099}😀".unicodeScalars)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            let text = scalars.text
            #expect(fast.encode(text) == general.encode(text))
            let ids = fast.ids(in: text)
            #expect(
                fast.decode(ids, skippingSpecial: true)
                    == general.decode(ids, skippingSpecial: true))
        }
    }
}
