// SPDX-License-Identifier: Apache-2.0

/// How a file holds raw documents.
package enum RawTextFormat: String, CaseIterable, Hashable, Sendable {
    /// Plain text, documents divided by blank lines.
    case text
    /// JSON Lines with a field `text`, and `id`, `title` and `url` where they are there.
    case jsonl
    /// What WikiExtractor makes of a dump: elements `<doc …>`, or with its `--json` lines of JSON.
    case wikiextractor
    /// Wiki-40B: articles with the marks `_START_ARTICLE_` and others, as text or in the field `text` of JSON Lines.
    case wiki40b
    /// OSCAR-2301: JSON Lines with a field `content`, and `warc_headers`.
    case oscar
}

extension RawTextFormat {
    /// The format of a file's first line that is not blank.
    static func told(by line: ArraySlice<UInt8>) -> RawTextFormat {
        if line.starts(with: RawTextMarks.document) { return .wikiextractor }
        if line.starts(with: RawTextMarks.article) { return .wiki40b }
        guard line.first == UInt8(ascii: "{") else { return .text }
        // What comes first in the line is enough; no member's value is looked at but by its reader.
        if line.holds(Array("\"warc_headers\"".utf8)) { return .oscar }
        if line.holds(RawTextMarks.article) { return .wiki40b }
        return .jsonl
    }
}

/// What divides documents and their parts.
enum RawTextMarks {
    static let document = Array("<doc ".utf8)
    static let documentEnd = Array("</doc>".utf8)
    static let article = Array("_START_ARTICLE_".utf8)
    static let section = Array("_START_SECTION_".utf8)
    static let paragraph = Array("_START_PARAGRAPH_".utf8)
    static let newline = "_NEWLINE_"
}

extension ArraySlice<UInt8> {
    /// Whether these bytes stand somewhere in it.
    func holds(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        var start = startIndex
        while let place = self[start...].firstIndex(of: first) {
            if self[place...].starts(with: wanted) { return true }
            start = place + 1
        }
        return false
    }

    /// Without spaces, tabs, and line ends around it.
    var trimmed: ArraySlice<UInt8> {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start].isWhite { start += 1 }
        while end > start, self[end - 1].isWhite { end -= 1 }
        return self[start..<end]
    }
}

extension UInt8 {
    /// White space of ASCII.
    fileprivate var isWhite: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
