// SPDX-License-Identifier: Apache-2.0
import Tensors

/// What serving may use at once: tokens of the KV cache, and of one pass.
package struct ServingBudget: Hashable, Sendable {
    /// Tokens whose keys and values are held, those that several sequences share counted once.
    ///
    /// Memory is given out in blocks of 128 tokens; one that is begun counts as a whole.
    package var cachedTokens: Int
    /// Rows of a forward pass; also the most sequences that run at once.
    package var rows: Int

    /// A budget; by default 16,384 tokens and 512 rows.
    package init(cachedTokens: Int = 16384, rows: Int = 512) {
        precondition(cachedTokens > 0 && rows > 0, "a budget of nothing serves nobody")
        self.cachedTokens = cachedTokens
        self.rows = rows
    }

    var blocks: Int { cachedTokens / KeyValueCache.blockRows }
}

/// What serving has done so far.
package struct ServingFigures: Hashable, Sendable {
    /// Forward passes.
    package var passes = 0
    /// Rows that went through them.
    package var rows = 0
    /// Rows that needed no computing, because another request had the same beginning.
    package var sharedRows = 0
    /// The most rows of one pass.
    package var mostRows = 0
    /// The most tokens that were held at once, by whole blocks.
    package var mostCachedTokens = 0
    /// New tokens of all texts.
    package var newTokens = 0
}

/// Why a request is refused.
package enum ServingError: Error, Hashable {
    /// There is nothing to continue.
    case emptyPrompt
    /// An id of the prompt or, with its number, of a label is not in the vocabulary.
    case tokenOutOfVocabulary(label: Int?, position: Int, id: Int32, vocabularySize: Int)
    /// Prompt and label together are longer than `max_position_embeddings`.
    case sequenceTooLong(tokens: Int, limit: Int)
    /// The request can never be held: it needs so many tokens, in whole blocks, of the budget.
    case exceedsBudget(tokens: Int, budget: Int)
    /// There are no labels.
    case noLabels
    /// A label has no tokens.
    case emptyLabel(Int)
    /// A label has more tokens than a pass takes rows.
    case labelTooLong(label: Int, tokens: Int, rows: Int)
    /// The model has no adapter of this number.
    case noAdapter(Int)
    /// A sampling setting is out of range.
    case setting(String)
}

/// One of several requests that is refused.
package struct RefusedRequest: Error, Hashable {
    /// Its place in the list, from 0.
    package let index: Int
    /// Why.
    package let reason: ServingError
}
