// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A chart of lines as SVG that stands in an HTML page by itself.
struct LineChart {
    /// One line.
    struct Series {
        let name: String
        /// Its place among the colours of the page, from 1.
        let colour: Int
        let points: [(x: Double, y: Double)]
        /// Whether each point is marked, as of few measurements.
        var marks = false
    }

    private static let (width, height) = (720.0, 240.0)
    private static let (left, right, top, bottom) = (64.0, 12.0, 10.0, 36.0)

    let title: String
    let xName: String
    let series: [Series]
    /// Places on the x axis that are marked by a line, with what they mean.
    var marks: [(x: Double, meaning: String)] = []
    /// Whether the x axis grows by factors.
    var xByFactors = false
    /// Whether the y axis may grow by factors, where the values span many.
    var mayGrowByFactors = true

    /// The chart, or nothing where there is no point.
    var svg: String {
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

/// One axis of a chart: a range, and round numbers within it.
private struct Axis {
    private let low: Double
    private let high: Double
    private let byFactors: Bool
    let ticks: [Double]

    init(_ low: Double, _ high: Double, byFactors: Bool) {
        self.byFactors = byFactors && low > 0
        // One value alone stands in the middle.
        let spread = low == high ? max(abs(low) * 0.1, 1e-12) : 0
        (self.low, self.high) = (low - spread, high + spread)
        ticks =
            self.byFactors
            ? Self.powers(self.low, self.high) : Self.round(self.low, self.high)
    }

    /// Where a value lies between the ends, 0 to 1.
    func share(_ value: Double) -> Double {
        guard byFactors else { return (value - low) / (high - low) }
        return log(value / low) / log(high / low)
    }

    private static func round(_ low: Double, _ high: Double) -> [Double] {
        let raw = (high - low) / 5
        let magnitude = pow(10, floor(log10(raw)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= raw } ?? raw
        return stride(from: (low / step).rounded(.up), through: high / step, by: 1)
            .prefix(12).map { $0 * step }
    }

    private static func powers(_ low: Double, _ high: Double) -> [Double] {
        let base: Double = high / low > 200 ? 10 : 2
        let (first, last) = ((log(low) / log(base)).rounded(.up), log(high) / log(base))
        guard first <= last else { return [low, high] }
        return stride(from: first, through: last + 1e-9, by: 1).prefix(12).map { pow(base, $0) }
    }
}

/// Text and numbers for an HTML page.
enum HTML {
    /// Text in which nothing is markup.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// A number in as many digits as are read at a glance.
    static func short(_ value: Double) -> String {
        if value == 0 { return "0" }
        switch abs(value) {
        case 1e9...: return trimmed(value / 1e9, "G")
        case 1e6...: return trimmed(value / 1e6, "M")
        case 1e4...: return trimmed(value / 1e3, "k")
        case 0.01...: return trimmed(value, "")
        default: return String(format: "%.2g", value)
        }
    }

    private static func trimmed(_ value: Double, _ unit: String) -> String {
        var text = String(format: abs(value) >= 100 ? "%.0f" : "%.3f", value)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text + unit
    }

    /// A table with a head.
    static func table(_ columns: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>"
        }
        return "<table>\n" + row(columns, "th") + "\n"
            + rows.map { row($0, "td") }.joined(separator: "\n") + "\n</table>"
    }
}
