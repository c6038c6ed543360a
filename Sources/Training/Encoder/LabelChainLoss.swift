// SPDX-License-Identifier: Apache-2.0
import LinearHeads
package import Tensors

/// The loss of a conditional random field (CRF): −log P(labels) of tokens in a row, where a sequence's
/// score is the sum of its tokens' scores and of its pairs of neighbours (Lafferty et al. 2001), by
/// forward and backward sums. Of labels that were not annotated all that are possible count together.
package struct LabelChainLoss: Sendable {
    /// The summed loss and its gradients.
    package struct Value: Sendable {
        /// The sum over all chains.
        package var loss = 0.0
        /// For the tokens' scores.
        package var scores: Tensor
        /// For the pairs (K, K), from row to column.
        package var transitions: Tensor
        /// For first labels (K).
        package var start: Tensor
        /// For last labels (K).
        package var end: Tensor
    }

    private let count: Int
    private let mayFollow: [Bool]
    private let mayStart: [Bool]

    /// A loss over labels of which only some may follow each other and begin.
    package init(_ order: LabelOrder) {
        count = order.mayStart.count
        mayStart = order.mayStart
        mayFollow = order.mayFollow.flatMap { $0 }
    }

    /// Scores of pairs or of first labels with what is not allowed barred.
    package func barred(
        transitions: [Float], start: [Float]
    ) -> (transitions: [Float], start: [Float]) {
        (
            zip(transitions, mayFollow).map { $1 ? $0 : LinearChainHead.forbidden },
            zip(start, mayStart).map { $1 ? $0 : LinearChainHead.forbidden }
        )
    }

    /// The loss of chains of targets: target i is row `rows[i]` of the scores (T, K).
    ///
    /// Every chain's labels must be allowed to follow each other; of an entity that began in another window
    /// what stands at a chain's beginning is left out. `others` has for each target a bit for every label
    /// that it may have instead; empty for none.
    package func value(
        _ scores: Tensor, rows: [Int32], labels: [Int32], others: [UInt32] = [],
        chains: [Range<Int>], transitions: Tensor, start: Tensor, end: Tensor
    ) -> Value {
        precondition(others.isEmpty || others.count == labels.count, "a set of labels a target")
        var value = Value(
            scores: Tensor(zeros: scores.shape), transitions: Tensor(zeros: [count, count]),
            start: Tensor(zeros: [count]), end: Tensor(zeros: [count]))
        let barred = barred(transitions: transitions.values, start: start.values)
        var sums = LabelChain(
            transitions: barred.transitions, start: barred.start, end: end.values)
        var possible = sums
        for whole in chains {
            let chain = whole.drop { !mayStart[Int(labels[$0])] }
            guard !chain.isEmpty else { continue }
            let emissions = chain.flatMap { target in
                let first = Int(rows[target]) * count
                return scores.values[first..<first + count]
            }
            sums.run(emissions: emissions)
            if !others.isEmpty, chain.contains(where: { others[$0] != 0 }) {
                let allowed = chain.map { others[$0] | 1 << UInt32(labels[$0]) }
                possible.run(emissions: emissions, allowed: allowed[...])
                value.loss += sums.logNormalizer - possible.logNormalizer
                add(sums, less: possible, chain.map { Int(rows[$0]) }, to: &value)
                continue
            }
            let path = chain.map { Int(labels[$0]) }
            var held = 0.0
            for (place, label) in path.enumerated() {
                held += Double(emissions[place * count + label])
                held += Double(
                    place == 0
                        ? start.values[label] : transitions.values[path[place - 1] * count + label])
            }
            held += Double(end.values[path[path.count - 1]])
            value.loss += sums.logNormalizer - held
            add(sums, path, chain.map { Int(rows[$0]) }, to: &value)
        }
        return value
    }

    /// Adds what is expected among all labels less what is among the possible ones.
    private func add(
        _ sums: LabelChain, less possible: LabelChain, _ rows: [Int], to value: inout Value
    ) {
        for (place, row) in rows.enumerated() {
            for label in 0..<count {
                let difference = Float(
                    sums.marginal(word: place, label: label)
                        - possible.marginal(word: place, label: label))
                value.scores.values[row * count + label] += difference
                if place == 0 { value.start.values[label] += difference }
                if place == rows.count - 1 { value.end.values[label] += difference }
                guard place + 1 < rows.count else { continue }
                for following in 0..<count where mayFollow[label * count + following] {
                    value.transitions.values[label * count + following] += Float(
                        sums.marginal(word: place, label: label, following: following)
                            - possible.marginal(word: place, label: label, following: following))
                }
            }
        }
    }

    /// Adds what is expected less what is right.
    private func add(_ sums: LabelChain, _ path: [Int], _ rows: [Int], to value: inout Value) {
        for (place, row) in rows.enumerated() {
            for label in 0..<count {
                let difference = Float(
                    sums.marginal(word: place, label: label) - (path[place] == label ? 1 : 0))
                value.scores.values[row * count + label] += difference
                if place == 0 { value.start.values[label] += difference }
                if place == rows.count - 1 { value.end.values[label] += difference }
                guard place + 1 < rows.count else { continue }
                for following in 0..<count where mayFollow[label * count + following] {
                    let isRight = path[place] == label && path[place + 1] == following
                    value.transitions.values[label * count + following] += Float(
                        sums.marginal(word: place, label: label, following: following)
                            - (isRight ? 1 : 0))
                }
            }
        }
    }
}
