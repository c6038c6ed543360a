// SPDX-License-Identifier: Apache-2.0

/// The lines of a document's pages, and which of them are no part of its text.
struct PDFPages {
    private let pages: [[String]]
    /// How many lines were left out that stand on every page.
    private(set) var leftOut = 0

    /// How many lines at the top and at the bottom of a page may be its header and footer.
    private static let margin = 6

    /// The pages of a text with form feeds behind them.
    init(_ text: String) {
        var pages = text.split(separator: "\u{0C}", omittingEmptySubsequences: false).map { page in
            page.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .map { String($0.reversed().drop(while: \.isWhitespace).reversed()) }
        }
        if pages.last?.allSatisfy(\.isEmpty) == true { pages.removeLast() }
        guard pages.count > 1 else {
            self.pages = pages
            return
        }
        let margins = pages.enumerated().map { number, lines in
            Self.margins(of: lines, number: number + 1)
        }
        var common = Set(margins[0].keys)
        for margin in margins { common.formIntersection(margin.keys) }
        for (index, margin) in margins.enumerated() {
            let drop = Set(common.flatMap { margin[$0, default: []] })
            leftOut += drop.count
            pages[index] = pages[index].enumerated()
                .filter { !drop.contains($0.offset) }.map(\.element)
        }
        self.pages = pages
    }

    /// The text without headers and footers.
    var text: String { pages.map { $0.joined(separator: "\n") }.joined(separator: "\n") }

    /// The lines of a page's margins by what they say but for its number, with their places.
    private static func margins(of lines: [String], number: Int) -> [String: [Int]] {
        let filled = lines.indices.filter { !lines[$0].isEmpty }
        var result: [String: [Int]] = [:]
        for place in Set(filled.prefix(margin) + filled.suffix(margin)) {
            result[form(of: lines[place], number: number), default: []].append(place)
        }
        return result
    }

    /// A line without white space, and a page's number as a sign for it.
    private static func form(of line: String, number: Int) -> String {
        let words = line.filter { !$0.isWhitespace }
        // `- 2 -`, `2/3`, `Page 2 of 3`, `2頁`: short, and the first number is the page's.
        guard words.count <= 14 else { return words }
        let digits = words.drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) }
        guard digits == String(number) else { return words }
        return words[..<digits.startIndex] + "\u{0}" + words[digits.endIndex...]
    }
}
