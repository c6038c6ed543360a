// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Glibc
import Synchronization

/// The disk until one chosen change, then a machine that has stopped: everything is refused.
///
/// The change itself is either left undone or done before the stop, which are the two states that a
/// crash can leave, since each change is atomic.
final class InterruptedFiles: FileOperations {
    private struct Countdown {
        var changesLeft: Int
        var stopped = false
    }
    private let disk = DiskFiles(refusingLinkedDirectories: true)
    private let isLastChangeDone: Bool
    private let countdown: Mutex<Countdown>

    init(afterChanges changes: Int, isLastChangeDone: Bool) {
        self.isLastChangeDone = isLastChangeDone
        countdown = Mutex(Countdown(changesLeft: changes))
    }

    var stopped: Bool { countdown.withLock { $0.stopped } }

    private func look(_ operation: FileError.Operation, _ path: FilePath) throws(FileError) {
        if stopped { throw FileError(operation, path, errno: EIO) }
    }

    private func change(
        _ operation: FileError.Operation, _ path: FilePath, _ body: () throws(FileError) -> Void
    ) throws(FileError) {
        try look(operation, path)
        let isLast = countdown.withLock { state in
            state.changesLeft -= 1
            if state.changesLeft < 0 { state.stopped = true }
            return state.stopped
        }
        if !isLast || isLastChangeDone { try body() }
        if isLast { throw FileError(operation, path, errno: EIO) }
    }

    func names(in directory: FilePath) throws(FileError) -> [FileName] {
        try look(.list, directory)
        return try disk.names(in: directory)
    }
    func facts(of path: FilePath) throws(FileError) -> FileFacts? {
        try look(.examine, path)
        return try disk.facts(of: path)
    }
    func read(_ path: FilePath, maximumBytes: Int) throws(FileError) -> Data {
        try look(.read, path)
        return try disk.read(path, maximumBytes: maximumBytes)
    }
    func digest(of path: FilePath) throws(FileError) -> ContentDigest {
        try look(.read, path)
        return try disk.digest(of: path)
    }
    func isBeingWritten(_ path: FilePath) throws(FileError) -> Bool? {
        try look(.open, path)
        return try disk.isBeingWritten(path)
    }
    func freeBytes(at directory: FilePath) throws(FileError) -> UInt64 {
        try look(.measureSpace, directory)
        return try disk.freeBytes(at: directory)
    }
    func move(_ source: FilePath, to target: FilePath) throws(FileError) {
        try change(.rename, source) { () throws(FileError) in try disk.move(source, to: target) }
    }
    func write(_ content: Data, to path: FilePath) throws(FileError) {
        try change(.write, path) { () throws(FileError) in try disk.write(content, to: path) }
    }
    func takeOwner(of other: FilePath, for path: FilePath) throws(FileError) {
        try disk.takeOwner(of: other, for: path)
    }
    func remove(_ path: FilePath) throws(FileError) {
        try change(.remove, path) { () throws(FileError) in try disk.remove(path) }
    }
    func removeDirectory(_ path: FilePath) throws(FileError) {
        try change(.remove, path) { () throws(FileError) in try disk.removeDirectory(path) }
    }
    func makeDirectory(_ path: FilePath, makingParents: Bool) throws(FileError) {
        // Directories that exist are no change, so that the count begins with the first real one.
        if try disk.facts(of: path) != nil { return try look(.makeDirectory, path) }
        try change(.makeDirectory, path) { () throws(FileError) in
            try disk.makeDirectory(path, makingParents: makingParents)
        }
    }
}
