// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Bytes that are read piece by piece, as they come: of a file or of standard input.
package struct FileSource: ~Copyable {
    private let descriptor: Descriptor
    private let path: FilePath
    private static let pieceBytes = 1 << 16

    /// Opens a file; throws ``FileError``.
    package init(_ path: FilePath) throws(FileError) {
        descriptor = try Descriptor(path, flags: O_RDONLY)
        self.path = path
    }

    /// The bytes that are there, once there are any; nil at the end. Throws ``FileError``.
    package mutating func next() throws(FileError) -> [UInt8]? {
        let number = descriptor.number
        var failed = false
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
            let read = retryingInterrupted {
                Glibc.read(number, buffer.baseAddress, buffer.count)
            }
            failed = read < 0
            count = max(read, 0)
        }
        guard !failed else { throw FileError(.read, path) }
        return piece.isEmpty ? nil : piece
    }
}
