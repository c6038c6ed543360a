// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// A path as bytes, so that a file whose name is no UTF-8 can be opened, renamed and named in errors.
package struct FilePath: Hashable, Sendable, CustomStringConvertible {
    /// The bytes of the path, without terminator and without a trailing slash.
    package let bytes: [UInt8]

    /// Takes a path from bytes; what follows a NUL is not part of a path and is cut off.
    package init(bytes: [UInt8]) {
        var kept = Array(bytes.prefix { $0 != 0 })
        while kept.count > 1, kept.last == UInt8(ascii: "/") { kept.removeLast() }
        self.bytes = kept
    }

    /// Takes a path from text.
    package init(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// Takes the path of a file URL.
    package init(_ url: URL) {
        self.init(url.path(percentEncoded: false))
    }

    /// The path of a name inside this directory.
    package func appending(_ name: FileName) -> FilePath {
        FilePath(
            bytes: bytes + (bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name.bytes
        )
    }

    /// The path of something below this directory, given as text such as `incoming/nursing`.
    package func appending(_ relative: String) -> FilePath {
        FilePath(
            bytes: bytes + (bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")])
                + Array(relative.utf8))
    }

    /// The last name; nil for the root and for paths that end in `.` or `..`.
    package var lastName: FileName? {
        FileName(bytes: Array(bytes[(lastSlash.map { $0 + 1 } ?? 0)...]))
    }

    /// The directory that holds this path.
    package var parent: FilePath {
        guard let lastSlash else { return FilePath(".") }
        return lastSlash == 0 ? FilePath("/") : FilePath(bytes: Array(bytes[..<lastSlash]))
    }

    /// The path on one line, with escapes as in ``FileName/escaped``.
    package var description: String { EscapedBytes.text(of: bytes) }

    /// The path as text where it is UTF-8, nil elsewhere.
    package var text: String? { String(validating: bytes, as: UTF8.self) }

    private var lastSlash: Int? { bytes.lastIndex(of: UInt8(ascii: "/")) }
}
