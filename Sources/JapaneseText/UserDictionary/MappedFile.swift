// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A regular file in memory, read-only; owns the mapping.
///
/// `@unchecked Sendable` because nobody writes to the mapping and its place never changes.
final class MappedFile: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    /// Number of bytes.
    var count: Int { bytes.count }

    /// Throws `MorphologyError.dictionaryFileMissing` for what cannot be read, and
    /// `.malformedDictionary` with the field `size` for an empty file and one above `mostBytes`.
    init(path: String, mostBytes: Int) throws(MorphologyError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .dictionaryFileMissing(path: path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .dictionaryFileMissing(path: path)
        }
        let size = Int(facts.st_size)
        guard size > 0, size <= mostBytes else {
            throw .malformedDictionary(path: path, field: "size", found: size)
        }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw .dictionaryFileMissing(path: path) }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Calls `body` with the file's bytes, which go with the file: they must not leave it.
    func withBytes<Value, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
