// SPDX-License-Identifier: Apache-2.0

/// Turns blocks into 32-bit floats, in the order of operations of ggml's reference code, so that
/// results are equal to the last bit.
///
/// Source: the layouts of ggml's `ggml-common.h` and `ggml-quants.c`.
package struct BlockDecoding {
    /// The bytes of whole blocks.
    private let bytes: UnsafeRawBufferPointer

    /// A view of the bytes of whole blocks.
    package init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Decodes blocks of a format; `result` holds as many elements as the blocks.
    package func decode(_ format: BlockFormat, into result: UnsafeMutableBufferPointer<Float>) {
        let blocks = result.count / format.blockElements
        precondition(bytes.count == blocks * format.blockBytes)
        for block in 0..<blocks {
            let y = Output(result, from: block * format.blockElements)
            let x = Input(bytes, from: block * format.blockBytes)
            switch format {
            case .float32: y[0] = Float(bitPattern: x.word(0))
            case .float16: y[0] = x.half(0)
            case .bfloat16: y[0] = Float(bitPattern: UInt32(x.short(0)) << 16)
            case .q4_0: Self.q4_0(x, y)
            case .q4_1: Self.q4_1(x, y)
            case .q5_0: Self.q5_0(x, y)
            case .q5_1: Self.q5_1(x, y)
            case .q8_0: Self.q8_0(x, y)
            case .q2_K: Self.q2_K(x, y)
            case .q3_K: Self.q3_K(x, y)
            case .q4_K: Self.q4_K(x, y)
            case .q5_K: Self.q5_K(x, y)
            case .q6_K: Self.q6_K(x, y)
            }
        }
    }

    /// The bytes of one block.
    private struct Input {
        private let bytes: UnsafeRawBufferPointer
        private let start: Int

        init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
            (self.bytes, self.start) = (bytes, start)
        }

        subscript(index: Int) -> UInt8 { bytes[start + index] }
        func short(_ index: Int) -> UInt16 { UInt16(self[index]) | UInt16(self[index + 1]) << 8 }
        func word(_ index: Int) -> UInt32 {
            UInt32(short(index)) | UInt32(short(index + 2)) << 16
        }
        func half(_ index: Int) -> Float { HalfPrecision.widened(short(index)) }
        func low(_ index: Int) -> Int { Int(self[index] & 0xF) }
        func high(_ index: Int) -> Int { Int(self[index] >> 4) }
        func signed(_ index: Int) -> Int { Int(Int8(bitPattern: self[index])) }
    }

    /// The elements of one block.
    private struct Output {
        private let values: UnsafeMutableBufferPointer<Float>
        private let start: Int

        init(_ values: UnsafeMutableBufferPointer<Float>, from start: Int) {
            (self.values, self.start) = (values, start)
        }

        subscript(index: Int) -> Float {
            get { values[start + index] }
            nonmutating set { values[start + index] = newValue }
        }
    }

    // MARK: Blocks of 32

    private static func q4_0(_ x: Input, _ y: Output) {
        let d = x.half(0)
        for i in 0..<16 {
            y[i] = Float(x.low(2 + i) - 8) * d
            y[i + 16] = Float(x.high(2 + i) - 8) * d
        }
    }

    private static func q4_1(_ x: Input, _ y: Output) {
        let (d, m) = (x.half(0), x.half(2))
        for i in 0..<16 {
            y[i] = Float(x.low(4 + i)) * d + m
            y[i + 16] = Float(x.high(4 + i)) * d + m
        }
    }

    private static func q5_0(_ x: Input, _ y: Output) {
        let (d, fifth) = (x.half(0), x.word(2))
        for i in 0..<16 {
            y[i] = Float((x.low(6 + i) | bit(fifth, i)) - 16) * d
            y[i + 16] = Float((x.high(6 + i) | bit(fifth, i + 16)) - 16) * d
        }
    }

    private static func q5_1(_ x: Input, _ y: Output) {
        let (d, m, fifth) = (x.half(0), x.half(2), x.word(4))
        for i in 0..<16 {
            y[i] = Float(x.low(8 + i) | bit(fifth, i)) * d + m
            y[i + 16] = Float(x.high(8 + i) | bit(fifth, i + 16)) * d + m
        }
    }

    /// Bit `index` of a word as the fifth bit of an element.
    private static func bit(_ word: UInt32, _ index: Int) -> Int {
        Int((word >> UInt32(index)) & 1) << 4
    }

    private static func q8_0(_ x: Input, _ y: Output) {
        let d = x.half(0)
        for i in 0..<32 { y[i] = Float(x.signed(2 + i)) * d }
    }

    // MARK: Blocks of 256

    private static func q2_K(_ x: Input, _ y: Output) {
        let (quants, d, minimum) = (16, x.half(80), x.half(82))
        for group in 0..<16 {
            let (scale, offset) = (d * Float(x.low(group)), minimum * Float(x.high(group)))
            let (half, shift, odd) = (group / 8, UInt8(group % 8 / 2 * 2), group % 2)
            for i in 0..<16 {
                let q = x[quants + half * 32 + odd * 16 + i] >> shift & 3
                y[group * 16 + i] = scale * Float(q) - offset
            }
        }
    }

    private static func q3_K(_ x: Input, _ y: Output) {
        let (quants, scales, d) = (32, 96, x.half(108))
        for group in 0..<16 {
            // Four bits of sixteen scales, then two bits of each, four scales a byte.
            let low = group < 8 ? x.low(scales + group) : x.high(scales + group - 8)
            let high = Int(x[scales + 8 + group % 4] >> UInt8(group / 4 * 2) & 3)
            let scale = d * Float((low | high << 4) - 32)
            let (half, shift, odd) = (group / 8, UInt8(group % 8 / 2 * 2), group % 2)
            let mask = UInt8(1) << UInt8(group / 2)
            for i in 0..<16 {
                let q = Int(x[quants + half * 32 + odd * 16 + i] >> shift & 3)
                let isLow = x[odd * 16 + i] & mask == 0
                y[group * 16 + i] = scale * Float(isLow ? q - 4 : q)
            }
        }
    }

    private static func q4_K(_ x: Input, _ y: Output) {
        let (quants, d, minimum) = (16, x.half(0), x.half(2))
        for group in 0..<8 {
            let (scale, offset) = scaleAndMinimum(x, group)
            let (s, m) = (d * Float(scale), minimum * Float(offset))
            for i in 0..<32 {
                let byte = quants + group / 2 * 32 + i
                let q = group % 2 == 0 ? x.low(byte) : x.high(byte)
                y[group * 32 + i] = s * Float(q) - m
            }
        }
    }

    private static func q5_K(_ x: Input, _ y: Output) {
        let (fifth, quants, d, minimum) = (16, 48, x.half(0), x.half(2))
        for group in 0..<8 {
            let (scale, offset) = scaleAndMinimum(x, group)
            let (s, m) = (d * Float(scale), minimum * Float(offset))
            for i in 0..<32 {
                let byte = quants + group / 2 * 32 + i
                let q = group % 2 == 0 ? x.low(byte) : x.high(byte)
                let high = x[fifth + i] >> UInt8(group) & 1 == 0 ? 0 : 16
                y[group * 32 + i] = s * Float(q + high) - m
            }
        }
    }

    /// Six bits each of a scale and a minimum, from the twelve bytes at offset 4.
    private static func scaleAndMinimum(_ x: Input, _ group: Int) -> (Int, Int) {
        let at = 4
        guard group >= 4 else { return (Int(x[at + group] & 63), Int(x[at + group + 4] & 63)) }
        return (
            x.low(at + group + 4) | Int(x[at + group - 4] >> 6) << 4,
            x.high(at + group + 4) | Int(x[at + group] >> 6) << 4
        )
    }

    private static func q6_K(_ x: Input, _ y: Output) {
        let (high, scales, d) = (128, 192, x.half(208))
        for group in 0..<16 {
            let scale = d * Float(x.signed(scales + group))
            let (half, quarter, odd) = (group / 8, group % 8 / 2, group % 2)
            for i in 0..<16 {
                let place = odd * 16 + i
                let byte = half * 64 + quarter % 2 * 32 + place
                let low = quarter < 2 ? x.low(byte) : x.high(byte)
                let two = Int(x[high + half * 32 + place] >> UInt8(quarter * 2) & 3)
                y[group * 16 + i] = scale * Float((low | two << 4) - 32)
            }
        }
    }
}
