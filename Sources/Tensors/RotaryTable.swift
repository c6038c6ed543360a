import Foundation
import Kernels

/// Rotary positions (Su et al. 2021): cosines and sines by position and pair.
///
/// Element i of a head turns against element i + D/2, by the angle position · theta^(−2i/D), as in
/// the published checkpoints of the Llama family.
package struct RotaryTable: Sendable {
    /// Elements of a head, D; even.
    package let headWidth: Int
    /// Base of the angles.
    package let theta: Double
    /// How many positions the table holds.
    package let positions: Int
    private let cosines: [Float]  // (positions, D / 2)
    private let sines: [Float]  // (positions, D / 2)

    /// A table of positions 0 ..< `positions`; angles are computed in double precision.
    package init(headWidth: Int, theta: Double, positions: Int) {
        precondition(headWidth > 0 && headWidth % 2 == 0, "a head turns in pairs")
        self.headWidth = headWidth
        self.theta = theta
        self.positions = positions
        let half = headWidth / 2
        let frequencies = (0..<half).map { pow(theta, -2 * Double($0) / Double(headWidth)) }
        var cosines: [Float] = []
        var sines: [Float] = []
        cosines.reserveCapacity(positions * half)
        sines.reserveCapacity(positions * half)
        for position in 0..<positions {
            for frequency in frequencies {
                // The checkpoints' own code rounds the angle to single precision first.
                let angle = Double(Float(position) * Float(frequency))
                cosines.append(Float(cos(angle)))
                sines.append(Float(sin(angle)))
            }
        }
        self.cosines = cosines
        self.sines = sines
    }

    /// Turns every head of `x` (T, heads · D) by its row's position within its segment.
    ///
    /// Segment s is the rows `offsets[s] ..< offsets[s + 1]`, its first row has position 0.
    /// `inverse` turns back, which is also what a gradient needs.
    package func rotate(_ x: inout Tensor, offsets: [Int], inverse: Bool = false) {
        let width = x.columns
        let half = headWidth / 2
        precondition(width % headWidth == 0, "a row is whole heads")
        let places = Segments.positions(offsets, rows: x.rows)
        precondition((places.max() ?? -1) < positions, "the table holds every position")
        let backward = inverse ? sines.map { -$0 } : sines
        x.values.withUnsafeMutableBufferPointer { x in
            cosines.withUnsafeBufferPointer { cosines in
                backward.withUnsafeBufferPointer { sines in
                    ComputeThreads.ranges(places.count, minimum: 1 + 16384 / width) { range in
                        for row in range {
                            let entry = places[row] * half
                            shoken_rotate(
                                x.start + row * width, cosines.start + entry,
                                sines.start + entry, Int64(width / headWidth),
                                Int64(half))
                        }
                    }
                }
            }
        }
    }
}

/// Rows of several sequences one after another, told apart by ascending offsets.
enum Segments {
    /// The position of each row within its segment.
    static func positions(_ offsets: [Int], rows: Int) -> [Int] {
        check(offsets, rows: rows)
        var result: [Int] = []
        result.reserveCapacity(rows)
        for (start, end) in zip(offsets, offsets.dropFirst()) { result += 0..<(end - start) }
        return result
    }

    /// Offsets begin at 0, do not descend and end at the number of rows.
    static func check(_ offsets: [Int], rows: Int) {
        precondition(offsets.first == 0 && offsets.last == rows, "segments cover all rows")
        precondition(
            zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }, "segments do not overlap")
    }
}
