// SPDX-License-Identifier: Apache-2.0

/// NUL bytes that fill a file up behind its text, as systems with fixed lengths and copies that went wrong
/// leave them.
struct Padding {
    /// The bytes without it.
    let content: [UInt8]
    /// How many bytes it has.
    let length: Int

    /// Looks at the end of a file; in UTF-16, which a byte order mark shows, for whole characters.
    init(of bytes: [UInt8]) {
        var end = bytes.count
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            if end.isMultiple(of: 2) {
                while end > 2, bytes[end - 1] == 0, bytes[end - 2] == 0 { end -= 2 }
            }
        } else {
            while end > 0, bytes[end - 1] == 0 { end -= 1 }
        }
        length = bytes.count - end
        content = length == 0 ? bytes : Array(bytes[..<end])
    }
}
