// SPDX-License-Identifier: Apache-2.0

/// Fields of tables: a row of labels, and in the rows below it their values.
///
/// Cells stand between tabs, bars or commas. A row is a head where at least two of its cells are
/// labels and nothing else; it holds for the rows right below it with as many cells.
enum TableColumns {
    private static let separators: [UInt32] = [0x09, 0x7C, 0x2C]
    private static let mostColumns = 64

    /// A label for each cell under a head, and where the cell ends.
    static func fields(in values: [UInt32]) -> [(label: FieldLabel, end: Int)] {
        separators.flatMap { separator in
            values.contains(separator) ? fields(in: values, between: separator) : []
        }
    }

    private static func fields(
        in values: [UInt32], between separator: UInt32
    ) -> [(label: FieldLabel, end: Int)] {
        var result: [(label: FieldLabel, end: Int)] = []
        var head: [FieldLabel.Content?] = []
        var start = 0
        while start < values.count {
            let end = values.end(of: { $0 != 0x0A }, from: start, limit: values.count - start)
            let cells = cells(in: values, start..<end, between: separator)
            if cells.count < 2 {
                head = []
            } else if let labels = labels(of: cells, in: values) {
                head = labels
            } else if cells.count == head.count {
                for (cell, content) in zip(cells, head) where !cell.isEmpty {
                    guard let content else { continue }
                    let label = FieldLabel(
                        content: content, range: cell.lowerBound..<cell.lowerBound, gap: .mark,
                        valueStart: cell.lowerBound)
                    result.append((label, cell.upperBound))
                }
            }
            start = end + 1
        }
        return result
    }

    /// The cells of a line without the spaces around them; none for more than 64.
    private static func cells(
        in values: [UInt32], _ line: Range<Int>, between separator: UInt32
    ) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        var start = line.lowerBound
        for index in line.lowerBound...line.upperBound
        where index == line.upperBound || values[index] == separator {
            guard cells.count < mostColumns else { return [] }
            var first = start
            var last = index
            while first < last, values[first] == 0x20 { first += 1 }
            while last > first, values[last - 1] == 0x20 { last -= 1 }
            cells.append(first..<last)
            start = index + 1
        }
        return cells
    }

    /// What the columns hold, if the cells are a head.
    private static func labels(
        of cells: [Range<Int>], in values: [UInt32]
    ) -> [FieldLabel.Content?]? {
        let labels = cells.map { cell -> FieldLabel.Content? in
            guard !cell.isEmpty, let label = FieldLabel.at(cell.lowerBound, in: values),
                label.range == cell
            else { return nil }
            return label.content
        }
        return labels.count { $0 != nil } >= 2 ? labels : nil
    }
}
