// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Text and numbers for an HTML page.
package enum HTML {
    /// Text in which nothing is markup.
    package static func escaped(_ text: String) -> String {
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
    package static func short(_ value: Double) -> String {
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
    package static func table(_ columns: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>"
        }
        return "<table>\n" + row(columns, "th") + "\n"
            + rows.map { row($0, "td") }.joined(separator: "\n") + "\n</table>"
    }
}

extension HTML {
    /// A page of parts, with its own style in light and dark.
    package static func page(_ title: String, _ parts: [String]) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>
        :root { color-scheme: light dark; --ink: #1a1a1a; --soft: #767676; --grid: #e2e2e2; --a: #1f6fb4; --b: #c8541b; --c: #2c8a4b; --d: #8550a8; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --soft: #9a9a9a; --grid: #3a3a3a; --a: #6db3ec; --b: #f0925e; --c: #6dcf8f; --d: #c39be3; } }
        body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); max-width: 760px; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.4em } h2 { font-size: 1.1em; margin-top: 2em }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto }
        td, th { text-align: left; padding: .15em .9em .15em 0; vertical-align: top } th { color: var(--soft); font-weight: normal }
        figure { margin: 1.6em 0 } figcaption { font-weight: 600; margin-bottom: .3em }
        figcaption span { font-weight: normal; margin-left: .8em }
        svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 11px }
        text.x { text-anchor: middle } text.y { text-anchor: end; dominant-baseline: middle }
        .grid { stroke: var(--grid) } .mark { stroke: var(--soft); stroke-dasharray: 3 3 }
        polyline { fill: none; stroke-width: 1.6 }
        .s1 { stroke: var(--a) } .s2 { stroke: var(--b) } .s3 { stroke: var(--c) } .s4 { stroke: var(--d) }
        .f1 { fill: var(--a) } .f2 { fill: var(--b) } .f3 { fill: var(--c) } .f4 { fill: var(--d) }
        .c1 { color: var(--a) } .c2 { color: var(--b) } .c3 { color: var(--c) } .c4 { color: var(--d) }
        text.n { text-anchor: start; dominant-baseline: middle }
        .unsure { fill: var(--grid); stroke: var(--soft); stroke-dasharray: 2 2 } summary { color: var(--soft) }
        pre { overflow-x: auto; font-size: 13px }
        </style></head><body>
        <h1>\(escaped(title))</h1>
        \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
        </body></html>

        """
    }
}
