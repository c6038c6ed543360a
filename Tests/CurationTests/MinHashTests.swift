// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Curation

@Suite("Signatures")
struct MinHashTests {
    private func shingles(_ text: String) -> [UInt32] {
        Shingles.hashes(of: Array(text.utf8), width: 5)
    }

    private func common(_ first: String, _ second: String) -> Double {
        let (a, b) = (Set(shingles(first)), Set(shingles(second)))
        return Double(a.intersection(b).count) / Double(a.union(b).count)
    }

    @Test("do not see white space, punctuation, width and case")
    func folded() {
        #expect(shingles("ＣＴで、肺炎 像を認めた。") == shingles("ctで肺炎像を\n認めた"))
        #expect(shingles("CTで肺炎像を認めた") != shingles("CTで肺炎像を認めず"))
        // One run fewer than characters, a short text as one, none of nothing.
        #expect(shingles("あいうえおか").count == 2)
        #expect(shingles("あい").count == 1 && shingles("。、 ").isEmpty)
        #expect(shingles("いあ") != shingles("あい"))
    }

    @Test("follow from the seed alone, on every machine")
    func fixed() {
        let hash = MinHash(bands: 2, rows: 3, seed: 7)
        let signature = hash.signature(of: shingles("右肺に腫瘤を認めた。"))
        #expect(
            signature == [
                1_503_681_841, 323_194_478, 611_612_792, 1_249_627_922, 39_087_488, 573_376_946,
            ])
        #expect(
            signature != MinHash(bands: 2, rows: 3, seed: 8).signature(of: shingles("右肺に腫瘤を認めた。")))
        #expect(hash.keys(of: signature, isEmpty: true) == [0, 0])
    }

    @Test("estimate the share of common shingles without a bias")
    func estimate() {
        var texts = FictionalTexts(seed: 11)
        let hash = MinHash(bands: 16, rows: 8, seed: 1)
        var (bias, squares, count) = (0.0, 0.0, 0)
        for number in 0..<120 {
            let text = texts.document(12)
            let other = texts.changed(text, sentences: number % 8)
            let error =
                MinHash.similarity(
                    hash.signature(of: shingles(text)), hash.signature(of: shingles(other)))
                - common(text, other)
            bias += error
            squares += error * error
            count += 1
        }
        // The standard error of 128 numbers is at most 0.044, that of the mean of 120 pairs 0.004.
        #expect(abs(bias / Double(count)) < 0.012, "\(bias / Double(count))")
        #expect((squares / Double(count)).squareRoot() < 0.055)
    }

    @Test("are found in common bands as often as the formula says")
    func bands() {
        var texts = FictionalTexts(seed: 12)
        let hash = MinHash(bands: 16, rows: 8, seed: 1)
        var (met, expected) = (0.0, 0.0)
        for number in 0..<150 {
            let text = texts.document(12)
            let other = texts.changed(text, sentences: 1 + number % 6)
            let (a, b) = (shingles(text), shingles(other))
            let keys = [a, b].map { hash.keys(of: hash.signature(of: $0), isEmpty: false) }
            met += zip(keys[0], keys[1]).contains { $0 == $1 } ? 1 : 0
            let share = common(text, other)
            let ofBand = (0..<8).reduce(1.0) { power, _ in power * share }
            expected += 1 - (0..<16).reduce(1.0) { power, _ in power * (1 - ofBand) }
        }
        #expect(abs(met - expected) < 12, "\(met) met, \(expected) expected")
    }

    @Test("are told apart in a table of hashes that grows")
    func table() {
        var random = SeededNumbers(seed: 4)
        var (table, known) = (HashTable(), Set<UInt64>())
        for _ in 0..<20_000 {
            let hash = UInt64(random.number(below: 9_000)) + 1
            #expect(table.insert(hash) == known.insert(hash).inserted)
        }
    }
}
