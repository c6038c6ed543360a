// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import Testing
import Tokenizers

@Suite("Words of an analysed text")
struct AnalyzedWordsTests {
    @Test("Line breaks are words, other white space is not")
    func lineBreaks() throws {
        let analyzer = TextAnalyzer(analyzer: try MorphologicalAnalyzer())
        let words = analyzer.analyze("\n発熱　なし\n\n疼痛を訴える。\n").words
        #expect(words.first == "\n" && words.last == "\n")
        #expect(words.count(where: { $0 == "\n" }) >= 3)
        #expect(words.filter { $0 != "\n" }.joined() == "発熱なし疼痛を訴える。")
        #expect(words.allSatisfy { !$0.isEmpty && !$0.contains("▁") })
    }
}
