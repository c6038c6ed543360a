// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An exclusive lock on a file, held until the object goes or the process ends.
///
/// It is `flock(2)`: it belongs to the open file, so a child process that inherits nothing does not
/// hold it, and a crash releases it. The file itself stays, since removing it would let two processes
/// lock two files of one name.
package final class InstanceLock: Sendable {
    private let descriptor: Descriptor
    /// The lock file.
    package let path: FilePath

    /// Takes the lock or throws at once; `EWOULDBLOCK` when another process holds it.
    package init(_ path: FilePath) throws(FileError) {
        let descriptor = try Descriptor(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o640)
        guard retryingInterrupted({ flock(descriptor.number, LOCK_EX | LOCK_NB) }) == 0 else {
            throw FileError(.lock, path)
        }
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes the lock on a directory itself, which nobody removes as they do a file that looks left over.
    ///
    /// Nil where the file system locks no directory (NFS). Throws as ``init(_:)``.
    package init?(directory: FilePath) throws(FileError) {
        let descriptor = try Descriptor(directory, flags: O_RDONLY | O_DIRECTORY)
        if retryingInterrupted({ flock(descriptor.number, LOCK_EX | LOCK_NB) }) != 0 {
            guard [EBADF, EINVAL, ENOLCK, EOPNOTSUPP].contains(errno) else {
                throw FileError(.lock, directory)
            }
            return nil
        }
        self.descriptor = descriptor
        path = directory
    }

    /// A child that has been forked and has not begun its program yet has the open file, too; without this the
    /// lock would last until then.
    deinit { _ = flock(descriptor.number, LOCK_UN) }
}
