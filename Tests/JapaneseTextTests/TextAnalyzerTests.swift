// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JapaneseText

@Suite("Sentences and words")
struct TextAnalyzerTests {
    private static func analyzer() throws -> TextAnalyzer {
        TextAnalyzer(analyzer: try MorphologicalAnalyzer())
    }

    @Test(
        "a text is cut into sentences",
        arguments: [
            ("発熱あり。咳なし。", ["発熱あり。", "咳なし。"]),
            ("発熱あり\n咳なし", ["発熱あり", "咳なし"]),
            ("腫瘤は3.5cm。", ["腫瘤は3.5cm。"]),
            ("「痛い。つらい。」と話す。", ["「痛い。つらい。」と話す。"]),
            ("大丈夫ですか？はい。", ["大丈夫ですか?", "はい。"]),
            ("肺炎？の疑い", ["肺炎?の疑い"]),
            ("(術後である。)経過良好", ["(術後である。)経過良好"]),
            ("#1 肺癌 #2 糖尿病", ["#1▁肺癌", "#2▁糖尿病"]),
            ("①咳②痰", ["(1)咳", "(2)痰"]),
            ("1. 既往歴 2. 家族歴", ["1.▁既往歴", "2.▁家族歴"]),
            ("　・咳\n　- 痰\n\n", ["・咳", "-▁痰"]),
            ("開いたまま「終わり。次。", ["開いたまま「終わり。", "次。"]),
            ("\n\n", []),
        ])
    func sentences(text: String, expected: [String]) {
        let cleaned = TextCleaner(profile: .documents).clean(text)
        let found = SentenceSplitter().sentences(in: cleaned).map { cleaned.slice($0) }
        #expect(found == expected)
    }

    @Test("words carry surface, part of speech, reading and place")
    func words() throws {
        let text = try Self.analyzer().analyze("右肺にＣＴで３５㎜の腫瘤を認めた。")
        let sentence = try #require(text.sentences.first)
        #expect(
            sentence.morphemes.map(\.surface) == [
                "右", "肺", "に", "CT", "で", "3", "5", "mm", "の", "腫", "瘤", "を", "認め", "た", "。",
            ])
        let unit = sentence.morphemes[7]
        #expect(unit.partOfSpeech == "名詞" && unit.subcategory == "接尾")
        #expect(unit.baseForm == "mm" && unit.reading == "ミリメートル" && !unit.isUnknown)
        #expect(text.textSpan(of: unit.range).surface == "㎜")
        #expect(sentence.morphemes[3].isUnknown)
        #expect(sentence.morphemes[12].baseForm == "認める")
    }

    @Test("white space parts words and belongs to none")
    func spaces() throws {
        let text = try Self.analyzer().analyze("　肺　癌　 Ｇ−ＣＳＦ　")
        #expect(text.sentences.first?.morphemes.map(\.surface) == ["肺", "癌", "G", "-", "CSF"])
    }
}
