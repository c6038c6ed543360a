import JapaneseText
import Training

extension CommandFailure {
    /// The sentence for a failure of a training run.
    static func explain(_ error: TrainingError) -> CommandFailure {
        switch error {
        case .tensorMissing(let name):
            CommandFailure(Code.badData, "the weight file lacks the tensor \(name)")
        case .tensorShape(let name, let expected, let found):
            CommandFailure(
                Code.badData, "the tensor \(name) has shape \(found) instead of \(expected)")
        case .checkpoint(let file, let reason):
            CommandFailure(
                Code.badData,
                "the checkpoint \(file) cannot be used: \(reason); choose another --output or remove it"
            )
        case .unreadable(let file):
            CommandFailure(Code.badData, "\(file) is not what a run writes; remove it")
        case .reference(let file, let field):
            CommandFailure(Code.badData, "\(file) holds no reference run: \(field)")
        case .otherRun(let file, let fields):
            CommandFailure(
                Code.badData,
                "the checkpoint \(file) belongs to another run, which differs in "
                    + "\(shortened(fields)); choose another --output, or undo the change")
        case .unwritten(let error, let lastStep):
            CommandFailure(
                Code.inputOutput,
                "\(error.explanation); "
                    + (lastStep.map { "the checkpoint of step \($0) is whole" }
                        ?? "there is no checkpoint yet")
                    + "; make room and run the same command again to go on")
        case .noSpace(let directory, let needed, let free):
            CommandFailure(
                Code.inputOutput,
                "checkpoints in \(directory) need \(needed >> 20) MiB, and only \(free >> 20) MiB are "
                    + "free; make room or lower checkpoints.keep")
        case .inUse(let directory):
            CommandFailure(
                Code.tryAgain, "another process is training in \(directory); wait or stop it")
        case .noMetric(let name, let known):
            CommandFailure(
                Code.configuration,
                "validation.metric: \(name) is not measured; there are \(shortened(known))")
        case .diverged(let phase, let step, let reason):
            CommandFailure(
                Code.software,
                "\(words(reason)) in \(phase) at step \(step); lower learning_rate, or let the "
                    + "run go back with [stability]")
        case .stopped(let phase, let step):
            CommandFailure(
                Code.tryAgain,
                "stopped in \(phase) at \(step); run the same command again to go on")
        }
    }

    /// What was wrong with a step.
    static func words(_ trouble: RunTrouble) -> String {
        switch trouble {
        case .loss: "the loss is no number any more"
        case .gradient: "the gradient is no number any more"
        case .spike: "the loss leapt"
        }
    }

    private static func shortened(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : "")
    }
}
