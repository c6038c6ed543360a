// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import JapaneseText

@Suite("Texts of any kind and size")
struct RobustnessTests {
    @Test("sentences cover all but line breaks and surrounding space, in order and bounded")
    func sentenceCover() {
        var random = RandomText(seed: 8)
        for round in 0..<2000 {
            let text =
                round % 2 == 0
                ? random.text(of: 80) : random.text(of: 40, from: OffsetTests.clinicalPieces)
            let cleaned = TextCleaner(profile: .documents).clean(text)
            var covered = 0
            for sentence in SentenceSplitter().sentences(in: cleaned) {
                #expect(sentence.start >= covered && sentence.count > 0)
                #expect(sentence.count <= SentenceSplitter.longest)
                let between = cleaned.scalars[covered..<sentence.start]
                #expect(between.allSatisfy { $0 == "\n" || $0.value == CharacterClasses.spaceMark })
                let breaks = (sentence.start..<sentence.end).filter {
                    cleaned.scalars[$0] == "\n"
                }
                #expect(breaks.allSatisfy(WrappedLines(cleaned).isWrapped))
                #expect(cleaned.scalars[sentence.start].value != CharacterClasses.spaceMark)
                #expect(cleaned.scalars[sentence.end - 1].value != CharacterClasses.spaceMark)
                covered = sentence.end
            }
            let rest = cleaned.scalars[covered...]
            #expect(rest.allSatisfy { $0 == "\n" || $0.value == CharacterClasses.spaceMark })
        }
    }

    @Test("words cover a sentence but for its white space, each whole scalars")
    func wordCover() throws {
        let analyzer = TextAnalyzer(analyzer: try MorphologicalAnalyzer())
        var random = RandomText(seed: 9)
        for round in 0..<600 {
            let text = analyzer.analyze(
                round % 2 == 0
                    ? random.text(of: 80) : random.text(of: 40, from: OffsetTests.clinicalPieces))
            for sentence in text.sentences {
                var covered = sentence.range.start
                for morpheme in sentence.morphemes {
                    let gap = text.cleaned.scalars[covered..<morpheme.range.start]
                    #expect(
                        gap.allSatisfy { $0 == "\n" || $0.value == CharacterClasses.spaceMark })
                    #expect(morpheme.range.count > 0)
                    let slice = text.cleaned.slice(morpheme.range)
                    #expect(slice.filter { $0 != "\n" } == morpheme.surface)
                    #expect(!morpheme.partOfSpeech.isEmpty && !morpheme.baseForm.isEmpty)
                    covered = morpheme.range.end
                }
                #expect(covered == sentence.range.end)
            }
        }
    }

    @Test(
        "time grows with the text and not faster",
        arguments: [
            "あ", "a@", "0", "03-", "(0", "http://", "(", "「", "#1 ", "か\u{3099}", "\u{301}\u{327}",
            "１．",
            "．", "ー",
            "www.", "ｶﾞ", "①", "\u{FE0F}", "a.", "あ。", " ", ".・", "ⅡⅢ", "²₂", "\u{1161}",
            "1\u{20E3}",
            "5😀", "👩\u{200D}", "\u{E000}", "\u{344}", "あ―", "\r", "．５", "1½", "\u{FDFA}",
        ])
    func linear(piece: String) {
        func seconds(_ count: Int) -> Double {
            let text = String(repeating: piece, count: count)
            let start = Self.processorSeconds()
            for profile in TextCleaner.Profile.allCases {
                let cleaned = TextCleaner(profile: profile).clean(text)
                _ = SentenceSplitter().sentences(in: cleaned)
            }
            return Self.processorSeconds() - start
        }
        let (short, long) = (seconds(10_000), seconds(80_000))
        // Eight times the text: 8 if linear, 64 if quadratic.
        #expect(long < short * 24 + 0.01, "\(short) s, \(long) s")
    }

    @Test("a long text without any break is analysed in bounded pieces")
    func longSentence() throws {
        let analyzer = TextAnalyzer(analyzer: try MorphologicalAnalyzer())
        for piece in ["右肺に腫瘤を認め、", "Ａ", "9", "亜"] {
            let text = analyzer.analyze(String(repeating: piece, count: 20_000))
            #expect(text.sentences.allSatisfy { $0.range.count <= SentenceSplitter.longest })
            let words = text.sentences.flatMap(\.morphemes)
            #expect(words.map(\.range.count).reduce(0, +) == text.cleaned.scalars.count)
        }
    }

    @Test("many threads share one analyzer and get what one thread gets")
    func threads() async throws {
        let analyzer = TextAnalyzer(analyzer: try MorphologicalAnalyzer())
        let texts = (0..<40).map { "\($0)日目、右上葉に\($0 * 3)㎜の腫瘤を認めた。リンパ節腫大なし。" }
        let alone = texts.map { analyzer.analyze($0).sentences.map(\.morphemes) }
        let together = await withTaskGroup(of: (Int, [[Morpheme]]).self) { group in
            for (index, text) in texts.enumerated() {
                group.addTask { (index, analyzer.analyze(text).sentences.map(\.morphemes)) }
            }
            var result = [[[Morpheme]]](repeating: [], count: texts.count)
            for await (index, words) in group { result[index] = words }
            return result
        }
        #expect(together == alone)
    }

    /// Time of this thread on a processor, which others do not disturb.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
