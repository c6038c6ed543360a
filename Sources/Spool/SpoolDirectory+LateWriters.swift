// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles

/// A file in `done/` that its producer may still have had open when it was moved there.
package struct FinishedFile: Hashable, Sendable {
    /// Where it lies.
    package let path: FilePath
    /// The folder below `incoming/` that it came from.
    package let kind: DocumentKind
    /// The name that its producer gave it.
    package let name: FileName
    /// What it was just after it was moved.
    let facts: FileFacts
}

extension SpoolDirectory {
    /// Whether a claim's producer still has it open for writing; nil where that cannot be told.
    package func isBeingWritten(_ claim: ClaimedFile) -> Bool? {
        try? files.isBeingWritten(claim.path)
    }

    /// What is to be looked at later of a file that was finished; nil when it is gone already.
    package func finishedFile(
        _ path: FilePath, of claim: ClaimedFile
    ) throws(FileError) -> FinishedFile? {
        guard let facts = try files.facts(of: path) else { return nil }
        return FinishedFile(
            path: path, kind: claim.kind, name: claim.originalName, facts: facts)
    }

    /// Whether somebody has written to a file since it was moved to `done/`.
    package func wasWritten(_ file: FinishedFile) throws(FileError) -> Bool {
        guard let now = try files.facts(of: file.path), now.inode == file.facts.inode else {
            return false
        }
        return now.size != file.facts.size
            || now.modifiedNanoseconds != file.facts.modifiedNanoseconds
    }

    /// Puts a file back into its folder of `incoming/`, where it settles and is taken anew.
    @discardableResult
    package func putBack(
        _ file: FinishedFile, triggering: Bool = false
    ) throws(FileError) -> FilePath {
        try putBack(file.path, named: file.name, kind: file.kind, triggering: triggering)
    }
}
