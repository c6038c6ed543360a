// SPDX-License-Identifier: Apache-2.0
import Generation
package import JapaneseText
package import LanguageModel
package import Tokenizers

/// How well options follow a question under a causal language model.
package struct OptionLikelihood {
    private let tokenizer: UnigramTokenizer
    private let trunk: DecoderModel
    private let analyze: (String) -> AnalyzedText

    /// A measure by a model and its tokenizer.
    package init(
        tokenizer: UnigramTokenizer, trunk: DecoderModel,
        analyze: @escaping (String) -> AnalyzedText
    ) {
        self.tokenizer = tokenizer
        self.trunk = trunk
        self.analyze = analyze
    }

    /// A question with the options that may answer it.
    package struct Question {
        /// The question.
        package let text: String
        /// The options.
        package let options: [String]

        /// A question.
        package init(text: String, options: [String]) {
            self.text = text
            self.options = options
        }
    }

    /// The mean log-likelihood of each option's tokens, so that long options are not at a
    /// disadvantage; minus infinity for an option without tokens.
    ///
    /// All questions are computed together, and a question is read once for all its options. One
    /// that is too long for the context loses its beginning. Throws what serving refuses.
    package func scores(_ questions: [Question]) throws -> [[Double]] {
        var scores = questions.map { $0.options.map { _ in -Double.infinity } }
        var requests: [ChoiceRequest] = []
        var places: [[(question: Int, option: Int)]] = []
        for (index, question) in questions.enumerated() {
            for (prompt, options) in prompts(of: question) {
                requests.append(ChoiceRequest(prompt: prompt, labels: options.map(\.tokens)))
                places.append(options.map { (index, $0.option) })
            }
        }
        for (result, places) in zip(try trunk.choose(requests), places) {
            for (score, place) in zip(result.meanLogProbabilities, places) {
                scores[place.question][place.option] = score
            }
        }
        return scores
    }

    /// What stands before the options, with those that it stands before: one prompt for all, unless
    /// a long option leaves less room for the question.
    private func prompts(
        of question: Question
    ) -> [(prompt: [Int32], options: [(option: Int, tokens: [Int32])])] {
        let context = trunk.configuration.maxPositionEmbeddings
        let text = tokens(question.text)
        var prompts: [(prompt: [Int32], options: [(option: Int, tokens: [Int32])])] = []
        for (index, option) in question.options.enumerated() {
            let answer = Array(tokens(option).prefix(max(1, context - 2)))
            guard !answer.isEmpty else { continue }
            let room = max(0, context - answer.count - 2)
            let prompt = [tokenizer.beginOfText] + text.suffix(room) + [tokenizer.newline]
            if let found = prompts.firstIndex(where: { $0.prompt == prompt }) {
                prompts[found].options.append((index, answer))
            } else {
                prompts.append((prompt, [(index, answer)]))
            }
        }
        return prompts
    }

    private func tokens(_ text: String) -> [Int32] {
        analyze(text).sentences.flatMap { sentence in
            tokenizer.encode(words: sentence.morphemes.map(\.surface)).joined()
        }
    }
}
