// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import HTMLReports

@Suite("Charts of a report")
struct ChartTests {
    /// The attribute of each element of a class.
    private func values(_ name: String, _ class: String, in svg: String) -> [Double] {
        svg.matches(
            of:
                /<rect class="([a-z0-9]+)" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)">/
        )
        .filter { $0.1 == `class` }
        .compactMap { Double(name == "width" ? $0.4 : $0.5) }
    }

    @Test("columns are as high as their numbers, and a limit is an outline")
    func columns() {
        let svg = ColumnChart(
            title: "days",
            columns: [
                ChartNumber("a", 20, text: "20"), ChartNumber("b", 10, text: "< 10", isLimit: true),
                ChartNumber("c", 0, text: "0"),
            ]
        ).svg
        let full = values("height", "f1", in: svg)
        let outlined = values("height", "unsure", in: svg)
        #expect(full.count == 1 && outlined.count == 1)
        #expect(abs(full[0] - 2 * outlined[0]) < 0.2 && full[0] > 50)
        #expect(svg.contains("<title>b: &lt; 10</title>"))
        #expect(ColumnChart(title: "days", columns: []).svg.isEmpty)
    }

    @Test("bars are as long as their numbers")
    func bars() {
        let svg = BarChart(
            title: "names", colour: 2,
            bars: [ChartNumber("a", 40, text: "40"), ChartNumber("b", 10, text: "10")]
        ).svg
        let lengths = values("width", "f2", in: svg)
        #expect(lengths.count == 2 && abs(lengths[0] - 4 * lengths[1]) < 0.2)
    }

    @Test("nothing of a name is markup, and a long one is cut")
    func names() {
        let name = "<script>alert(1)</script>\"&"
        for svg in [
            BarChart(title: name, bars: [ChartNumber(name, 1, text: name)]).svg,
            ColumnChart(title: name, columns: [ChartNumber(name, 1, text: name)]).svg,
            LineChart(
                title: name, xName: name,
                series: [LineChart.Series(name: name, colour: 1, points: [(1, 1)])],
                marks: [(1, name)]
            ).svg,
        ] {
            #expect(!svg.contains("<script") && !svg.contains("\"&\""))
            #expect(svg.contains("&lt;script&gt;"))
        }
        #expect(BarChart.shortened("間質性肺炎") == "間質性肺炎")
        #expect(BarChart.shortened(String(repeating: "長", count: 30)).count == 20)
    }

    @Test("a page holds its parts, styles for light and dark, and no other asset")
    func page() {
        let page = HTML.page("<b>", ["<p>part</p>", ""])
        #expect(page.contains("<h1>&lt;b&gt;</h1>") && page.contains("<p>part</p>"))
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(!page.contains("src=") && !page.contains("http") && !page.contains("url("))
    }
}
