// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import JapaneseText

@Suite("Both texts side by side")
struct StretchTests {
    @Test("stretches name what changed, what was removed, and what did not")
    func example() {
        let text = TextCleaner(profile: .documents).clean("咳５㎎😀痰")
        let stretches = text.stretches
        #expect(stretches.map { text.slice($0.cleaned) } == ["咳", "5", "mg", "", "痰"])
        #expect(stretches.map { text.sourceSlice($0.source) } == ["咳", "５", "㎎", "😀", "痰"])
        #expect(stretches.map(\.isUnchanged) == [true, false, false, false, true])
    }

    @Test("stretches cover both texts in order, without gaps", arguments: [40, 41] as [UInt64])
    func cover(seed: UInt64) {
        var generator = GeneratedText(seed: seed)
        for _ in 0..<3000 {
            for profile in TextCleaner.Profile.allCases {
                let text = TextCleaner(profile: profile).clean(generator.next())
                var (cleaned, source) = (0, 0)
                for stretch in text.stretches {
                    #expect(stretch.cleaned.start == cleaned && stretch.source.start == source)
                    #expect(stretch.source.count > 0)
                    if stretch.isUnchanged {
                        #expect(
                            text.scalars[stretch.cleaned.start..<stretch.cleaned.end]
                                == text.source[stretch.source.start..<stretch.source.end])
                    }
                    (cleaned, source) = (stretch.cleaned.end, stretch.source.end)
                }
                #expect(cleaned == text.scalars.count && source == text.source.count)
            }
        }
    }
}
