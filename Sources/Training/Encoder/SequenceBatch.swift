// SPDX-License-Identifier: Apache-2.0

/// Texts that go through a trunk together, end to end and without padding.
package struct SequenceBatch: Hashable, Sendable {
    /// Token ids, special tokens included.
    package private(set) var tokens: [Int32] = []
    /// Type of each token: 0, or 1 in the second of two texts.
    package private(set) var types: [Int32] = []
    /// Place of each token in its text.
    package private(set) var positions: [Int32] = []
    /// The tokens of each text.
    package private(set) var segments: [Range<Int>] = []

    /// Texts with the types of their tokens; no types mean 0 everywhere.
    package init(_ texts: [(ids: [Int32], types: [Int32])]) {
        for text in texts {
            precondition(text.types.isEmpty || text.types.count == text.ids.count, "a type a token")
            segments.append(tokens.count..<tokens.count + text.ids.count)
            tokens += text.ids
            types += text.types.isEmpty ? [Int32](repeating: 0, count: text.ids.count) : text.types
            positions += 0..<Int32(text.ids.count)
        }
    }
}
