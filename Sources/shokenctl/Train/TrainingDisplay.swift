// SPDX-License-Identifier: Apache-2.0
import Foundation
import Recipes
import Training

/// Progress of a training run on standard error: a bar on a terminal, plain lines elsewhere.
final class TrainingDisplay {
    private let bar = ProgressBar(lines: .seconds(10))

    /// Shows an event of a recipe's run.
    func show(_ event: RecipeRun.Event) {
        switch event {
        case .stage(let stage, let skipped):
            bar.keep()
            bar.say("\(stage.rawValue)\(skipped ? ": already done" : "")")
        case .progress(_, let detail, let share): bar.show(detail, share)
        case .longDocuments(let count, let row):
            bar.say(
                "\(count) documents are longer than a row of \(row) tokens; they go on in the next")
        case .training(let event): show(event)
        }
    }

    /// Shows an event of any training run.
    func show(_ event: RunEvent) {
        switch event {
        case .step(let step): show(step)
        case .validation(let found):
            let metrics = found.metrics.sorted { $0.key < $1.key }.map {
                String(format: "%@ %.4f", $0.key, $0.value)
            }
            bar.say(
                "\(found.phase) \(found.step): validation \(metrics.joined(separator: ", "))"
                    + (found.isBest ? ", the best so far" : ""))
        case .notice(let notice):
            if let sentence = Self.sentence(notice) { bar.say(sentence) }
        }
    }

    /// Shows how much of a file is read.
    func showReading(_ file: String, _ share: Double) { bar.show(file, share) }

    /// Says something in a line of its own.
    func say(_ line: String) {
        bar.keep()
        bar.say(line)
    }

    private func show(_ step: StepReport) {
        let detail = String(
            format: " %d/%d  loss %.3f  rate %.1e  norm %.2f  %.0f tokens/s", step.step,
            step.steps, step.loss, step.learningRate, step.gradientNorm, step.tokensPerSecond)
        let isLast = step.step == step.steps
        bar.show(
            step.phase, Double(step.step) / Double(step.steps), detail: detail,
            left: step.secondsLeft, isLast: isLast)
        if isLast { bar.keep() }
    }

    /// What an event means; nil for those that are of no interest to whoever watches.
    private static func sentence(_ notice: RunNotice) -> String? {
        let place = "\(notice.phase) at step \(notice.step)"
        let back = notice.backTo.map { "step \($0)" } ?? "the beginning"
        switch notice.event {
        case .start: return missingPrecision(notice)
        case .checkpoint, .stop, .finish, .end, .trouble, .unwritten: return nil
        case .resume:
            return ["going on with \(place)", missingPrecision(notice)].compactMap { $0 }
                .joined(separator: "; ")
        case .damagedCheckpoint:
            return "a checkpoint is damaged and was put aside as \(notice.file ?? ""); "
                + "the one before it is used"
        case .rollback:
            let reason = notice.reason?.words ?? "trouble"
            return "\(place): \(reason); back to \(back), and on with other text"
        case .earlyStop:
            return "\(place): validation improves no more; the best was at \(back)"
        case .reportUnwritten: return "the report \(notice.file ?? "") cannot be written"
        }
    }

    private static func missingPrecision(_ notice: RunNotice) -> String? {
        notice.precisionMissing.map {
            "this processor has no instructions for \($0): products are computed in "
                + (notice.precision ?? "f32")
        }
    }
}
