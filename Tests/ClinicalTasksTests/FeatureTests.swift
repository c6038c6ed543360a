// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import Tensors
import Testing

@testable import ClinicalTasks

@Suite("Features of texts")
struct FeatureTests {
    @Test("Codes of diseases are numbers and come back; what is none has no number")
    func diseaseCodes() throws {
        for letter in "ACEZ" {
            for digits in ["00", "99", "14", "509", "0000", "9999", "1234"] {
                let code = "\(letter)\(digits)"
                let number = try #require(CodeScheme.icd10.number(code))
                #expect(CodeScheme.icd10.code(number) == code)
            }
        }
        for code in ["", "A", "A1", "A12345", "1234", "a12", "A1x", "Ａ12", "A12."] {
            #expect(CodeScheme.icd10.number(code) == nil, "\(code)")
        }
        #expect(CodeScheme.icd10.code(.max) == nil)
        #expect(CodeScheme.icd10.code(26 * 11 * 11 * 11 * 11) == nil)
    }

    @Test(
        "The shape of a word is the run of its kinds",
        arguments: [
            ("発熱", 1), ("認める", 12), ("アスピリン", 3), ("CT", 4), ("100mg", 54), ("α波", 61),
            ("右CTで2回。", 142_517), ("", 0), ("a1a1a1a1", 454_545),
        ])
    func shapes(word: String, code: Int) {
        #expect(WordShape.code(Array(word.unicodeScalars)) == code)
    }

    @Test("A bag is scaled to its length, and counts weigh by their logarithm")
    func bag() throws {
        var bag = FeatureBag(buckets: 1 << 16)
        #expect(bag.block(norm: 1).isEmpty)
        bag.add("word", "発熱")
        let one = try #require(bag.block(norm: 3).first)
        #expect(abs(one.value - 3) < 1e-6)
        bag.add("word", "発熱")
        bag.add("word", "咳嗽")
        let block = bag.block(norm: 1)
        #expect(block.map(\.index) == block.map(\.index).sorted() && block.count == 2)
        #expect(abs(block.reduce(0) { $0 + $1.value * $1.value } - 1) < 1e-6)
        let twice = try #require(block.first { $0.index == one.index }).value
        let once = try #require(block.first { $0.index != one.index }).value
        #expect(abs(twice / once - 1.693_147) < 1e-4)
    }

    @Test("Runs of characters and of words are counted from the shortest to the longest")
    func runs() {
        var bag = FeatureBag(buckets: 1 << 20)
        bag.addRuns("c", of: Array("発熱あり".unicodeScalars)[...], lengths: 2...3)
        #expect(bag.block(norm: 1).count == 3 + 2)
        bag.addRuns("w", of: ["発熱", "あり"], lengths: 1...2)
        #expect(bag.block(norm: 1).count == 5 + 3)
        bag.addRuns("w", of: [], lengths: 1...2)
        #expect(bag.block(norm: 1).count == 8)
    }

    @Test("The mean of states is that of the words that overlap a range")
    func means() throws {
        let text = TextAnalyzer(analyzer: try MorphologicalAnalyzer()).analyze("発熱と咳嗽。頭痛。")
        var next: Float = 0
        let states = text.sentences.map { sentence in
            Tensor(
                shape: [sentence.morphemes.count, 2],
                values: sentence.morphemes.flatMap { _ in
                    next += 1
                    return [next, -next]
                })
        }
        func mean(_ ranges: [CleanedRange]?) -> [Float] {
            StateMeans.mean(of: text, states: states, ranges: ranges, width: 2)
        }
        let all = Float((1...Int(next)).reduce(0, +)) / next
        #expect(mean(nil) == [all, -all])
        #expect(mean([CleanedRange(start: 0, end: 1)]) == [1, -1])
        #expect(mean([CleanedRange(start: 0, end: 3)]) == [1.5, -1.5])
        #expect(mean([]) == [0, 0])
    }
}
