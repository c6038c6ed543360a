// SPDX-License-Identifier: Apache-2.0
import CArchive

/// The files of a zip archive from outside, of which a few are read.
///
/// What is unpacked is counted as it comes, whatever the archive says of its size, and all names are looked
/// at: one that leads elsewhere, or that stands twice, makes the whole archive suspect.
struct PackageParts {
    /// The names of all files in it.
    private(set) var names: Set<String> = []
    /// The bytes of those that were asked for.
    private(set) var contents: [String: [UInt8]] = [:]

    /// How many times its own size an archive may hold; office documents have up to about fifty.
    private static let largestRatio = 200
    private static let sizeWithoutRatio = 1 << 20
    /// Bytes of one file; a sheet of ten thousand rows of text has about twenty million.
    static let largestFile = 32 << 20

    /// Reads an archive; throws what is wrong with it.
    init(
        of bytes: [UInt8], limits: IntakeLimits, wanted: (String) -> Bool
    ) throws(FormatFlaw) {
        let most = min(
            limits.maximumUnpackedBytes, bytes.count * Self.largestRatio + Self.sizeWithoutRatio)
        guard let archive = archive_read_new() else {
            throw .program(named: "libarchive", "found no memory")
        }
        defer { archive_read_free(archive) }
        // By the directory at the end, as office programs read it.
        archive_read_support_format_zip_seekable(archive)
        let failure = bytes.withUnsafeBytes { content -> FormatFlaw? in
            guard
                archive_read_open_memory(archive, content.baseAddress, content.count) == ARCHIVE_OK
            else { return Self.malformed }
            do throws(FormatFlaw) {
                try read(archive, most: most, limits: limits, wanted: wanted)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private static let malformed = FormatFlaw.malformed(expected: "a zip archive", byteOffset: nil)

    private mutating func read(
        _ archive: OpaquePointer, most: Int, limits: IntakeLimits, wanted: (String) -> Bool
    ) throws(FormatFlaw) {
        var left = most
        while true {
            var entry: OpaquePointer?
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF { return }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else {
                throw Self.malformed
            }
            guard archive_entry_is_encrypted(entry) == 0 else { throw .encrypted }
            let name = try Self.name(of: entry)
            guard names.count < limits.maximumRecords else {
                throw .tooMuch(of: "files in an archive", limit: limits.maximumRecords)
            }
            guard names.insert(name).inserted else {
                throw .contradiction("two files of the archive have the same name")
            }
            guard wanted(name) else { continue }
            let room = min(left, Self.largestFile)
            guard let content = try Self.content(archive, most: room) else {
                throw .tooMuch(
                    of: "bytes when it is unpacked", limit: room < left ? room : most)
            }
            left -= content.count
            contents[name] = content
        }
    }

    /// The name of a file that lies within the archive's own folder; throws for another.
    private static func name(of entry: OpaquePointer) throws(FormatFlaw) -> String {
        guard let pointer = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry),
            let name = String(validatingCString: pointer), !name.isEmpty
        else {
            throw .malformed(expected: "a name of a file", byteOffset: nil)
        }
        let kind = archive_entry_filetype(entry)
        let isPlain = kind == 0o100000 || kind == 0o040000 || kind == 0
        let steps = name.split(separator: "/", omittingEmptySubsequences: false)
        guard isPlain, archive_entry_symlink(entry) == nil, archive_entry_hardlink(entry) == nil,
            !name.hasPrefix("/"), !steps.contains(".."), !name.contains("\\"), !name.contains(":")
        else {
            throw .wrongValue(field: "a name in the archive", expected: "one of a file within it")
        }
        return name
    }

    /// The bytes of a file; nil for more than may be.
    private static func content(
        _ archive: OpaquePointer, most: Int
    ) throws(FormatFlaw) -> [UInt8]? {
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = piece.withUnsafeMutableBytes {
                archive_read_data(archive, $0.baseAddress, $0.count)
            }
            guard count >= 0 else { throw malformed }
            if count == 0 { return content }
            guard content.count + count <= most else { return nil }
            content.append(contentsOf: piece[..<count])
        }
    }
}
