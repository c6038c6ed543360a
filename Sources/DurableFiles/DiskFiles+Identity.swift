// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Which file stands at a path: two paths, or one path at two moments, name the same file if these are equal.
package struct FileIdentity: Hashable, Sendable {
    /// The device that its file system is on.
    package let device: UInt64
    /// Its inode number.
    package let inode: UInt64
}

extension DiskFiles {
    /// The file that a path leads to, links followed; nil when there is nothing.
    package func identity(of path: FilePath) throws(FileError) -> FileIdentity? {
        var status = stat()
        guard path.withTerminated({ stat($0, &status) }) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError(.examine, path)
        }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// The path without links, `.` and `..`; throws `ENOENT` when there is nothing.
    package func resolved(_ path: FilePath) throws(FileError) -> FilePath {
        let resolved: FilePath? = path.withTerminated { name in
            guard let text = realpath(name, nil) else { return nil }
            defer { free(text) }
            return FilePath(bytes: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
        }
        guard let resolved else { throw FileError(.examine, path) }
        return resolved
    }

    /// Throws what the kernel would say to somebody who opens a file, or a directory, to change it.
    ///
    /// Nothing is opened: closing a file would take away the locks that this process has on it (fcntl(2)).
    package func requireWritable(_ path: FilePath) throws(FileError) {
        let answer = path.withTerminated { faccessat(AT_FDCWD, $0, R_OK | W_OK, AT_EACCESS) }
        guard answer == 0 else { throw FileError(.open, path) }
    }

    /// Makes an empty file, mode 0640 less the umask; throws `EEXIST` when there is something.
    package func makeFile(_ path: FilePath) throws(FileError) {
        let file = try Descriptor(
            path, flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o640)
        try file.flush(path)
        try file.close(path)
        try flushDirectory(path.parent)
    }

    /// Brings the content of a regular file to the disk.
    package func flush(_ path: FilePath) throws(FileError) {
        let file = try Descriptor.regularFile(path)
        try file.flush(path)
        try file.close(path)
    }

    /// Gives a file a second name, which nothing has; throws `EEXIST`, and `EPERM` where the file system
    /// knows no hard links.
    package func link(_ path: FilePath, to second: FilePath) throws(FileError) {
        let linked = path.withTerminated { old in second.withTerminated { Glibc.link(old, $0) } }
        guard linked == 0 else { throw FileError(.link, path) }
        try flushDirectory(second.parent)
    }

    /// Gives a file the owner and group of another file, and its permissions, or the owner and group of
    /// a directory.
    package func takeOwner(of other: FilePath, for path: FilePath) throws(FileError) {
        var (wanted, found) = (stat(), stat())
        guard other.withTerminated({ stat($0, &wanted) }) == 0 else {
            throw FileError(.examine, other)
        }
        guard path.withTerminated({ stat($0, &found) }) == 0 else {
            throw FileError(.examine, path)
        }
        if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid) {
            let changed = path.withTerminated { chown($0, wanted.st_uid, wanted.st_gid) }
            guard changed == 0 else { throw FileError(.changeOwner, path) }
        }
        guard wanted.st_mode & S_IFMT == S_IFREG else { return }
        guard path.withTerminated({ chmod($0, wanted.st_mode & 0o777) }) == 0 else {
            throw FileError(.changeOwner, path)
        }
    }
}
