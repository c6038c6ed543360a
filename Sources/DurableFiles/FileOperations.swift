// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// The few things that the rest of the program does to files, so that tests can refuse any of them.
///
/// Every change has reached the disk when the call returns.
package protocol FileOperations: Sendable {
    /// The names in a directory, without `.` and `..`, in no order.
    func names(in directory: FilePath) throws(FileError) -> [FileName]
    /// What a path is; nil when there is nothing.
    func facts(of path: FilePath) throws(FileError) -> FileFacts?
    /// The content of a regular file; throws `EFBIG` above `maximumBytes`, `ELOOP` for a link.
    func read(_ path: FilePath, maximumBytes: Int) throws(FileError) -> Data
    /// The SHA-256 of a regular file's content.
    func digest(of path: FilePath) throws(FileError) -> ContentDigest
    /// Whether any process has a file open for writing; nil where that cannot be told.
    func isBeingWritten(_ path: FilePath) throws(FileError) -> Bool?
    /// Moves within one file system and never over something that exists (`EEXIST`).
    func move(_ source: FilePath, to target: FilePath) throws(FileError)
    /// Replaces or creates a file as a whole: a reader sees the old content or the new one.
    func write(_ content: Data, to path: FilePath) throws(FileError)
    /// Gives a file the owner, group and permissions of another file.
    func takeOwner(of other: FilePath, for path: FilePath) throws(FileError)
    /// Removes a file or link; it is no error when it is gone already.
    func remove(_ path: FilePath) throws(FileError)
    /// Removes a directory that is empty; `ENOTEMPTY` when it is not.
    func removeDirectory(_ path: FilePath) throws(FileError)
    /// Makes a directory, mode 0750 less the umask; one that exists is left as it is.
    ///
    /// Where those above it are lacking, makes them or throws `ENOENT`.
    func makeDirectory(_ path: FilePath, makingParents: Bool) throws(FileError)
    /// The bytes that an unprivileged process may still write to the file system of a directory.
    func freeBytes(at directory: FilePath) throws(FileError) -> UInt64
}

extension FileOperations {
    /// Makes a directory and those above it.
    package func makeDirectory(_ path: FilePath) throws(FileError) {
        try makeDirectory(path, makingParents: true)
    }
}
