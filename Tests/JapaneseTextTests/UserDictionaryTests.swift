// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import JapaneseText

/// A compiled dictionary of the fictional terms in a folder that goes with it.
final class CompiledFixture: Sendable {
    static let shared = Result { try CompiledFixture(FictionalTerms.entries) }

    private let folder: TemporaryFolder
    let path: String
    let result: DictionaryCompiler.Result

    init(_ entries: [TermEntry]) throws {
        folder = try TemporaryFolder()
        result = try DictionaryCompiler().compile(entries)
        path = try folder.write(Data(result.content), to: "terms.dic").path(percentEncoded: false)
    }
}

@Suite("User dictionaries")
struct UserDictionaryTests {
    private static let plain = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }
    private static let extended = Result {
        TextAnalyzer(
            analyzer: try MorphologicalAnalyzer(
                userDictionary: try CompiledFixture.shared.get().path))
    }

    private func words(
        _ analyzer: Result<TextAnalyzer, any Error>, _ text: String
    ) throws -> [(word: String, start: Int)] {
        let analyzed = try analyzer.get().analyze(text)
        return analyzed.sentences.flatMap { sentence in
            sentence.morphemes.map {
                ($0.surface, analyzed.cleaned.sourceRange(of: $0.range).start)
            }
        }
    }

    @Test("there are enough sentences to tell")
    func enough() { #expect(FictionalTerms.divided.count >= 60) }

    @Test("a term that IPADIC cuts apart is one word", arguments: FictionalTerms.divided)
    func whole(marked: String) throws {
        let sentence = MarkedText(marked)
        let before = try words(Self.plain, sentence.text)
        let after = try words(Self.extended, sentence.text)
        for mark in sentence.marks {
            let isTerm = { (word: (word: String, start: Int)) in
                word == (mark.span.surface, mark.span.range.start)
            }
            #expect(!before.contains(where: isTerm), "IPADIC alone must cut it")
            #expect(after.contains(where: isTerm))
        }
    }

    @Test("words beside and between terms stay as they were", arguments: FictionalTerms.divided)
    func neighbours(marked: String) throws {
        let sentence = MarkedText(marked)
        let outside = { (word: (word: String, start: Int)) in
            !sentence.marks.contains {
                $0.span.range.start <= word.start && word.start < $0.span.range.end
            }
        }
        let before = try words(Self.plain, sentence.text).filter(outside).map(\.word)
        let after = try words(Self.extended, sentence.text).filter(outside).map(\.word)
        #expect(before == after)
    }

    @Test("a sentence without a whole term is cut as before", arguments: FictionalTerms.untouched)
    func untouched(text: String) throws {
        let terms = try UserDictionary(path: CompiledFixture.shared.get().path)
        let before = try words(Self.plain, text).map(\.word)
        let after = try words(Self.extended, text).map(\.word)
        // A short term may join the parts that are it; any other difference is a fault.
        var rest = before[...]
        for word in after {
            var joined = rest.popFirst() ?? ""
            if terms.term(word) != nil {
                while joined.count < word.count, let next = rest.popFirst() { joined += next }
            }
            #expect(joined == word)
        }
        #expect(rest.isEmpty)
    }

    @Test("a term is found with what is known of it; part of one is not")
    func lookup() throws {
        let dictionary = try UserDictionary(path: CompiledFixture.shared.get().path)
        #expect(dictionary.wordCount == FictionalTerms.entries.count)
        let term = try #require(dictionary.term("蜂窩織炎"))
        #expect(term.type == .disease && term.code == "L039" && term.standardName == "蜂巣炎")
        #expect(term.source == "fictional@000000000000")
        #expect(dictionary.term("S-1")?.type == .drug)
        #expect(dictionary.term("手足症候群")?.code == nil)
        for absent in ["蜂窩織", "蜂窩織炎症", "", "炎", "\u{0}"] {
            #expect(dictionary.term(absent) == nil)
        }
        var listed: Set<String> = []
        dictionary.forEachWord { term, _ in listed.insert(term?.surface ?? "") }
        #expect(listed == Set(FictionalTerms.entries.map(\.term.surface)))
    }

    @Test("the same terms in any order give the same bytes")
    func deterministic() throws {
        let again = try DictionaryCompiler().compile(FictionalTerms.entries.reversed())
        #expect(try again.content == CompiledFixture.shared.get().result.content)
    }

    @Test(
        "commas and quotation marks in terms, names and codes come back",
        arguments: [
            "N,N-ジメチル腫瘍", "「架空」,腫瘍", "\"架空\"腫瘍", "'架空'腫瘍", "a,b\"c\"腫瘍", "*",
        ])
    func quoting(text: String) throws {
        let surface = text == "*" ? "架空腫瘍" : text
        let term = DictionaryTerm(
            surface: surface, type: .other, code: text, standardName: "\"\(text),\"",
            source: "表,\"1\".csv@0123456789ab")
        let fixture = try CompiledFixture([try #require(TermEntry(term: term))])
        #expect(try UserDictionary(path: fixture.path).term(surface) == term)
    }

    @Test(
        "texts that a dictionary cannot hold are no entries",
        arguments: [
            "", "腫 瘍", "腫\n瘍", "腫\u{0}瘍", "腫\u{2581}瘍", "腫\u{2028}瘍",
            String(repeating: "腫", count: 65),
        ])
    func refusedEntries(surface: String) {
        let term = { (surface: String, name: String?) in
            DictionaryTerm(
                surface: surface, type: .disease, code: nil, standardName: name, source: "x@0")
        }
        #expect(TermEntry(term: term(surface, nil)) == nil)
        #expect(TermEntry(term: term("腫瘍", "a\nb")) == nil)
        #expect(TermEntry(term: term("腫瘍", String(repeating: "長", count: 201))) == nil)
        #expect(TermEntry(term: term("腫瘍", "腫瘍")) != nil)
    }

    @Test("a site's own cost counts, however dear")
    func ownCost() throws {
        let entries = { (cost: Int16?) in
            [
                TermEntry(
                    term: DictionaryTerm(
                        surface: "架空腫瘍", type: .disease, code: nil, standardName: nil,
                        source: "x@0"), reading: "カクウシュヨウ", cost: cost)
            ].compactMap { $0 }
        }
        for (cost, isWhole) in [(nil, true), (Int16.max, false), (Int16.min, true)] {
            let fixture = try CompiledFixture(entries(cost))
            let analyzer = TextAnalyzer(
                analyzer: try MorphologicalAnalyzer(userDictionary: fixture.path))
            let words = analyzer.analyze("右肺の架空腫瘍を認める").sentences[0].morphemes
            #expect(words.contains { $0.surface == "架空腫瘍" } == isWhole)
            if isWhole {
                #expect(words.first { $0.surface == "架空腫瘍" }?.reading == "カクウシュヨウ")
            }
        }
    }

    @Test("a word of the system dictionary keeps its grammar")
    func systemWord() throws {
        let entry = TermEntry(
            term: DictionaryTerm(
                surface: "発熱", type: .disease, code: "R509", standardName: "発熱", source: "x@0"))
        let fixture = try CompiledFixture([try #require(entry)])
        #expect(fixture.result.systemWords == ["発熱"] && fixture.result.dividedTerms == 0)
        let analyzer = TextAnalyzer(
            analyzer: try MorphologicalAnalyzer(userDictionary: fixture.path))
        let word = analyzer.analyze("昨夜から発熱した。").sentences[0].morphemes[2]
        #expect(word.surface == "発熱" && word.subcategory == "サ変接続")
    }

    @Test("without terms there is no dictionary")
    func noTerms() {
        #expect(throws: MorphologyError.noTerms) { try DictionaryCompiler().compile([]) }
    }

    @Test("a system dictionary that is none is named")
    func noSystem() {
        #expect(throws: MorphologyError.dictionaryFileMissing(path: "/nowhere/sys.dic")) {
            try DictionaryCompiler(systemDictionary: "/nowhere").compile(FictionalTerms.entries)
        }
    }
}
