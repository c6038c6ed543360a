// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Tensors
package import Tokenizers

/// How the numbers of a new token's row begin.
package enum TokenInitialization: String, Hashable, Sendable, CaseIterable {
    /// Normal, with the spread of the rows that are there.
    ///
    /// The default: roles begin apart from each other, which a mean would not let them, and stay apart
    /// where the embedding is not trained.
    case normal
    /// The mean of the rows that are there.
    case mean
}

/// The tokens of NCVC-slm-1's chat, added to a tokenizer of Shoken's kind that lacks them.
package struct ChatVocabulary: Sendable {
    /// The tokenizer with the tokens.
    package let tokenizer: UnigramTokenizer
    /// Contents of the tokens that were added, in the order of their ids.
    package let added: [String]

    /// The tokens that stand before messages.
    package static let roles = ["<|system|>", "<|user|>", "<|assistant|>"]

    /// Adds what is missing; throws `TokenizerError`.
    package init(_ tokenizer: UnigramTokenizer, file: String) throws {
        let vocabulary = tokenizer.vocabulary
        added = Self.roles.filter { role in
            !vocabulary.addedTokens.contains { $0.content == role }
        }
        let first = vocabulary.count
        let tokens = added.enumerated().map { index, content in
            UnigramVocabulary.AddedToken(id: Int32(first + index), content: content)
        }
        self.tokenizer = try UnigramTokenizer(
            vocabulary: UnigramVocabulary(
                pieces: Array(vocabulary.pieces), addedTokens: vocabulary.addedTokens + tokens,
                unknown: Int(vocabulary.unknown), template: vocabulary.template, file: file),
            file: file)
    }

    /// A table of rows for tokens (V, C) with rows for more of them.
    ///
    /// - Parameter seed: decides normal numbers.
    package static func extend(
        _ table: Tensor, to rows: Int, _ initialization: TokenInitialization, seed: UInt64
    ) -> Tensor {
        var extended = table
        extended.setRows(rows)
        let width = table.columns
        var generator = SplitMix64(seed: seed)
        switch initialization {
        case .normal:
            let squares = table.values.reduce(0.0) { $0 + Double($1) * Double($1) }
            let spread = (squares / Double(max(1, table.count))).squareRoot()
            for place in table.count..<extended.count {
                extended.values[place] = Float(spread * generator.normal())
            }
        case .mean:
            var sums = [Double](repeating: 0, count: width)
            for (place, value) in table.values.enumerated() {
                sums[place % width] += Double(value)
            }
            for place in table.count..<extended.count {
                extended.values[place] = Float(sums[place % width] / Double(table.rows))
            }
        }
        return extended
    }
}
