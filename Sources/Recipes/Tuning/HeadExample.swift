// SPDX-License-Identifier: Apache-2.0
package import Training

/// What one pass learns from: a text or a window of one, and what is right.
package struct HeadExample: Hashable, Sendable {
    /// Token ids, special ones included.
    package var ids: [Int32]
    /// Types of the tokens; empty for 0.
    package var types: [Int32]
    /// What is right, its rows being places of `ids`.
    package var targets: HeadTargets

    /// All parts.
    package init(ids: [Int32], types: [Int32], targets: HeadTargets) {
        (self.ids, self.types, self.targets) = (ids, types, targets)
    }

    /// One batch of several examples of a head, laid end to end.
    package static func batch(_ examples: [HeadExample], head: Int) -> HeadBatch {
        var first = 0
        var tokens: (rows: [Int32], labels: [Int32], chains: [Range<Int>], others: [UInt32]) =
            ([], [], [], [])
        let isUncertain = examples.contains {
            if case .tokens(_, _, _, let others) = $0.targets { !others.isEmpty } else { false }
        }
        var labels: [Int32] = []
        var numbers: [Float] = []
        for example in examples {
            switch example.targets {
            case .tokens(let rows, let ids, let chains, let others):
                let before = tokens.rows.count
                tokens.rows += rows.map { $0 + Int32(first) }
                tokens.labels += ids
                if isUncertain {
                    tokens.others +=
                        others.isEmpty ? [UInt32](repeating: 0, count: ids.count) : others
                }
                tokens.chains += chains.map {
                    $0.lowerBound + before..<$0.upperBound + before
                }
            case .labels(let more): labels += more
            case .numbers(let more): numbers += more
            }
            first += example.ids.count
        }
        let targets: HeadTargets =
            switch examples.first?.targets {
            case .labels: .labels(labels)
            case .numbers: .numbers(numbers)
            default:
                .tokens(
                    rows: tokens.rows, labels: tokens.labels, chains: tokens.chains,
                    others: tokens.others)
            }
        return HeadBatch(
            texts: SequenceBatch(examples.map { (ids: $0.ids, types: $0.types) }), head: head,
            targets: targets)
    }
}
