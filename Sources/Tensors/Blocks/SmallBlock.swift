// SPDX-License-Identifier: Apache-2.0

/// Blocks of 32 elements, rounded as ggml's reference code rounds: bytes are equal to its.
///
/// Source: `quantize_row_q8_0_ref` and its neighbours in ggml's `ggml-quants.c`. Each gives false
/// where the scale is too large for 16 bits.
enum SmallBlock {
    /// Sixteen levels about 0; the element of largest magnitude is level 0, which is −8.
    static func q4_0(_ x: UnsafeBufferPointer<Float>, _ y: BlockBytes) -> Bool {
        let scale = furthest(x) / -8
        let inverse = inverse(of: scale)
        for i in 0..<16 {
            y[2 + i] = level(x[i] * inverse + 8.5, 15) | level(x[i + 16] * inverse + 8.5, 15) << 4
        }
        return y.store(half: scale, at: 0)
    }

    /// Sixteen levels from the smallest element to the largest.
    static func q4_1(_ x: UnsafeBufferPointer<Float>, _ y: BlockBytes) -> Bool {
        let (smallest, largest) = (x.min() ?? 0, x.max() ?? 0)
        let scale = (largest - smallest) / 15
        let inverse = inverse(of: scale)
        for i in 0..<16 {
            y[4 + i] =
                level((x[i] - smallest) * inverse + 0.5, 15)
                | level((x[i + 16] - smallest) * inverse + 0.5, 15) << 4
        }
        return y.store(half: scale, at: 0) && y.store(half: smallest, at: 2)
    }

    /// As `q4_0`, with 32 levels; the fifth bits lie together.
    static func q5_0(_ x: UnsafeBufferPointer<Float>, _ y: BlockBytes) -> Bool {
        let scale = furthest(x) / -16
        let inverse = inverse(of: scale)
        fiveBits(y, from: 2) { level(x[$0] * inverse + 16.5, 31) }
        return y.store(half: scale, at: 0)
    }

    /// As `q4_1`, with 32 levels.
    static func q5_1(_ x: UnsafeBufferPointer<Float>, _ y: BlockBytes) -> Bool {
        let (smallest, largest) = (x.min() ?? 0, x.max() ?? 0)
        let scale = (largest - smallest) / 31
        let inverse = inverse(of: scale)
        fiveBits(y, from: 4) { level((x[$0] - smallest) * inverse + 0.5, 31) }
        return y.store(half: scale, at: 0) && y.store(half: smallest, at: 2)
    }

    /// 255 levels about 0, ties away from 0.
    static func q8_0(_ x: UnsafeBufferPointer<Float>, _ y: BlockBytes) -> Bool {
        var largest: Float = 0
        for value in x { largest = max(largest, abs(value)) }
        let scale = largest / 127
        let inverse = inverse(of: scale)
        for i in 0..<32 {
            let scaled = x[i] * inverse
            let magnitude = abs(scaled)
            // Whole part, and one more where at least a half is left.
            let whole = Int32(min(magnitude, 127))
            let rounded = magnitude - Float(whole) >= 0.5 ? min(whole + 1, 127) : whole
            y[2 + i] = UInt8(truncatingIfNeeded: scaled < 0 ? -rounded : rounded)
        }
        return y.store(half: scale, at: 0)
    }

    /// The element of largest magnitude, the first of several.
    private static func furthest(_ x: UnsafeBufferPointer<Float>) -> Float {
        var furthest: Float = 0
        for value in x where abs(value) > abs(furthest) { furthest = value }
        return furthest
    }

    /// 0 for 0, and for scales so small that 16 bits hold 0.
    private static func inverse(of scale: Float) -> Float {
        let inverse = 1 / scale
        return inverse.isFinite ? inverse : 0
    }

    /// The whole part, at most `top`.
    private static func level(_ value: Float, _ top: Float) -> UInt8 {
        UInt8(max(0, min(value, top)))
    }

    private static func fiveBits(_ y: BlockBytes, from start: Int, _ level: (Int) -> UInt8) {
        var fifth: UInt32 = 0
        for i in 0..<16 {
            let (low, high) = (level(i), level(i + 16))
            y[start + 4 + i] = low & 15 | high << 4
            fifth |= UInt32(low >> 4) << UInt32(i) | UInt32(high >> 4) << UInt32(i + 16)
        }
        for i in 0..<4 { y[start + i] = UInt8(truncatingIfNeeded: fifth >> UInt32(8 * i)) }
    }
}
