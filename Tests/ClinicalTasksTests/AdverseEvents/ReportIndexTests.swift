// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import Testing

@testable import ClinicalTasks

@Suite("Where a case report's cues and words stand")
struct ReportIndexTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }

    private func index(_ text: String) throws -> ReportIndex {
        ReportIndex(try Self.analyzer.get().analyze(text))
    }

    private func words(_ ranges: [CleanedRange], in index: ReportIndex) -> [String] {
        ranges.map { String(String.UnicodeScalarView(index.scalars[$0.start..<$0.end])) }
    }

    @Test("Drugs are known by their ending or by what follows, and those that are blamed apart")
    func drugs() throws {
        let found = try index(
            "ニボルマブを投与した。アレをした。セレコを内服し、利尿薬も併用。S-1療法後、ゲフィチニブによる肺炎。")
        #expect(words(found.drugs, in: found) == ["ニボルマブ", "セレコ", "利尿薬", "S-1", "ゲフィチニブ"])
        #expect(words(found.blamedDrugs, in: found) == ["ゲフィチニブ"])
        #expect(found.firstDose == Array("ニボルマブを".unicodeScalars).count)
    }

    @Test("A text without drugs has none, and one without sentences is one sentence")
    func nothing() throws {
        let found = try index("発熱と咳嗽を認めた。")
        #expect(found.drugs.isEmpty && found.blamedDrugs.isEmpty && found.firstDose == nil)
        let empty = try index("")
        #expect(empty.sentences.count == 1 && empty.sentence(at: 0) == 0)
        #expect(empty.cuePlaces.allSatisfy { $0.isEmpty })
    }

    @Test("Cues are counted within a range, by where they begin")
    func cues() throws {
        let found = try index("投与後に発疹が出現し、投与を中止した。\n再投与はしていない。")
        let number = try #require(
            AdverseEventCues.all.firstIndex { String(String.UnicodeScalarView($0)) == "投与" })
        #expect(found.cuePlaces[number].count == 3)
        #expect(found.sentences.count == 2)
        #expect(found.count(cue: number, in: found.sentences[0]) == 2)
        #expect(found.count(cue: number, in: found.sentences[1]) == 1)
        let place = found.cuePlaces[number][2]
        #expect(found.sentence(at: place) == 1 && found.sentence(at: 0) == 0)
        #expect(found.count(cue: number, in: CleanedRange(start: place, end: place)) == 0)
    }

    @Test("An entity's places are found as the document writes it, else without its white space")
    func surfaces() {
        let cleaner = TextCleaner(profile: .documents)
        func places(_ surface: String, _ text: String) -> [String] {
            let cleaned = cleaner.clean(text)
            return SurfaceSearch.occurrences(of: surface, in: cleaned).map { range in
                String(String.UnicodeScalarView(cleaned.scalars[range.start..<range.end]))
            }
        }
        #expect(places("発熱", "発熱と発熱。") == ["発熱", "発熱"])
        #expect(places("ああ", "あああああ").count == 2)
        #expect(places("間質性 肺炎", "間質性\n肺炎を認めた").count == 1)
        #expect(places("ＣＲＰ上昇", "ＣＲＰ上昇") == ["CRP上昇"])
        #expect(places("嘔気", "発熱").isEmpty && places("", "発熱").isEmpty)
    }

    @Test("A word stands only where all of it does")
    func search() {
        let scalars = Array("肝肝炎".unicodeScalars)
        let search = ScalarSearch(scalars)
        #expect(search.places(of: Array("肝".unicodeScalars)) == [0, 1])
        #expect(search.places(of: Array("肝炎".unicodeScalars)) == [1])
        #expect(search.places(of: []).isEmpty)
        #expect(!ScalarSearch.stands(scalars, at: 1, in: scalars))
        #expect(!ScalarSearch.stands(scalars, at: -1, in: scalars))
    }
}
