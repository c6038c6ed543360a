// SPDX-License-Identifier: Apache-2.0
import Kernels

extension RotaryTable {
    /// Turns rows of whole heads in memory by the places given; `direction` −1 is the way of a gradient.
    func rotate(
        _ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int, places: [Int32],
        direction: Float
    ) {
        precondition(columns % headWidth == 0, "a row is whole heads")
        precondition(places.count == rows, "one position a row")
        precondition(places.allSatisfy { $0 >= 0 && Int($0) < positions }, "in the tables")
        places.withUnsafeBufferPointer { places in
            cosines.withUnsafeBufferPointer { cosine in
                sines.withUnsafeBufferPointer { sine in
                    guard let cosine = cosine.baseAddress, let sine = sine.baseAddress else {
                        return
                    }
                    TrainingLoops.rows(rows, width: columns) { range in
                        for row in range {
                            let entry = Int(places[row]) * half
                            turn(
                                x + row * columns, heads: columns / headWidth, cosine + entry,
                                sine + entry, direction: direction)
                        }
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
    package func rotated(_ x: TapeValue, _ rotary: RotaryTable, positions: [Int32]) -> TapeValue {
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
            Slot(
                start: start(x), needsGradient: needsGradient(x), gradient: nil, isOwner: false))
        return TapeValue(index: slots.count - 1, rows: x.rows, columns: x.columns)
    }
}
