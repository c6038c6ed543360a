// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// What one step learnt from its data.
package struct StepGradients {
    /// Mean loss over all targets; 0 where there are none.
    package var loss: Double
    /// Tokens that were read.
    package var tokens: Int
    /// Gradient of the mean loss.
    package var gradients: ParameterSet

    /// All parts; `gradients` must have the layout of the run's parameters.
    package init(loss: Double, tokens: Int, gradients: ParameterSet) {
        (self.loss, self.tokens, self.gradients) = (loss, tokens, gradients)
    }
}

/// What computes a stage: its data and its network.
package struct StageWork {
    /// Gradients of a draw's batch at the given parameters.
    ///
    /// A draw is the number of a batch. Draws are asked for in rising order, but not always each:
    /// a resumed stage begins with a later one, and one that went back leaves some out. The same
    /// draw must always give the same data and the same random masks.
    package let gradients: (_ draw: Int, _ parameters: ParameterSet) throws -> StepGradients
    /// Metrics by name of the given parameters on data that is not learnt from; nil without such.
    package let validate: ((_ parameters: ParameterSet) throws -> [String: Double])?

    /// Both parts.
    package init(
        gradients: @escaping (_ draw: Int, _ parameters: ParameterSet) throws -> StepGradients,
        validate: ((_ parameters: ParameterSet) throws -> [String: Double])? = nil
    ) {
        (self.gradients, self.validate) = (gradients, validate)
    }
}

/// A stretch of a run with one objective, one schedule and an optimizer of its own.
package struct TrainingStage {
    /// Name in logs and reports.
    package let name: String
    /// Steps, at least one.
    package let steps: Int
    /// What the optimizer does.
    package let optimizer: AdamW.Settings
    /// The learning rate of a step counted from 0.
    package let rate: (_ step: Int) -> Double
    /// The arithmetic of products that is asked for; what is used is its `usable`.
    package let precision: TrainingPrecision
    /// When it is measured; nil never.
    package let validation: ValidationSettings?
    /// What counts as trouble.
    package let stability: StabilitySettings
    /// Makes what computes the stage; called when the stage begins or goes on.
    package let prepare: () throws -> StageWork

    /// All parts.
    package init(
        name: String, steps: Int, optimizer: AdamW.Settings,
        rate: @escaping (_ step: Int) -> Double, precision: TrainingPrecision = .float32,
        validation: ValidationSettings? = nil,
        stability: StabilitySettings = StabilitySettings(),
        prepare: @escaping () throws -> StageWork
    ) {
        precondition(steps > 0, "a stage has steps")
        (self.name, self.steps, self.optimizer, self.rate) = (name, steps, optimizer, rate)
        (self.validation, self.stability, self.prepare) = (validation, stability, prepare)
        self.precision = precision
    }
}
