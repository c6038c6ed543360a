// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A chart of columns from zero, as of days that follow each other, as SVG that stands in an HTML page by itself.
package struct ColumnChart {
    private static let (width, height) = (720.0, 150.0)
    private static let (left, right, top, bottom) = (48.0, 4.0, 10.0, 24.0)
    /// Few columns do not fill the chart.
    private static let widest = 40.0
    /// So many names at most stand below the columns.
    private static let mostNames = 8

    private let title: String
    private let colour: Int
    private let columns: [ChartNumber]

    /// A chart of numbers that are not below 0, in their order, in one of the page's colours, from 1.
    package init(title: String, colour: Int = 1, columns: [ChartNumber]) {
        (self.title, self.colour, self.columns) = (title, colour, columns)
    }

    /// The chart, or nothing where there is no column.
    package var svg: String {
        guard let highest = columns.map(\.value).max(), highest > 0 else { return "" }
        let axis = Axis(0, highest, byFactors: false)
        return """
            <figure><figcaption>\(HTML.escaped(title))</figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
            aria-label="\(HTML.escaped(title))">
            \((grid(axis) + names + shapes(axis)).joined(separator: "\n"))
            </svg></figure>
            """
    }

    private var step: Double { (Self.width - Self.left - Self.right) / Double(columns.count) }

    private func down(_ value: Double, _ axis: Axis) -> Double {
        Self.height - Self.bottom - axis.share(value) * (Self.height - Self.top - Self.bottom)
    }

    private func pixel(_ value: Double) -> String { String(format: "%.1f", value) }

    private func grid(_ axis: Axis) -> [String] {
        axis.ticks.filter { $0 == $0.rounded() }.map { tick in
            let height = pixel(down(tick, axis))
            return """
                <line class="grid" x1="\(Self.left)" x2="\(Self.width - Self.right)" \
                y1="\(height)" y2="\(height)"/>\
                <text class="y" x="\(Self.left - 6)" y="\(height)">\(HTML.short(tick))</text>
                """
        }
    }

    private var names: [String] {
        let stride = (columns.count + Self.mostNames - 1) / Self.mostNames
        return columns.indices.filter { $0 % stride == 0 }.map { index in
            let place = pixel(Self.left + (Double(index) + 0.5) * step)
            return "<text class=\"x\" x=\"\(place)\" y=\"\(Self.height - 8)\">"
                + "\(HTML.escaped(columns[index].name))</text>"
        }
    }

    private func shapes(_ axis: Axis) -> [String] {
        columns.enumerated().filter { $0.element.value > 0 }.map { index, column in
            let top = down(column.value, axis)
            let (width, middle) = (
                min(step * 0.8, Self.widest), Self.left + (Double(index) + 0.5) * step
            )
            return """
                <rect class="\(column.isLimit ? "unsure" : "f\(colour)")" \
                x="\(pixel(middle - width / 2))" y="\(pixel(top))" \
                width="\(pixel(width))" height="\(pixel(down(0, axis) - top))">\
                \(column.title)</rect>
                """
        }
    }
}
