/// What can go wrong with files and settings of a training run.
package enum TrainingError: Error, Hashable, Sendable {
    /// A weight file lacks a tensor.
    case tensorMissing(String)
    /// A tensor has another shape than the configuration says.
    case tensorShape(String, expected: [Int], found: [Int])
    /// A recipe is no TOML: line of the file and what the parser says.
    case recipeSyntax(file: String, line: Int, reason: String)
    /// A recipe holds a key that means nothing.
    case unknownKey(file: String, key: String)
    /// A recipe lacks a key that has no default.
    case missingKey(file: String, key: String)
    /// A value of a recipe is of the wrong type or out of range.
    case badValue(file: String, key: String, expected: String)
    /// A data file holds no document.
    case noDocuments(file: String)
    /// A file is not UTF-8; the offset is that of its first bad byte.
    case notUTF8(file: String, offset: Int)
    /// A checkpoint belongs to another recipe or is damaged.
    case checkpoint(file: String, reason: String)
    /// A token cache is damaged: byte offset and what was expected there.
    case tokenCache(file: String, offset: Int)
    /// A reference run cannot be read.
    case reference(file: String, field: String)
    /// The loss or the gradient is no longer a number.
    case diverged(phase: String, step: Int)
    /// Someone asked the run to stop; all work up to this step is in a checkpoint.
    case stopped(phase: String, step: Int)
}
