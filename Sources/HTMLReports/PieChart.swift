// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A chart of the parts of a whole, as SVG that stands in an HTML page by itself.
package struct PieChart {
    private static let (width, height, radius) = (720.0, 220.0, 100.0)
    private static let (middle, names, row) = (110.0, 260.0, 20.0)
    /// The page has so many colours; further parts are the same colours, paler.
    private static let colours = 4

    private let title: String
    private let parts: [ChartNumber]

    /// A chart of numbers that are not below 0, in their order, clockwise from the top.
    package init(title: String, parts: [ChartNumber]) {
        (self.title, self.parts) = (title, parts)
    }

    /// The chart, or nothing where the whole is nothing.
    package var svg: String {
        let whole = parts.reduce(0) { $0 + $1.value }
        guard whole > 0 else { return "" }
        var start = 0.0
        var shapes: [String] = []
        for (index, part) in parts.enumerated() where part.value > 0 {
            let share = part.value / whole
            shapes.append(slice(part, index, from: start, to: start + share))
            start += share
        }
        let legend = parts.enumerated().map { line($1, $0, share: $1.value / whole) }
        let height = max(Self.height, Double(parts.count + 1) * Self.row)
        return """
            <figure><figcaption>\(HTML.escaped(title))</figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(height))" role="img" \
            aria-label="\(HTML.escaped(title))">
            \((shapes + legend).joined(separator: "\n"))
            </svg></figure>
            """
    }

    private func style(_ index: Int) -> String {
        let opacity = max(0.25, 1 - 0.3 * Double(index / Self.colours))
        return
            "class=\"f\(index % Self.colours + 1)\" fill-opacity=\"\(String(format: "%.2f", opacity))\""
    }

    private func slice(
        _ part: ChartNumber, _ index: Int, from start: Double, to end: Double
    ) -> String {
        let middle = Self.middle
        // An arc that ends where it begins is none.
        guard end - start < 0.9999 else {
            return "<circle \(style(index)) cx=\"\(middle)\" cy=\"\(middle)\" "
                + "r=\"\(Self.radius)\">\(part.title)</circle>"
        }
        func point(_ share: Double) -> String {
            let angle = share * 2 * Double.pi
            return String(
                format: "%.2f %.2f", middle + Self.radius * sin(angle),
                middle - Self.radius * cos(angle))
        }
        return "<path \(style(index)) d=\"M \(middle) \(middle) L \(point(start)) "
            + "A \(Self.radius) \(Self.radius) 0 \(end - start > 0.5 ? 1 : 0) 1 \(point(end)) Z\">"
            + "\(part.title)</path>"
    }

    private func line(_ part: ChartNumber, _ index: Int, share: Double) -> String {
        let top = Double(index) * Self.row + 8
        let percent = String(format: share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100)
        return """
            <rect \(style(index)) x="\(Self.names)" y="\(top)" width="12" height="12"/>\
            <text class="n" x="\(Self.names + 20)" y="\(top + 6)">\(HTML.escaped(part.name)): \
            \(HTML.escaped(part.text)) (\(percent))</text>
            """
    }
}
