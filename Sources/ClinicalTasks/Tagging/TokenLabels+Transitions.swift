// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
import LinearHeads

extension LabelChain {
    /// The chain of labels that follow each other so well, where the rules of their scheme allow it.
    init(_ transitions: LabelTransitions, of labels: TokenLabels) {
        let count = labels.names.count
        self.init(
            transitions: transitions.pairs.values.enumerated().map { place, score in
                labels.mayFollow(place / count, place % count)
                    ? score : LinearChainHead.forbidden
            },
            start: transitions.start.values.enumerated().map { label, score in
                labels.mayStart(label) ? score : LinearChainHead.forbidden
            }, end: transitions.end.values)
    }
}

extension TokenLabels {
    /// The likeliest labels of tokens in a row that make whole entities, where it counts how well
    /// labels follow each other.
    ///
    /// `scores` are the logarithms of the labels' probabilities, a list of K a token; without
    /// transitions as ``path(_:)``. Costs O(T · K²).
    package func path(_ scores: [[Double]], _ transitions: LabelTransitions?) -> [Int] {
        guard let transitions, let first = scores.first else { return path(scores) }
        let labels = names.indices
        let (pairs, count) = (transitions.pairs.values, names.count)
        var best = labels.map {
            mayStart($0) ? first[$0] + Double(transitions.start.values[$0]) : -.infinity
        }
        var back: [[Int]] = []
        for row in scores.dropFirst() {
            var next = [Double](repeating: -.infinity, count: count)
            var from = [Int](repeating: 0, count: count)
            for label in labels {
                for before in labels where mayFollow(before, label) {
                    let score = best[before] + Double(pairs[before * count + label])
                    if score > next[label] { (next[label], from[label]) = (score, before) }
                }
                next[label] += row[label]
            }
            back.append(from)
            best = next
        }
        for label in labels { best[label] += Double(transitions.end.values[label]) }
        var path = [labels.max { best[$0] < best[$1] } ?? 0]
        for from in back.reversed() { path.append(from[path[path.count - 1]]) }
        return path.reversed()
    }
}
