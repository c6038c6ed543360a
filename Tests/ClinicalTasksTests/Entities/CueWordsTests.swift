// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import Testing

@testable import ClinicalTasks

@Suite("Cues of presence, denial and doubt")
struct CueWordsTests {
    private func cues(_ text: String) -> [CueWords.Cue] {
        let cleaned = TextCleaner(profile: .documents).clean(text)
        return CueWords.find(in: cleaned, range: cleaned.range)
    }

    @Test(
        "the longest cue at a place counts, and its family with it",
        arguments: [
            ("発熱あり", CueWords.Family.present, 2), ("発熱なし", .negation, 2),
            ("胸水を認めない", .negation, 3), ("胸水を認める", .present, 3),
            ("転移は否定できない", .suspicion, 3), ("肺炎疑い", .suspicion, 2), ("咳嗽は消失", .resolution, 3),
            ("出血のリスク", .risk, 3), ("嘔吐した場合", .condition, 4), ("浮腫（－）", .negation, 2),
            ("浮腫（＋）", .present, 2), ("r/o 肺炎", .suspicion, 0),
        ])
    func longest(text: String, family: CueWords.Family, start: Int) throws {
        let first = try #require(cues(text).first)
        #expect(first.family == family)
        #expect(first.start == start)
    }

    @Test("cues stand from left to right and do not overlap")
    func order() {
        let found = cues("発熱あり、咳嗽なし、肺炎の可能性があるが改善。")
        #expect(found.map(\.family) == [.present, .negation, .risk, .resolution])
        #expect(found.map(\.start) == found.map(\.start).sorted())
    }

    @Test("no cue reaches over the end of what is looked at")
    func end() {
        let cleaned = TextCleaner(profile: .documents).clean("胸水を認めない")
        let cut = CleanedRange(start: 0, end: 6)
        #expect(CueWords.find(in: cleaned, range: cut).isEmpty)
        #expect(CueWords.find(in: cleaned, range: CleanedRange(start: 3, end: 3)).isEmpty)
    }
}
