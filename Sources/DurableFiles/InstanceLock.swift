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
}
