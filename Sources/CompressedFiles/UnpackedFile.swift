// SPDX-License-Identifier: Apache-2.0
import CArchive

/// The bytes of a file, unpacked as they come: plain, or compressed by gzip, zstd, bzip2 or xz.
///
/// Which of them it is shows by the content, never by the name. Several members after each other,
/// as parallel compressors write them, are one content. Memory does not grow with the file.
package struct UnpackedFile: ~Copyable {
    private let archive: OpaquePointer
    private let path: String
    private var isAtEnd: Bool
    private static let pieceBytes = 1 << 18
    /// libarchive's own buffer for the packed bytes.
    private static let blockBytes = 1 << 17

    /// Opens a file; throws ``UnpackingError``.
    package init(_ path: String) throws(UnpackingError) {
        (archive, isAtEnd) = try Self.open(path)
        self.path = path
    }

    /// The file's only content, and whether it is empty.
    private static func open(_ path: String) throws(UnpackingError) -> (OpaquePointer, Bool) {
        guard let archive = archive_read_new() else {
            throw .cannotOpen(file: path, reason: "libarchive found no memory")
        }
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
        var failure: UnpackingError?
        var isEmpty = false
        if archive_read_open_filename(archive, path, blockBytes) == ARCHIVE_OK {
            var entry: OpaquePointer?
            switch archive_read_next_header(archive, &entry) {
            case ARCHIVE_OK: break
            case ARCHIVE_EOF: isEmpty = true
            default: failure = .damaged(file: path, reason: reason(archive))
            }
        } else {
            failure = .cannotOpen(file: path, reason: reason(archive))
        }
        if let failure {
            archive_read_free(archive)
            throw failure
        }
        return (archive, isEmpty)
    }

    /// The next bytes; nil at the end. Throws ``UnpackingError`` where the file is damaged or ends too soon.
    package mutating func next() throws(UnpackingError) -> [UInt8]? {
        if isAtEnd { return nil }
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, filled in
            count = archive_read_data(archive, buffer.baseAddress, buffer.count)
            filled = max(count, 0)
        }
        guard count >= 0 else { throw .damaged(file: path, reason: Self.reason(archive)) }
        if count == 0 { isAtEnd = true }
        return count == 0 ? nil : piece
    }

    /// Bytes of the file itself that were read so far.
    package var packedBytes: Int { Int(archive_filter_bytes(archive, -1)) }

    private static func reason(_ archive: OpaquePointer) -> String {
        guard let text = archive_error_string(archive) else { return "libarchive gives no reason" }
        return String(cString: text)
    }

    deinit { archive_read_free(archive) }
}
