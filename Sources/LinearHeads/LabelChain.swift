// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Forward and backward passes over one chain of T words with K labels each.
///
/// Works with probabilities scaled at every word instead of logarithms (Rabiner 1989, section V.A).
/// The arrays are kept from run to run, so one value serves a whole training set.
package struct LabelChain: Sendable {
    /// Number of labels, K.
    package let labelCount: Int
    /// Number of words of the last run, T.
    package private(set) var wordCount = 0
    /// Logarithm of the sum over all allowed paths of the last run.
    package private(set) var logNormalizer = 0.0

    private var transition: [Double]  // (K, K) exp of scores, from row to column
    private var start: [Double]
    private var end: [Double]
    private var potential: [Double] = []  // (T, K) exp(score - largest of the word)
    private var forward: [Double] = []  // (T, K) each row sums to one
    private var backward: [Double] = []  // (T, K) forward * backward = marginal
    private var scale: [Double] = []  // (T)

    /// A chain with the given scores of label pairs (K, K), first and last labels.
    package init(transitions: [Float], start: [Float], end: [Float]) {
        precondition(transitions.count == start.count * start.count && start.count == end.count)
        labelCount = start.count
        transition = transitions.map { exp(Double($0)) }
        self.start = start.map { exp(Double($0)) }
        self.end = end.map { exp(Double($0)) }
    }

    /// Sums over all paths. `emissions` are (T, K); `allowed`, if given, has a bit for each label
    /// that a word may have, and only paths of allowed labels count.
    package mutating func run(emissions: [Float], allowed: ArraySlice<UInt32>? = nil) {
        let K = labelCount
        let T = emissions.count / K
        wordCount = T
        logNormalizer = 0
        guard T > 0 else { return }
        reserve(T)
        fillPotentials(emissions, allowed: allowed)
        for word in 0..<T { stepForward(word) }
        var total = 0.0
        for label in 0..<K { total += forward[(T - 1) * K + label] * end[label] }
        total = max(total, Double.leastNormalMagnitude)
        logNormalizer += log(total)
        for label in 0..<K { backward[(T - 1) * K + label] = end[label] / total }
        for word in stride(from: T - 2, through: 0, by: -1) { stepBackward(word) }
    }

    private mutating func reserve(_ T: Int) {
        let needed = T * labelCount
        if potential.count < needed {
            potential = [Double](repeating: 0, count: needed)
            forward = potential
            backward = potential
        }
        if scale.count < T { scale = [Double](repeating: 0, count: T) }
    }

    private mutating func fillPotentials(_ emissions: [Float], allowed: ArraySlice<UInt32>?) {
        let K = labelCount
        for word in 0..<wordCount {
            let mask = allowed.map { $0[$0.startIndex + word] }
            func mayHave(_ label: Int) -> Bool {
                mask.map { $0 & (1 << UInt32(label)) != 0 } ?? true
            }
            var largest = -Float.infinity
            for label in 0..<K where mayHave(label) {
                largest = max(largest, emissions[word * K + label])
            }
            logNormalizer += Double(largest)
            for label in 0..<K {
                // The floor keeps a hopeless word from making the whole chain impossible.
                let gap = max(Double(emissions[word * K + label] - largest), -300)
                potential[word * K + label] = mayHave(label) ? exp(gap) : 0
            }
        }
    }

    private mutating func stepForward(_ word: Int) {
        let K = labelCount
        var sum = 0.0
        for label in 0..<K {
            var reached = start[label]
            if word > 0 {
                reached = 0
                for previous in 0..<K {
                    reached += forward[(word - 1) * K + previous] * transition[previous * K + label]
                }
            }
            let value = reached * potential[word * K + label]
            forward[word * K + label] = value
            sum += value
        }
        sum = max(sum, Double.leastNormalMagnitude)
        for label in 0..<K { forward[word * K + label] /= sum }
        scale[word] = sum
        logNormalizer += log(sum)
    }

    private mutating func stepBackward(_ word: Int) {
        let K = labelCount
        let next = (word + 1) * K
        for label in 0..<K {
            var sum = 0.0
            for following in 0..<K {
                sum +=
                    transition[label * K + following] * potential[next + following]
                    * backward[next + following]
            }
            backward[word * K + label] = sum / scale[word + 1]
        }
    }
}

extension LabelChain {
    /// Probability that a word has a label.
    package func marginal(word: Int, label: Int) -> Double {
        forward[word * labelCount + label] * backward[word * labelCount + label]
    }

    /// Probability that a word has `label` and the next one `following`.
    package func marginal(word: Int, label: Int, following: Int) -> Double {
        let next = (word + 1) * labelCount + following
        return forward[word * labelCount + label] * transition[label * labelCount + following]
            * potential[next] * backward[next] / scale[word + 1]
    }

    /// Probability that the words from `word` on have exactly these labels.
    package func probability(of labels: [Int], from word: Int) -> Double {
        guard let first = labels.first, word + labels.count <= wordCount else {
            return labels.isEmpty ? 1 : 0
        }
        var product = forward[word * labelCount + first]
        for step in 1..<max(labels.count, 1) {
            let at = word + step
            product *=
                transition[labels[step - 1] * labelCount + labels[step]]
                * potential[at * labelCount + labels[step]] / scale[at]
        }
        let last = word + labels.count - 1
        return product * backward[last * labelCount + labels[labels.count - 1]]
    }
}
