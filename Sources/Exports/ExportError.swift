// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// Why nothing was exported; what was begun is removed.
package enum ExportError: Error, Hashable, Sendable {
    /// There is a file of that name.
    case exists(file: String)
    /// There is a folder of that name, and something in it.
    case folderInUse(folder: String)
    /// A text has characters that the encoding lacks, and none may be lost.
    case outsideEncoding(document: Int64, table: String, characters: Int)
    /// The kernel refuses the file.
    case file(FileError)
}
