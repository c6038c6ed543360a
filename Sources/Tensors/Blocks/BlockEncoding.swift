// SPDX-License-Identifier: Apache-2.0
extension BlockFormat {
    /// The blocks of `values`, a multiple of `blockElements` of them, made on all threads; nil where
    /// a value is too large for the format, or, in formats with scales, is no finite number.
    ///
    /// F16, BF16, Q4_0 to Q8_0 round as ggml's reference code does; Q4_K, Q5_K and Q6_K are searched
    /// for (`AffineBlock`, `SymmetricBlock`). The bytes do not depend on threads or CPU. The formats of
    /// two and three bits cannot be written: a precondition.
    package func encoded(_ values: [Float]) -> [UInt8]? {
        precondition(values.count % blockElements == 0, "whole blocks")
        precondition(isWritable, "a format that is only read")
        let blocks = values.count / blockElements
        // Some thousands of elements each, so that threads end together.
        let stretch = max(1, 16384 / blockElements)
        let stretches = (blocks + stretch - 1) / stretch
        var isRepresentable = true
        let bytes = [UInt8](unsafeUninitializedCapacity: blocks * blockBytes) { bytes, count in
            // Stretches write to parts that do not touch each other; both buffers outlive the loop.
            nonisolated(unsafe) let output = UnsafeMutableRawBufferPointer(bytes)
            let results = values.withUnsafeBufferPointer { values in
                nonisolated(unsafe) let values = values
                return ComputeThreads.map(stretches) { index in
                    let range = index * stretch..<min(blocks, (index + 1) * stretch)
                    return encode(blocks: range, of: values, into: output)
                }
            }
            isRepresentable = results.allSatisfy { $0 }
            count = blocks * blockBytes
        }
        return isRepresentable ? bytes : nil
    }

    /// Whether tensors can be written in this format.
    package var isWritable: Bool { self != .q2_K && self != .q3_K }

    /// False where a value cannot be represented.
    private func encode(
        blocks: Range<Int>, of values: UnsafeBufferPointer<Float>,
        into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let elements = blocks.lowerBound * blockElements..<blocks.upperBound * blockElements
        let source = UnsafeBufferPointer(rebasing: values[elements])
        let target = UnsafeMutableRawBufferPointer(
            rebasing: output[blocks.lowerBound * blockBytes..<blocks.upperBound * blockBytes])
        switch self {
        case .float32, .float16, .bfloat16:
            return PlainEncoding(source, target).encode(self)
        default: break
        }
        guard source.allSatisfy(\.isFinite) else { return false }
        return (0..<blocks.count).allSatisfy { block in
            let x = UnsafeBufferPointer(
                rebasing: source[block * blockElements..<(block + 1) * blockElements])
            let y = BlockBytes(target, from: block * blockBytes)
            switch self {
            case .q4_0: return SmallBlock.q4_0(x, y)
            case .q4_1: return SmallBlock.q4_1(x, y)
            case .q5_0: return SmallBlock.q5_0(x, y)
            case .q5_1: return SmallBlock.q5_1(x, y)
            case .q8_0: return SmallBlock.q8_0(x, y)
            case .q4_K: return AffineBlock(x, top: 15).write(q4_K: y)
            case .q5_K: return AffineBlock(x, top: 31).write(q5_K: y)
            case .q6_K: return SymmetricBlock(x).write(q6_K: y)
            case .q2_K, .q3_K, .float32, .float16, .bfloat16: return false
            }
        }
    }
}

/// The bytes of a block that is being written.
struct BlockBytes {
    private let bytes: UnsafeMutableRawBufferPointer
    private let start: Int

    init(_ bytes: UnsafeMutableRawBufferPointer, from start: Int) {
        (self.bytes, self.start) = (bytes, start)
    }

    subscript(index: Int) -> UInt8 {
        get { bytes[start + index] }
        nonmutating set { bytes[start + index] = newValue }
    }

    /// Writes a 16-bit float; false where it would be infinite.
    func store(half value: Float, at index: Int) -> Bool {
        let word = HalfPrecision.narrowed(value)
        self[index] = UInt8(truncatingIfNeeded: word)
        self[index + 1] = UInt8(truncatingIfNeeded: word >> 8)
        return word & 0x7c00 != 0x7c00
    }
}

/// Elements without scales.
private struct PlainEncoding {
    private let source: UnsafeBufferPointer<Float>
    private let target: UnsafeMutableRawBufferPointer

    init(_ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableRawBufferPointer) {
        (self.source, self.target) = (source, target)
    }

    /// False where a finite value would become infinite.
    func encode(_ format: BlockFormat) -> Bool {
        if format == .float32 {
            if 1.littleEndian == 1 {
                target.copyMemory(from: UnsafeRawBufferPointer(source))
            } else {
                for (index, value) in source.enumerated() {
                    target.storeBytes(
                        of: value.bitPattern.littleEndian, toByteOffset: index * 4,
                        as: UInt32.self)
                }
            }
            return true
        }
        let values = Array(source)
        let isHalf = format == .float16
        let words =
            isHalf
            ? HalfPrecision.narrowToFloat16(values) : HalfPrecision.narrowToBFloat16(values)
        let infinity: UInt16 = isHalf ? 0x7c00 : 0x7f80
        var isRepresentable = true
        for (index, word) in words.enumerated() {
            if word & 0x7fff == infinity, values[index].isFinite { isRepresentable = false }
            target.storeBytes(of: word.littleEndian, toByteOffset: index * 2, as: UInt16.self)
        }
        return isRepresentable
    }
}
