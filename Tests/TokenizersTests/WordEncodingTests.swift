// SPDX-License-Identifier: Apache-2.0
import Testing
import Tokenizers

@Suite("Encoding of words")
struct WordEncodingTests {
    static let lists: [[String]] = [
        [], [""], ["発熱"], ["発熱", "を", "認め", "ず"], ["発熱", "\n", "右上葉"],
        ["\n", "発熱", "\n", "\n", "を"], ["", "発熱", ""], ["▁", "発熱", "▁", "▁を"],
        ["発熱▁を", "a b", "<|end_of_text|>", "未知語", "を"], ["が", "か\u{3099}", "\r\n", "を"],
        ["発\n熱", "を"], ["😀😀", "a"],
    ]

    @Test("The words' ids in a row are the ids of their text", arguments: lists)
    func sameAsText(words: [String]) throws {
        let tokenizer = try FictionalTokenizer.make()
        let text = UnigramTokenizer.text(of: words)
        let ids = tokenizer.encode(words: words)
        #expect(ids.count == words.count)
        #expect(ids.flatMap { $0 } == tokenizer.encode(text).map(\.id))
        #expect(ids.flatMap { $0 } == tokenizer.ids(in: text))
    }

    @Test("The words' pieces have the same ids and lie in their word", arguments: lists)
    func pieces(words: [String]) throws {
        let tokenizer = try FictionalTokenizer.make()
        let pieces = tokenizer.pieces(inWords: words)
        #expect(pieces.map { $0.map(\.id) } == tokenizer.encode(words: words))
        for (word, pieces) in zip(words, pieces) {
            let scalars = Array(word.unicodeScalars)
            for piece in pieces {
                try #require(0 <= piece.start && piece.start <= piece.end)
                try #require(piece.end <= scalars.count)
            }
            #expect(pieces.isEmpty || pieces.last?.end == scalars.count)
        }
    }

    @Test("A newline word is exactly the newline token and takes no space to its sides")
    func newline() throws {
        let tokenizer = try FictionalTokenizer.make()
        let words = ["発熱", "\n", "発熱", "\n", "\n"]
        #expect(UnigramTokenizer.text(of: words) == "発熱\n発熱\n\n")
        #expect(tokenizer.encode(words: words) == [[5], [2], [5], [2], [2]])
    }

    @Test("A piece inside a word has its place in the word, not in the text")
    func offsets() throws {
        let tokenizer = try FictionalTokenizer.make()
        let pieces = tokenizer.pieces(inWords: ["発熱", "右上葉", "未", "a"])
        #expect(pieces[1].map { [$0.start, $0.end] } == [[0, 1], [1, 3]])
        #expect(pieces[2].map { [$0.start, $0.end] } == [[0, 0], [0, 1]])
        #expect(pieces[3].map(\.piece) == ["▁", "a"])
    }

    @Test("Unknown characters in a row are one token, which shows them")
    func unknown() throws {
        let tokenizer = try FictionalTokenizer.make()
        let pieces = tokenizer.encode("a未知😀a")
        #expect(pieces.map(\.id) == [4, 19, 3, 19])
        #expect(pieces.map(\.piece) == ["▁", "a", "未知😀", "a"])
        #expect(pieces.map { [$0.start, $0.end] } == [[0, 1], [0, 1], [1, 4], [4, 5]])
    }

    @Test("Characters that only look the same are different pieces")
    func canonicalEquivalents() throws {
        let tokenizer = try FictionalTokenizer.make()
        #expect(tokenizer.ids(in: "が") == [4, 21])
        #expect(tokenizer.ids(in: "か\u{3099}") == [4, 20])
        #expect(tokenizer.id(of: "が") == 21 && tokenizer.id(of: "か\u{3099}") == 20)
    }

    @Test("Encoding a second time gives the same, and the same as the joined text")
    func repeated() throws {
        let tokenizer = try FictionalTokenizer.make()
        let words = (0..<40_000).map { "発\($0 % 20_000)熱" }
        let first = tokenizer.encode(words: words)
        #expect(tokenizer.encode(words: words) == first)
        #expect(
            first.flatMap { $0 }
                == tokenizer.encode(UnigramTokenizer.text(of: words)).map(\.id))
    }

    @Test("Ids that name nothing are left out of the text")
    func decodeOutOfRange() throws {
        let tokenizer = try FictionalTokenizer.make()
        #expect(tokenizer.decode([-1, 5, 9, 99, Int32.max, Int32.min]) == "発熱 を")
        #expect(tokenizer.decode([0, 5, 2, 9, 1], skippingSpecial: true) == "発熱 を")
    }
}
