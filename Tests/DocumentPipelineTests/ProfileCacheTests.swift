// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import JapaneseText
import Testing

@testable import DocumentPipeline

@Suite("Cache of profiles")
struct ProfileCacheTests {
    /// A profile of a text of one sentence without words, `length` characters long.
    private static func profile(_ length: Int) -> SentenceProfile {
        let cleaned = TextCleaner(profile: .documents).clean(
            String(String(repeating: "胸水あり", count: length).prefix(length)))
        return SentenceProfile(AnalyzedText(cleaned: cleaned, sentences: []))
    }

    @Test("what is kept is given back, and made once")
    func kept() {
        let cache = ProfileCache()
        var made = 0
        for _ in 0..<3 {
            let profile = cache.profile(of: 7) {
                made += 1
                return Self.profile(5)
            }
            #expect(profile == Self.profile(5))
        }
        #expect(made == 1)
        #expect(cache[8] == nil)
    }

    @Test("it holds no more than its limit, and what is asked for longest")
    func bounded() {
        let profile = Self.profile(50)
        let cache = ProfileCache(maximumBytes: 10 * profile.byteCount)
        for document in 0..<100 as Range<Int64> {
            cache.insert(profile, for: document)
            #expect(cache[0] != nil, "what is used stays")
        }
        let held = (0..<100 as Range<Int64>).count { document in cache.holds(document) }
        #expect((5...10).contains(held))
        #expect(cache.holds(99) && !cache.holds(50))
    }

    @Test("a profile that would take more than half is not kept")
    func large() {
        let profile = Self.profile(50)
        let cache = ProfileCache(maximumBytes: 2 * profile.byteCount - 2)
        cache.insert(profile, for: 1)
        #expect(cache[1] == nil)
    }

    @Test("a document that is kept again is counted once")
    func again() {
        let profile = Self.profile(50)
        let cache = ProfileCache(maximumBytes: 4 * profile.byteCount)
        for _ in 0..<10 { cache.insert(profile, for: 1) }
        cache.insert(profile, for: 2)
        #expect(cache.holds(1) && cache.holds(2))
    }
}
