// SPDX-License-Identifier: Apache-2.0

/// Writing scalars as UTF-8 into memory that the caller has made large enough.
enum UTF8Writing {
    /// Writes one scalar value (1 to 4 bytes) and returns the offset after it.
    @inline(__always)
    static func write(
        _ value: UInt32, to buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int
    ) -> Int {
        switch value {
        case ..<0x80:
            buffer[offset] = UInt8(value)
            return offset + 1
        case ..<0x800:
            buffer[offset] = UInt8(0xC0 | value >> 6)
            buffer[offset + 1] = continuation(value)
            return offset + 2
        case ..<0x10000:
            buffer[offset] = UInt8(0xE0 | value >> 12)
            buffer[offset + 1] = continuation(value >> 6)
            buffer[offset + 2] = continuation(value)
            return offset + 3
        default:
            buffer[offset] = UInt8(0xF0 | value >> 18)
            buffer[offset + 1] = continuation(value >> 12)
            buffer[offset + 2] = continuation(value >> 6)
            buffer[offset + 3] = continuation(value)
            return offset + 4
        }
    }

    @inline(__always)
    private static func continuation(_ value: UInt32) -> UInt8 {
        UInt8(0x80 | value & 0x3F)
    }
}
