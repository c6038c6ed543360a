import Foundation
import Kernels

/// Rotary positions for training (Su et al. 2021): tables of cosines and sines.
///
/// Of the first R elements of a head, element i turns against element i + R/2, or 2i against 2i + 1;
/// the rest stay.
package struct RotaryPass: Sendable {
    /// How many positions the tables hold.
    package let positions: Int
    private let headWidth: Int
    private let half: Int
    private let turnsNeighbours: Bool
    private let cosine: [Float]
    private let sine: [Float]

    /// Tables of positions 0 ..< `positions`; `frequencies` (R / 2) are angles a position, and `magnitude`
    /// multiplies cosines and sines.
    package init(
        headWidth: Int, frequencies: [Double], magnitude: Double = 1, positions: Int,
        turnsNeighbours: Bool = false
    ) {
        precondition(frequencies.count * 2 <= headWidth, "pairs lie within the head")
        self.headWidth = headWidth
        self.positions = positions
        self.turnsNeighbours = turnsNeighbours
        half = frequencies.count
        var cosine: [Float] = []
        var sine: [Float] = []
        cosine.reserveCapacity(positions * half)
        sine.reserveCapacity(positions * half)
        for position in 0..<positions {
            for frequency in frequencies {
                // The checkpoints' own code rounds the angle to single precision first.
                let angle = Double(Float(position) * Float(frequency))
                cosine.append(Float(cos(angle) * magnitude))
                sine.append(Float(sin(angle) * magnitude))
            }
        }
        (self.cosine, self.sine) = (cosine, sine)
    }

    /// Tables in which every element of a head turns, by position · theta^(−2i/D).
    package init(headWidth: Int, theta: Double, positions: Int) {
        self.init(
            headWidth: headWidth,
            frequencies: (0..<headWidth / 2).map {
                pow(theta, -2 * Double($0) / Double(headWidth))
            }, positions: positions)
    }

    /// Turns rows of whole heads where they are; `direction` −1 is the way of a gradient.
    func rotate(
        _ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int, places: [Int32],
        direction: Float
    ) {
        precondition(columns % headWidth == 0, "a row is whole heads")
        precondition(places.count == rows, "one position a row")
        precondition(places.allSatisfy { $0 >= 0 && Int($0) < positions }, "in the tables")
        places.withUnsafeBufferPointer { places in
            cosine.withUnsafeBufferPointer { cosine in
                sine.withUnsafeBufferPointer { sine in
                    guard let places = places.baseAddress, let cosine = cosine.baseAddress,
                        let sine = sine.baseAddress
                    else { return }
                    TrainingLoops.rows(rows, width: columns) { range in
                        shoken_train_rotate(
                            x + range.lowerBound * columns, columns, places + range.lowerBound,
                            cosine, sine, range.count, columns / headWidth, headWidth, half,
                            turnsNeighbours ? 1 : 0, direction)
                    }
                }
            }
        }
    }
}

extension Tape {
    /// Every head of `x` (T, heads · D) turned by its row's position.
    ///
    /// Turns the value where it is: what made it must not need it again, as a linear layer does not.
    package func rotated(_ x: TapeValue, _ rotary: RotaryPass, positions: [Int32]) -> TapeValue {
        rotary.rotate(
            start(x), rows: x.rows, columns: x.columns, places: positions, direction: 1)
        let y = alias(x)
        record(y) { tape, gradient in
            rotary.rotate(
                gradient, rows: x.rows, columns: x.columns, places: positions, direction: -1)
            tape.pass(gradient, from: y, to: x)
        }
        return y
    }

    /// A value of the same numbers in the same memory, with a gradient of its own.
    private func alias(_ x: TapeValue) -> TapeValue {
        slots.append(
            Slot(start: start(x), needsGradient: needsGradient(x), gradient: nil))
        return TapeValue(index: slots.count - 1, rows: x.rows, columns: x.columns)
    }
}
