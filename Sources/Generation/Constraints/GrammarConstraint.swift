// SPDX-License-Identifier: Apache-2.0
import Synchronization
package import Tokenizers

/// A vocabulary as constraints look at it; made once for a model.
package struct ConstraintVocabulary: Sendable {
    /// What each token adds to a text.
    package let tokenBytes: TokenBytes
    let later: VocabularyTrie
    let first: VocabularyTrie

    /// The vocabulary of a tokenizer, of which a model has the first `vocabularySize` ids.
    package init(_ tokenizer: any TextTokenizer, vocabularySize: Int) {
        tokenBytes = TokenBytes(tokenizer)
        later = VocabularyTrie(tokenBytes, isFirst: false, vocabularySize: vocabularySize)
        first =
            tokenBytes.hasFirstForms
            ? VocabularyTrie(tokenBytes, isFirst: true, vocabularySize: vocabularySize) : later
    }
}

/// A grammar over the tokens of a vocabulary, which any number of texts may follow: constrained
/// decoding (structured generation).
///
/// The tokens that may come next are found by walking the vocabulary's trie and the grammar together
/// (Willard and Louf 2023, arXiv 2307.09702), once for each state.
package final class TokenGrammar: Sendable {
    let automaton: GrammarAutomaton
    let vocabulary: ConstraintVocabulary
    private let masks = Mutex<[MaskKey: KnownMask]>([:])

    private struct MaskKey: Hashable {
        let state: GrammarState
        let isFirst: Bool
    }

    private struct KnownMask {
        let mask: TokenMask
        let farthest: Int
    }

    /// Masks that are remembered, of an eighth of a byte for each token; with so many, all are
    /// forgotten.
    private static let masksAtMost = 4096

    /// Throws `GrammarError`.
    package init(
        _ grammar: ByteGrammar, vocabulary: ConstraintVocabulary, document: DocumentText? = nil
    ) throws(GrammarError) {
        automaton = try GrammarAutomaton(grammar, document: document)
        self.vocabulary = vocabulary
    }

    /// A constraint for one text.
    package var constraint: GrammarConstraint { GrammarConstraint(self) }

    /// States of the grammar, those within the document not counted.
    package var stateCount: Int { automaton.stateCount }

    /// The text of tokens.
    package func text(of tokens: [Int32]) -> String {
        String(decoding: vocabulary.tokenBytes.bytes(of: tokens), as: UTF8.self)
    }

    /// Substrings of the document in a text that was written under this grammar, in their order.
    package func documentStrings(in tokens: [Int32]) -> [String] {
        automaton.documentStrings(in: vocabulary.tokenBytes.bytes(of: tokens))
    }

    /// The tokens that may follow, after which the text can end within `tokensLeft − 1` bytes; where
    /// there is none, those that come nearer to an end.
    func mask(_ state: GrammarState, isFirst: Bool, tokensLeft: Int) -> TokenMask {
        let key = MaskKey(state: state, isFirst: isFirst)
        let trie = isFirst ? vocabulary.first : vocabulary.later
        let found = masks.withLock { $0[key] }
        let known =
            found
            ?? {
                let (mask, farthest) = trie.mask(automaton, state)
                let known = KnownMask(mask: mask, farthest: farthest)
                masks.withLock { masks in
                    if masks.count >= Self.masksAtMost { masks.removeAll() }
                    masks[key] = known
                }
                return known
            }()
        guard known.farthest > tokensLeft - 1 else { return known.mask }
        let limit = max(tokensLeft - 1, automaton.distance(state) - 1)
        let near = trie.mask(automaton, state, limit: limit).mask
        // Without tokens of single bytes there may be none that comes nearer.
        return near.isEmpty && !automaton.isAccepting(state) ? known.mask : near
    }
}

/// A text that follows a grammar.
package struct GrammarConstraint: TokenConstraint {
    private let grammar: TokenGrammar
    private var state = GrammarState()
    private var isFirst = true

    init(_ grammar: TokenGrammar) { self.grammar = grammar }

    /// Whether the text meets the grammar as it stands.
    package var isComplete: Bool { grammar.automaton.isAccepting(state) }

    /// Whether it does and nothing can follow.
    package var isExhausted: Bool { isComplete && !grammar.automaton.canContinue(state) }

    /// The tokens that may follow.
    package mutating func mask(tokensLeft: Int) -> TokenMask {
        grammar.mask(state, isFirst: isFirst, tokensLeft: tokensLeft)
    }

    /// Takes a token in; it must be one that may follow.
    package mutating func advance(by token: Int32) {
        for byte in grammar.vocabulary.tokenBytes.bytes(of: token, isFirst: isFirst) {
            guard let next = grammar.automaton.next(state, byte) else {
                preconditionFailure("the token was let through")
            }
            state = next
        }
        isFirst = false
    }
}
