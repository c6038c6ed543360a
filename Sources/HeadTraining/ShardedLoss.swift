// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
package import LinearHeads
import Synchronization

/// Examples over only those features that occur, numbered anew, so that the search is small.
package struct CompactExamples: Sendable {
    /// The old number of each new feature, ascending.
    package let features: [UInt32]
    /// New feature numbers of all examples, one example after the other.
    package private(set) var columns: [UInt32] = []
    /// Their values, with the scaling applied.
    package private(set) var values: [Float] = []
    /// Where each example begins in `columns`, and the end of the last.
    package private(set) var starts: [Int] = [0]

    /// Takes the examples over, times the scaling; features of factor 0 are left out.
    package init(_ examples: [SparseVector], scaling: ColumnScaling) {
        var seen = Set<UInt32>()
        for example in examples {
            for index in example.indices where scaling[Int(index)] != 0 { seen.insert(index) }
        }
        features = seen.sorted()
        var renumbered: [UInt32: UInt32] = [:]
        for (new, old) in features.enumerated() { renumbered[old] = UInt32(new) }
        for example in examples {
            for (index, value) in zip(example.indices, example.values) {
                guard let column = renumbered[index] else { continue }
                columns.append(column)
                values.append(value * scaling[Int(index)])
            }
            starts.append(columns.count)
        }
    }

    /// Number of examples.
    package var count: Int { starts.count - 1 }

    /// Weights (features, outputs) and biases over all features again, the scaling put into them.
    package func widened(
        _ parameters: [Float], classCount: Int, featureCount: Int, scaling: ColumnScaling
    ) -> (weights: [Float], bias: [Float]) {
        var weights = [Float](repeating: 0, count: featureCount * classCount)
        for (new, old) in features.enumerated() {
            for k in 0..<classCount {
                weights[Int(old) * classCount + k] =
                    parameters[new * classCount + k] * scaling[Int(old)]
            }
        }
        return (weights, Array(parameters[(features.count * classCount)...]))
    }
}

/// A sum over examples of a loss of their linear scores.
package protocol ShardedLoss: Sendable {
    /// The examples.
    var data: CompactExamples { get }
    /// How much each example counts.
    var weights: [Double] { get }
    /// Scores of each example.
    var outputCount: Int { get }
    /// The loss of one example; overwrites `slopes` with its derivatives by the scores.
    func loss(ofExample index: Int, scores: [Float], slopes: inout [Float]) -> Double
}

/// Cross-entropy of a softmax over K classes.
package struct SoftmaxLoss: ShardedLoss {
    /// The examples.
    package let data: CompactExamples
    /// A class 0 ..< K for each example.
    package let labels: [Int]
    /// How much each example counts.
    package let weights: [Double]
    /// Number of classes, K.
    package let classCount: Int
    /// K scores.
    package var outputCount: Int { classCount }

    /// The loss over `data`.
    package init(data: CompactExamples, labels: [Int], weights: [Double], classCount: Int) {
        (self.data, self.labels, self.weights) = (data, labels, weights)
        self.classCount = classCount
    }

    /// Cross-entropy and its derivatives by the scores.
    package func loss(ofExample index: Int, scores: [Float], slopes: inout [Float]) -> Double {
        let largest = scores.max() ?? 0
        var sum: Float = 0
        for k in 0..<classCount {
            slopes[k] = exp(scores[k] - largest)
            sum += slopes[k]
        }
        for k in 0..<classCount { slopes[k] /= sum }
        slopes[labels[index]] -= 1
        return Double(log(sum) + largest - scores[labels[index]])
    }
}

/// Cross-entropy of a logistic function; label 1 is yes.
package struct LogisticLoss: ShardedLoss {
    /// The examples.
    package let data: CompactExamples
    /// 1 or 0 for each example.
    package let labels: [Int]
    /// How much each example counts.
    package let weights: [Double]
    /// One score.
    package var outputCount: Int { 1 }

    /// The loss over `data`.
    package init(data: CompactExamples, labels: [Int], weights: [Double]) {
        (self.data, self.labels, self.weights) = (data, labels, weights)
    }

    /// Cross-entropy and its derivatives by the scores.
    package func loss(ofExample index: Int, scores: [Float], slopes: inout [Float]) -> Double {
        let score = Double(scores[0])
        let signed = labels[index] == 1 ? score : -score
        slopes[0] = Float(Probability.logistic(score) - Double(labels[index]))
        return signed > 0 ? log1p(exp(-signed)) : log1p(exp(signed)) - signed
    }
}

/// A loss with its L2 penalty, divided by C times the sum of weights so that its size is that of
/// one example.
package struct PenalisedLoss<Objective: ShardedLoss>: Sendable {
    /// The loss without the penalty.
    package let objective: Objective
    private let penalty: Double
    private let totalWeight: Double
    /// Shards do not depend on the number of processors, so neither do sums, and with them results.
    private static var shardCount: Int { 8 }

    /// Adds the penalty of C = `inversePenalty`.
    package init(objective: Objective, inversePenalty: Double) {
        self.objective = objective
        totalWeight = max(objective.weights.reduce(0, +), 1e-12)
        penalty = 1 / (inversePenalty * totalWeight)
    }

    /// Weights, which are penalised.
    package var weightCount: Int { objective.data.features.count * objective.outputCount }
    /// Weights and biases.
    package var parameterCount: Int { weightCount + objective.outputCount }

    /// The loss at `parameters`; overwrites the gradient.
    package func evaluate(_ parameters: [Float], gradient: inout [Float]) -> Double {
        let shards = Mutex(
            [(loss: Double, gradient: [Float])?](
                repeating: nil, count: Self.shardCount))
        DispatchQueue.concurrentPerform(iterations: Self.shardCount) { shard in
            let result = evaluateShard(shard, parameters)
            shards.withLock { $0[shard] = result }
        }
        var loss = 0.0
        for index in 0..<weightCount { gradient[index] = Float(penalty) * parameters[index] }
        for index in weightCount..<parameterCount { gradient[index] = 0 }
        for index in 0..<weightCount {
            loss += 0.5 * penalty * Double(parameters[index]) * Double(parameters[index])
        }
        for case let shard? in shards.withLock({ $0 }) {
            loss += shard.loss
            for index in gradient.indices { gradient[index] += shard.gradient[index] }
        }
        return loss
    }

    private func evaluateShard(_ shard: Int, _ parameters: [Float]) -> (Double, [Float]) {
        let (data, outputs) = (objective.data, objective.outputCount)
        let first = data.count * shard / Self.shardCount
        let end = data.count * (shard + 1) / Self.shardCount
        var gradient = [Float](repeating: 0, count: parameterCount)
        var scores = [Float](repeating: 0, count: outputs)
        var slopes = scores
        var loss = 0.0
        for example in first..<end {
            let range = data.starts[example]..<data.starts[example + 1]
            for k in 0..<outputs { scores[k] = parameters[weightCount + k] }
            for entry in range {
                let (row, value) = (Int(data.columns[entry]) * outputs, data.values[entry])
                for k in 0..<outputs { scores[k] += value * parameters[row + k] }
            }
            let weight = objective.weights[example] / totalWeight
            loss += weight * objective.loss(ofExample: example, scores: scores, slopes: &slopes)
            for k in 0..<outputs {
                slopes[k] *= Float(weight)
                gradient[weightCount + k] += slopes[k]
            }
            for entry in range {
                let (row, value) = (Int(data.columns[entry]) * outputs, data.values[entry])
                for k in 0..<outputs { gradient[row + k] += value * slopes[k] }
            }
        }
        return (loss, gradient)
    }
}
