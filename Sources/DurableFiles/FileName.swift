// SPDX-License-Identifier: Apache-2.0

/// One name in a directory, as the kernel keeps it: any bytes except `/` and NUL.
///
/// Producers run on other systems, so a name is not always UTF-8. It is compared and renamed by its
/// bytes, and shown through ``escaped``.
package struct FileName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The most bytes that a Linux file system allows in one name.
    package static let maximumBytes = 255

    /// The bytes of the name, without terminator.
    package let bytes: [UInt8]

    /// Takes the bytes of a name; nil when they are empty, `.`, `..`, or hold `/` or NUL.
    package init?(bytes: [UInt8]) {
        let isDots = bytes == Array(".".utf8) || bytes == Array("..".utf8)
        guard !bytes.isEmpty, !isDots, !bytes.contains(0), !bytes.contains(UInt8(ascii: "/")) else {
            return nil
        }
        self.bytes = bytes
    }

    /// Takes a name from text; nil when it is no possible name.
    package init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// The name on one line: control characters and bytes that are no UTF-8 are escaped.
    package var escaped: String { EscapedBytes.text(of: bytes) }

    /// The same as ``escaped``.
    package var description: String { escaped }

    /// Orders names by their bytes.
    package static func < (left: FileName, right: FileName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
