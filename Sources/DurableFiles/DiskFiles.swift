// SPDX-License-Identifier: Apache-2.0
package import Foundation
import Glibc

/// File operations on the real file system, each durable when it returns.
package struct DiskFiles: FileOperations {
    /// Whether a symbolic link in the place of a directory is an error (`ELOOP`) instead of followed.
    ///
    /// It concerns the directory that is listed, or that holds what is moved or written, not those above it.
    let refusesLinkedDirectories: Bool

    /// Every call stands for itself.
    package init(refusingLinkedDirectories: Bool = false) {
        refusesLinkedDirectories = refusingLinkedDirectories
    }

    /// The SHA-256 of a regular file's content.
    package func digest(of path: FilePath) throws(FileError) -> ContentDigest {
        try ContentDigest(ofFile: path)
    }

    /// The names in a directory, without `.` and `..`, in no order.
    package func names(in directory: FilePath) throws(FileError) -> [FileName] {
        let opened = try Descriptor.directory(
            directory, refusingLinks: refusesLinkedDirectories, for: .list)
        // The stream owns its descriptor.
        let own = fcntl(opened.number, F_DUPFD_CLOEXEC, 0)
        guard own >= 0, let stream = fdopendir(own) else {
            let code = errno
            if own >= 0 { _ = Glibc.close(own) }
            throw FileError(.list, directory, errno: code)
        }
        defer { closedir(stream) }
        var names: [FileName] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError(.list, directory) }
                return names
            }
            // The record is shorter than the type `dirent` declares, so it is not copied as a value.
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            let start = UnsafeRawPointer(entry).advanced(by: offset)
            let length = strlen(start.assumingMemoryBound(to: CChar.self))
            let bytes = Array(UnsafeRawBufferPointer(start: start, count: length))
            if let name = FileName(bytes: bytes) { names.append(name) }
        }
    }

    /// What a path is; nil when there is nothing.
    package func facts(of path: FilePath) throws(FileError) -> FileFacts? {
        var status = stat()
        guard path.withTerminated({ lstat($0, &status) }) == 0 else {
            if errno == ENOENT { return nil }
            throw FileError(.examine, path)
        }
        return FileFacts(status)
    }

    /// The content of a regular file; throws `EFBIG` above `maximumBytes`, `ELOOP` for a link.
    package func read(_ path: FilePath, maximumBytes: Int) throws(FileError) -> Data {
        let file = try Descriptor.regularFile(path)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw FileError(.examine, path) }
        guard status.st_size <= maximumBytes else {
            throw FileError(.read, path, errno: EFBIG)
        }
        // One byte more than expected tells a file that has grown since.
        var content = Data(count: Int(status.st_size) + 1)
        var filled = 0
        while filled < content.count {
            let count = content.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                return retryingInterrupted { Glibc.read(file.number, rest.baseAddress, rest.count) }
            }
            guard count >= 0 else { throw FileError(.read, path) }
            if count == 0 { break }
            filled += count
            if filled == content.count {
                guard filled <= maximumBytes else { throw FileError(.read, path, errno: EFBIG) }
                content.count = min(filled * 2, maximumBytes + 1)
            }
        }
        content.count = filled
        return content
    }

    /// The bytes that an unprivileged process may still write to the file system of a directory.
    package func freeBytes(at directory: FilePath) throws(FileError) -> UInt64 {
        let opened = try Descriptor(directory, flags: O_RDONLY | O_DIRECTORY)
        var status = statvfs()
        guard fstatvfs(opened.number, &status) == 0 else {
            throw FileError(.measureSpace, directory)
        }
        return UInt64(status.f_bavail) &* UInt64(status.f_frsize)
    }
}

extension Descriptor {
    /// Opens a regular file for reading; a fifo without a writer does not block, a link is refused.
    static func regularFile(_ path: FilePath) throws(FileError) -> Descriptor {
        let opened = try Descriptor(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        var status = stat()
        guard fstat(opened.number, &status) == 0 else { throw FileError(.examine, path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return opened
        case S_IFDIR: throw FileError(.open, path, errno: EISDIR)
        default: throw FileError(.open, path, errno: EBADFD)
        }
    }
}
