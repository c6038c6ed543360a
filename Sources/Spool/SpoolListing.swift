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
}

/// One listing of `incoming/`.
package struct SpoolListing: Hashable, Sendable {
    /// Regular files, oldest first; some may still be written.
    package var files: [IncomingFile] = []
    /// Links, fifos, sockets and devices, which are never opened.
    package var unsuitable: [IncomingFile] = []
    /// Directories, which are left where they are.
    package var directories: [IncomingFile] = []

    /// Endings of names that producers give to files they are still writing.
    package static let ignoredEndings = [".tmp", ".part", ".filepart", ".crdownload", "~"]

    /// Whether a name says that its producer is not done with it.
    package static func isIgnored(_ name: FileName) -> Bool {
        if name.bytes.first == UInt8(ascii: ".") { return true }
        return ignoredEndings.contains { name.bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
}
