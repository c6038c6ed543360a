// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What the kernel refused to do with a file: the operation, the path and the errno.
///
/// Three refusals are ours and borrow an errno: a file above its size limit is `EFBIG`, something
/// that should be a regular file and is not is `EBADFD` (a directory `EISDIR`, a link `ELOOP`, also one in the place of a directory), and a
/// lock that another process holds is `EWOULDBLOCK`.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operations that this module asks of the kernel.
    package enum Operation: String, Hashable, Sendable {
        case open, read, write, flush, close, rename, link, list, examine, lock, remove
        case makeDirectory = "make directory"
        case changeOwner = "change owner or mode of"
        case measureSpace = "measure free space of"
    }

    /// What was tried.
    package let operation: Operation
    /// The path it was tried on, escaped for display.
    package let path: String
    /// The error number as in `errno(3)`.
    package let errno: Int32

    /// States a refusal; the errno is the one that the failed call left.
    package init(_ operation: Operation, _ path: FilePath, errno: Int32 = Glibc.errno) {
        self.operation = operation
        self.path = path.description
        self.errno = errno
    }

    /// The symbol of the error number, such as `ENOSPC`.
    package var symbol: String {
        guard let name = strerrorname_np(errno) else { return "errno \(errno)" }
        return String(cString: name)
    }

    /// The same as ``explanation``.
    package var description: String { explanation }

    /// Whether the machine may do it later: no space, quota, no descriptor, no memory, interrupted, I/O.
    package var isTemporary: Bool {
        [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EINTR, EAGAIN, EBUSY, EIO, EROFS, ESTALE]
            .contains(errno)
    }
}
