// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A matrix of weights from 0 to 1 as shades, as SVG that stands in an HTML page by itself.
package struct HeatMap {
    private static let (side, left, bottom) = (660.0, 52.0, 20.0)
    /// A matrix of more rows is shown by the largest weight of each square of so many parts.
    private static let mostCells = 192
    private static let shades = 16

    private let title: String
    private let count: Int
    private let weights: [Float]
    private let boundaries: [(row: Int, name: String)]

    /// A map of a square matrix, rows downwards, row by row; lines stand after the rows and columns of
    /// `boundaries`, with a name each.
    package init(
        title: String, count: Int, weights: [Float], boundaries: [(row: Int, name: String)] = []
    ) {
        precondition(weights.count == count * count, "a square matrix")
        (self.title, self.count, self.weights) = (title, count, weights)
        self.boundaries = boundaries
    }

    /// The map, or nothing where there is no row.
    package var svg: String {
        guard count > 0 else { return "" }
        let unit = Self.side / Double(count)
        let lines = boundaries.map { row, name in
            let place = pixel(Double(row + 1) * unit)
            return """
                <line class="mark" x1="\(Self.left)" x2="\(Self.left + Self.side)" y1="\(place)" \
                y2="\(place)"><title>\(HTML.escaped(name))</title></line>\
                <line class="mark" y1="0" y2="\(Self.side)" \
                x1="\(pixel(Self.left + Double(row + 1) * unit))" \
                x2="\(pixel(Self.left + Double(row + 1) * unit))"/>\
                <text class="y" x="\(Self.left - 4)" y="\(place)">\(row)</text>
                """
        }
        let step = max(1, (count + 5) / 6)
        let ticks = stride(from: 0, to: count, by: step).map { column in
            "<text class=\"x\" x=\"\(pixel(Self.left + (Double(column) + 0.5) * unit))\" "
                + "y=\"\(Self.side + 14)\">\(column)</text>"
        }
        return """
            <figure><figcaption>\(HTML.escaped(title))</figcaption>
            <svg viewBox="0 0 \(Int(Self.left + Self.side)) \(Int(Self.side + Self.bottom))" \
            role="img" aria-label="\(HTML.escaped(title))">
            \((shapes + lines + ticks).joined(separator: "\n"))
            </svg></figure>
            """
    }

    /// A path of all squares of each shade. Weights are shown by their root, since most are small.
    private var shapes: [String] {
        let width = (count + Self.mostCells - 1) / Self.mostCells
        let cells = (count + width - 1) / width
        let unit = Self.side / Double(count) * Double(width)
        var largest = [Float](repeating: 0, count: cells * cells)
        for row in 0..<count {
            for column in 0..<count {
                let cell = row / width * cells + column / width
                largest[cell] = max(largest[cell], weights[row * count + column])
            }
        }
        var paths = [[String]](repeating: [], count: Self.shades + 1)
        for (cell, weight) in largest.enumerated() {
            let share = Double(min(max(weight, 0), 1)).squareRoot()
            let shade = Int((share * Double(Self.shades)).rounded())
            guard shade > 0 else { continue }
            let (x, y) = (Double(cell % cells) * unit, Double(cell / cells) * unit)
            // The last cells may stand for fewer rows.
            let (w, h) = (min(unit, Self.side - x), min(unit, Self.side - y))
            paths[shade].append(
                "M\(pixel(Self.left + x)) \(pixel(y))h\(pixel(w))v\(pixel(h))h-\(pixel(w))z")
        }
        return paths.enumerated().filter { !$0.element.isEmpty }.map { shade, parts in
            let opacity = String(format: "%.3f", Double(shade) / Double(Self.shades))
            return "<path class=\"f1\" fill-opacity=\"\(opacity)\" d=\"\(parts.joined())\"/>"
        }
    }

    private func pixel(_ value: Double) -> String { String(format: "%.2f", value) }
}
