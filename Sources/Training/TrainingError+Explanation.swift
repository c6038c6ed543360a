// SPDX-License-Identifier: Apache-2.0
package import Faults

extension TrainingError: Explained {
    /// The file, directory, phase or step, and how to go on.
    package var explanation: String {
        switch self {
        case .tensorMissing(let name): "the weight file lacks the tensor \(name)"
        case .tensorShape(let name, let expected, let found):
            "the tensor \(name) has shape \(found) instead of \(expected)"
        case .checkpoint(let file, let reason):
            "the checkpoint \(file) cannot be used: \(reason); choose another --output or remove it"
        case .unreadable(let file): "\(file) is not what a run writes; remove it"
        case .reference(let file, let field): "\(file) holds no reference run: \(field)"
        case .otherRun(let file, let fields):
            "the checkpoint \(file) belongs to another run, which differs in "
                + "\(Self.shortened(fields)); choose another --output, or undo the change"
        case .unwritten(let error, let lastStep):
            "\(error.explanation); "
                + (lastStep.map { "the checkpoint of step \($0) is whole" }
                    ?? "there is no checkpoint yet")
                + "; make room and run the same command again to go on"
        case .noSpace(let directory, let needed, let free):
            "checkpoints in \(directory) need \(needed >> 20) MiB, and only \(free >> 20) MiB are "
                + "free; make room or lower checkpoints.keep"
        case .inUse(let directory):
            "another process is training in \(directory); wait or stop it"
        case .noMetric(let name, let known):
            "validation.metric: \(name) is not measured; there are \(Self.shortened(known))"
        case .diverged(let phase, let step, let reason):
            "\(reason.words) in \(phase) at step \(step); lower learning_rate, or let the "
                + "run go back with [stability]"
        case .stopped(let phase, let step):
            "stopped in \(phase) at \(step); run the same command again to go on"
        }
    }

    /// Full disks, other processes and stops pass; a run that diverged is a computation gone wrong.
    package var disposition: Disposition {
        switch self {
        case .tensorMissing, .tensorShape, .checkpoint, .unreadable, .reference, .otherRun:
            .badData
        case .unwritten, .noSpace: .inputOutput(mayPass: true)
        case .inUse, .stopped: .tryAgain
        case .noMetric: .configuration
        case .diverged: .software
        }
    }

    private static func shortened(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : "")
    }
}

extension RunTrouble {
    /// What was wrong with a step, in words.
    package var words: String {
        switch self {
        case .loss: "the loss is no number any more"
        case .gradient: "the gradient is no number any more"
        case .spike: "the loss leapt"
        }
    }
}
