// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JapaneseText

@Suite("Lines that were only wrapped")
struct WrappedLinesTests {
    private func sentences(_ text: String) -> [String] {
        let cleaned = TextCleaner(profile: .documents).clean(text)
        return SentenceSplitter().sentences(in: cleaned).map { cleaned.slice($0) }
    }

    @Test(
        "a number, a word or a sentence that goes on is not cut",
        arguments: [
            "右上葉に3\n5mm大の肺癌。", "昨日から呼吸困難を認\nめない。", "右上葉に22mm大の肺癌を認め、縦隔リンパ節\n腫大なし。",
            "夜間に咳嗽がみられたが、朝には消失\nしていた。", "夜間せん妄\nなし。", "発熱・咳嗽・\n喀痰なし。", "造影検査のた\nめ休薬。",
            "カルボシステイン500m\ng内服中。", "既往に糖尿\n病がある。", "胸水もみら\nれません。", "発熱の訴えもな\nし。",
            "腫脹(\n-)、滲出液(+)", "眼球結膜黄疸\n(-)、下腿浮腫(-)", "フェントステープ1mg→\n2mgに変更",
            "万一アナフィラキシーを起\nこした場合に備え救急カー\nト準備。", "意識障害や項部硬直といっ\nた髄膜刺激症状はなかった\n。",
            "強い呼吸困難感\nが出現したら連絡する。", "処方されたが飲ん\nでいない。",
            "S：夜間に咳が続いて眠れな\nかった。",
            "脳出血は除\n外された。",
            "昨夜より38度台の発\n熱あり、クーリング施行。", "頭痛、嘔気、\n嘔吐はなし。", "本日よりプレドニゾ\nロン20mgを開始。",
        ])
    func joined(text: String) {
        #expect(sentences(text).count == 1, "\(sentences(text))")
    }

    @Test(
        "items, headings and finished lines stay apart",
        arguments: [
            ("頭痛あり\n発熱なし\n咳嗽あり", 3), ("胸部CT\n所見：右上葉に結節あり。", 2), ("体温 37.5\n血圧 120/80", 2),
            ("S：頭が痛い\nO：発熱なし", 2), ("頭痛\nのどの痛み", 2), ("朝食を摂取した。\nまた眠った。", 2), ("1\n2\n3", 3),
            ("リハビリを実施した\n発熱なし。", 2), ("①右肺に結節\n②胸水なし。", 2), ("発熱\n\n咳嗽", 2), ("頭がめまい\nふらつき", 2),
            ("アムロジピン\nロキソニン", 2),
            ("右の頭痛\n発熱あり", 2), ("腹水\nなし。胆石を認める。", 2), ("右肺\nなし崩しに", 2), ("(+)咳\n(-)発熱", 2),
            ("右上肺野に異常なし\n左上肺野に異常なし\n右下肺野に異常なし", 3),
        ])
    func apart(text: String, count: Int) {
        #expect(sentences(text).count == count, "\(sentences(text))")
    }

    @Test("a word that a line end cuts is one word, with its place in the text")
    func words() throws {
        let analyzed = TextAnalyzer(analyzer: try MorphologicalAnalyzer()).analyze("呼吸困難を認\nめない。")
        let words = try #require(analyzed.sentences.first).morphemes
        let word = try #require(words.first { $0.surface == "認め" })
        #expect(word.range == CleanedRange(start: 5, end: 8))
        #expect(words.last?.surface == "。")
    }

    @Test("a text of line ends alone, or of very long lines, has no sentence above the limit")
    func bounds() {
        #expect(sentences("\n\n\n").isEmpty)
        let long = String(repeating: "右上葉に腫瘤を認め、\nめない", count: 2000)
        #expect(sentences(long).allSatisfy { $0.unicodeScalars.count <= SentenceSplitter.longest })
    }
}
