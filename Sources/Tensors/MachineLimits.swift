// SPDX-License-Identifier: Apache-2.0
import Foundation
import Kernels

/// What the machine can do at most, measured: what speeds are compared with.
package enum MachineLimits {
    /// Bytes a second that all threads together read from memory, 512 MiB at a time.
    package static func readingBandwidth() -> Double {
        let (count, pieces, length) = (64 << 20, 512, (64 << 20) / 512)
        let memory = WeightMemory(count: count * MemoryLayout<UInt64>.stride) { bytes in
            let words = bytes.bindMemory(to: UInt64.self)
            for index in 0..<count { words[index] = UInt64(index) }
        }
        var parities = [UInt64](repeating: 0, count: pieces)
        var shortest = Double.infinity
        let clock = ContinuousClock()
        // The first time costs more than reading.
        for _ in 0..<4 {
            let begin = clock.now
            parities.withUnsafeMutableBufferPointer { parities in
                withExtendedLifetime(memory) {
                    let words = memory.start.assumingMemoryBound(to: UInt64.self)
                    ComputeThreads.loop(pieces) { _, index in
                        parities[index] = shoken_parity(words + index * length, Int64(length))
                    }
                }
            }
            shortest = min(shortest, (clock.now - begin) / .seconds(1))
        }
        // The results are used, so that no compiler leaves them out.
        precondition(parities.reduce(0, ^) == 0, "every bit is set an even number of times")
        return Double(memory.count) / shortest
    }

    /// Operations a second of a product of large matrices in the arithmetic of a precision; for
    /// weights in blocks that of 8 bits.
    package static func operations(_ precision: Precision) -> Double {
        let (rows, width, out) = (512, 2048, 4096)
        let element: PackedMatrix.Element =
            switch precision {
            case .float32: .float32
            case .bfloat16: .bfloat16
            case .int8, .int4, .stored: .int8
            }
        let matrix = PackedMatrix(
            Tensor(shape: [out, width], values: [Float](repeating: 0.5, count: out * width)),
            PackedMatrix.isAvailable(element) ? element : .float32)
        let x = Tensor(shape: [rows, width], values: [Float](repeating: 1, count: rows * width))
        var y = Tensor(zeros: [rows, out])
        matrix.multiply(x, into: &y, accumulate: false)
        let clock = ContinuousClock()
        var shortest = Double.infinity
        for _ in 0..<8 {
            let begin = clock.now
            matrix.multiply(x, into: &y, accumulate: false)
            shortest = min(shortest, (clock.now - begin) / .seconds(1))
        }
        return 2 * Double(rows) * Double(width) * Double(out) / shortest
    }
}
