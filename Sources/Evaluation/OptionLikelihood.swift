import Foundation
package import JapaneseText
package import LanguageModel
package import Tokenizers

/// How well an option follows a question under a causal language model.
package struct OptionLikelihood {
    private let tokenizer: UnigramTokenizer
    private let trunk: TrunkModel
    private let analyze: (String) -> AnalyzedText

    /// A measure by a model and its tokenizer.
    package init(
        tokenizer: UnigramTokenizer, trunk: TrunkModel,
        analyze: @escaping (String) -> AnalyzedText
    ) {
        self.tokenizer = tokenizer
        self.trunk = trunk
        self.analyze = analyze
    }

    /// The mean log-likelihood of the option's tokens, so that long options are not at a
    /// disadvantage; minus infinity for an option without tokens.
    ///
    /// A question too long for the context loses its beginning.
    package func score(question: String, option: String) throws -> Double {
        let context = trunk.configuration.maxPositionEmbeddings
        let answer = Array(tokens(option).prefix(max(1, context - 2)))
        guard !answer.isEmpty else { return -.infinity }
        let room = max(0, context - answer.count - 2)
        let ids =
            [tokenizer.beginOfText] + tokens(question).suffix(room) + [tokenizer.newline] + answer
        let logits = try trunk.logits(ids)  // (T, V)
        let vocabulary = logits.columns
        var sum = 0.0
        for place in (ids.count - answer.count)..<ids.count {
            let row = logits.values[((place - 1) * vocabulary)..<(place * vocabulary)]
            let largest = row.max() ?? 0
            let total = row.reduce(0.0) { $0 + exp(Double($1 - largest)) }
            let own = row[row.startIndex + Int(ids[place])]
            sum += Double(own - largest) - log(total)
        }
        return sum / Double(answer.count)
    }

    private func tokens(_ text: String) -> [Int32] {
        analyze(text).sentences.flatMap { sentence in
            tokenizer.encode(words: sentence.morphemes.map(\.surface)).joined()
        }
    }
}
