// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import JapaneseText
import LinearHeads
import Tensors
import Testing

@Suite("Tables of terms")
struct EntityTableTests {
    /// A sentence of the given words, each a noun.
    private static func sentence(_ words: [String]) -> SentenceWords {
        var morphemes: [Morpheme] = []
        var start = 0
        for word in words {
            let end = start + word.unicodeScalars.count
            morphemes.append(
                Morpheme(
                    surface: word, range: CleanedRange(start: start, end: end),
                    partOfSpeech: "名詞", subcategory: "一般", baseForm: word, reading: nil,
                    isUnknown: false))
            start = end
        }
        return SentenceWords(
            AnalyzedSentence(range: CleanedRange(start: 0, end: start), morphemes: morphemes))
    }

    private static let list: [TermTable.Term] = [
        .init("心不全", code: "I509", isStandard: true), .init("急性心不全", code: "I500"),
        .init("MRSA感染", code: "A490"), .init("心"), .init("", code: "A000"),
        .init("心不全", code: "Z999"),
    ]
    private static let terms = TermTable(list)

    @Test("match the longest run of whole words from left to right")
    func longestMatch() {
        let sentence = Self.sentence(["急性", "心", "不全", "と", "心不全", "中心", "MR", "感染"])
        let matches = Self.terms.matches(in: sentence)
        #expect(matches.map(\.words) == [0..<3, 4..<5])
        #expect(matches.map(\.length) == [5, 3])
        #expect(Self.terms.count == 4)
    }

    @Test("look at small and capital Latin letters alike")
    func letters() {
        #expect(Self.terms.matches(in: Self.sentence(["mrsa", "感染"])).map(\.words) == [0..<2])
    }

    @Test(
        "know the code of an exact term only", arguments: [("心不全", "I509"), ("心", nil), ("腎", nil)])
    func codes(word: String, code: String?) {
        #expect(Self.terms.code(of: 0..<1, in: Self.sentence([word])) == code)
    }

    @Test(
        "give back every form of ICD-10 code, and none for what is not one",
        arguments: [
            ("E14", "E14"), ("R529", "R529"), ("A0000", "A0000"), ("Z9999", "Z9999"),
            ("M45-9", nil), ("14E", nil), ("E1", nil), ("E12345", nil), ("", nil),
        ])
    func codeForms(code: String, expected: String?) throws {
        let table = TermTable([.init("病", code: code)])
        let stored = try TermTable(tensors: table.tensors(prefix: "t."), prefix: "t.", task: "e")
        #expect(stored.code(of: 0..<1, in: Self.sentence(["病"])) == expected)
    }

    @Test(
        "give back codes of the price list, of a class or an ingredient, and none for others",
        arguments: [
            ("2171022", "2171022"), ("0000001", "0000001"), ("2171", "2171"), ("0001", "0001"),
            ("9999999", "9999999"), ("217", nil), ("21710", nil), ("2171022F", nil), ("−171", nil),
        ])
    func drugCodes(code: String, expected: String?) throws {
        let table = TermTable([.init("薬", code: code)], scheme: .drugPriceList)
        let stored = try TermTable(
            tensors: table.tensors(prefix: "t."), prefix: "t.", task: "e", scheme: .drugPriceList)
        #expect(stored == table)
        #expect(stored.entry(of: "薬".unicodeScalars) == .init(code: expected, isStandard: false))
    }

    @Test("say which terms are standard names, after storing too")
    func standardNames() throws {
        let stored = try TermTable(
            tensors: Self.terms.tensors(prefix: "t."), prefix: "t.", task: "e")
        #expect(stored == Self.terms)
        #expect(stored.entry(of: "心不全".unicodeScalars) == .init(code: "I509", isStandard: true))
        #expect(
            stored.entry(of: "急性心不全".unicodeScalars) == .init(code: "I500", isStandard: false))
        #expect(stored.entry(of: "腎不全".unicodeScalars) == nil)
    }

    @Test("of earlier bundles, with two digits a code, are read")
    func earlierCodes() throws {
        var tensors = Self.terms.tensors(prefix: "t.")
        let codes = try #require(tensors["t.codes"])
        tensors["t.codes"] = Tensor(
            shape: [Self.terms.count, 2],
            values: (0..<Self.terms.count).flatMap { Array(codes.values[$0 * 3..<$0 * 3 + 2]) })
        let stored = try TermTable(tensors: tensors, prefix: "t.", task: "e")
        #expect(stored.entry(of: "心不全".unicodeScalars) == .init(code: "I509", isStandard: false))
    }

    @Test("whose hash agrees in one half alone is no term; earlier bundles have no other half")
    func checks() throws {
        var tensors = Self.terms.tensors(prefix: "t.")
        let checks = try #require(tensors["t.checks"])
        tensors["t.checks"] = Tensor(
            shape: checks.shape, values: checks.values.map { $0 == 0 ? 1 : $0 - 1 })
        let other = try TermTable(tensors: tensors, prefix: "t.", task: "e")
        #expect(!other.contains("心不全".unicodeScalars))
        #expect(other.entry(of: "心不全".unicodeScalars) == nil)
        tensors["t.checks"] = nil
        let earlier = try TermTable(tensors: tensors, prefix: "t.", task: "e")
        #expect(earlier.contains("心不全".unicodeScalars))
        tensors["t.checks"] = Tensor(shape: [1, 3], values: [1, 2, 3])
        #expect(throws: TaskParameterError.self) {
            try TermTable(tensors: tensors, prefix: "t.", task: "e")
        }
    }

    @Test("a gazetteer counts documents and leaves the own one out")
    func gazetteer() throws {
        let hash = TermHash("発熱".unicodeScalars).value
        let documents: [(sentences: [SentenceWords], entities: Set<UInt32>)] = [
            ([Self.sentence(["発熱", "あり"]), Self.sentence(["発熱"])], [hash]),
            ([Self.sentence(["発", "熱", "なし"])], []),
            ([Self.sentence(["頭痛"])], []),
        ]
        let built = Gazetteer(documents)
        let gazetteer = try Gazetteer(
            tensors: built.tensors(prefix: ""), prefix: "", task: "entities")
        #expect(gazetteer == built)
        let sentence = Self.sentence(["昨日", "発熱"])
        let unseen = gazetteer.matches(in: sentence, ownEntities: nil)
        #expect(unseen.map(\.words) == [1..<2])
        #expect(unseen.map(\.documents) == [2])
        #expect(unseen.map(\.ratio) == [0.5])
        // The one document where it was an entity does not see it; the one where it was none does.
        #expect(gazetteer.matches(in: sentence, ownEntities: [hash]).isEmpty)
        #expect(gazetteer.matches(in: sentence, ownEntities: []).map(\.ratio) == [1])
    }

    @Test("labels mark runs of words, and only allowed pairs follow each other")
    func labels() {
        let labels = EntityLabels([.drug, .dose])
        #expect(labels.names == ["O", "B-drug", "I-drug", "B-dose", "I-dose"])
        let runs = labels.runs([0, 1, 2, 3, 0, 1, 1])
        #expect(runs.map(\.words) == [1..<3, 3..<4, 5..<6, 6..<7])
        #expect(runs.map(\.type) == [.drug, .dose, .drug, .drug])
        #expect(labels.mayFollow(1, 2) && labels.mayFollow(2, 2) && labels.mayFollow(2, 3))
        #expect(!labels.mayFollow(0, 2) && !labels.mayFollow(1, 4) && !labels.mayStart(4))
    }
}
