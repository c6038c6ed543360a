// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
import Tensors
import TestSupport

/// Adapters with random numbers, made in the test.
package enum RandomAdapter {
    /// An adapter that changes what a model answers.
    package static func make(
        for configuration: DecoderConfiguration, targets: AdapterTargets = .all, rank: Int = 3,
        seed: UInt64, strength: Float = 0.6
    ) throws -> Adapter {
        var random = SeededNumbers(seed: seed)
        func tensor(_ rows: Int, _ columns: Int, _ scale: Float) -> Tensor {
            let values = (0..<rows * columns).map { _ in scale * random.signed() }
            return Tensor(shape: [rows, columns], values: values)
        }
        var pairs: [String: LowRankPair] = [:]
        for module in try configuration.adapterModules(targets, file: "test") {
            pairs[module.name] = LowRankPair(
                down: tensor(rank, module.columns, 1 / Float(module.columns).squareRoot()),
                up: tensor(module.rows, rank, strength))
        }
        return Adapter(
            settings: AdapterSettings(rank: rank, alpha: Double(2 * rank), targets: targets),
            pairs: pairs)
    }
}
