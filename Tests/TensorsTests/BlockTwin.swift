// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What blocks mean, element by element, written down from the formats' layouts in double precision.
struct BlockTwin: Sendable {
    /// Number of the format in ggml.
    let format: UInt32
    let name: String
    let blockElements: Int
    let blockBytes: Int
    /// Places of 16-bit floats in a block.
    let halves: [Int]
    private let decode: @Sendable (_ block: [UInt8], _ element: Int) -> Double

    static let all: [BlockTwin] = [
        BlockTwin(format: 2, name: "q4_0", blockElements: 32, blockBytes: 18, halves: [0]) { x, i in
            half(x, 0) * Double(nibble(x, 2, i) - 8)
        },
        BlockTwin(format: 3, name: "q4_1", blockElements: 32, blockBytes: 20, halves: [0, 2]) {
            x, i in
            half(x, 0) * Double(nibble(x, 4, i)) + half(x, 2)
        },
        BlockTwin(format: 6, name: "q5_0", blockElements: 32, blockBytes: 22, halves: [0]) { x, i in
            half(x, 0) * Double(nibble(x, 6, i) + 16 * bit(x, 2, i) - 16)
        },
        BlockTwin(format: 7, name: "q5_1", blockElements: 32, blockBytes: 24, halves: [0, 2]) {
            x, i in
            half(x, 0) * Double(nibble(x, 8, i) + 16 * bit(x, 4, i)) + half(x, 2)
        },
        BlockTwin(format: 8, name: "q8_0", blockElements: 32, blockBytes: 34, halves: [0]) { x, i in
            half(x, 0) * Double(Int8(bitPattern: x[2 + i]))
        },
        BlockTwin(format: 12, name: "q4_K", blockElements: 256, blockBytes: 144, halves: [0, 2]) {
            x, i in
            let (scale, minimum) = sixBits(x, i / 32)
            return half(x, 0) * scale * Double(pairedNibble(x, 16, i)) - half(x, 2) * minimum
        },
        BlockTwin(format: 13, name: "q5_K", blockElements: 256, blockBytes: 176, halves: [0, 2]) {
            x, i in
            let (scale, minimum) = sixBits(x, i / 32)
            let fifth = Int(x[16 + i % 32] >> UInt8(i / 32)) & 1
            return half(x, 0) * scale * Double(pairedNibble(x, 48, i) + 16 * fifth)
                - half(x, 2) * minimum
        },
        BlockTwin(format: 14, name: "q6_K", blockElements: 256, blockBytes: 210, halves: [208]) {
            x, i in
            let (half128, quarter, place) = (i / 128, i % 128 / 32, i % 32)
            let byte = x[half128 * 64 + quarter % 2 * 32 + place]
            let low = Int(quarter < 2 ? byte & 15 : byte >> 4)
            let high = Int(x[128 + half128 * 32 + place] >> UInt8(quarter * 2)) & 3
            return half(x, 208) * Double(Int8(bitPattern: x[192 + i / 16]))
                * Double(low + 16 * high - 32)
        },
    ]

    /// The elements of a row of blocks.
    func elements(_ row: ArraySlice<UInt8>) -> [Double] {
        stride(from: row.startIndex, to: row.endIndex, by: blockBytes).flatMap { start in
            let block = Array(row[start..<start + blockBytes])
            return (0..<blockElements).map { decode(block, $0) }
        }
    }

    /// Blocks of random bytes whose 16-bit floats are between 2⁻¹⁰ and 1/4 in magnitude.
    func randomBlocks(_ count: Int, _ numbers: inout NumberStream) -> [UInt8] {
        var bytes = (0..<count * blockBytes).map { _ in randomByte(&numbers) }
        for block in 0..<count {
            for place in halves {
                let high = block * blockBytes + place + 1
                bytes[high] = bytes[high] & 0x80 | (0x14 + (bytes[high] & 0x7f) % 0x20)
            }
        }
        return bytes
    }

    private static func half(_ x: [UInt8], _ at: Int) -> Double {
        let bits = Int(x[at]) | Int(x[at + 1]) << 8
        let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, Double(bits & 1023))
        let magnitude =
            switch exponent {
            case 0: fraction * exp2(-24)
            case 31: fraction == 0 ? Double.infinity : .nan
            default: (1 + fraction / 1024) * exp2(Double(exponent - 15))
            }
        return sign == 0 ? magnitude : -magnitude
    }

    /// Low halves of sixteen bytes, then the high ones.
    private static func nibble(_ x: [UInt8], _ at: Int, _ i: Int) -> Int {
        Int(i < 16 ? x[at + i] & 15 : x[at + i - 16] >> 4)
    }

    private static func bit(_ x: [UInt8], _ at: Int, _ i: Int) -> Int {
        Int(x[at + i / 8] >> UInt8(i % 8)) & 1
    }

    /// Low halves of 32 bytes, then the high ones, four times.
    private static func pairedNibble(_ x: [UInt8], _ at: Int, _ i: Int) -> Int {
        let byte = x[at + i / 64 * 32 + i % 32]
        return Int(i / 32 % 2 == 0 ? byte & 15 : byte >> 4)
    }

    /// Scale and minimum of part `part`, six bits each, of the twelve bytes at 4.
    private static func sixBits(_ x: [UInt8], _ part: Int) -> (Double, Double) {
        if part < 4 { return (Double(x[4 + part] & 63), Double(x[8 + part] & 63)) }
        let both = x[8 + part]
        return (
            Double(both & 15 | (x[part] & 0xc0) >> 2), Double(both >> 4 | (x[4 + part] & 0xc0) >> 2)
        )
    }
}

/// A byte whose bits are all drawn.
func randomByte(_ numbers: inout NumberStream) -> UInt8 {
    UInt8(truncatingIfNeeded: Int((numbers.next() + 1) * 4_194_303))
}

/// A row of activations as its blocks of 32 are rounded: the largest magnitude becomes 127.
func quantisedTwin(_ x: ArraySlice<Float>) -> [Double] {
    stride(from: x.startIndex, to: x.endIndex, by: 32).flatMap { start -> [Double] in
        let block = x[start..<start + 32]
        let largest = block.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return [Double](repeating: 0, count: 32) }
        let (scale, inverse) = (largest / 127, 127 / largest)
        return block.map { Double(($0 * inverse).rounded(.toNearestOrEven)) * Double(scale) }
    }
}
