// SPDX-License-Identifier: Apache-2.0
import Foundation
import Kernels

/// Rotary positions (Su et al. 2021): cosines and sines by position and pair.
///
/// Of the first R elements of a head, element i turns against element i + R/2 by the angle
/// position · frequency[i], as in the published checkpoints of the Llama family; the rest stay. In
/// files that order a head's elements otherwise, element 2i turns against element 2i + 1.
package struct RotaryTable: Sendable {
    /// Elements of a head, D.
    package let headWidth: Int
    /// How many positions the table holds.
    package let positions: Int
    let half: Int  // R / 2
    let turnsNeighbours: Bool
    let cosines: [Float]  // (positions, R / 2)
    let sines: [Float]  // (positions, R / 2)

    /// A table of positions 0 ..< `positions`; `frequencies` (R / 2) are angles a position, and
    /// `magnitude` multiplies cosines and sines.
    package init(
        headWidth: Int, frequencies: [Double], magnitude: Double = 1, positions: Int,
        turnsNeighbours: Bool = false
    ) {
        precondition(frequencies.count * 2 <= headWidth, "pairs lie within the head")
        self.headWidth = headWidth
        self.positions = positions
        self.turnsNeighbours = turnsNeighbours
        half = frequencies.count
        var cosines: [Float] = []
        var sines: [Float] = []
        cosines.reserveCapacity(positions * half)
        sines.reserveCapacity(positions * half)
        for position in 0..<positions {
            for frequency in frequencies {
                // The checkpoints' own code rounds the angle to single precision first.
                let angle = Double(Float(position) * Float(frequency))
                cosines.append(Float(cos(angle) * magnitude))
                sines.append(Float(sin(angle) * magnitude))
            }
        }
        self.cosines = cosines
        self.sines = sines
    }

    /// A table in which every element of a head turns, by position · theta^(−2i/D).
    package init(headWidth: Int, theta: Double, positions: Int) {
        precondition(headWidth > 0 && headWidth % 2 == 0, "a head turns in pairs")
        self.init(
            headWidth: headWidth,
            frequencies: (0..<headWidth / 2).map {
                pow(theta, -2 * Double($0) / Double(headWidth))
            },
            positions: positions)
    }

    /// Turns every head of `x` (T, heads · D) by its row's position in its sequence.
    package func rotate(_ x: inout Tensor, segments: Segments) {
        let width = x.columns
        precondition(width % headWidth == 0, "a row is whole heads")
        let places = segments.positions
        precondition(places.count == x.rows, "segments cover all rows")
        precondition((places.max() ?? -1) < positions, "the table holds every position")
        x.values.withUnsafeMutableBufferPointer { x in
            cosines.withUnsafeBufferPointer { cosines in
                sines.withUnsafeBufferPointer { sines in
                    ComputeThreads.ranges(places.count, minimum: 1 + 16384 / width) { range in
                        for row in range {
                            let entry = places[row] * half
                            turn(
                                x.start + row * width, heads: width / headWidth,
                                cosines.start + entry, sines.start + entry)
                        }
                    }
                }
            }
        }
    }

    /// Turns the heads of one row; `direction` −1 is the way of a gradient.
    func turn(
        _ x: UnsafeMutablePointer<Float>, heads: Int, _ cosines: UnsafePointer<Float>,
        _ sines: UnsafePointer<Float>, direction: Float = 1
    ) {
        shoken_rotate(
            x, cosines, sines, Int64(heads), Int64(headWidth), Int64(half),
            turnsNeighbours ? 1 : 0, direction)
    }
}
