// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Glibc
import Tensors

/// A weight file held open for reading at any place.
///
/// Tensors are read when asked for, with `pread`, into memory of our own: what happens to the file
/// later does not matter. Only a file above half of the memory is mapped, so that what is used is read
/// when it is used; such a file may be replaced by another, but must not be changed in place, which
/// changes the answers or, where it becomes shorter, ends the process with a signal.
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
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw .file(FileError(.open, path, errno: isFolder ? EISDIR : EBADFD))
        }
        descriptor = opened
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Throws `mistaken` where the file is empty, or plainly of a kind that holds no weights.
    func refuseMistaken() throws(WeightFileError) {
        var start = [UInt8](repeating: 0, count: min(size, MistakenContent.bytes))
        guard try fill(&start, offset: 0) else { return }
        if let content = MistakenContent(beginning: start) {
            throw .mistaken(file: path.description, content)
        }
    }

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

    /// Bytes of the file in memory of their own; of a file that does not fit into memory, and where they
    /// begin at a multiple of four, the file itself.
    ///
    /// Throws `truncated` where the file has shrunk, and `file`.
    func memory(offset: Int, count: Int) throws(WeightFileError) -> WeightMemory {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(FileError(.examine, path)) }
        guard offset + count <= Int(status.st_size) else { throw truncated }
        let fits = UInt64(size) < MemoryLimit.bytes / 2
        return try fits || offset % 4 != 0
            ? copy(offset: offset, count: count) : map(offset: offset, count: count)
    }

    private var truncated: WeightFileError {
        .truncated(file: path.description, tensor: "data")
    }

    private func copy(offset: Int, count: Int) throws(WeightFileError) -> WeightMemory {
        // The standard library's functions do not pass typed errors through.
        var result: Result<Bool, WeightFileError> = .success(false)
        let memory = WeightMemory(count: count) { buffer in
            result = Result { () throws(WeightFileError) in try read(into: buffer, offset: offset) }
        }
        guard try result.get() else { throw truncated }
        return memory
    }

    private func map(offset: Int, count: Int) throws(WeightFileError) -> WeightMemory {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = offset / page * page
        let length = offset + count - start
        guard
            let found = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, off_t(start)),
            found != MAP_FAILED
        else { throw .file(FileError(.read, path)) }
        nonisolated(unsafe) let mapped = found
        return WeightMemory(
            UnsafeRawPointer(mapped) + (offset - start), count: count, isReadOnUse: true
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
