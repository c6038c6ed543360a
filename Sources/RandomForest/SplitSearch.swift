// SPDX-License-Identifier: Apache-2.0

/// A way to divide rows in two.
struct Split: Hashable {
    let feature: Int
    let threshold: Float
    /// Σ n_c² / n over both sides: the larger, the lower is the Gini impurity that is left.
    let purity: Double
}

/// Looks for the best threshold of a feature over some rows, in memory of its own.
struct SplitSearch {
    private let table: FeatureTable
    private let leastRows: Int
    private var keys: [UInt64]
    private var buffer: [UInt64]
    private var digits = [Int](repeating: 0, count: 2048)
    private var left: [Int]
    private var right: [Int]

    init(_ table: FeatureTable, leastRows: Int, rows: Int) {
        (self.table, self.leastRows) = (table, leastRows)
        keys = [UInt64](repeating: 0, count: rows)
        buffer = keys
        left = [Int](repeating: 0, count: table.classes.count)
        right = left
    }

    /// The best split by a feature; `isConstant` where the rows have one value.
    ///
    /// - Parameters:
    ///   - rows: the rows, of which each counts as often as `times` says.
    ///   - counts: how many there are of each class.
    mutating func best(
        _ feature: Int, _ rows: ArraySlice<Int32>, _ times: [Int32], counts: [Int]
    ) -> (split: Split?, isConstant: Bool) {
        let start = feature * table.rows
        let count = rows.count
        for (place, row) in rows.enumerated() {
            let bits = table.values[start + Int(row)].bitPattern
            let ordered = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
            // Beneath the value how often the row was drawn, and its class.
            keys[place] =
                UInt64(ordered) << 32 | UInt64(times[Int(row)]) << 8
                | UInt64(table.labels[Int(row)])
        }
        sort(count)
        guard keys[0] >> 32 != keys[count - 1] >> 32 else { return (nil, true) }
        return (scan(feature, count, counts), false)
    }

    private mutating func scan(_ feature: Int, _ count: Int, _ counts: [Int]) -> Split? {
        for index in counts.indices { (left[index], right[index]) = (0, counts[index]) }
        let total = counts.reduce(0, +)
        // Sums of squares are below 2⁴⁸ · classes, so whole numbers hold them.
        var (leftSquares, rightSquares) = (0, counts.reduce(0) { $0 + $1 * $1 })
        var leftTotal = 0
        var best: (place: Int, purity: Double)?
        for place in 0..<count - 1 {
            let key = keys[place]
            let label = Int(key & 0xFF)
            let times = Int(key >> 8 & 0xFF_FFFF)
            leftSquares += times * (2 * left[label] + times)
            rightSquares -= times * (2 * right[label] - times)
            left[label] += times
            right[label] -= times
            leftTotal += times
            guard key >> 32 != keys[place + 1] >> 32, leftTotal >= leastRows,
                total - leftTotal >= leastRows
            else { continue }
            let purity =
                Double(leftSquares) / Double(leftTotal)
                + Double(rightSquares) / Double(total - leftTotal)
            if purity > best?.purity ?? -1 { best = (place, purity) }
        }
        return best.map { best in
            let (below, above) = (Self.value(keys[best.place]), Self.value(keys[best.place + 1]))
            let middle = below / 2 + above / 2
            // Rounding may reach the value above, which belongs to the right.
            return Split(
                feature: feature, threshold: middle >= below && middle < above ? middle : below,
                purity: best.purity)
        }
    }

    private static func value(_ key: UInt64) -> Float {
        let ordered = UInt32(key >> 32)
        return Float(bitPattern: ordered >> 31 == 1 ? ordered & 0x7FFF_FFFF : ~ordered)
    }

    /// Sorts the first keys by their upper half.
    private mutating func sort(_ count: Int) {
        guard count > 400 else { return keys[..<count].sort() }
        // Three passes by eleven bits, least significant first.
        for shift: UInt64 in [32, 43, 54] {
            for digit in digits.indices { digits[digit] = 0 }
            for place in 0..<count { digits[Int(keys[place] >> shift & 2047)] += 1 }
            var sum = 0
            for digit in digits.indices {
                let here = digits[digit]
                digits[digit] = sum
                sum += here
            }
            for place in 0..<count {
                let digit = Int(keys[place] >> shift & 2047)
                buffer[digits[digit]] = keys[place]
                digits[digit] += 1
            }
            swap(&keys, &buffer)
        }
    }
}
