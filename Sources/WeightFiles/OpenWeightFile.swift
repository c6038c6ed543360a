// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Glibc
import Tensors

/// A weight file held open for reading at any place.
///
/// Tensors are read when asked for, with `pread`, or mapped: then what is used is read when it is
/// used, and memory that runs short is got back by forgetting it. A mapped file must not be made
/// shorter meanwhile, which would end the process with a signal; replacing it by another is safe.
final class OpenWeightFile: Sendable {
    let path: FilePath
    let size: Int
    private let descriptor: Int32

    /// Opens a regular file; links are followed, since model caches are made of them.
    init(_ url: URL) throws(WeightFileError) {
        path = FilePath(url)
        let opened = open(url.path(percentEncoded: false), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw .file(FileError(.open, path)) }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            let refusal = FileError(.examine, path)
            close(opened)
            throw .file(refusal)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw .file(FileError(.open, path, errno: EBADFD))
        }
        descriptor = opened
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from byte `offset` of the file; false where the file ends before.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, offset: Int
    ) throws(WeightFileError) -> Bool {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
            if count == 0 { return false }
            if count < 0 {
                if errno == EINTR { continue }
                throw .file(FileError(.read, path))
            }
            filled += count
        }
        return true
    }

    /// Bytes of the file in memory of their own, or mapped if they begin at a multiple of four.
    ///
    /// Throws `truncated` where the file has shrunk, and `file`.
    func map(offset: Int, count: Int) throws(WeightFileError) -> WeightMemory {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(FileError(.examine, path)) }
        guard offset + count <= Int(status.st_size) else {
            throw .truncated(file: path.description, tensor: "data")
        }
        guard offset % 4 == 0 else {
            var bytes = [UInt8](repeating: 0, count: count)
            guard try fill(&bytes, offset: offset) else {
                throw .truncated(file: path.description, tensor: "data")
            }
            return WeightMemory(copying: bytes)
        }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = offset / page * page
        let length = offset + count - start
        // A file that fits is mapped at once, which is faster than page by page when it is used; of
        // one that does not, only what is used.
        let fits = UInt64(size) < MemoryLimit.bytes / 2
        let flags = MAP_SHARED | (fits ? Int32(MAP_POPULATE) : 0)
        guard
            let found = mmap(nil, length, PROT_READ, flags, descriptor, off_t(start)),
            found != MAP_FAILED
        else { throw .file(FileError(.read, path)) }
        nonisolated(unsafe) let mapped = found
        return WeightMemory(
            UnsafeRawPointer(mapped) + (offset - start), count: count, isReadOnUse: !fits
        ) {
            munmap(mapped, length)
        }
    }

    /// Fills an array from byte `offset` of the file; false where the file ends before.
    func fill<Element: BitwiseCopyable>(
        _ array: inout [Element], offset: Int
    ) throws(WeightFileError) -> Bool {
        // The standard library's function does not pass typed errors through.
        let result = array.withUnsafeMutableBytes { buffer in
            Result { () throws(WeightFileError) in try read(into: buffer, offset: offset) }
        }
        return try result.get()
    }
}
