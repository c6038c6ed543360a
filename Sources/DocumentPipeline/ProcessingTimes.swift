// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Synchronization

/// Where the time of processing goes, summed over all batches.
final class ProcessingTimes: Sendable {
    /// Parts that are measured here; the annotator measures the others itself.
    enum Part: Hashable {
        case intake
        case similarity
        case recording
    }

    private struct Sums {
        var intake: Duration = .zero
        var annotation = AnnotationTimes()
        var similarity: Duration = .zero
        var recording: Duration = .zero
    }

    private let sums = Mutex(Sums())

    /// Runs `body` and counts its time to a part.
    func measure<Result>(_ part: Part, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer {
            let elapsed = ContinuousClock.now - start
            sums.withLock { sums in
                switch part {
                case .intake: sums.intake += elapsed
                case .similarity: sums.similarity += elapsed
                case .recording: sums.recording += elapsed
                }
            }
        }
        return try body()
    }

    /// Adds what the annotator measured.
    func add(_ times: AnnotationTimes) {
        sums.withLock { sums in
            sums.annotation.text += times.text
            sums.annotation.trunk += times.trunk
            sums.annotation.tasks += times.tasks
        }
    }

    /// The shares as one line; nil before anything was measured.
    var shares: String? {
        let sums = sums.withLock { $0 }
        let parts = [
            ("intake", sums.intake), ("text", sums.annotation.text),
            ("trunk", sums.annotation.trunk), ("tasks", sums.annotation.tasks),
            ("similarity", sums.similarity), ("database", sums.recording),
        ]
        let total = parts.reduce(Duration.zero) { $0 + $1.1 }
        guard total > .zero else { return nil }
        return "share of time: "
            + parts.map { "\($0.0) \(Int(($0.1 / total * 100).rounded())) %" }
            .joined(separator: ", ")
    }
}
