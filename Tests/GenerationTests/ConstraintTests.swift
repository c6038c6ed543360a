// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import ModelTestSupport
import Testing
import Tokenizers

@Suite struct ConstraintTests {
    static let document = """
        右上葉に腫瘤を認める。肺癌疑い、"10mg"の薬。
        右上葉に𠮷腫瘤\\癌が疑い。
        """

    static let schema = """
        {"type":"array","maxItems":3,"items":{"type":"object","properties":{
          "text":{"type":"string","withinDocument":true},
          "type":{"enum":["disease","drug","薬"]},
          "note":{"type":["string","null"],"maxLength":5},
          "count":{"type":"integer"},"dose":{"type":"number"},
          "sure":{"type":"boolean"}},
         "required":["text","type"],"additionalProperties":false}}
        """

    /// Texts that a random model writes under a grammar.
    private func texts(
        _ count: Int, _ kind: String, _ grammar: ByteGrammar, limit: Int,
        document: DocumentText? = nil
    ) throws -> [(text: String, result: GenerationResult, found: [String])] {
        let tokenizer = try ConstraintVocabularies.tokenizer(kind)
        let model = try RandomModel.make(vocabulary: tokenizer.vocabularySize, width: 16, layers: 1)
        let grammar = try TokenGrammar(
            grammar,
            vocabulary: ConstraintVocabulary(tokenizer, vocabularySize: tokenizer.vocabularySize),
            document: document)
        let requests = (0..<count).map { index in
            var request = GenerationRequest(
                prompt: [Int32(index % 50) + 4, Int32(index % 7) + 4], limit: limit)
            request.sampling.temperature = index % 5 == 0 ? 0 : 1.5
            request.sampling.topK = index % 3 == 0 ? 40 : 0
            request.sampling.topP = index % 4 == 0 ? 0.9 : 1
            request.sampling.repetitionPenalty = index % 2 == 0 ? 1.2 : 1
            request.seed = UInt64(index)
            request.stopTokens = [1]
            request.constraint = grammar.constraint
            return request
        }
        return try model.generate(requests, budget: ServingBudget(cachedTokens: 32768, rows: 128))
            .map {
                (grammar.text(of: $0.tokens), $0, grammar.documentStrings(in: $0.tokens))
            }
    }

    @Test(
        "a thousand texts of a random model are all JSON of the schema, with strings of the document",
        arguments: ConstraintVocabularies.kinds)
    func schema(kind: String) throws {
        let grammar = try JSONSchema(json: Array(Self.schema.utf8), file: "schema").grammar
        let document = try #require(DocumentText(Self.document))
        var filled = 0
        for (text, result, found) in try texts(
            1000, kind, grammar, limit: 120, document: document)
        {
            #expect(result.isComplete, "\(result.reason)")
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            let items = try #require(value as? [[String: Any]])
            #expect(items.count <= 3)
            var strings: [String] = []
            for item in items {
                filled += 1
                #expect(
                    Set(item.keys) == ["text", "type", "note", "count", "dose", "sure"])
                let string = try #require(item["text"] as? String)
                strings.append(string)
                #expect(["disease", "drug", "薬"].contains(item["type"] as? String))
                let note = item["note"]
                #expect(note is NSNull || (note as? String)?.unicodeScalars.count ?? 9 <= 5)
                let count = try #require(item["count"] as? NSNumber)
                #expect(count.doubleValue == count.doubleValue.rounded())
                #expect(item["dose"] is NSNumber)
                #expect(item["sure"] is Bool)
            }
            #expect(strings.map { Array($0.utf8) } == found.map { Array($0.utf8) })
            for string in found { expectInDocument(string, document) }
        }
        #expect(filled > 300)
    }

    /// A string is there where its places say, in each unit, and nowhere else.
    private func expectInDocument(_ string: String, _ document: DocumentText) {
        let places = document.places(of: string)
        let scalars = Array(Self.document.unicodeScalars)
        let units = Array(Self.document.utf16)
        #expect(!string.isEmpty && !places.isEmpty)
        for place in places {
            #expect(document.bytes[place.utf8Start..<place.utf8End].elementsEqual(string.utf8))
            #expect(
                scalars[place.scalarStart..<place.scalarEnd].elementsEqual(string.unicodeScalars))
            #expect(units[place.utf16Start..<place.utf16End].elementsEqual(string.utf16))
        }
        let own = Array(string.unicodeScalars)
        let naive = (0...scalars.count - own.count).count {
            scalars[$0..<$0 + own.count].elementsEqual(own)
        }
        #expect(places.count == naive)
    }

    @Test(
        "a thousand texts bound to a document are substrings of it",
        arguments: ConstraintVocabularies.kinds)
    func substrings(kind: String) throws {
        let document = try #require(DocumentText(Self.document))
        for (text, result, found) in try texts(
            1000, kind, .documentText, limit: 12, document: document)
        {
            #expect(result.isComplete)
            #expect(found.map { Array($0.utf8) } == [Array(text.utf8)])
            expectInDocument(text, document)
        }
    }

    @Test(
        "a thousand texts bound to lines are lines of substrings, none of which goes over a line's end",
        arguments: ConstraintVocabularies.kinds)
    func lines(kind: String) throws {
        let document = try #require(DocumentText(Self.document))
        var several = 0
        for (text, result, found) in try texts(
            1000, kind, .documentLines, limit: 24, document: document)
        {
            #expect(result.isComplete, "\(result.reason)")
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(found.map { Array($0.utf8) } == lines.map { Array($0.utf8) })
            for line in lines { expectInDocument(String(line), document) }
            several += lines.count > 1 ? 1 : 0
        }
        #expect(several > 100)
    }

    @Test(
        "one of several texts is written, and nothing else", arguments: ConstraintVocabularies.kinds
    )
    func list(kind: String) throws {
        let choices = ["右上葉", "右", "drug", "disease", "肺癌疑い"]
        var seen: Set<String> = []
        for (text, result, _) in try texts(300, kind, .oneOf(choices), limit: 20) {
            #expect(choices.contains(text))
            #expect(result.isComplete)
            seen.insert(text)
        }
        #expect(seen == Set(choices))
    }

    @Test("a text under a limit too small for any is cut, and says so")
    func cut() throws {
        let grammar = ByteGrammar.oneOf(["abcdefgh"])
        let (text, result, _) = try texts(1, "unigram", grammar, limit: 3)[0]
        #expect(text == "abc" && result.reason == .limit && !result.isComplete)
    }

    @Test("where no token fits, the text ends and says so")
    func unfitting() throws {
        let (text, result, _) = try texts(1, "unigram", .oneOf(["a界"]), limit: 9)[0]
        #expect(text == "a" && result.reason == .noFittingToken && !result.isComplete)
    }

    @Test("a grammar that allows nothing, or not one thing only, is refused")
    func refused() throws {
        func error(_ grammar: ByteGrammar, _ document: String?) throws -> GrammarError? {
            let vocabulary = ConstraintVocabulary(
                try ConstraintVocabularies.tokenizer("unigram"), vocabularySize: 50)
            let document = document.flatMap { DocumentText($0) }
            do throws(GrammarError) {
                _ = try TokenGrammar(grammar, vocabulary: vocabulary, document: document)
                return nil
            } catch { return error }
        }
        #expect(try error(.documentText, "") == .noText)
        #expect(try error(.documentText, nil) == .noDocument)
        #expect(try error(.optional(.documentString), nil) == .noDocument)
        #expect(try error(.anyOf([]), nil) == .noText)
        #expect(try error(.anyOf([.documentText, .text("a")]), "abc") == .ambiguous)
        #expect(try error(.sequence([.documentText, .text("a")]), "abc") == .ambiguous)
        #expect(
            try error(.anyOf([.documentString, .sequence([.text("\"a\"")])]), "abc")
                == .ambiguous)
        let wide = ByteGrammar.repeated(.documentString, atLeast: 1_000_000, atMost: nil)
        #expect(try error(wide, "abc") == .tooLarge(limit: 1 << 19))
        #expect(try error(.anyOf([.documentText, .text("")]), "abc") == nil)
        #expect(try error(.documentLines, "a\nb") == nil)
        #expect(try error(.sequence([.documentLine, .text("b")]), "a\nb") == .ambiguous)
        #expect(try error(.sequence([.documentLine, .documentLine]), "a\nb") == .ambiguous)
    }
}
