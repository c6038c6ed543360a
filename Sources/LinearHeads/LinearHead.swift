// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A linear classifier over sparse features: one weight for each class and feature, and a bias.
///
/// K classes, F features (hash buckets first, named measures after them).
package struct LinearHead: Hashable, Sendable {
    /// How scores become probabilities.
    package enum Link: String, Codable, Hashable, Sendable {
        /// Exactly one class holds: softmax.
        case exclusive
        /// Every class holds or not, whatever the others do: a logistic function each.
        case independent
    }

    /// Number of classes, K.
    package let classCount: Int
    /// Number of features, F.
    package let featureCount: Int
    /// How scores become probabilities.
    package let link: Link
    /// (F, K): the weights of one feature lie together, as they are read.
    private let weights: [Float]
    /// (K)
    private let bias: [Float]

    /// A head from `weights` (K, F) and `bias` (K).
    package init(weights: Tensor, bias: Tensor, link: Link) {
        precondition(weights.shape == [bias.count, weights.columns], "weights (K, F), bias (K)")
        let (classes, features) = (bias.count, weights.columns)
        var featureMajor = [Float](repeating: 0, count: weights.count)
        for k in 0..<classes {
            for f in 0..<features {
                featureMajor[f * classes + k] = weights.values[k * features + f]
            }
        }
        self.init(
            featureMajor: featureMajor, bias: bias.values, featureCount: features, link: link)
    }

    /// A head from weights (F, K) and bias (K).
    package init(featureMajor: [Float], bias: [Float], featureCount: Int, link: Link) {
        precondition(featureMajor.count == bias.count * featureCount, "weights (F, K), bias (K)")
        classCount = bias.count
        self.featureCount = featureCount
        self.link = link
        weights = featureMajor
        self.bias = bias
    }

    /// A score for each class; entries of `vector` at F or beyond are our own mistake.
    package func scores(_ vector: SparseVector) -> [Float] {
        var scores = bias
        for (index, value) in zip(vector.indices, vector.values) {
            let row = Int(index) * classCount
            for k in 0..<classCount { scores[k] += value * weights[row + k] }
        }
        return scores
    }

    /// A probability for each class, 0 to 1; with an exclusive link they sum to one.
    package func probabilities(_ vector: SparseVector) -> [Double] {
        let scores = scores(vector).map(Double.init)
        switch link {
        case .exclusive: return Probability.softmax(scores)
        case .independent: return scores.map(Probability.logistic)
        }
    }

    /// The weight of one feature for one class.
    package func weight(class k: Int, feature: Int) -> Float { weights[feature * classCount + k] }

    // MARK: Storage

    /// The tensors to store: `prefix.weights` (K, F) and `prefix.bias` (K).
    package func tensors(prefix: String) -> [String: Tensor] {
        var classMajor = [Float](repeating: 0, count: weights.count)
        for f in 0..<featureCount {
            for k in 0..<classCount {
                classMajor[k * featureCount + f] = weights[f * classCount + k]
            }
        }
        return [
            prefix + ".weights": Tensor(shape: [classCount, featureCount], values: classMajor),
            prefix + ".bias": Tensor(shape: [classCount], values: bias),
        ]
    }

    /// Reads `prefix.weights` and `prefix.bias`, which must have the shapes that `task` expects.
    package init(
        tensors: [String: Tensor], prefix: String, task: String, classCount: Int,
        featureCount: Int, link: Link
    ) throws(TaskParameterError) {
        let weights = try Self.tensor(
            prefix + ".weights", of: tensors, task: task, shape: [classCount, featureCount])
        let bias = try Self.tensor(
            prefix + ".bias", of: tensors, task: task, shape: [classCount])
        self.init(weights: weights, bias: bias, link: link)
    }

    private static func tensor(
        _ name: String, of tensors: [String: Tensor], task: String, shape: [Int]
    ) throws(TaskParameterError) -> Tensor {
        guard let tensor = tensors[name] else { throw .missingTensor(task: task, tensor: name) }
        guard tensor.shape == shape else {
            throw .shape(task: task, tensor: name, expected: shape, found: tensor.shape)
        }
        return tensor
    }

    /// The head as it comes back from storage in half precision.
    package func roundedToHalf() -> LinearHead {
        func rounded(_ values: [Float]) -> [Float] { values.map { Float(Float16($0)) } }
        return LinearHead(
            featureMajor: rounded(weights), bias: rounded(bias), featureCount: featureCount,
            link: link)
    }
}
