// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Foundation
import Glibc

extension DiskFiles {
    /// Moves within one file system and never over something that exists (`EEXIST`).
    ///
    /// Where the file system knows no `RENAME_NOREPLACE` (some network file systems answer `EINVAL`),
    /// the target is looked for first; between the look and the move another process could still
    /// create it, which is why callers put a random part into their names.
    package func move(_ source: FilePath, to target: FilePath) throws(FileError) {
        guard let oldName = source.lastName, let newName = target.lastName else {
            throw FileError(.rename, source, errno: EINVAL)
        }
        let old = try Descriptor.directory(
            source.parent, refusingLinks: refusesLinkedDirectories)
        let new = try Descriptor.directory(
            target.parent, refusingLinks: refusesLinkedDirectories)
        try renameWithoutReplacing(
            old.number, FilePath(bytes: oldName.bytes), new.number, FilePath(bytes: newName.bytes),
            source: source, target: target)
        try new.flush(target.parent)
        if source.parent != target.parent { try old.flush(source.parent) }
    }

    /// Replaces or creates a file as a whole: a reader sees the old content or the new one.
    ///
    /// The order is temporary file in the same directory, write, fsync, close, rename, fsync of the
    /// directory. A crash leaves at worst a temporary file whose name starts with `.`.
    package func write(_ content: Data, to path: FilePath) throws(FileError) {
        try write(to: path) { (sink) throws(FileError) in
            // Data's own function does not pass typed errors through.
            let result = content.withUnsafeBytes { bytes in
                Result { () throws(FileError) in try sink.append(bytes) }
            }
            try result.get()
        } rethrowing: {
            $0
        }
    }

    /// The same with a content that comes in parts, for files larger than memory.
    ///
    /// Throws what `body` throws, or what `rethrowing` makes of a refusal of the kernel; either way
    /// the path is as it was before.
    package func write<Failure: Error>(
        to path: FilePath, _ body: (FileSink) throws(Failure) -> Void,
        rethrowing: (FileError) -> Failure
    ) throws(Failure) {
        let temporary = path.parent.appending(temporaryName)
        // Removed in any case; after the renaming there is nothing of that name.
        defer { _ = temporary.withTerminated { unlink($0) } }
        let written: Result<Void, Failure>
        do throws(FileError) {
            if refusesLinkedDirectories {
                _ = try Descriptor.directory(path.parent, refusingLinks: true)
            }
            let file = try Descriptor(
                temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o640)
            let sink = FileSink(descriptor: file.number, path: temporary)
            written = Result { () throws(Failure) in try body(sink) }
            if case .success = written {
                try file.flush(temporary)
                try file.close(temporary)
                try replace(path, with: temporary)
            }
        } catch {
            throw rethrowing(error)
        }
        try written.get()
    }

    /// Puts a file, whose content is on the disk, into the place of another by one rename.
    package func replace(_ path: FilePath, with temporary: FilePath) throws(FileError) {
        let renamed = temporary.withTerminated { old in path.withTerminated { rename(old, $0) } }
        guard renamed == 0 else { throw FileError(.rename, path) }
        try flushDirectory(path.parent)
    }

    /// Removes a file or link; it is no error when it is gone already.
    package func remove(_ path: FilePath) throws(FileError) {
        guard path.withTerminated({ unlink($0) }) == 0 || errno == ENOENT else {
            throw FileError(.remove, path)
        }
        try flushDirectory(path.parent)
    }

    /// Removes a directory that is empty; `ENOTEMPTY` when it is not.
    package func removeDirectory(_ path: FilePath) throws(FileError) {
        guard path.withTerminated({ rmdir($0) }) == 0 else { throw FileError(.remove, path) }
        try flushDirectory(path.parent)
    }

    /// Makes a directory, and those above it if asked to, mode 0750 less the umask; one that exists is left.
    package func makeDirectory(_ path: FilePath, makingParents: Bool) throws(FileError) {
        if path.withTerminated({ mkdir($0, 0o750) }) == 0 { return try flushDirectory(path.parent) }
        switch errno {
        case EEXIST:
            var status = stat()
            let isThere = path.withTerminated {
                refusesLinkedDirectories ? lstat($0, &status) : stat($0, &status)
            }
            let kind = isThere == 0 ? status.st_mode & S_IFMT : 0
            guard kind == S_IFDIR else {
                throw FileError(.makeDirectory, path, errno: kind == S_IFLNK ? ELOOP : EEXIST)
            }
        case ENOENT where makingParents && path.parent != path:
            try makeDirectory(path.parent)
            try makeDirectory(path, makingParents: false)
        default:
            throw FileError(.makeDirectory, path)
        }
    }

    private var temporaryName: String {
        ".\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    }

    /// Names are given with the open directories that hold them; the paths are for errors.
    private func renameWithoutReplacing(
        _ oldDirectory: Int32, _ oldName: FilePath, _ newDirectory: Int32, _ newName: FilePath,
        source: FilePath, target: FilePath
    ) throws(FileError) {
        let noReplace: UInt32 = 1  // RENAME_NOREPLACE, rename(2)
        let result = oldName.withTerminated { old in
            newName.withTerminated { renameat2(oldDirectory, old, newDirectory, $0, noReplace) }
        }
        if result == 0 { return }
        guard errno == EINVAL || errno == ENOSYS else { throw FileError(.rename, source) }
        guard try facts(of: target) == nil else {
            throw FileError(.rename, source, errno: EEXIST)
        }
        let plain = oldName.withTerminated { old in
            newName.withTerminated { renameat(oldDirectory, old, newDirectory, $0) }
        }
        guard plain == 0 else { throw FileError(.rename, source) }
    }
}
