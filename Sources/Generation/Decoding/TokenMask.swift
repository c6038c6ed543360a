// SPDX-License-Identifier: Apache-2.0

/// Which tokens of a vocabulary may come next: one bit each.
package struct TokenMask: Hashable, Sendable {
    private(set) var words: [UInt64]
    /// Tokens in the vocabulary.
    package let vocabularySize: Int

    /// A mask that lets no token through.
    package init(vocabularySize: Int) {
        self.vocabularySize = vocabularySize
        words = [UInt64](repeating: 0, count: (vocabularySize + 63) / 64)
    }

    /// Lets a token through; ids outside the vocabulary change nothing.
    package mutating func insert(_ token: Int32) {
        guard token >= 0, token < vocabularySize else { return }
        words[Int(token) >> 6] |= 1 << UInt64(token & 63)
    }

    /// Whether a token may come next.
    package func contains(_ token: Int32) -> Bool {
        token >= 0 && token < vocabularySize
            && words[Int(token) >> 6] & (1 << UInt64(token & 63)) != 0
    }

    /// Whether no token may.
    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// Tokens that may come next.
    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Calls `body` with each token that may come next, in ascending order.
    @inline(__always)
    package func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// The scores with −∞ for the tokens that may not come next.
    func applied(to scores: [Float]) -> [Float] {
        var masked = [Float](repeating: -.infinity, count: scores.count)
        forEach { token in
            if token < scores.count { masked[token] = scores[token] }
        }
        return masked
    }
}

/// What bounds the text that a model may write, token by token (constrained decoding).
///
/// A value that follows one text: it is asked which tokens may come next, and told which came.
package protocol TokenConstraint: Sendable {
    /// Whether the text as it stands is whole, so that it may end here.
    var isComplete: Bool { get }
    /// Whether nothing can follow.
    var isExhausted: Bool { get }
    /// The tokens that may come next, stop tokens aside, where `tokensLeft` more may be written:
    /// as long as it can be helped, a text is whole before they are used up.
    mutating func mask(tokensLeft: Int) -> TokenMask
    /// Takes a token of the last mask in.
    mutating func advance(by token: Int32)
}
