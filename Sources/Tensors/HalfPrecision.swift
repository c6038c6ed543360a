// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Conversions between 32-bit and 16-bit floats; narrowing rounds to nearest, ties to even.
package enum HalfPrecision {
    /// One 16-bit float, exactly.
    package static func widened(_ bits: UInt16) -> Float {
        var value: Float = 0
        withUnsafePointer(to: bits) { shoken_widen_float16($0, &value, 1) }
        return value
    }

    /// The nearest 16-bit float.
    package static func narrowed(_ value: Float) -> UInt16 {
        var bits: UInt16 = 0
        withUnsafePointer(to: value) { shoken_narrow_float16($0, &bits, 1) }
        return bits
    }

    /// The value that the nearest 16-bit float has; infinite where that is too large.
    package static func rounded(_ value: Float) -> Float { widened(narrowed(value)) }

    /// Widens 16-bit floats into as many elements.
    package static func widenFloat16(_ words: [UInt16], into result: inout Tensor) {
        words.withUnsafeBufferPointer { words in
            result.values.withUnsafeMutableBufferPointer { result in
                precondition(words.count == result.count)
                shoken_widen_float16(words.baseAddress, result.baseAddress, Int64(words.count))
            }
        }
    }

    /// Widens bfloat16 words into as many elements.
    package static func widenBFloat16(_ words: [UInt16], into result: inout Tensor) {
        words.withUnsafeBufferPointer { words in
            result.values.withUnsafeMutableBufferPointer { result in
                precondition(words.count == result.count)
                shoken_widen_bfloat16(words.baseAddress, result.baseAddress, Int64(words.count))
            }
        }
    }

    /// The nearest 16-bit floats.
    package static func narrowToFloat16(_ values: [Float]) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: values.count) { words, count in
            shoken_narrow_float16(values, words.baseAddress, Int64(values.count))
            count = values.count
        }
    }

    /// The nearest bfloat16 words.
    package static func narrowToBFloat16(_ values: [Float]) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: values.count) { words, count in
            shoken_narrow_bfloat16(values, words.baseAddress, Int64(values.count))
            count = values.count
        }
    }
}
