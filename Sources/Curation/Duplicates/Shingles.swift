// SPDX-License-Identifier: Apache-2.0

/// The runs of characters that near-duplicates are told by, as hashes of 32 bits.
///
/// White space, punctuation and symbols do not count, full-width letters and digits are as half-width
/// ones, and capitals as small letters.
enum Shingles {
    /// The hashes of all runs of `width` characters; of one run where the text is shorter.
    static func hashes(of text: [UInt8], width: Int) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(text.count / 2)
        var ring = [UInt64](repeating: 0, count: width)
        var (count, hash, place) = (0, UInt64(0), 0)
        let leaving = (0..<width).reduce(UInt64(1)) { power, _ in power &* base }
        var index = 0
        while index < text.count {
            let scalar = decode(text, &index)
            guard let folded = folded(scalar) else { continue }
            let code = UInt64(folded) &* 0x9E37_79B9_7F4A_7C15
            hash = hash &* base &+ code &- ring[place] &* leaving
            ring[place] = code
            place = place + 1 == width ? 0 : place + 1
            count += 1
            if count >= width { result.append(mixed(hash)) }
        }
        if count > 0, count < width { result.append(mixed(hash)) }
        return result
    }

    /// How many characters of a text count.
    static func length(of text: [UInt8]) -> Int {
        var (count, index) = (0, 0)
        while index < text.count {
            if folded(decode(text, &index)) != nil { count += 1 }
        }
        return count
    }

    private static let base: UInt64 = 0xD6E8_FEB8_6659_FD93

    private static func mixed(_ value: UInt64) -> UInt32 {
        var hash = value
        hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    /// The next scalar of valid UTF-8.
    private static func decode(_ text: [UInt8], _ index: inout Int) -> UInt32 {
        let first = UInt32(text[index])
        func more(_ offset: Int) -> UInt32 { UInt32(text[index + offset] & 0x3F) }
        defer { index += first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4 }
        if first < 0x80 { return first }
        if first < 0xE0 { return (first & 0x1F) << 6 | more(1) }
        if first < 0xF0 { return (first & 0x0F) << 12 | more(1) << 6 | more(2) }
        return (first & 0x07) << 18 | more(1) << 12 | more(2) << 6 | more(3)
    }

    /// The scalar as it is compared; nil for what does not count.
    private static func folded(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x30...0x39, 0x61...0x7A: scalar
        case 0x41...0x5A: scalar | 0x20
        case 0..<0xC0: nil
        case 0x2000..<0x2E80, 0x3000..<0x3005, 0x3008..<0x3021, 0x30FB: nil
        case 0xFF10...0xFF19, 0xFF41...0xFF5A: scalar - 0xFEE0
        case 0xFF21...0xFF3A: (scalar - 0xFEE0) | 0x20
        case 0xFE00..<0xFE70, 0xFF00..<0xFF66, 0xFFE0...0xFFFF: nil
        default: scalar
        }
    }
}
