// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Tokenizers

@Suite("Substrings that training begins with")
struct RepeatedSubstringsTests {
    struct Found: Hashable {
        let text: [UInt32]
        let count: Int
        let positions: [UInt32]
    }

    static func words(_ counts: [String: Int]) throws -> TrainingWords {
        var parameters = UnigramTrainer.Parameters(vocabularySize: 1000)
        parameters.minimumCharacterCount = 1
        parameters.characterCoverage = 1
        return try TrainingWords(
            wordCounts: WordCounts(counts, limit: 1000), parameters: parameters,
            characterLimit: 1000)
    }

    /// All substrings, one by one.
    static func counted(_ words: TrainingWords, longest: Int) -> Set<Found> {
        var positions: [[UInt32]: [UInt32]] = [:]
        var counts: [[UInt32]: Int] = [:]
        for word in words.counts.indices {
            for start in words.starts[word]..<words.starts[word + 1] {
                for end in start + 1..<min(start + longest + 1, words.starts[word + 1]) + 1 {
                    positions[Array(words.scalars[start..<end]), default: []].append(UInt32(start))
                    counts[Array(words.scalars[start..<end]), default: 0] += words.counts[word]
                }
            }
        }
        var alwaysContinued: Set<[UInt32]> = []
        for (text, count) in counts where text.count > 1 && counts[text.dropLast()] == count {
            alwaysContinued.insert(text.dropLast())
        }
        return Set(
            counts.filter {
                (2...longest).contains($0.key.count) && $0.value > 1
                    && !alwaysContinued.contains($0.key)
            }
            .map { Found(text: $0.key, count: $0.value, positions: positions[$0.key] ?? []) })
    }

    @Test(
        "They are those that counting all substrings gives",
        arguments: [
            ["発熱": 1, "発熱性": 1], ["ああああああ": 1], ["ああああああ": 3, "ああ": 1], ["無": 5],
            FictionalWords.counts(FictionalWords.notes(200)),
            ["abcabcabcabcabcabcabcabcabcabc": 1, "bca": 2, "cab": 1],
            ["一二三四五六七八九十百千万億兆京垓": 2, "一二三四五": 1],
        ], [2, 4, 16])
    func substrings(counts: [String: Int], longest: Int) throws {
        let words = try Self.words(counts)
        for threads in [1, 3] {
            let repeated = RepeatedSubstrings(in: words, longest: longest, threads: threads)
            let found = repeated.substrings.map { substring in
                let positions = repeated.order[Int(substring.first)..<Int(substring.end)]
                let start = Int(positions.first ?? 0)
                return Found(
                    text: Array(words.scalars[start..<start + Int(substring.length)]),
                    count: Int(substring.coverage) / Int(substring.length),
                    positions: positions.sorted())
            }
            #expect(found.count == Set(found).count)
            #expect(Set(found) == Self.counted(words, longest: longest))
        }
    }

    @Test("Counts are those of a dictionary while there is room, whatever the order")
    func counts() {
        let notes = FictionalWords.notes(500)
        var counts = WordCounts(limit: 1000)
        var halves = [WordCounts(limit: 1000), WordCounts(limit: 1000)]
        for (index, word) in notes.joined().enumerated() {
            counts.add(word)
            halves[index % 2].add(word)
        }
        halves[0].add(halves[1])
        for counts in [counts, halves[0]] {
            var found: [String: Int] = [:]
            counts.forEach { found[String(decoding: $0, as: UTF8.self)] = $1 }
            #expect(found == FictionalWords.counts(notes))
            #expect(counts.droppedOccurrences == 0)
        }
    }

    @Test("Words that only Unicode takes for the same are counted apart")
    func equivalence() {
        var counts = WordCounts(limit: 10)
        counts.add("が")
        counts.add("か\u{3099}")
        #expect(counts.count == 2)
    }

    @Test("Where there are too many words the rarest go, and it is said how many")
    func limit() {
        var counts = WordCounts(limit: 100)
        for number in 0..<1000 {
            counts.add("word\(number)")
            counts.add("発熱")
        }
        counts.add(String(repeating: "ー", count: 100_000))
        #expect(counts.count < 200)
        var total = 0
        var frequent = 0
        counts.forEach { word, count in
            total += count
            if word.elementsEqual("発熱".utf8) { frequent = count }
        }
        #expect(frequent == 1000)
        #expect(total + counts.droppedOccurrences == 2001)
    }

    @Test("The memory's limits leave the rarest words out")
    func textLimit() throws {
        var parameters = UnigramTrainer.Parameters(vocabularySize: 100)
        parameters.minimumCharacterCount = 1
        parameters.characterCoverage = 1
        parameters.textLimit = 12
        let words = try TrainingWords(
            wordCounts: WordCounts(["発熱": 9, "頭痛": 8, "嘔気": 7, "咳嗽": 6, "浮腫": 5], limit: 10),
            parameters: parameters, characterLimit: 90)
        #expect(words.counts.sorted() == [6, 7, 8, 9])
        #expect(words.scalars.count == 12)
        parameters.textLimit = 1
        #expect(throws: TokenizerError.noWords) {
            try TrainingWords(
                wordCounts: WordCounts(["発熱": 9], limit: 10), parameters: parameters,
                characterLimit: 90)
        }
    }
}
