// SPDX-License-Identifier: Apache-2.0
import Corpora
import Generation
package import LanguageModel
package import Tokenizers

/// A language model that is asked in writing, and what lays questions out for it.
package struct AskedModel {
    /// A question as the model reads it.
    package struct Prompt {
        /// Its tokens.
        package let ids: [Int32]
        /// The tokens of a letter that follows it.
        package let label: (String) -> [Int32]

        /// A prompt.
        package init(ids: [Int32], label: @escaping (String) -> [Int32]) {
            (self.ids, self.label) = (ids, label)
        }
    }

    /// The model.
    package let model: DecoderModel
    /// Its tokenizer.
    package let tokenizer: any TextTokenizer
    /// Tokens that end an answer.
    package let stops: Set<Int32>
    /// The number of the adapter that answers; nil for the model itself.
    package let adapter: Int?
    /// Lays a question out.
    package let prompt: (String) throws -> Prompt
    /// A text as the model writes it: words with spaces between where it writes words.
    package let written: (String) -> String

    /// All parts.
    package init(
        model: DecoderModel, tokenizer: any TextTokenizer, stops: Set<Int32>, adapter: Int?,
        prompt: @escaping (String) throws -> Prompt, written: @escaping (String) -> String
    ) {
        (self.model, self.tokenizer, self.stops) = (model, tokenizer, stops)
        (self.adapter, self.prompt, self.written) = (adapter, prompt, written)
    }
}

/// Why a model cannot be asked.
package enum QuestioningError: Error, Hashable {
    /// The tokenizer does not tell these letters apart, or has nothing for one of them.
    case sameTokens([String])
}

/// Puts questions to a model, many at once: greedily, so that the same question always has the same answer.
package struct Questioning {
    /// How answers are given.
    package struct Settings: Hashable, Sendable {
        /// How the model gives them.
        package var mode: AnswerMode
        /// The most new tokens of an answer with options.
        package var choiceLimit = 16
        /// The most new tokens of an answer of strings.
        package var stringsLimit = 512
        /// Tokens that are held in memory at once.
        package var budget = 16384

        /// The defaults of a mode.
        package init(_ mode: AnswerMode) { self.mode = mode }
    }

    /// Questions that are in hand at once.
    private static let inHand = 64

    private let asked: AskedModel
    private let settings: Settings
    private let tokenBytes: TokenBytes
    private let vocabulary: ConstraintVocabulary?

    /// Questions to a model.
    package init(_ asked: AskedModel, _ settings: Settings) {
        (self.asked, self.settings) = (asked, settings)
        let vocabulary =
            settings.mode == .free
            ? nil
            : ConstraintVocabulary(
                asked.tokenizer, vocabularySize: asked.model.configuration.vocabSize)
        self.vocabulary = vocabulary
        tokenBytes = vocabulary?.tokenBytes ?? TokenBytes(asked.tokenizer)
    }

    /// Asks all questions, and tells of each answer as soon as it is there, with its question's number.
    ///
    /// A question that is longer than the context is not asked, and has no answer. Throws what `tell` throws,
    /// ``QuestioningError`` and `ServingError`.
    package func answer(
        _ questions: [WrittenQuestion],
        tell: (_ question: Int, _ answer: WrittenAnswer) throws -> Void
    ) throws {
        var batch = ContinuousBatch(asked.model, budget: budget)
        var waiting: [Int: (question: Int, slices: DocumentSlices?)] = [:]
        var next = 0
        while next < questions.count || !waiting.isEmpty {
            while next < questions.count, waiting.count < Self.inHand {
                let number = next
                next += 1
                guard let request = try request(for: questions[number]) else {
                    try tell(number, WrittenAnswer(.none(.tooLong)))
                    continue
                }
                let slices = questions[number].document.map { DocumentSlices($0) }
                waiting[try batch.submit(request)] = (number, slices)
            }
            _ = batch.step()
            for (number, place) in waiting.sorted(by: { $0.key < $1.key }) {
                guard let result = batch.takeResult(of: number) else { continue }
                waiting[number] = nil
                try tell(
                    place.question, answer(result, to: questions[place.question], place.slices))
            }
        }
    }

    private var budget: ServingBudget {
        // The longest question that fits the context is never refused.
        let longest = asked.model.configuration.maxPositionEmbeddings
        let blocks = (min(longest, 1 << 20) / 128 + 3) * 128
        return ServingBudget(cachedTokens: max(settings.budget, blocks))
    }

    // MARK: Requests

    /// What is asked of the model; nil where the question and an answer are longer than its context.
    private func request(for question: WrittenQuestion) throws -> ServingRequest? {
        let prompt = try asked.prompt(question.text)
        let room = asked.model.configuration.maxPositionEmbeddings - prompt.ids.count
        if settings.mode == .choices, !question.letters.isEmpty {
            let labels = question.letters.map { prompt.label($0) }
            guard Set(labels).count == labels.count, !labels.contains([]) else {
                throw QuestioningError.sameTokens(question.letters)
            }
            guard labels.allSatisfy({ $0.count <= room }) else { return nil }
            var request = ChoiceRequest(prompt: prompt.ids, labels: labels)
            request.adapter = asked.adapter
            return .choice(request)
        }
        guard room > 0 else { return nil }
        let limit = question.letters.isEmpty ? settings.stringsLimit : settings.choiceLimit
        var request = GenerationRequest(prompt: prompt.ids, limit: limit)
        request.stopTokens = asked.stops
        request.adapter = asked.adapter
        request.constraint = try constraint(for: question)
        request.text = StreamedText(tokenBytes)
        return .generation(request)
    }

    private func constraint(for question: WrittenQuestion) throws -> GrammarConstraint? {
        guard let vocabulary, settings.mode != .free else { return nil }
        if !question.letters.isEmpty {
            let texts = Self.combinations(of: question.letters, question.chosen)
            return try TokenGrammar(.oneOf(texts.map { asked.written($0) }), vocabulary: vocabulary)
                .constraint
        }
        guard let document = question.document else { return nil }
        // That nothing is there must be possible to say.
        let lines = asked.written(document) + "\n" + asked.written(BenchmarkPrompt.none)
        guard let text = DocumentText(lines) else { return nil }
        return try TokenGrammar(.documentLines, vocabulary: vocabulary, document: text).constraint
    }

    /// All ways to choose so many letters, with commas between them.
    static func combinations(of letters: [String], _ count: Int) -> [String] {
        guard count > 1 else { return letters }
        guard count <= letters.count else { return [letters.joined(separator: ",")] }
        return letters.indices.flatMap { first -> [String] in
            let rest = Array(letters[(first + 1)...])
            guard rest.count >= count - 1 else { return [] }
            return combinations(of: rest, count - 1).map { letters[first] + "," + $0 }
        }
    }

    // MARK: Results

    private func answer(
        _ result: ServingResult, to question: WrittenQuestion, _ slices: DocumentSlices?
    ) -> WrittenAnswer {
        switch result {
        case .choice(let result):
            let order = result.logProbabilities.indices.sorted {
                let (one, other) = (result.logProbabilities[$0], result.logProbabilities[$1])
                return one > other || (one == other && $0 < $1)
            }
            return WrittenAnswer(.options(order.prefix(question.chosen).sorted()))
        case .generation(let result):
            let text = result.text ?? ""
            let isCut = result.reason == .limit && !(settings.mode == .bound && result.isComplete)
            return WrittenAnswer(
                AnswerReading(question).content(of: text, slices), text: text, isCut: isCut)
        }
    }
}
