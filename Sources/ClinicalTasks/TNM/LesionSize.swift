// SPDX-License-Identifier: Apache-2.0

/// A length that a report gives, in millimetres.
struct LesionSize: Sendable {
    /// The length; of `a x b x c` the largest.
    let millimetres: Double
    /// Where it stands in the folded report.
    let range: Range<Int>
    /// Whether it is said to be the solid part's.
    let isSolidPart: Bool
}

extension LesionSize {
    /// All lengths in a range, except short diameters and those that were replaced (`AからB`).
    static func sizes(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> [LesionSize] {
        var scanner = Scanner(scalars: scalars, index: range.lowerBound, end: range.upperBound)
        var sizes: [LesionSize] = []
        while scanner.index < range.upperBound {
            guard scanner.isNumberStart, let measure = scanner.measure() else {
                scanner.index += 1
                continue
            }
            let before =
                max(range.lowerBound, measure.range.lowerBound - 8)..<measure.range.lowerBound
            if shortDiameter.occurs(in: scalars, before) { continue }
            let after =
                measure.range.upperBound..<min(range.upperBound, measure.range.upperBound + 4)
            if earlier.begins(scalars, after) { continue }
            if earlierBefore.ends(scalars, before) { continue }
            sizes.append(
                LesionSize(
                    millimetres: measure.millimetres, range: measure.range,
                    isSolidPart: solid.occurs(in: scalars, before)))
        }
        return sizes
    }

    private static let shortDiameter: WordList = ["短径", "厚", "スライス", "深さ"]
    private static let earlier: WordList = ["から", "→", "->", "より増大", "だったもの", "であった"]
    private static let earlierBefore: WordList = ["前回", "前回は", "前回の", "前回約", "前回CTで", "以前は", "以前の"]
    private static let solid: WordList = ["充実", "solidpart", "浸潤径"]

    private struct Scanner {
        let scalars: [Unicode.Scalar]
        var index: Int
        let end: Int

        var isNumberStart: Bool {
            guard index < end, isDigit(index) else { return false }
            guard index > 0 else { return true }
            let before = scalars[index - 1]
            return !(isDigit(index - 1) || before == "." || before == "S" || before == "#")
        }

        func isDigit(_ index: Int) -> Bool {
            index < end && scalars[index].value >= 0x30 && scalars[index].value <= 0x39
        }

        /// `30x25mm`, `3cm強`, `2~3cm`; nil where no unit of length follows.
        mutating func measure() -> (millimetres: Double, range: Range<Int>)? {
            let start = index
            var numbers: [Double] = []
            var position = index
            var factor: Double?
            while let (value, next) = number(at: position) {
                numbers.append(value)
                position = next
                if let (found, after) = unit(at: position) {
                    factor = found
                    position = after
                }
                guard position < end, "x~-".unicodeScalars.contains(scalars[position]) else {
                    break
                }
                guard position + 1 < end, isDigit(position + 1) else { break }
                position += 1
            }
            index = max(position, start + 1)
            guard let factor, let largest = numbers.max(), !isRate(at: position) else { return nil }
            let excess: WordList = ["強", "を超", "を越", "超", "以上"]
            let over = excess.begins(scalars, min(position, end)..<end)
            let millimetres = largest * factor + (over ? 0.5 : 0)
            return millimetres > 0 && millimetres < 400 ? (millimetres, start..<position) : nil
        }

        private func isRate(at position: Int) -> Bool {
            position < end && (scalars[position] == "/" || scalars[position] == "H")
        }

        /// At most six digits before and three after the point, so that no run of digits overflows.
        private func number(at start: Int) -> (value: Double, next: Int)? {
            var position = start
            var value = 0.0
            while isDigit(position), position - start < 6 {
                value = value * 10 + Double(scalars[position].value - 0x30)
                position += 1
            }
            guard position > start, !isDigit(position) else { return nil }
            if position + 1 < end, scalars[position] == ".", isDigit(position + 1) {
                position += 1
                var weight = 0.1
                while isDigit(position) {
                    value += weight * Double(scalars[position].value - 0x30)
                    weight /= 10
                    position += 1
                }
            }
            return (value, position)
        }

        private func unit(at position: Int) -> (factor: Double, next: Int)? {
            let units: [(WordList, Double)] = [
                (["mm", "MM", "ミリ", "Mm"], 1), (["cm", "CM", "センチ", "Cm"], 10),
            ]
            for (names, factor) in units where position < end {
                if names.begins(scalars, position..<end) {
                    let length = scalars[position].isASCII ? 2 : (factor == 1 ? 2 : 3)
                    return (factor, position + length)
                }
            }
            return nil
        }
    }
}
