package import DurableFiles

/// What can go wrong with files and settings of a training run.
package enum TrainingError: Error, Hashable, Sendable {
    /// A weight file lacks a tensor.
    case tensorMissing(String)
    /// A tensor has another shape than the configuration says.
    case tensorShape(String, expected: [Int], found: [Int])
    /// A recipe is no TOML: line of the file and what the parser says.
    case recipeSyntax(file: String, line: Int, reason: String)
    /// A recipe holds a key that means nothing; the known key that is spelt most like it.
    case unknownKey(file: String, key: String, nearest: String?)
    /// A recipe lacks a key that has no default.
    case missingKey(file: String, key: String)
    /// A value of a recipe is of the wrong type or out of range.
    case badValue(file: String, key: String, expected: String)
    /// A data file holds no document.
    case noDocuments(file: String)
    /// A file is not UTF-8; the offset is that of its first bad byte.
    case notUTF8(file: String, offset: Int)
    /// A checkpoint is damaged.
    case checkpoint(file: String, reason: String)
    /// A token cache is damaged: byte offset and what was expected there.
    case tokenCache(file: String, offset: Int)
    /// A file that a run has written cannot be read.
    case unreadable(file: String)
    /// A model cannot be tuned as is asked.
    case unfitBase(file: String, reason: UnfitBase)
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
