// SPDX-License-Identifier: Apache-2.0
package import TOMLFiles

/// Why a corpus is not made.
package enum CurationError: Error, Hashable, Sendable {
    /// A file of settings is wrong.
    case settings(TOMLFault, file: String)
    /// A list of words cannot be read, or holds none.
    case wordList(file: String)
    /// Two sources have one name, or one has no file.
    case source(name: String, flaw: String)
    /// The folder holds a corpus of other settings or files.
    case otherRun(folder: String, difference: String)
    /// A source changed while it was read.
    case changed(file: String)
    /// What an earlier part of the run wrote cannot be read.
    case damaged(file: String)
    /// A file is no manifest of a corpus.
    case noManifest(file: String)
    /// A file that was to be made is there already.
    case exists(file: String)
    /// A corpus cannot go through a step.
    case corpus(folder: String, flaw: String)
    /// More documents than a run counts.
    case tooMany(documents: Int, limit: Int)
}

extension CurationError: TOMLFileError {
    /// The error for a fault of a file of settings.
    package init(_ fault: TOMLFault, in file: String) { self = .settings(fault, file: file) }
}
