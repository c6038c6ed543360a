// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A chart of bars with a name each, one below the other, as SVG that stands in an HTML page by itself.
package struct BarChart {
    private static let (width, row) = (720.0, 20.0)
    private static let (left, right) = (220.0, 90.0)
    /// What fits before the bars, in signs of full width.
    private static let mostSigns = 19.0

    private let title: String
    private let colour: Int
    private let bars: [ChartNumber]

    /// A chart of numbers that are not below 0, in their order, in one of the page's colours, from 1.
    package init(title: String, colour: Int = 1, bars: [ChartNumber]) {
        (self.title, self.colour, self.bars) = (title, colour, bars)
    }

    /// The chart, or nothing where there is no bar.
    package var svg: String {
        guard let highest = bars.map(\.value).max() else { return "" }
        let rows = bars.enumerated().map { index, bar in
            line(bar, at: Double(index) * Self.row, length: bar.value / max(highest, 1))
        }
        let height = Int(Double(bars.count) * Self.row)
        return """
            <figure><figcaption>\(HTML.escaped(title))</figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(height)" role="img" \
            aria-label="\(HTML.escaped(title))">
            \(rows.joined(separator: "\n"))
            </svg></figure>
            """
    }

    private func line(_ bar: ChartNumber, at top: Double, length: Double) -> String {
        let length = length * (Self.width - Self.left - Self.right)
        let middle = top + Self.row / 2
        return """
            <text class="y" x="\(Self.left - 6)" y="\(middle)">\
            \(HTML.escaped(Self.shortened(bar.name)))\(bar.title)</text>\
            <rect class="\(bar.isLimit ? "unsure" : "f\(colour)")" x="\(Self.left)" \
            y="\(top + 3)" width="\(String(format: "%.1f", length))" height="\(Self.row - 6)">\
            \(bar.title)</rect>\
            <text class="n" x="\(String(format: "%.1f", Self.left + length + 6))" \
            y="\(middle)">\(HTML.escaped(bar.text))</text>
            """
    }

    /// A name as far as it fits; signs of ASCII are half as wide as others.
    static func shortened(_ name: String) -> String {
        var width = 0.0
        var result = ""
        for sign in name {
            width += sign.isASCII ? 0.55 : 1
            guard width <= mostSigns else { return result + "…" }
            result.append(sign)
        }
        return result
    }
}
