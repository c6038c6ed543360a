// SPDX-License-Identifier: Apache-2.0

/// Where a run stands, besides its weights and moments.
///
/// There is no random state: every draw follows from the seed and its number, so a resumed run
/// draws what the uninterrupted one would have drawn.
package struct RunPosition: Codable, Hashable, Sendable {
    /// The best validation so far.
    package struct Best: Codable, Hashable, Sendable {
        /// The step after which it was measured.
        package var step: Int
        /// Its value.
        package var value: Double
    }

    /// Stage, by place.
    package var stage = 0
    /// Steps of the stage that are done.
    package var step = 0
    /// Whether the stage has ended, by its steps or before.
    package var isFinished = false
    /// Draws that were left out after trouble.
    package var skippedDraws = 0
    /// Times that the stage went back.
    package var rollbacks = 0
    /// Losses of the last steps, the newest last, for the median.
    package var recentLosses: [Double] = []
    /// The best validation of the stage.
    package var best: Best?
    /// Validations of the stage since the best one.
    package var validationsSinceBest = 0
    /// Tokens of the stage that were read.
    package var tokens = 0
    /// Seconds of computing, over all stages and processes.
    package var seconds = 0.0
    /// Bytes of the log that belong to what is done.
    package var logBytes = 0

    /// The beginning of a run.
    package init() {}

    /// The draw of the next step.
    var draw: Int { step + skippedDraws }

    /// The beginning of the next stage.
    var nextStage: RunPosition {
        var next = RunPosition()
        (next.stage, next.seconds, next.logBytes) = (stage + 1, seconds, logBytes)
        return next
    }

    /// Takes note of a validation; whether it is the best.
    mutating func observe(_ value: Double, at step: Int, _ settings: ValidationSettings) -> Bool {
        let sign = settings.lowerIsBetter ? 1.0 : -1.0
        let isBest =
            value.isFinite
            && best.map { sign * ($0.value - value) > settings.minimumImprovement } ?? true
        if isBest {
            (best, validationsSinceBest) = (Best(step: step, value: value), 0)
        } else {
            validationsSinceBest += 1
        }
        return isBest
    }

    /// Takes note of a step's loss.
    mutating func remember(loss: Double, window: Int) {
        recentLosses.append(loss)
        if recentLosses.count > window { recentLosses.removeFirst(recentLosses.count - window) }
    }
}
