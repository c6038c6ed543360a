// SPDX-License-Identifier: Apache-2.0
extension Array where Element == Unicode.Scalar {
    /// The scalars of a string, decoded in one go.
    ///
    /// Walking a `UnicodeScalarView` takes several times as long: once to count, once to copy.
    init(scalarsOf text: String) {
        let decoded = text.utf8.withContiguousStorageIfAvailable { bytes in
            // As many scalars as bytes that are no continuation.
            let room = bytes.reduce(0) { $0 &+ (UTF8.isContinuation($1) ? 0 : 1) }
            return [Unicode.Scalar](unsafeUninitializedCapacity: room) { buffer, count in
                count = UTF8Reading.decode(bytes, into: buffer)
            }
        }
        self = decoded ?? Array(text.unicodeScalars)
    }
}

/// Reading UTF-8 that is known to be well formed, as the bytes of a `String` are.
enum UTF8Reading {
    /// Decodes all bytes and returns the number of scalars; `buffer` has room for all.
    static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<Unicode.Scalar>
    ) -> Int {
        var count = 0
        var index = 0
        while index < bytes.count {
            let first = UInt32(bytes[index])
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            var value = length == 1 ? first : first & (0x7F >> UInt32(length))
            for offset in 1..<Swift.max(length, 1) {
                value = value << 6 | UInt32(bytes[index + offset] & 0x3F)
            }
            buffer.initializeElement(at: count, to: Unicode.Scalar(value) ?? "\u{FFFD}")
            count += 1
            index += length
        }
        return count
    }
}
