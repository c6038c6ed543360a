// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One open file descriptor, closed when its owner lets go of it.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Opens with `O_CLOEXEC` always added, again after `EINTR`.
    init(_ path: FilePath, flags: Int32, mode: UInt32 = 0) throws(FileError) {
        let opened = path.withTerminated { name in
            retryingInterrupted { Glibc.open(name, flags | O_CLOEXEC, mode) }
        }
        guard opened >= 0 else { throw FileError(.open, path) }
        number = opened
    }

    /// Closes and reports what `close(2)` says: on some file systems it is the first to tell of a lost write.
    consuming func close(_ path: FilePath) throws(FileError) {
        let result = Glibc.close(number)
        let code = errno
        discard self
        // Linux has released the descriptor even after EINTR (close(2), "Dealing with error returns").
        if result != 0 && code != EINTR { throw FileError(.close, path, errno: code) }
    }

    /// Brings the content, or for a directory its names, to the disk.
    borrowing func flush(_ path: FilePath) throws(FileError) {
        guard retryingInterrupted({ fsync(number) }) == 0 else { throw FileError(.flush, path) }
    }

    deinit { _ = Glibc.close(number) }
}

extension FilePath {
    /// Lends the path as a C string.
    func withTerminated<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        var terminated = bytes.map { CChar(bitPattern: $0) }
        terminated.append(0)
        return terminated.withUnsafeBufferPointer { buffer in
            // The buffer holds at least the terminator, so it has a base address.
            guard let base = buffer.baseAddress else { preconditionFailure("empty C string") }
            return body(base)
        }
    }
}

/// Repeats a system call while a signal interrupts it.
func retryingInterrupted<Number: SignedInteger>(_ call: () -> Number) -> Number {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension Descriptor {
    /// Opens a directory; `ELOOP` for a link in its place if links are refused, `ENOTDIR` for a file.
    static func directory(
        _ path: FilePath, refusingLinks: Bool, for operation: FileError.Operation = .open
    ) throws(FileError) -> Descriptor {
        do throws(FileError) {
            let links = refusingLinks ? O_NOFOLLOW : 0
            return try Descriptor(path, flags: O_RDONLY | O_DIRECTORY | links)
        } catch {
            // The kernel says ENOTDIR of a link, too.
            var status = stat()
            let isLink =
                refusingLinks && path.withTerminated { lstat($0, &status) } == 0
                && status.st_mode & S_IFMT == S_IFLNK
            throw FileError(operation, path, errno: isLink ? ELOOP : error.errno)
        }
    }
}

/// Brings the names of a directory to the disk.
func flushDirectory(_ path: FilePath) throws(FileError) {
    let directory = try Descriptor(path, flags: O_RDONLY | O_DIRECTORY)
    try directory.flush(path)
    try directory.close(path)
}
