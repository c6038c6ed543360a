// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText
import TestSupport
import Testing
import Tokenizers

@Suite("Training of a vocabulary")
struct UnigramTrainerTests {
    static let notes = FictionalWords.notes(2000)
    static let counts = FictionalWords.counts(notes)

    static func parameters(_ size: Int) -> UnigramTrainer.Parameters {
        var parameters = UnigramTrainer.Parameters(vocabularySize: size)
        parameters.minimumCharacterCount = 1
        parameters.characterCoverage = 1
        return parameters
    }

    static func trained(_ size: Int) throws -> UnigramTokenizer {
        try UnigramTrainer.train(wordCounts: counts, parameters: parameters(size))
    }

    @Test("The vocabulary has the wanted size where the words give enough pieces")
    func size() throws {
        for size in [150, 170, 200] {
            #expect(try Self.trained(size).vocabularySize == size)
        }
    }

    @Test("Special tokens come first, then pieces of at most 16 characters, likely ones first")
    func order() throws {
        let pieces = try Self.trained(200).vocabulary.pieces
        #expect(pieces.prefix(4).map(\.text) == UnigramTokenizer.SpecialToken.all)
        let scores = pieces.dropFirst(4).map(\.score)
        #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(scores.allSatisfy { $0 < 0 })
        #expect(pieces.dropFirst(4).allSatisfy { $0.text.unicodeScalars.count <= 16 })
        // Probabilities, less what the Bayesian M step takes from rare pieces.
        let sum = scores.reduce(0) { $0 + exp($1) }
        #expect(sum > 0.98 && sum <= 1.0001)
    }

    @Test("Frequent words become pieces of their own, marked as beginning a word")
    func frequentWords() throws {
        let tokenizer = try Self.trained(200)
        for word in ["発熱", "頭痛", "を", "が"] {
            #expect(tokenizer.encode(words: [word])[0].count == 1, "\(word)")
            #expect(tokenizer.id(of: "▁" + word) != nil)
        }
    }

    @Test("What is in the alphabet comes back unchanged", arguments: [150, 200])
    func roundTrip(size: Int) throws {
        let tokenizer = try Self.trained(size)
        for note in Self.notes.prefix(300) {
            let text = UnigramTokenizer.text(of: note)
            let ids = tokenizer.encode(words: note)
            #expect(tokenizer.decode(ids.flatMap { $0 }, skippingSpecial: false) == text)
            #expect(!ids.joined().contains(tokenizer.unknown))
            #expect(ids.flatMap { $0 } == tokenizer.encode(text).map(\.id))
        }
    }

    @Test("A written file is read back as the same tokenizer")
    func reload() throws {
        let folder = try TemporaryFolder()
        let file = folder["tokenizer.json"]
        let tokenizer = try Self.trained(180)
        try tokenizer.write(to: file)
        let again = try UnigramTokenizer(file: file)
        #expect(again.vocabulary == tokenizer.vocabulary)
        for note in Self.notes.prefix(100) {
            #expect(again.encode(words: note) == tokenizer.encode(words: note))
        }
    }

    @Test("The result does not depend on threads or on the order of the words")
    func deterministic() throws {
        var parameters = Self.parameters(180)
        parameters.threads = 1
        let one = try UnigramTrainer.train(wordCounts: Self.counts, parameters: parameters)
        parameters.threads = 3
        let reversed = Dictionary(
            uniqueKeysWithValues: Self.counts.sorted { $0.key > $1.key }.map { ($0.key, $0.value) })
        let three = try UnigramTrainer.train(wordCounts: reversed, parameters: parameters)
        #expect(one.vocabulary == three.vocabulary)
    }

    @Test("Every piece raises the likelihood of the text over characters alone")
    func compression() throws {
        let characters = try Self.trained(UnigramTrainerTests.alphabetSize + 4)
        let small = try Self.trained(150)
        let large = try Self.trained(200)
        func tokens(_ tokenizer: UnigramTokenizer) -> Int {
            Self.notes.reduce(0) { $0 + tokenizer.encode(words: $1).joined().count }
        }
        #expect(tokens(small) < tokens(characters))
        #expect(tokens(large) < tokens(small))
    }

    @Test("Long passages that stand twice do not take the place of what stands in all lines")
    func repeatedPassages() throws {
        let passages = FictionalWords.passages(80, length: 16)
        var counts: [String: Int] = [:]
        for (index, note) in Self.notes.prefix(800).enumerated() {
            // The first 160 lines hold each passage twice, between different characters.
            let passage = index < 160 ? passages[index % 80] : ""
            counts[note.joined() + passage + String(index), default: 0] += 1
        }
        let tokenizer = try UnigramTrainer.train(
            wordCounts: counts, parameters: Self.parameters(260))
        let ofPassages = tokenizer.vocabulary.pieces.map(\.text).filter { piece in
            piece.count > 4 && passages.contains { $0.contains(piece) }
        }
        #expect(ofPassages == [])
        #expect(tokenizer.vocabularySize == 260)
    }

    static let alphabetSize = Set(counts.keys.joined().unicodeScalars).count + 1

    @Test("Characters too rare for the coverage are unknown, frequent ones are not")
    func coverage() throws {
        var counts = Self.counts
        counts["鼹"] = 1
        var parameters = UnigramTrainer.Parameters(vocabularySize: 180)
        parameters.characterCoverage = 1
        let tokenizer = try UnigramTrainer.train(wordCounts: counts, parameters: parameters)
        #expect(tokenizer.encode(words: ["鼹"])[0].last == tokenizer.unknown)
        #expect(tokenizer.id(of: "鼹") == nil)
        #expect(tokenizer.id(of: "▁") != nil && tokenizer.id(of: "熱") != nil)
    }

    @Test("Characters never take more than the vocabulary; the most frequent ones stay")
    func fewerIdsThanCharacters() throws {
        let tokenizer = try Self.trained(24)
        #expect(tokenizer.vocabularySize == 24)
        #expect(tokenizer.id(of: "熱") != nil)
    }

    @Test("Words as hostile as can be are learned from without harm")
    func awkwardWords() throws {
        let words = [
            "": 5, " ": 3, "▁": 2, "\n": 7, "a b": 3, "発\n熱": 4, "<|unk|>": 9, "無": -3, "零": 0,
            String(repeating: "ー", count: 5000): 3, "多": Int.max, "極": Int.max,
            "か\u{3099}": 5, "\u{0}": 3, "\u{1F600}": 2,
        ]
        let tokenizer = try UnigramTrainer.train(
            wordCounts: words, parameters: Self.parameters(60))
        let texts = tokenizer.vocabulary.pieces.dropFirst(4).map(\.text)
        #expect(texts.allSatisfy { !$0.unicodeScalars.contains("\n") && !$0.contains(" ") })
        #expect(tokenizer.vocabulary.pieces.allSatisfy { $0.score.isFinite })
        #expect(tokenizer.id(of: "無") == nil && tokenizer.id(of: "多") != nil)
        let again = try UnigramTokenizer(json: Data(tokenizer.json().utf8), name: "again")
        #expect(again.vocabulary == tokenizer.vocabulary)
    }

    static let wrongParameters: [(String, UnigramTrainer.Parameters)] = {
        func with<Value>(
            _ path: WritableKeyPath<UnigramTrainer.Parameters, Value>, _ value: Value
        ) -> UnigramTrainer.Parameters {
            var parameters = parameters(100)
            parameters[keyPath: path] = value
            return parameters
        }
        return [
            ("vocabularySize", with(\.vocabularySize, 0)),
            ("shrinkingFactor", with(\.shrinkingFactor, 1)),
            ("maximumPieceLength", with(\.maximumPieceLength, 0)),
            ("subIterations", with(\.subIterations, 0)),
            ("characterCoverage", with(\.characterCoverage, .nan)),
            ("specialTokens", with(\.specialTokens, ["<s>"])),
            ("seedLimit", with(\.seedLimit, 10)),
            ("threads", with(\.threads, 0)),
        ]
    }()

    @Test("Parameters out of range are refused by name", arguments: wrongParameters)
    func parameters(name: String, wrong: UnigramTrainer.Parameters) {
        #expect(throws: TokenizerError.parameter(name: name)) {
            try UnigramTrainer.train(wordCounts: Self.counts, parameters: wrong)
        }
    }

    @Test("Nothing to learn from, and no room for a character, are errors")
    func nothing() {
        #expect(throws: TokenizerError.noWords) {
            try UnigramTrainer.train(wordCounts: ["\n": 3], parameters: Self.parameters(100))
        }
        #expect(throws: TokenizerError.vocabularyTooSmall(size: 4, needed: 5)) {
            try UnigramTrainer.train(wordCounts: Self.counts, parameters: Self.parameters(4))
        }
    }

    @Test("Progress grows to the end, and what it throws stops the training")
    func progress() throws {
        struct Stop: Error {}
        var fractions: [Double] = []
        _ = try UnigramTrainer.train(
            wordCounts: Self.counts, parameters: Self.parameters(150),
            progress: { fractions.append($0.fraction) })
        #expect(fractions == fractions.sorted())
        #expect(fractions.first == 0 && fractions.allSatisfy { $0 <= 1 })
        #expect(throws: Stop.self) {
            try UnigramTrainer.train(
                wordCounts: Self.counts, parameters: Self.parameters(150),
                progress: { if $0.phase == .pruning { throw Stop() } })
        }
    }
}
