// SPDX-License-Identifier: Apache-2.0

/// The tokens that belong around one text or two.
package struct SpecialTokens: Hashable, Sendable {
    /// Before the first text.
    package var before: [Int32]
    /// Between two texts.
    package var between: [Int32]
    /// After the last text.
    package var after: [Int32]
    /// Stands for a hidden token; nil where the tokenizer has none.
    package var mask: Int32?

    /// All of them.
    package init(before: [Int32], between: [Int32], after: [Int32], mask: Int32?) {
        (self.before, self.between, self.after, self.mask) = (before, between, after, mask)
    }

    /// A text with its special tokens.
    func text(_ ids: [Int32]) -> (ids: [Int32], types: [Int32]) {
        (before + ids + after, [])
    }

    /// Two texts with their special tokens; the second has type 1 where there are types.
    func pair(_ first: [Int32], _ second: [Int32], hasTypes: Bool) -> (
        ids: [Int32], types: [Int32]
    ) {
        let head = before + first + between
        let tail = second + after
        let types =
            hasTypes
            ? [Int32](repeating: 0, count: head.count) + [Int32](repeating: 1, count: tail.count)
            : []
        return (head + tail, types)
    }
}
