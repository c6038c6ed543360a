// SPDX-License-Identifier: Apache-2.0

/// What a head answers, and by which loss it learns.
package enum HeadKind: Hashable, Sendable {
    /// A label for every token (token classification); how labels in a row depend on each other.
    case tokens(LabelDependence)
    /// A label for a text or a pair of texts (sequence classification).
    case label
    /// Labels that have an order: one score, and thresholds between the labels (ordinal regression).
    case ordinal
    /// A number for a text or a pair of texts (regression).
    case number
    /// The token behind a mask (masked language modelling, MLM).
    case maskedTokens

    /// Whether every token has targets, not the text as a whole.
    package var readsTokens: Bool {
        switch self {
        case .tokens, .maskedTokens: true
        case .label, .ordinal, .number: false
        }
    }
}

/// How labels of tokens in a row depend on each other.
package enum LabelDependence: String, Hashable, Sendable, CaseIterable {
    /// Not at all while learning.
    case none
    /// Only sequences that make whole entities share probability.
    case constraints
    /// So, and how well one label follows another is learnt (a conditional random field, CRF).
    case crf
}

/// A head over a trunk.
package struct HeadSettings: Hashable, Sendable {
    /// Name in logs, in metrics, and of the directory that it is written to.
    package var name: String
    /// What it answers.
    package var kind: HeadKind
    /// Names of the labels; empty for masked tokens and numbers.
    package var labels: [String]
    /// Which labels may follow which; there where labels of tokens depend on each other.
    package var order: LabelOrder?
    /// What a target of each label counts; nil for 1.
    package var classWeights: [Float]?
    /// Share of a target's probability that is spread over all labels.
    package var labelSmoothing: Float
    /// How often its data is drawn, among those of all heads.
    package var share: Double

    /// All choices.
    package init(
        name: String, kind: HeadKind, labels: [String] = [], order: LabelOrder? = nil,
        classWeights: [Float]? = nil, labelSmoothing: Float = 0, share: Double = 1
    ) {
        precondition(classWeights.map { $0.count == labels.count } ?? true, "a weight a label")
        (self.name, self.kind, self.labels, self.order) = (name, kind, labels, order)
        (self.classWeights, self.labelSmoothing, self.share) = (classWeights, labelSmoothing, share)
    }

    /// Numbers that the classifier gives.
    var outputs: Int {
        switch kind {
        case .tokens, .label: labels.count
        case .ordinal, .number: 1
        case .maskedTokens: 0
        }
    }
}

/// What a head is to learn from a batch.
package enum HeadTargets: Hashable, Sendable {
    /// Labels of tokens: rows of the batch in order, and which of these targets are in a row.
    ///
    /// `others` holds for each target a bit for every label that it may have instead of its own, where what
    /// it is was not annotated; empty where all labels are certain.
    case tokens(rows: [Int32], labels: [Int32], chains: [Range<Int>], others: [UInt32] = [])
    /// A label for each text.
    case labels([Int32])
    /// A number for each text.
    case numbers([Float])
}

/// Texts and what one of the heads is to make of them.
package struct HeadBatch: Hashable, Sendable {
    /// The texts.
    package var texts: SequenceBatch
    /// The head, by its place.
    package var head: Int
    /// What is right.
    package var targets: HeadTargets

    /// All parts.
    package init(texts: SequenceBatch, head: Int, targets: HeadTargets) {
        (self.texts, self.head, self.targets) = (texts, head, targets)
    }
}
