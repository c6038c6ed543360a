// SPDX-License-Identifier: Apache-2.0
import Faults
import TestSupport
import Testing
import Tokenizers

@Suite("Errors of tokenizers and chats in words") struct ErrorExplanationTests {
    @Test(
        "name the file and the field",
        arguments: [
            (
                TokenizerError.tooLarge(file: "t", field: "f", count: 9, limit: 8),
                ["t:", "f ", "9", "8"]
            ),
            (.malformed(file: "t", field: "f"), ["t:", "f ", "again"]),
            (.damaged(file: "t", fault: "is empty"), ["t is empty"]),
            (.malformed(file: "t", field: "$"), ["t is damaged"]),
            (.unrecognized(file: "t"), ["t:"]),
            (.missing(file: "t", field: "f"), ["t:", "f ", "again"]),
            (.unsupported(file: "t", field: "f", value: "v"), ["t:", "f is v", "choose"]),
            (
                .outOfRange(file: "t", field: "f", value: 9, count: 8),
                ["t:", "f is 9", "0 to 7", "again"]
            ),
            (.duplicate(file: "t", field: "f"), ["t:", "f stands twice", "again"]),
            (.missingSpecialToken(file: "t", content: "<s>"), ["t:", "\"<s>\""]),
            (.noWords, ["no words"]),
        ])
    func files(error: TokenizerError, words: [String]) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == .badData)
    }

    @Test(
        "of a training that cannot be are the asker's",
        arguments: [
            (TokenizerError.parameter(name: "p"), ["p is out of range"]),
            (.vocabularyTooSmall(size: 5, needed: 6), ["5", "6"]),
        ])
    func training(error: TokenizerError, words: [String]) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == .usage)
    }

    @Test(
        "name the message from 1, or the templates that there are",
        arguments: [
            (ChatTemplateError.unknownTemplate(file: "t"), ["t:", "--template", "chatml"]),
            (.noTemplate(file: "t"), ["t:", "--template", "chatml"]),
            (.unknownName("x"), ["\"x\"", "chatml"]),
            (.missingToken(template: "chatml", content: "<s>"), ["chatml", "\"<s>\""]),
            (.noMessages, ["no messages"]),
            (.unexpectedSystem(template: "chatml", message: 1), ["message 2", "chatml"]),
            (.rolesMustAlternate(template: "chatml", message: 0), ["message 1", "chatml"]),
            (.unsupportedTokenizer, ["special tokens"]),
        ])
    func chats(error: ChatTemplateError, words: [String]) {
        expectSentence(of: error, naming: words)
    }
}
