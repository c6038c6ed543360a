// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import ModelTestSupport
import Testing
import Tokenizers
import WeightFiles

@Suite struct StreamedTextTests {
    private func bytes(_ kind: String = "byte-level") throws -> (any TextTokenizer, TokenBytes) {
        let tokenizer = try ConstraintVocabularies.tokenizer(kind)
        return (tokenizer, TokenBytes(tokenizer))
    }

    @Test("what was shown is the text, whole characters at a time, whatever the tokens cut")
    func characters() throws {
        let (tokenizer, bytes) = try bytes()
        let text = "右上葉に𠮷 a"
        let ids = tokenizer.ids(in: text)
        var stream = StreamedText(bytes)
        var shown = ""
        for id in ids {
            stream.append(id)
            let part = stream.takeCertain()
            #expect(!part.unicodeScalars.contains("\u{FFFD}"))
            shown += part
        }
        #expect(ids.count > text.unicodeScalars.count)
        #expect(shown + stream.takeCertain(isAtEnd: true) == text)
        #expect(stream.text == text)
    }

    @Test(
        "a text ends before the first stop string, of which nothing was shown",
        arguments: [
            ("abcEND", ["END"], "abc", 0), ("abENEND!", ["END"], "abEN", 0),
            ("a右上葉b", ["上"], "a右", 0), ("xaby", ["by", "ab"], "x", 1),
        ])
    func stops(text: String, strings: [String], expected: String, stop: Int) throws {
        let (tokenizer, bytes) = try bytes()
        var stream = StreamedText(bytes, stopStrings: strings)
        var shown = ""
        for id in tokenizer.ids(in: text) {
            stream.append(id)
            shown += stream.takeCertain()
        }
        #expect(stream.text == expected && shown == expected && stream.stop == stop)
    }

    @Test("the beginning of a stop string that does not come is shown at the end")
    func open() throws {
        let (tokenizer, bytes) = try bytes()
        var stream = StreamedText(bytes, stopStrings: ["END", ""])
        for id in tokenizer.ids(in: "abEN") { stream.append(id) }
        #expect(stream.takeCertain() == "ab")
        #expect(stream.takeCertain(isAtEnd: true) == "EN")
        #expect(stream.stop == nil)
    }

    @Test("generation stops at a stop string and tells its number")
    func generation() throws {
        let (tokenizer, bytes) = try bytes("unigram")
        let model = try RandomModel.make(vocabulary: tokenizer.vocabularySize)
        var request = GenerationRequest(prompt: [5, 6], limit: 40)
        request.sampling.temperature = 1
        request.text = StreamedText(bytes)
        let free = try #require(try model.generate([request]).first)
        let text = try #require(free.text)
        let stop = try #require(text.unicodeScalars.dropFirst(10).first.map { String($0) })
        request.text = StreamedText(bytes, stopStrings: ["\u{7}", stop])
        let stopped = try #require(try model.generate([request]).first)
        #expect(stopped.reason == .stopString(1))
        let end = try #require(text.range(of: stop)?.lowerBound)
        #expect(stopped.text == String(text[..<end]))
        #expect(stopped.tokens.count < 40)
    }
}

@Suite struct GenerationDefaultsTests {
    private func defaults(_ json: String) throws -> GenerationDefaults {
        try GenerationDefaults(
            ConfigurationFields(json: Data(json.utf8), name: "generation_config.json"))
    }

    @Test("an end may be one token or several, and is nil where the file does not say")
    func ends() throws {
        #expect(try defaults(#"{"eos_token_id":2}"#).stopTokens == [2])
        #expect(try defaults(#"{"eos_token_id":[2,7]}"#).stopTokens == [2, 7])
        #expect(try defaults("{}").stopTokens == nil)
        #expect(try defaults(#"{"eos_token_id":null}"#).stopTokens == nil)
    }

    @Test("tokens are drawn only where the file says so")
    func sampling() throws {
        let greedy = try defaults(#"{"temperature":0.5,"top_k":3,"max_new_tokens":9}"#)
        #expect(greedy.sampling == SamplingSettings() && greedy.limit == 9)
        let drawn = try defaults(
            #"{"do_sample":true,"temperature":0.5,"top_p":0.9,"repetition_penalty":1.1}"#)
        #expect(drawn.sampling.temperature == 0.5 && drawn.sampling.topK == 50)
        #expect(drawn.sampling.topP == 0.9 && drawn.sampling.repetitionPenalty == 1.1)
    }

    @Test(
        "a value out of range is refused by its field",
        arguments: [
            (#"{"do_sample":true,"top_p":2}"#, "top_p"),
            (#"{"repetition_penalty":0}"#, "repetition_penalty"),
            (#"{"eos_token_id":-4}"#, "eos_token_id"), (#"{"max_new_tokens":0}"#, "max_new_tokens"),
        ])
    func faults(json: String, field: String) {
        #expect(
            throws: ModelConfigurationError.outOfRange(
                file: "generation_config.json", field: field)
        ) { try defaults(json) }
    }
}
