// SPDX-License-Identifier: Apache-2.0
import Kernels

extension Tape {
    /// Rows of a table (V, C), each times `scale`: (T, C) for T ids, which lie below V.
    package func embedding(_ ids: [Int32], _ table: MatrixReference, scale: Float = 1) -> TapeValue
    {
        let (rows, width) = (Int32(clamping: table.rows), table.columns)
        precondition(ids.allSatisfy { $0 >= 0 && $0 < rows }, "ids are rows of the table")
        let y = makeValue(rows: ids.count, columns: width, needsGradient: table.isTrained)
        let target = start(y)
        switch table {
        case .frozen(let matrix):
            var gathered = Tensor(zeros: [ids.count, width])
            matrix.gatherRows(ids, scale: scale, into: &gathered)
            copy(gathered, to: target)
        case .trained(let place, let range, _):
            withParameter(place) { words in
                TrainingLoops.rows(ids.count, width: width) {
                    for row in $0 {
                        let source = words + (range.lowerBound + Int(ids[row])) * width
                        shoken_scale(source, target + row * width, Int64(width), scale)
                    }
                }
            }
            record(y) { tape, gradient in
                // In the order of the tokens, by one thread: several of them may be the same.
                tape.withGradient(place) { sum in
                    for (row, id) in ids.enumerated() {
                        shoken_add_scaled(
                            gradient + row * width, sum + (range.lowerBound + Int(id)) * width,
                            Int64(width), scale)
                    }
                }
            }
        }
        return y
    }

    /// Chosen rows of a value, one after another; a row may be chosen several times.
    package func gatherRows(_ x: TapeValue, _ rows: [Int32]) -> TapeValue {
        precondition(rows.allSatisfy { $0 >= 0 && Int($0) < x.rows }, "rows of the value")
        let width = x.columns
        let y = makeValue(rows: rows.count, columns: width, needsGradient: needsGradient(x))
        let (source, target) = (start(x), start(y))
        for (place, row) in rows.enumerated() {
            (target + place * width).update(from: source + Int(row) * width, count: width)
        }
        record(y) { tape, gradient in
            guard let dx = tape.sum(x) else { return }
            for (place, row) in rows.enumerated() {
                shoken_add_scaled(gradient + place * width, dx + Int(row) * width, Int64(width), 1)
            }
        }
        return y
    }

    /// The mean of each group's rows: (groups, C). Groups are not empty.
    package func meanRows(_ x: TapeValue, _ groups: [Range<Int>]) -> TapeValue {
        precondition(groups.allSatisfy { !$0.isEmpty && $0.upperBound <= x.rows }, "rows of x")
        let width = x.columns
        let y = makeValue(rows: groups.count, columns: width, needsGradient: needsGradient(x))
        let (source, target) = (start(x), start(y))
        for (place, group) in groups.enumerated() {
            (target + place * width).update(repeating: 0, count: width)
            for row in group {
                shoken_add_scaled(
                    source + row * width, target + place * width, Int64(width),
                    1 / Float(group.count))
            }
        }
        record(y) { tape, gradient in
            guard let dx = tape.sum(x) else { return }
            for (place, group) in groups.enumerated() {
                for row in group {
                    shoken_add_scaled(
                        gradient + place * width, dx + row * width, Int64(width),
                        1 / Float(group.count))
                }
            }
        }
        return y
    }

    func copy(_ tensor: Tensor, to target: UnsafeMutablePointer<Float>) {
        tensor.values.withUnsafeBufferPointer {
            guard let source = $0.baseAddress else { return }
            target.update(from: source, count: $0.count)
        }
    }
}
