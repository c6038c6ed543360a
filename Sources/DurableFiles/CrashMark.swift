// SPDX-License-Identifier: Apache-2.0
import CrashSignals
import Glibc

/// A small file in which this process notes, as it dies, that it died of a fault of its own.
///
/// The next run reads it: a document that was alone in hand then has brought the program down. A run
/// that was killed, or that lost its power, leaves the file empty. There is one such file a process.
package final class CrashMark: Sendable {
    private let descriptor: Descriptor
    /// The file.
    package let path: FilePath
    /// Whether the run before died of a fault of its own while a document was alone in hand.
    package let tellsOfDocument: Bool

    /// Opens the file, or makes it, reads what the run before has left, and watches this one.
    package init(_ path: FilePath) throws(FileError) {
        let descriptor = try Descriptor(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o640)
        var first: UInt8 = 0
        let count = retryingInterrupted { pread(descriptor.number, &first, 1, 0) }
        guard count >= 0 else { throw FileError(.read, path) }
        tellsOfDocument = count == 1 && first == UInt8(ascii: "a")
        guard shoken_crash_watch(descriptor.number) == 0 else { throw FileError(.open, path) }
        self.descriptor = descriptor
        self.path = path
    }

    /// Empties the file, durably: what it told has been written down elsewhere.
    package func clear() throws(FileError) {
        guard retryingInterrupted({ Int(ftruncate(descriptor.number, 0)) }) == 0 else {
            throw FileError(.write, path)
        }
        try descriptor.flush(path)
    }

    /// Runs `body` on this thread; a fault during it is one of the document that is alone in hand.
    package func whileAlone<Result>(_ isAlone: Bool, _ body: () -> Result) -> Result {
        shoken_crash_stack()
        shoken_crash_alone(isAlone ? 1 : 0)
        defer { shoken_crash_alone(0) }
        return body()
    }
}
