// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Spool

/// The disk as a daemon sees it whose producers are other users: open writers cannot be seen.
struct LeaselessFiles: FileOperations {
    private let disk = SpoolDirectory.ownFiles
    /// Called before a path is examined; what it throws is thrown.
    var examining: @Sendable (FilePath) throws(FileError) -> Void = { _ in }

    func isBeingWritten(_ path: FilePath) throws(FileError) -> Bool? { nil }
    func names(in directory: FilePath) throws(FileError) -> [FileName] {
        try disk.names(in: directory)
    }
    func facts(of path: FilePath) throws(FileError) -> FileFacts? {
        try examining(path)
        return try disk.facts(of: path)
    }
    func read(_ path: FilePath, maximumBytes: Int) throws(FileError) -> Data {
        try disk.read(path, maximumBytes: maximumBytes)
    }
    func digest(of path: FilePath) throws(FileError) -> ContentDigest { try disk.digest(of: path) }
    func move(_ source: FilePath, to target: FilePath) throws(FileError) {
        try disk.move(source, to: target)
    }
    func write(_ content: Data, to path: FilePath) throws(FileError) {
        try disk.write(content, to: path)
    }
    func takeOwner(of other: FilePath, for path: FilePath) throws(FileError) {
        try disk.takeOwner(of: other, for: path)
    }
    func remove(_ path: FilePath) throws(FileError) { try disk.remove(path) }
    func removeDirectory(_ path: FilePath) throws(FileError) { try disk.removeDirectory(path) }
    func makeDirectory(_ path: FilePath, makingParents: Bool) throws(FileError) {
        try disk.makeDirectory(path, makingParents: makingParents)
    }
    func freeBytes(at directory: FilePath) throws(FileError) -> UInt64 {
        try disk.freeBytes(at: directory)
    }
}
