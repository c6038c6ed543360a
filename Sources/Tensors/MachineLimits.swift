import Foundation
import Kernels

/// What the machine can do at most, measured: what speeds are compared with.
package enum MachineLimits {
    /// Bytes a second that all threads together read from memory, of 512 MiB once through.
    package static func readingBandwidth() -> Double {
        let count = 128 << 20
        let values = [Float](repeating: 1, count: count)
        let clock = ContinuousClock()
        var sums = [Float](repeating: 0, count: 512)
        let begin = clock.now
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                let piece = count / sums.count
                ComputeThreads.loop(sums.count) { _, index in
                    sums[index] = shoken_dot(
                        values.start + index * piece, values.start + index * piece, Int64(piece))
                }
            }
        }
        let seconds = (clock.now - begin).inSeconds
        // The sums are used, so that no compiler leaves them out.
        precondition(sums.allSatisfy { $0 > 0 }, "sums of squares of ones")
        return Double(count * MemoryLayout<Float>.stride) / seconds
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
        let begin = clock.now
        for _ in 0..<8 { matrix.multiply(x, into: &y, accumulate: false) }
        return 8 * 2 * Double(rows) * Double(width) * Double(out)
            / (clock.now - begin).inSeconds
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
