// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Points of a plane with a name each, as SVG that stands in an HTML page by itself; names show where the mouse is.
package struct ScatterPlot {
    /// One point.
    package struct Point {
        let place: (x: Double, y: Double)
        let name: String
        let isMarked: Bool

        /// A point; one that is marked is in another colour, above others, its name beside it.
        package init(_ x: Double, _ y: Double, name: String, isMarked: Bool = false) {
            (place, self.name, self.isMarked) = ((x, y), name, isMarked)
        }
    }

    private static let (side, edge) = (720.0, 12.0)
    /// Names beside more points than these would hide each other.
    private static let mostNames = 80

    private let title: String
    private let points: [Point]

    /// A plot of points whose places are finite; both axes have one scale, which nothing is read from.
    package init(title: String, points: [Point]) { (self.title, self.points) = (title, points) }

    /// The plot, or nothing where there is no point.
    package var svg: String {
        guard let first = points.first?.place else { return "" }
        let range = points.reduce((low: first, high: first)) { range, point in
            (
                (min(range.low.x, point.place.x), min(range.low.y, point.place.y)),
                (max(range.high.x, point.place.x), max(range.high.y, point.place.y))
            )
        }
        let spread = max(range.high.x - range.low.x, range.high.y - range.low.y)
        let scale = spread > 0 ? (Self.side - 2 * Self.edge) / spread : 0
        let marked = points.filter(\.isMarked)
        func circles(_ points: [Point], radius: Double) -> String {
            points.map { point in
                "<circle r=\"\(radius)\" \(place(point, range.low, range.high, scale, "c"))>"
                    + "<title>\(HTML.escaped(point.name))</title></circle>"
            }.joined(separator: "\n")
        }
        let names =
            marked.count > Self.mostNames
            ? ""
            : marked.map { point in
                "<text class=\"n\" dx=\"5\" \(place(point, range.low, range.high, scale, ""))>"
                    + "\(HTML.escaped(point.name))</text>"
            }.joined(separator: "\n")
        return """
            <figure><figcaption>\(HTML.escaped(title))</figcaption>
            <svg viewBox="0 0 \(Int(Self.side)) \(Int(Self.side))" role="img" \
            aria-label="\(HTML.escaped(title))">
            <g class="f1" fill-opacity="0.5">
            \(circles(points.filter { !$0.isMarked }, radius: 2))
            </g><g class="f2">
            \(circles(marked, radius: 3.5))
            </g>
            \(names)
            </svg></figure>
            """
    }

    /// The attributes of a place; the lower range of both axes is in the middle of the plot.
    private func place(
        _ point: Point, _ low: (x: Double, y: Double), _ high: (x: Double, y: Double),
        _ scale: Double, _ prefix: String
    ) -> String {
        let x = Self.side / 2 + (point.place.x - (low.x + high.x) / 2) * scale
        let y = Self.side / 2 - (point.place.y - (low.y + high.y) / 2) * scale
        return String(format: "\(prefix)x=\"%.1f\" \(prefix)y=\"%.1f\"", x, y)
    }
}
