// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTMLReports

@Suite("Pie charts")
struct PieChartTests {
    @Test("draw each part by its share, and write the share beside its name")
    func shares() {
        let svg = PieChart(
            title: "T", parts: [.init("a", 3, text: "3"), .init("b<", 1, text: "1")]
        ).svg
        // Three quarters clockwise from the top end at the left.
        #expect(svg.contains("A 100.0 100.0 0 1 1 10.00 110.00 Z"))
        #expect(svg.contains("M 110.0 110.0 L 10.00 110.00 A 100.0 100.0 0 0 1 110.00 10.00 Z"))
        #expect(svg.contains("a: 3 (75 %)") && svg.contains("b&lt;: 1 (25 %)"))
    }

    @Test("are a circle where one part is all, and nothing where all is nothing")
    func extremes() {
        let whole = PieChart(
            title: "T", parts: [.init("a", 0, text: "0"), .init("b", 5, text: "5")]
        ).svg
        #expect(whole.contains("<circle") && !whole.contains("<path"))
        #expect(PieChart(title: "T", parts: [.init("a", 0, text: "0")]).svg.isEmpty)
        #expect(PieChart(title: "T", parts: []).svg.isEmpty)
    }

    @Test("tell parts beyond the page's colours apart by their strength")
    func manyParts() {
        let svg = PieChart(
            title: "T", parts: (0..<6).map { .init("\($0)", 1, text: "1") }
        ).svg
        #expect(svg.contains("class=\"f1\" fill-opacity=\"1.00\""))
        #expect(svg.contains("class=\"f1\" fill-opacity=\"0.70\""))
    }
}
