// SPDX-License-Identifier: Apache-2.0

/// When states of a run are kept.
package struct CheckpointSettings: Hashable, Sendable {
    /// Steps from one checkpoint to the next.
    package var everySteps: Int
    /// Checkpoints kept; older ones are removed, except the best by validation.
    package var keep: Int

    /// Both choices.
    package init(everySteps: Int = 200, keep: Int = 2) {
        (self.everySteps, self.keep) = (everySteps, keep)
    }
}

/// When a stage is measured on data that it does not learn from (validation), and what follows from it
/// (early stopping, keeping the best weights).
package struct ValidationSettings: Hashable, Sendable {
    /// Steps from one measurement to the next; the stage's last step is always measured.
    package var everySteps: Int
    /// The metric, among those that the stage's validation returns, by which states are compared.
    package var metric: String
    /// Whether a smaller value of the metric is better, as of a loss.
    package var lowerIsBetter: Bool
    /// Measurements in a row without an improvement after which the stage ends; nil never ends it.
    package var patience: Int?
    /// By how much a value must be better than the best one to count as an improvement.
    package var minimumImprovement: Double
    /// Whether the stage's result is the best state instead of the last one.
    package var keepsBest: Bool

    /// All choices; by default states are compared by `loss`, and nothing follows from it.
    package init(
        everySteps: Int, metric: String = "loss", lowerIsBetter: Bool = true,
        patience: Int? = nil, minimumImprovement: Double = 0, keepsBest: Bool = false
    ) {
        (self.everySteps, self.metric, self.lowerIsBetter) = (everySteps, metric, lowerIsBetter)
        (self.patience, self.minimumImprovement) = (patience, minimumImprovement)
        self.keepsBest = keepsBest
    }
}

/// What counts as trouble in a run, and what is done then.
///
/// A loss or gradient that is no finite number is always trouble.
package struct StabilitySettings: Hashable, Sendable {
    /// What is done when there is trouble.
    package enum Action: String, Hashable, Sendable, CaseIterable {
        /// End the run; its checkpoints stay.
        case stop
        /// Go back to the last checkpoint and on from there with other draws.
        case rollback
    }

    /// What is done.
    package var action: Action
    /// How many times the median of the losses before a loss may be; 0 allows any.
    ///
    /// Only what exceeds the median by ``leastRise`` too counts, since small losses vary by large
    /// factors.
    package var spikeFactor: Double
    /// Losses that the median is of; there is no spike before half as many.
    package var window: Int
    /// Times that one stage may go back; then it ends.
    package var maximumRollbacks: Int

    /// The least rise above the median that is a spike, in the loss's unit.
    package static let leastRise = 0.5

    /// All choices; by default any finite loss is let through and trouble ends the run.
    package init(
        action: Action = .stop, spikeFactor: Double = 0, window: Int = 50,
        maximumRollbacks: Int = 3
    ) {
        (self.action, self.spikeFactor, self.window) = (action, spikeFactor, window)
        self.maximumRollbacks = maximumRollbacks
    }

    /// Whether a loss is a spike after those before it, the newest last.
    func isSpike(_ loss: Double, after recent: [Double]) -> Bool {
        guard spikeFactor > 0, recent.count >= max(1, window / 2) else { return false }
        let sorted = recent.sorted()
        let median = sorted[sorted.count / 2]
        return loss > median * spikeFactor && loss - median > Self.leastRise
    }
}
