// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Curation

@Suite("Sentences of raw text")
struct SentenceCutTests {
    private func parts(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let (before, sentences) = SentenceCut.sentences(of: bytes)
        var start = before
        return sentences.map { sentence in
            defer { start += sentence.contentBytes + sentence.spaceBytes }
            return String(
                decoding: bytes[start..<start + sentence.contentBytes], as: UTF8.self)
        }
    }

    @Test(
        "end at their marks with closing brackets, and at line ends",
        arguments: [
            ("発熱あり。咳なし。", ["発熱あり。", "咳なし。"]),
            ("「痛い！」と言った。　次へ", ["「痛い！」", "と言った。", "次へ"]),
            ("  見出し\n\n本文です．続く？！はい", ["見出し", "本文です．", "続く？！", "はい"]),
            ("体温は37.5度。It is. And", ["体温は37.5度。", "It is.", "And"]),
            ("", []), (" \n　", []),
        ])
    func ends(_ text: String, _ expected: [String]) { #expect(parts(text) == expected) }

    @Test("cover the text byte by byte, whatever it holds")
    func cover() {
        var random = SeededNumbers(seed: 3)
        let pieces = ["。", "\n", " ", "　", "」", "あ", "x", ".", "!", "𠮷", "é", "\r\n", "？"]
        for _ in 0..<500 {
            let text = (0..<random.number(below: 30)).map { _ in
                pieces[random.number(below: pieces.count)]
            }.joined()
            let bytes = Array(text.utf8)
            let (before, sentences) = SentenceCut.sentences(of: bytes)
            let covered = sentences.reduce(before) { $0 + $1.contentBytes + $1.spaceBytes }
            #expect(covered == bytes.count)
            #expect(sentences.allSatisfy { $0.contentBytes > 0 && $0.characters > 0 })
            let characters = parts(text).map(\.unicodeScalars.count)
            #expect(sentences.map(\.characters) == characters, "\(text.debugDescription)")
        }
    }

    @Test("say whether they are finished; a document without a finished one goes")
    func finished() {
        func refusal(_ text: String, share: Double) -> CorpusFilter? {
            var settings = FilterSettings()
            settings.finishedShare = share
            let bytes = Array(text.utf8)
            return DocumentFilters(settings).refusal(
                of: bytes, SentenceCut.sentences(of: bytes).sentences)
        }
        #expect(refusal("トップ\n会社案内\nお問い合わせ", share: 0) == .unfinished)
        #expect(refusal("トップ\n診療は九時からです。", share: 0) == nil)
        #expect(refusal("トップページへ戻る\nはい。", share: 0.5) == .unfinished)
        #expect(refusal("トップ\n診療は九時から（月曜は休診です。）", share: 0.5) == nil)
    }

    @Test("without some of them are what is left, line by line")
    func without() {
        func left(_ text: String, _ repeated: Set<Int>) -> String {
            let bytes = Array(text.utf8)
            let (before, sentences) = SentenceCut.sentences(of: bytes)
            let document = ReadDocument(
                source: 0, id: [], text: bytes, before: before,
                sentences: sentences.map { ($0.contentBytes, $0.spaceBytes) }, characters: 0,
                tokens: nil)
            return String(decoding: document.text(without: repeated), as: UTF8.self)
        }
        let text = " あ。い。\nう。\n\nえ。お。\n"
        #expect(left(text, []) == "あ。い。\nう。\n\nえ。お。")
        #expect(left(text, [1]) == "あ。\nう。\n\nえ。お。")
        #expect(left(text, [2]) == "あ。い。\nえ。お。")
        #expect(left(text, [0, 1]) == "う。\n\nえ。お。")
        #expect(left(text, [4]) == "あ。い。\nう。\n\nえ。")
        #expect(left(text, [0, 1, 2, 3, 4]) == "")
    }
}
