// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Curation

@Suite("Lists of words")
struct WordMatcherTests {
    private func count(_ words: [String], _ text: String, limit: Int = 100) -> Int {
        WordMatcher(words).differentWords(in: Array(text.utf8), limit: limit)
    }

    @Test("are found wherever they stand, also within each other, and count once")
    func overlaps() {
        #expect(count(["転載禁止", "禁止事項", "載禁"], "転載禁止事項、転載禁止") == 3)
        #expect(count(["あい", "いう"], "あう") == 0)
        #expect(count(["あい", "いう"], "あいう", limit: 1) == 1)
        #expect(count(["", "あ"], "い") == 0)
    }

    @Test("of ASCII match in either case, and not within longer words")
    func latin() {
        #expect(count(["porn"], "PORN") == 1)
        #expect(count(["porn"], "popornx porny") == 0)
        #expect(count(["all rights reserved"], "©2020 All Rights Reserved.") == 1)
        #expect(count(["(c) 20"], "(C) 2019 病院") == 1)
    }

    @Test("of our own leave medicine, law and psychology alone")
    func medicine() {
        let settings = FilterSettings()
        let filters = DocumentFilters(settings)
        func refusal(_ text: String) -> CorpusFilter? {
            let bytes = Array(text.utf8)
            return filters.refusal(of: bytes, SentenceCut.sentences(of: bytes).sentences)
        }
        for text in [
            "胃前庭部にエロージョンを認める。", "心電図でⅡ度のAVブロックを認めた。AV shuntを造設した。",
            "アダルトチルドレンについて相談した。", "性交後に出血があり、腟鏡診で頸管ポリープを認めた。",
            "陰茎の硬結を訴える。", "強姦の被害者に緊急避妊薬を処方した。", "乳房の腫瘤を触知する。",
            "雨の中出したごみを片付けた。", "ヘテロゲニアスな結節とアエロゲルを用いた。", "乱交型の配偶システムである。",
            "咽頭淋菌感染はフェラチオによる。", "鯨の潮吹きを見た。", "次のうち正しいのはどれか。(c) 2000 mLを輸液する。",
        ] { #expect(refusal(text) == nil, "\(text)") }
        #expect(refusal("無料でエロ動画を見る。") == .adultWords)
        #expect(refusal("当院の案内である。無断転載を禁じます。") == .copyright)
        #expect(refusal("Copyright (C) 2019 Example. 診療の案内である。") == .copyright)
    }
}
