// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import JapaneseText
import Testing

@testable import ClinicalTasks

@Suite("What a text shows beside another")
struct SentenceProfileTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }

    private func profile(_ text: String) throws -> SentenceProfile {
        SentenceProfile(try Self.analyzer.get().analyze(text))
    }

    @Test("Facts are taken out of a sentence")
    func facts() throws {
        let found = try profile("CTで右肺に2.5cmの腫瘤を認め、転移はなく、肺癌が疑われた。")
        #expect(found.numbers == ["2.5"] && found.quantities == ["2.5cm"])
        func words(_ role: SentenceProfile.Roles) -> Set<String> {
            Set(zip(found.vocabulary, found.roles).filter { $1.contains(role) }.map(\.0))
        }
        #expect(words(.foreign).contains("CT"))
        #expect(found.negations == 1 && found.suppositions == 1)
        #expect(words(.verb).contains("認める") && found.predicate == "疑う")
        #expect(words(.noun).contains("転移") && !found.vocabulary.contains("、"))
        #expect(!found.letters.contains("。"))
    }

    @Test("A text without words has no facts")
    func empty() throws {
        for text in ["", "。、\n", "　"] {
            let found = try profile(text)
            #expect(
                found.letters.isEmpty && found.vocabulary.isEmpty && found.words.isEmpty
                    && found.predicate == nil)
            #expect(found.numbers.isEmpty && found.negations == 0)
        }
    }

    private static let texts = [
        "", "発熱。", "38.5度の発熱あり。", "発熱はなかった。", "右肺に2cmの腫瘤を認めた。", "左肺に3cmの腫瘤を認めた。",
        "アスピリン100mgを内服した。", String(repeating: "咳嗽が続く。", count: 40),
    ]

    private func measures(_ one: String, _ other: String) throws -> [String: Double] {
        let rarity = RarityTable(documents: [], buckets: 64)
        let (left, right) = (try profile(one), try profile(other))
        let found = SimilarityMeasures(
            left, right, WordComparison(left, right), rarity: rarity
        ).values
        return Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.value) })
    }

    @Test("Measures are the same whichever text comes first, finite, and lie between 0 and 1")
    func symmetric() throws {
        for one in Self.texts {
            for other in Self.texts {
                let found = try measures(one, other)
                #expect(try found == measures(other, one), "\(one) \(other)")
                #expect(found.values.allSatisfy { (0...1).contains($0) }, "\(one) \(other)")
            }
        }
    }

    @Test("A text is wholly like itself")
    func identity() throws {
        for text in Self.texts.dropFirst() {
            let found = try measures(text, text)
            for name in ["characters1.dice", "words.dice", "edits", "same", "length.ratio"] {
                #expect(found[name] == 1, "\(name) of \(text)")
            }
            #expect(found["opposites"] == 0 && found["negation.differs"] == 0)
        }
    }

    @Test("A side, a number, a denial and a supposition that differ are told")
    func differences() throws {
        let sides = try measures("右肺に2cmの腫瘤を認めた。", "左肺に3cmの腫瘤を認めた。")
        #expect(sides["opposites"] ?? 0 > 0 && sides["numbers.disjoint"] == 1)
        let denial = try measures("発熱を認めた。", "発熱は認めなかった。")
        #expect(denial["negation.differs"] == 1 && denial["same"] == 0)
        #expect(try measures("肺癌を認める。", "肺癌を疑う。")["supposition.differs"] == 1)
        #expect(try measures("2cmの腫瘤", "腫瘤")["numbers.onlyOne"] == 1)
    }

    @Test("Signatures estimate the share of runs of three characters that texts have in common")
    func signatures() throws {
        func signature(_ text: String) throws -> SimilaritySignature {
            SimilaritySignature(of: try Self.analyzer.get().analyze(text))
        }
        func share(_ left: SimilaritySignature, _ right: SimilaritySignature) -> Double {
            Double(zip(left.values, right.values).count { $0 == $1 })
                / Double(SimilaritySignature.length)
        }
        let text = "昨夜より三十八度台の発熱と咳嗽を認め、本日当院を受診した。胸部に異常陰影を認める。"
        let same = try signature(text.replacingOccurrences(of: "。", with: "\n"))
        #expect(try signature(text) == same)
        #expect(try signature(text).bands().count == 16)
        let near = try signature(text.replacingOccurrences(of: "胸部", with: "肺野"))
        #expect(share(try signature(text), near) > 0.6)
        #expect(try !Set(signature(text).bands()).isDisjoint(with: near.bands()))
        let other = try signature("急性虫垂炎に対し虫垂切除術を施行し、術後の経過は良好であった。")
        #expect(share(try signature(text), other) < 0.2)
        #expect(try signature("発熱").bands().isEmpty)
    }
}
