// SPDX-License-Identifier: Apache-2.0

/// A number of a chart of bars or columns.
package struct ChartNumber {
    let name: String
    let value: Double
    let text: String
    let isLimit: Bool

    /// The number of a name, and how it is written. Where `isLimit` says so, `value` is only what it is below,
    /// and is drawn as an outline.
    package init(_ name: String, _ value: Double, text: String, isLimit: Bool = false) {
        (self.name, self.value, self.text, self.isLimit) = (name, value, text, isLimit)
    }

    /// What the page shows of it where the mouse is.
    var title: String { "<title>\(HTML.escaped(name)): \(HTML.escaped(text))</title>" }
}
