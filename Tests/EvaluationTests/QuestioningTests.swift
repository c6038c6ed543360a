// SPDX-License-Identifier: Apache-2.0
import Evaluation
import Foundation
import ModelTestSupport
import TestSupport
import Testing
import Tokenizers

@Suite("Questions to a language model")
struct QuestioningTests {
    private static let question = WrittenQuestion(
        text: "どれか。", letters: ["A", "B", "C"], options: ["甲", "乙", "丙"], chosen: 2)

    /// A model of random weights with a tokenizer of bytes; `letters` are the tokens of A, B and C.
    private static func questioning(
        _ mode: AnswerMode, letters: [[Int32]], promptLength: Int = 8, context: Int = 64
    ) throws -> Questioning {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../EndToEndTests/WrittenAnswers/tokenizer.json").standardizedFileURL
        let tokenizer = try JSONTokenizers.tokenizer(
            in: Data(contentsOf: file), name: "tokenizer.json")
        let model = try RandomModel.make(
            vocabulary: tokenizer.vocabularySize, context: context, layers: 1)
        let asked = AskedModel(
            model: model, tokenizer: tokenizer, stops: [1], adapter: nil,
            prompt: { _ in
                AskedModel.Prompt(ids: (0..<Int32(promptLength)).map { $0 + 2 }) { letter in
                    letters["ABC".firstIndex(of: Character(letter))?.utf16Offset(in: "ABC") ?? 0]
                }
            }, written: { $0 })
        return Questioning(asked, Questioning.Settings(mode))
    }

    private static func answers(_ questioning: Questioning) throws -> [WrittenAnswer] {
        var answers: [WrittenAnswer] = []
        try questioning.answer([question, question]) { _, answer in answers.append(answer) }
        return answers
    }

    @Test("As many letters are chosen as are asked for, by likelihood and bound")
    func several() throws {
        for mode in [AnswerMode.choices, .bound] {
            let answers = try Self.answers(
                Self.questioning(mode, letters: [[36], [37], [38]]))
            #expect(answers.count == 2 && answers[0] == answers[1])
            guard case .options(let chosen) = answers[0].content else {
                Issue.record("no options: \(answers[0])")
                continue
            }
            #expect(chosen.count == 2 && chosen == chosen.sorted())
        }
    }

    @Test("Letters that have the same tokens, or none, are an error, not a choice of the first")
    func sameTokens() throws {
        for letters: [[Int32]] in [[[36], [37], [37]], [[36], [], [38]]] {
            #expect(throws: QuestioningError.sameTokens(["A", "B", "C"])) {
                try Self.answers(Self.questioning(.choices, letters: letters))
            }
        }
        expectSentence(
            of: QuestioningError.sameTokens(["A", "B"]), naming: ["A, B", "--answers free"])
    }

    @Test("A question that does not fit the context is not asked")
    func tooLong() throws {
        for mode in AnswerMode.allCases {
            let answers = try Self.answers(
                Self.questioning(
                    mode, letters: [[36], [37], [38]], promptLength: 64, context: 64))
            #expect(answers.map(\.content) == [.none(.tooLong), .none(.tooLong)])
        }
    }
}
