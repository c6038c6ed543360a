// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A document's text as it is put together of sections: each title on a line of its own, its body after it.
struct SectionedText {
    private(set) var text = ""
    private(set) var sections: [DocumentSection] = []
    private var count = 0

    /// Adds a section; white space around title and body is dropped, and nothing is added for a body of
    /// nothing else unless `keepsTitle`.
    ///
    /// A title that has no mark of its own (`【所見】`, `＜所見＞`, `■所見`, `所見：`) is put in `【】`, so that it is
    /// read as a heading. Without a title the body stands alone and is no section.
    mutating func append(
        title: String?, code: String? = nil, body: String, keepsTitle: Bool = false
    ) {
        let title = title.map(Self.trimmed) ?? ""
        let body = Self.withoutBlankEnds(body)
        guard !body.isEmpty || keepsTitle && !title.isEmpty else { return }
        if !text.isEmpty { add("\n") }
        if !title.isEmpty {
            add(Self.isMarked(title) ? title : "【\(title)】")
            if !body.isEmpty { add("\n") }
        }
        let start = count
        add(body)
        guard !title.isEmpty else { return }
        sections.append(
            DocumentSection(
                code: code, title: title, range: SourceRange(start: start, end: count)))
    }

    /// Adds a title on a line of its own that only leads to the sections after it, and is none itself.
    mutating func append(heading title: String) {
        let title = Self.trimmed(title)
        guard !title.isEmpty else { return }
        if !text.isEmpty { add("\n") }
        add(Self.isMarked(title) ? title : "【\(title)】")
    }

    /// Adds a text with its sections on lines of its own.
    mutating func append(_ part: SectionedText) {
        guard !part.text.isEmpty else { return }
        if !text.isEmpty { add("\n") }
        let start = count
        add(part.text)
        sections += part.sections.map { section in
            let range = SourceRange(
                start: start + section.range.start, end: start + section.range.end)
            return DocumentSection(code: section.code, title: section.title, range: range)
        }
    }

    private mutating func add(_ piece: String) {
        text += piece
        count += piece.scalarCount
    }

    private static let marks = Set("【［[〔＜<《「■□◆◇●○▼▽#＃*＊".unicodeScalars)

    private static func isMarked(_ title: String) -> Bool {
        guard let first = title.unicodeScalars.first, let last = title.unicodeScalars.last else {
            return false
        }
        return marks.contains(first) || last == ":" || last == "："
    }

    private static func trimmed(_ text: String) -> String {
        let title = text.trimmingScalars { $0.isSpace || $0 == "\u{FEFF}" }
        guard title.hasByte(0x0A) || title.hasByte(0x0D) else { return title }
        return String(
            scalars: title.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 })
    }

    /// Without blank lines at the beginning, and without white space at the end.
    private static func withoutBlankEnds(_ text: String) -> String {
        if let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            !first.isSpace, !last.isSpace
        {
            return text
        }
        var scalars = Array(text.unicodeScalars)[...]
        while let last = scalars.last, last.isSpace { scalars.removeLast() }
        while let end = scalars.firstIndex(of: "\n"),
            scalars[..<end].allSatisfy(\.isSpace)
        {
            scalars = scalars[(end + 1)...]
        }
        return String(scalars: scalars)
    }
}
