// SPDX-License-Identifier: Apache-2.0

/// What happened in one step of training.
package struct StepReport: Codable, Hashable, Sendable {
    /// The stage's name.
    package var phase: String
    /// Steps of the stage that are done.
    package var step: Int
    /// Steps of the stage in all.
    package var steps: Int
    /// Tokens of the stage that were read.
    package var tokens: Int
    /// Mean loss over the step's targets, before the update.
    package var loss: Double
    /// Learning rate.
    package var learningRate: Double
    /// Norm of the gradient before clipping.
    package var gradientNorm: Double
    /// Tokens read in a second, over the last steps.
    package var tokensPerSecond: Double
    /// Seconds of computing so far, over all stages and processes.
    package var seconds: Double
    /// Most memory that the process has held so far, in bytes.
    package var memoryBytes: Int

    private enum CodingKeys: String, CodingKey {
        case phase, step, steps, tokens, loss, seconds
        case learningRate = "learning_rate"
        case gradientNorm = "gradient_norm"
        case tokensPerSecond = "tokens_per_second"
        case memoryBytes = "memory_bytes"
    }

    /// Seconds that the rest of the stage will take at this speed.
    package var secondsLeft: Double {
        let rest = Double(steps - step) / Double(max(1, step)) * Double(tokens)
        return rest / max(1, tokensPerSecond)
    }
}

/// What a validation measured.
package struct ValidationReport: Codable, Hashable, Sendable {
    /// The stage's name.
    package var phase: String
    /// Steps of the stage that are done.
    package var step: Int
    /// Values by name.
    package var metrics: [String: Double]
    /// The metric by which states are compared.
    package var metric: String
    /// Whether this state is the stage's best so far.
    package var isBest: Bool
    /// Seconds of computing so far, over all stages and processes.
    package var seconds: Double

    private enum CodingKeys: String, CodingKey {
        case phase, step, metrics, metric, seconds
        case isBest = "best"
    }
}

/// Something that happened to a run besides its steps.
package struct RunNotice: Codable, Hashable, Sendable {
    /// What happened.
    package enum Event: String, Codable, Hashable, Sendable {
        /// The run begins, or goes on from a checkpoint.
        case start, resume
        /// A checkpoint was written.
        case checkpoint
        /// A checkpoint could not be read and was put aside.
        case damagedCheckpoint = "damaged-checkpoint"
        /// The run went back to a checkpoint because of trouble.
        case rollback
        /// A stage ended before its steps, since validation no longer improved.
        case earlyStop = "early-stop"
        /// The run was asked to stop.
        case stop
        /// The run ends because of trouble.
        case trouble
        /// A checkpoint could not be written.
        case unwritten
        /// The report could not be written; the run goes on.
        case reportUnwritten = "report-unwritten"
        /// A stage is done, or all of them.
        case finish, end
    }

    /// What happened.
    package var event: Event
    /// When, as ISO 8601 says it, in UTC.
    package var at: String
    /// The stage's name.
    package var phase: String
    /// Steps of the stage that are done.
    package var step: Int
    /// The step that the run goes on from, where it went back.
    package var backTo: Int?
    /// Why, where there was trouble.
    package var reason: RunTrouble?
    /// The file that it is about.
    package var file: String?
    /// Threads that compute.
    package var threads: Int?
    /// The arithmetic of products, where a run begins or goes on.
    package var precision: String?
    /// The arithmetic that was asked for, where the processor has no instructions for it.
    package var precisionMissing: String?

    private enum CodingKeys: String, CodingKey {
        case event, at, phase, step, reason, file, threads, precision
        case precisionMissing = "precision_missing"
        case backTo = "back_to"
    }
}

/// What a run tells whoever shows it.
package enum RunEvent: Hashable, Sendable {
    /// A step is done.
    case step(StepReport)
    /// A validation is done.
    case validation(ValidationReport)
    /// Something else happened.
    case notice(RunNotice)
}
