// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// AdamW (Adam with decoupled weight decay) with gradient clipping by the global norm, over all tensors of
/// a network.
///
/// What decays is said by the layout: matrices do, norm gains and biases do not.
package struct AdamW: Hashable, Sendable {
    /// What stays the same over a run.
    package struct Settings: Hashable, Sendable {
        /// Decay of the running mean of gradients.
        package var beta1: Float = 0.9
        /// Decay of the running mean of squared gradients.
        package var beta2: Float = 0.95
        /// Added after the square root.
        package var epsilon: Float = 1e-8
        /// Weight decay of tensors with two dimensions.
        package var weightDecay: Float = 0.1
        /// Largest global norm of a gradient; longer ones are shortened to it.
        package var clipNorm: Double = 1
        /// Factor on the learning rate of each tensor, in the layout's order; nil for 1.
        package var rateFactors: [Float]?

        /// The paper's settings.
        package init() {}
    }

    /// The settings.
    package let settings: Settings
    /// Running means of gradients.
    package var means: ParameterSet
    /// Running means of squared gradients.
    package var squares: ParameterSet
    /// Steps taken.
    package var step = 0

    /// An optimizer that has taken no step.
    package init(_ layout: ParameterLayout, settings: Settings = Settings()) {
        self.settings = settings
        means = ParameterSet(zeros: layout)
        squares = means
    }

    /// Changes the weights by one step; returns the gradient's norm before clipping.
    package mutating func update(
        _ parameters: inout ParameterSet, gradients: ParameterSet, rate: Double
    ) -> Double {
        step += 1
        let norm = gradients.globalNorm
        let factor = min(1, settings.clipNorm / (norm + 1e-6))
        for place in parameters.tensors.indices {
            let decays = parameters.layout.entries[place].decays
            AdamWUpdate(
                rate: Float(rate) * (settings.rateFactors?[place] ?? 1),
                decay: decays ? settings.weightDecay : 0,
                beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
                step: step, gradientFactor: Float(factor)
            ).apply(
                to: &parameters.tensors[place], gradient: gradients.tensors[place],
                mean: &means.tensors[place], square: &squares.tensors[place])
        }
        return norm
    }
}
