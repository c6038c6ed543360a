// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles

/// Something that a producer has put into a folder of `incoming/`.
package struct IncomingFile: Hashable, Sendable {
    /// Where it lies.
    package let path: FilePath
    /// The folder that it lies in.
    package let kind: DocumentKind
    /// Its name.
    package let name: FileName
    /// What it was when it was listed.
    package let facts: FileFacts
    /// The file `NAME.ok` beside it, made after it: its producer says that it is whole.
    package var trigger: FilePath?
}

/// One listing of `incoming/`.
package struct SpoolListing: Hashable, Sendable {
    /// Regular files, oldest first; some may still be written.
    package var files: [IncomingFile] = []
    /// Links, fifos, sockets and devices, which are never opened.
    package var unsuitable: [IncomingFile] = []
    /// Directories, which are left where they are.
    package var directories: [IncomingFile] = []
    /// Folders that could not be listed, and why; the others are listed all the same.
    package var refused: [DocumentKind: FileError] = [:]

    /// The ending of a trigger: an empty file `NAME.ok` says that the file `NAME` beside it is whole.
    package static let triggerEnding = ".ok"

    /// The name of a file's trigger; nil when it would be too long for one.
    package static func trigger(of name: FileName) -> FileName? {
        let bytes = name.bytes + Array(triggerEnding.utf8)
        return bytes.count <= FileName.maximumBytes ? FileName(bytes: bytes) : nil
    }

    /// Whether something is a trigger, which is never a document itself.
    package static func isTrigger(_ name: FileName, _ facts: FileFacts) -> Bool {
        facts.kind == .regularFile && facts.size == 0
            && name.bytes.count > triggerEnding.utf8.count
            && name.bytes.suffix(triggerEnding.utf8.count).elementsEqual(triggerEnding.utf8)
    }

    /// Whether a name says that nothing of the kind of a document is there, or not yet.
    package static func isIgnored(_ name: FileName) -> Bool { IgnoredName(name) != nil }
}
