// SPDX-License-Identifier: Apache-2.0
package import Foundation
import Glibc

/// A file that grows at its end, such as a log, and can be cut back to a length it once had.
package final class AppendedFile {
    private let descriptor: Descriptor
    /// The file.
    package let path: FilePath
    /// Its length in bytes.
    package private(set) var size: Int

    /// Opens the file, or makes it, for its owner alone where it is private; throws `FileError`.
    package init(_ path: FilePath, isPrivate: Bool = false) throws(FileError) {
        let there = try DiskFiles().facts(of: path) != nil
        let descriptor = try Descriptor(
            path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: isPrivate ? 0o600 : 0o640)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw FileError(.examine, path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.open, path, errno: EBADFD)
        }
        if !there { try flushDirectory(path.parent) }
        self.descriptor = descriptor
        (self.path, size) = (path, Int(status.st_size))
    }

    /// Writes bytes at the end; on an error the file is cut back to what it was, where that goes.
    ///
    /// They survive the end of the process, but only after ``flush()`` that of the machine.
    package func append(_ content: Data) throws(FileError) {
        let result = content.withUnsafeBytes { bytes in
            Result { () throws(FileError) in
                guard lseek(descriptor.number, off_t(size), SEEK_SET) >= 0 else {
                    throw FileError(.write, path)
                }
                try FileSink(descriptor: descriptor.number, path: path).append(bytes)
            }
        }
        if case .failure(let error) = result {
            // Half a line would stand before the next one.
            _ = ftruncate(descriptor.number, off_t(size))
            throw error
        }
        size += content.count
    }

    /// Returns when all content has reached the disk.
    package func flush() throws(FileError) { try descriptor.flush(path) }

    /// Cuts the file back to a length that is not above its own, durably.
    package func cut(to length: Int) throws(FileError) {
        precondition(length >= 0 && length <= size, "a file is cut back, not made longer")
        guard retryingInterrupted({ Int(ftruncate(descriptor.number, off_t(length))) }) == 0 else {
            throw FileError(.write, path)
        }
        size = length
        try flush()
    }

    /// The bytes from an offset to the end; throws `EFBIG` when there are more than `maximumBytes`.
    package func content(from offset: Int, maximumBytes: Int) throws(FileError) -> Data {
        try content(from: offset, maximumBytes: maximumBytes, count: .max)
    }

    /// As many bytes from an offset, fewer where the file ends before; throws as the other.
    package func content(
        from offset: Int, maximumBytes: Int, count most: Int
    ) throws(FileError) -> Data {
        let count = min(most, max(0, size - offset))
        guard count <= maximumBytes else { throw FileError(.read, path, errno: EFBIG) }
        var content = Data(count: count)
        var filled = 0
        while filled < count {
            let read = content.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                return retryingInterrupted {
                    pread(descriptor.number, rest.baseAddress, rest.count, off_t(offset + filled))
                }
            }
            guard read >= 0 else { throw FileError(.read, path) }
            if read == 0 { break }
            filled += read
        }
        return content.prefix(filled)
    }
}
