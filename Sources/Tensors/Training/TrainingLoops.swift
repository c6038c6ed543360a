// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Loops over rows and elements that are divided among threads; inside a worker's loop they stay on
/// its thread.
enum TrainingLoops {
    /// y = factor · x, or y += that.
    static func scale(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, factor: Float = 1,
        count: Int, accumulate: Bool = false
    ) {
        elements(count) {
            let (x, y) = (x + $0.lowerBound, y + $0.lowerBound)
            if accumulate {
                shoken_add_scaled(x, y, Int64($0.count), factor)
            } else {
                shoken_scale(x, y, Int64($0.count), factor)
            }
        }
    }

    /// The nearest bfloat16 words.
    static func narrow(
        _ x: UnsafePointer<Float>, into words: UnsafeMutablePointer<UInt16>, count: Int
    ) {
        elements(count) {
            shoken_narrow_bfloat16(x + $0.lowerBound, words + $0.lowerBound, Int64($0.count))
        }
    }

    /// Calls `body` with ranges of elements.
    static func elements(_ count: Int, _ body: (Range<Int>) -> Void) {
        guard !ComputeThreads.isInLoop else { return count > 0 ? body(0..<count) : () }
        ComputeThreads.ranges(count, minimum: 16384, body)
    }

    /// Calls `body` with ranges of rows of a width.
    static func rows(_ count: Int, width: Int, _ body: (Range<Int>) -> Void) {
        guard !ComputeThreads.isInLoop else { return count > 0 ? body(0..<count) : () }
        ComputeThreads.ranges(count, minimum: 1 + 16384 / max(1, width), body)
    }

    /// Adds to `sum` (columns) all rows of `x`, in their order whatever the threads.
    static func sumRows(
        _ x: UnsafePointer<Float>, rows: Int, columns: Int,
        into sum: UnsafeMutablePointer<Float>
    ) {
        let body = { (range: Range<Int>) in
            shoken_train_sum_rows(
                x + range.lowerBound, sum + range.lowerBound, Int64(rows), Int64(range.count),
                Int64(columns))
        }
        guard !ComputeThreads.isInLoop else { return body(0..<columns) }
        ComputeThreads.ranges(columns, minimum: 64, body)
    }

    /// Rows in a few pieces, each with sums of its own of `width` numbers that are added to `sum`
    /// in order: the result depends on the number of threads only.
    static func summed(
        rows: Int, width: Int, into sum: UnsafeMutablePointer<Float>?, memory: TapeMemory,
        _ body: (_ rows: Range<Int>, _ sum: UnsafeMutablePointer<Float>?) -> Void
    ) {
        let pieces =
            ComputeThreads.isInLoop
            ? 1 : max(1, min(ComputeThreads.count, rows * width / 32768))
        guard let sum, pieces > 1 else { return rows > 0 ? body(0..<rows, sum) : () }
        let parts = memory.take(pieces * width)
        parts.update(repeating: 0, count: pieces * width)
        ComputeThreads.loop(pieces) { _, piece in
            body(rows * piece / pieces..<rows * (piece + 1) / pieces, parts + piece * width)
        }
        shoken_train_sum_rows(parts, sum, Int64(pieces), Int64(width), Int64(width))
        memory.release(parts)
    }
}
