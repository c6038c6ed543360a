// SPDX-License-Identifier: Apache-2.0
package import Tensors
import WeightFiles

/// How well labels of tokens follow each other, as a head with a conditional random field
/// (CRF) learnt it.
package struct LabelTransitions: Hashable, Sendable {
    /// Scores (K, K) from row to column.
    package let pairs: Tensor
    /// Scores of first labels (K).
    package let start: Tensor
    /// Scores of last labels (K).
    package let end: Tensor

    /// Names of the three tensors in a checkpoint.
    package static let names = (
        pairs: "crf.transitions", start: "crf.start_transitions", end: "crf.end_transitions"
    )

    /// Scores of K labels.
    package init(pairs: Tensor, start: Tensor, end: Tensor) {
        precondition(pairs.count == start.count * start.count && start.count == end.count)
        (self.pairs, self.start, self.end) = (pairs, start, end)
    }

    /// K labels that follow each other equally well, as far as they may.
    package init(even labels: Int) {
        self.init(
            pairs: Tensor(zeros: [labels, labels]), start: Tensor(zeros: [labels]),
            end: Tensor(zeros: [labels]))
    }

    /// Those of a checkpoint with K labels, or nil where it has none; throws `WeightFileError`.
    init?(_ source: some TensorSource, labels: Int) throws(WeightFileError) {
        guard source.shape(of: Self.names.pairs) != nil else { return nil }
        self.init(
            pairs: try source.tensor(Self.names.pairs, shape: [labels, labels]),
            start: try source.tensor(Self.names.start, shape: [labels]),
            end: try source.tensor(Self.names.end, shape: [labels]))
    }
}
