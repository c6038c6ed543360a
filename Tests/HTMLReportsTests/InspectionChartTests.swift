// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTMLReports

@Suite("Charts of a look inside a model")
struct InspectionChartTests {
    @Test("points lie where they should, with their names")
    func scatter() {
        let svg = ScatterPlot(
            title: "map <1>",
            points: [
                .init(0, 0, name: "a"), .init(2, 1, name: "<b>", isMarked: true),
                .init(1, 0.5, name: "c"),
            ]
        ).svg
        #expect(svg.contains("map &lt;1&gt;"))
        // The wider axis fills the plot, the other one is in its middle, upwards.
        #expect(svg.contains(#"cx="12.0" cy="534.0"><title>a</title>"#))
        #expect(svg.contains(#"cx="708.0" cy="186.0"><title>&lt;b&gt;</title>"#))
        #expect(svg.contains(#"cx="360.0" cy="360.0"><title>c</title>"#))
        // Only the marked one has its name beside it.
        #expect(svg.matches(of: /<text class="n"/).count == 1)
        #expect(ScatterPlot(title: "none", points: []).svg.isEmpty)
    }

    @Test("weights are shades, and boundaries are lines")
    func heat() {
        let svg = HeatMap(
            title: "layer", count: 2, weights: [1, 0, 0.25, 0.75],
            boundaries: [(row: 0, name: "0: end")]
        ).svg
        // 1 in full, 0.25 by its root in half, 0 not at all.
        #expect(svg.contains(#"fill-opacity="1.000" d="M52.00 0.00h330.00v330.00h-330.00z""#))
        #expect(svg.contains(#"fill-opacity="0.500" d="M52.00 330.00h330.00v330.00h-330.00z""#))
        #expect(svg.matches(of: /<path/).count == 3)
        #expect(svg.matches(of: /class="mark"/).count == 2)
        #expect(svg.contains("<title>0: end</title>"))
        #expect(HeatMap(title: "none", count: 0, weights: []).svg.isEmpty)
    }

    @Test("a large matrix is shown by the largest weight of each square")
    func large() {
        let count = 500
        var weights = [Float](repeating: 0, count: count * count)
        weights[499 * count + 499] = 1
        let svg = HeatMap(title: "layer", count: count, weights: weights).svg
        #expect(svg.matches(of: /z/).count == 1)
        #expect(svg.contains("fill-opacity=\"1.000\""))
    }
}
