// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// What can go wrong with a training run and the files that it writes and reads.
package enum TrainingError: Error, Hashable, Sendable {
    /// A weight file lacks a tensor.
    case tensorMissing(String)
    /// A tensor has another shape than the configuration says.
    case tensorShape(String, expected: [Int], found: [Int])
    /// A checkpoint is damaged.
    case checkpoint(file: String, reason: String)
    /// A file that a run has written cannot be read.
    case unreadable(file: String)
    /// A reference run cannot be read.
    case reference(file: String, field: String)
    /// A checkpoint belongs to another run: what differs between the two.
    case otherRun(file: String, fields: [String])
    /// A checkpoint or the log could not be written; the step of the last checkpoint, which stays.
    case unwritten(FileError, lastStep: Int?)
    /// A file system has no room for the checkpoints of a run, in bytes.
    case noSpace(directory: String, needed: Int, free: Int)
    /// Another process runs in a directory.
    case inUse(directory: String)
    /// A validation does not return the metric that states are compared by.
    case noMetric(String, known: [String])
    /// The run got into trouble that it does not go back from.
    case diverged(phase: String, step: Int, reason: RunTrouble)
    /// Someone asked the run to stop; all work up to this step is in a checkpoint.
    case stopped(phase: String, step: Int)
}
