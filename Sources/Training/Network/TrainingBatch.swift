// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// Tokens that go through the network together, and what is to be predicted: sequences without padding,
/// several documents in a row (packing).
package struct TrainingBatch: Hashable, Sendable {
    /// Token ids, all rows one after the other.
    package var tokens: [Int32]
    /// Rotary position of each token.
    package var positions: [Int32]
    /// Tokens that see each other.
    package var segments: [Range<Int>]
    /// Whether a token sees only those before it.
    package var causal: Bool
    /// Tokens whose states predict something, and what.
    package var targets: PredictionTargets

    /// A batch in all its parts.
    package init(
        tokens: [Int32], positions: [Int32], segments: [Range<Int>], causal: Bool,
        targets: PredictionTargets
    ) {
        precondition(tokens.count == positions.count)
        (self.tokens, self.positions, self.segments) = (tokens, positions, segments)
        self.causal = causal
        self.targets = targets
    }

    /// Rows of equal length in which position t predicts `labels[t + 1]`; −100 is no target.
    ///
    /// `documents` gives the lengths of each row's documents, which then do not see each other,
    /// count positions from 0 and whose first token is no target; nil makes each row one document.
    package init(rows: [[Int32]], labels: [[Int32]], documents: [[Int]]? = nil) {
        self.init(
            tokens: [], positions: [], segments: [], causal: true,
            targets: PredictionTargets(rows: [], labels: []))
        for (index, row) in rows.enumerated() {
            append(row, labels: labels[index], documents: documents?[index] ?? [row.count])
        }
    }

    private mutating func append(_ row: [Int32], labels: [Int32], documents: [Int]) {
        precondition(row.count == labels.count && documents.reduce(0, +) == row.count)
        let base = tokens.count
        tokens += row
        var start = 0
        for length in documents {
            positions += (0..<Int32(length))
            segments.append(base + start..<base + start + length)
            for place in start..<start + length - 1 where labels[place + 1] != Self.ignoredLabel {
                targets.rows.append(Int32(base + place))
                targets.labels.append(labels[place + 1])
            }
            start += length
        }
    }

    /// The label that means: nothing to predict here.
    package static let ignoredLabel: Int32 = -100
}
