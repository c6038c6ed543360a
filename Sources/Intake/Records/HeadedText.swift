// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A text without sections of its own, and the sections that headings in it begin.
///
/// A heading stands at the beginning of a line: in brackets (`【所見】`, `＜診断＞`), alone behind a mark
/// (`■所見`), or as a word that heads sections everywhere, alone or with a colon (`所見：影なし`).
struct HeadedText {
    /// The text without blank lines at its beginning and white space at its end.
    let text: String
    /// The sections in order; what stands before the first heading is in none.
    let sections: [DocumentSection]

    /// Finds the sections of a text.
    init(_ whole: String) {
        var scalars = Array(whole.unicodeScalars)[...]
        while let last = scalars.last, last.isSpace { scalars.removeLast() }
        while let end = scalars.firstIndex(of: "\n"),
            scalars[..<end].allSatisfy(\.isSpace)
        {
            scalars = scalars[(end + 1)...]
        }
        let content = Array(scalars)
        // An indented first line stays so: the ranges of sections count from its beginning.
        text = String(scalars: content[...])
        sections = Self.sections(of: content)
    }

    /// The sections of a text that is left as it is.
    static func sections(of text: String) -> [DocumentSection] {
        sections(of: Array(text.unicodeScalars))
    }

    private static func sections(of scalars: [Unicode.Scalar]) -> [DocumentSection] {
        var sections: [DocumentSection] = []
        var open: (title: String, start: Int)?
        var line = 0
        func close(at end: Int) {
            guard let open else { return }
            var (start, last) = (min(open.start, end), end)
            while start < last, scalars[start].isSpace { start += 1 }
            while last > start, scalars[last - 1].isSpace { last -= 1 }
            sections.append(
                DocumentSection(
                    code: nil, title: open.title, range: SourceRange(start: start, end: last)))
        }
        while line < scalars.count {
            let end = scalars[line...].firstIndex(of: "\n") ?? scalars.count
            if let heading = heading(scalars[line..<end]) {
                close(at: line)
                // A heading that stands alone has its body in the next line.
                let isAlone = scalars[heading.end..<end].allSatisfy(\.isSpace)
                open = (heading.title, isAlone ? min(end + 1, scalars.count) : heading.end)
            }
            line = end + 1
        }
        close(at: scalars.count)
        return sections
    }

    private static let brackets: [Unicode.Scalar: Unicode.Scalar] = [
        "【": "】", "［": "］", "＜": "＞", "〔": "〕", "<": ">", "[": "]", "《": "》", "〈": "〉", "（": "）",
        "(": ")",
    ]
    private static let marks: Set<Unicode.Scalar> = [
        "■", "□", "◆", "◇", "●", "○", "▼", "▽", "▶", "◎", "#", "＃", "*", "＊", "・",
    ]

    /// The title that a line begins with, and where its body may begin.
    private static func heading(
        _ line: ArraySlice<Unicode.Scalar>
    ) -> (title: String, end: Int)? {
        let line = line.drop { $0.isSpace }
        guard let first = line.first else { return nil }
        if let closing = brackets[first] {
            guard let end = line.prefix(24).firstIndex(of: closing) else { return nil }
            let title = string(line[(line.startIndex + 1)..<end])
            // `[1]` and `<5mm>` are no titles.
            guard
                "【［＜《〔".unicodeScalars.contains(first) && title.contains(where: \.isLetter)
                    || isKnown(title)
            else { return nil }
            return (title, bodyStart(line, after: end + 1))
        }
        let name = marks.contains(first) ? line.dropFirst() : line
        let colon = name.prefix(24).firstIndex { $0 == ":" || $0 == "：" }
        let words = name[..<(colon ?? name.endIndex)].trimmed(\.isSpace)
        guard words.count <= 16 else { return nil }
        let title = string(words)
        guard isKnown(title) else { return nil }
        return (title, colon.map { bodyStart(line, after: $0 + 1) } ?? line.endIndex)
    }

    private static func bodyStart(_ line: ArraySlice<Unicode.Scalar>, after place: Int) -> Int {
        var start = place
        while start < line.endIndex,
            line[start].isSpace || ":：".unicodeScalars.contains(line[start])
        {
            start += 1
        }
        return start
    }

    private static func isKnown(_ title: String) -> Bool { SectionTitles.isHeading(title) }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(scalars: scalars.trimmed(\.isSpace))
    }
}
