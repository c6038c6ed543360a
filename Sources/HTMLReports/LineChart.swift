// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A chart of lines as SVG that stands in an HTML page by itself.
package struct LineChart {
    /// One line.
    package struct Series {
        let name: String
        let colour: Int
        let points: [(x: Double, y: Double)]
        let marks: Bool

        /// A line in one of the page's colours, from 1; each point is marked where they are few measurements.
        package init(
            name: String, colour: Int, points: [(x: Double, y: Double)], marks: Bool = false
        ) {
            (self.name, self.colour, self.points, self.marks) = (name, colour, points, marks)
        }
    }

    private static let (width, height) = (720.0, 240.0)
    private static let (left, right, top, bottom) = (64.0, 12.0, 10.0, 36.0)

    private let title: String
    private let xName: String
    private let series: [Series]
    private let marks: [(x: Double, meaning: String)]
    private let xByFactors: Bool
    private let mayGrowByFactors: Bool

    /// A chart of some lines.
    ///
    /// `marks` are places on the x axis that are marked by a line, with what they mean. The x axis grows by
    /// factors where `xByFactors` says so, the y axis where its values span many and it may.
    package init(
        title: String, xName: String, series: [Series],
        marks: [(x: Double, meaning: String)] = [], xByFactors: Bool = false,
        mayGrowByFactors: Bool = true
    ) {
        (self.title, self.xName, self.series, self.marks) = (title, xName, series, marks)
        (self.xByFactors, self.mayGrowByFactors) = (xByFactors, mayGrowByFactors)
    }

    /// The chart, or nothing where there is no point.
    package var svg: String {
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        guard let first = points.first else { return "" }
        let range = points.reduce((first, first)) { range, point in
            (
                (min(range.0.x, point.x), min(range.0.y, point.y)),
                (max(range.1.x, point.x), max(range.1.y, point.y))
            )
        }
        // What spans so much is read by its magnitude.
        let yByFactors = mayGrowByFactors && range.0.y > 0 && range.1.y > 100 * range.0.y
        let x = Axis(range.0.x, range.1.x, byFactors: xByFactors)
        let y = Axis(range.0.y, range.1.y, byFactors: yByFactors)
        return """
            <figure><figcaption>\(HTML.escaped(title))\(legend)</figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
            aria-label="\(HTML.escaped(title))">
            \(grid(x, y))
            \(lines(x, y))
            </svg></figure>
            """
    }

    private var legend: String {
        guard series.count > 1 else { return "" }
        return series.map { " <span class=\"c\($0.colour)\">\(HTML.escaped($0.name))</span>" }
            .joined()
    }

    private func place(_ point: (x: Double, y: Double), _ x: Axis, _ y: Axis) -> String {
        "\(pixel(across(point.x, x))),\(pixel(down(point.y, y)))"
    }

    private func across(_ value: Double, _ axis: Axis) -> Double {
        Self.left + axis.share(value) * (Self.width - Self.left - Self.right)
    }

    private func down(_ value: Double, _ axis: Axis) -> Double {
        Self.height - Self.bottom - axis.share(value) * (Self.height - Self.top - Self.bottom)
    }

    private func pixel(_ value: Double) -> String { String(format: "%.1f", value) }

    private func grid(_ x: Axis, _ y: Axis) -> String {
        let (end, base) = (Self.width - Self.right, Self.height - Self.bottom)
        var parts = y.ticks.map { tick in
            let height = pixel(down(tick, y))
            return """
                <line class="grid" x1="\(Self.left)" x2="\(end)" y1="\(height)" y2="\(height)"/>\
                <text class="y" x="\(Self.left - 6)" y="\(height)">\(HTML.short(tick))</text>
                """
        }
        parts += x.ticks.map { tick in
            "<text class=\"x\" x=\"\(pixel(across(tick, x)))\" y=\"\(base + 14)\">"
                + "\(HTML.short(tick))</text>"
        }
        parts += marks.map { mark in
            let place = pixel(across(mark.x, x))
            return "<line class=\"mark\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Self.top)\" "
                + "y2=\"\(base)\"><title>\(HTML.escaped(mark.meaning))</title></line>"
        }
        parts.append(
            "<text class=\"x\" x=\"\((Self.left + end) / 2)\" y=\"\(Self.height - 6)\">"
                + "\(HTML.escaped(xName))</text>")
        return parts.joined(separator: "\n")
    }

    private func lines(_ x: Axis, _ y: Axis) -> String {
        series.map { series in
            let points = series.points.filter { $0.x.isFinite && $0.y.isFinite }
            let line = points.map { place($0, x, y) }.joined(separator: " ")
            let dots =
                series.marks || points.count == 1
                ? points.map {
                    "<circle class=\"f\(series.colour)\" r=\"3\" cx=\"\(pixel(across($0.x, x)))\" "
                        + "cy=\"\(pixel(down($0.y, y)))\"><title>\(HTML.short($0.x)): "
                        + "\(HTML.short($0.y))</title></circle>"
                }.joined() : ""
            return "<polyline class=\"s\(series.colour)\" points=\"\(line)\"/>\(dots)"
        }.joined(separator: "\n")
    }
}
