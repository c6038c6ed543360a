// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import JapaneseText
import Testing

@Suite("Places of an entity's words")
struct SurfaceSearchTests {
    private func places(_ surface: String, in text: String) -> [String] {
        let cleaned = TextCleaner(profile: .documents).clean(text)
        return SurfaceSearch.occurrences(of: surface, in: cleaned).map {
            String(String.UnicodeScalarView(cleaned.scalars[$0.start..<$0.end]))
        }
    }

    @Test(
        "are found as the document has them, one after another without overlap",
        arguments: [
            ("発熱", "発熱あり。再び発熱。", 2), ("肺", "肺肺肺", 3), ("肺肺", "肺肺肺", 1), ("咳", "発熱", 0),
            ("", "発熱", 0), ("発熱", "", 0),
        ])
    func count(surface: String, text: String, count: Int) {
        #expect(places(surface, in: text).count == count)
    }

    @Test("are compared before cleaning, and point into the cleaned text")
    func wide() {
        #expect(places("ＣＲＰ", in: "ＣＲＰ上昇、CRP低下") == ["CRP"])
    }

    @Test("are found across white space where they stand nowhere else")
    func space() {
        #expect(places("間質性肺炎", in: "間質性\n肺炎を認めた").count == 1)
        #expect(places("間質性肺炎", in: "間質性 肺炎と間質性肺炎").count == 1)
    }
}
