package import Foundation

/// What happened in one step of pre-training.
package struct StepReport: Codable, Hashable, Sendable {
    /// The phase's name.
    package var phase: String
    /// Steps of the phase that are done.
    package var step: Int
    /// Steps of the phase in all.
    package var steps: Int
    /// Tokens of the phase that were read.
    package var tokens: Int
    /// Mean loss over the step's targets, before the update.
    package var loss: Double
    /// Learning rate.
    package var learningRate: Double
    /// Norm of the gradient before clipping.
    package var gradientNorm: Double
    /// Tokens read in a second, over the last steps.
    package var tokensPerSecond: Double

    private enum CodingKeys: String, CodingKey {
        case phase, step, steps, tokens, loss
        case learningRate = "learning_rate"
        case gradientNorm = "gradient_norm"
        case tokensPerSecond = "tokens_per_second"
    }

    /// Seconds that the rest of the phase will take at this speed.
    package var secondsLeft: Double {
        let rest = Double(steps - step) / Double(max(1, step)) * Double(tokens)
        return rest / max(1, tokensPerSecond)
    }
}

/// A log of steps, one JSON object a line, appended to.
package struct StepLog {
    private let handle: FileHandle
    private let encoder = JSONEncoder()

    /// Opens the file for appending, or makes it.
    package init(_ file: URL) throws {
        if !FileManager.default.fileExists(atPath: file.path) {
            try Data().write(to: file)
        }
        handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        encoder.outputFormatting = [.sortedKeys]
    }

    /// Appends a line.
    package func append(_ report: StepReport) throws {
        try handle.write(contentsOf: encoder.encode(report) + Data("\n".utf8))
    }
}
