// SPDX-License-Identifier: Apache-2.0

/// Lines as markup lays text out: white space in it means little, elements break lines, rows have cells.
///
/// Text comes in pieces, in UTF-8; what stands between pieces waits until there is more text, so that empty
/// elements leave nothing behind.
struct MarkupLines {
    /// A line that is not blank, or a blank one that the author wanted.
    struct Line {
        var text: String
        /// Whether it is marked as a heading.
        var isHeading: Bool
        /// The outermost table that it stands in, counted from 1.
        var table: Int?
    }

    private(set) var lines: [Line] = []
    /// Whether there was more text than may be, and the rest was left out.
    private(set) var isTooLong = false
    /// Levels of elements that make a heading of the text in them.
    var headings = 0
    /// Levels of elements in bold.
    var bold = 0
    /// Levels of elements in which white space counts.
    var preserved = 0

    private let limit: Int
    private var scalars = 0
    private var current: [UInt8] = []
    private var currentTable: Int?
    private var (breaks, tabs, hasSpace) = (0, 0, false)
    private var (headingBytes, boldBytes, plainBytes) = (0, 0, 0)
    private var tables = 0
    private var rows: [Row] = []
    private var lostRows = 0

    private struct Row {
        var cells = 0
        var hasText = false
        var isCellEmpty = false
    }

    /// Lines of so many scalars together at most.
    init(limit: Int) { self.limit = limit }

    // MARK: Text

    /// Adds a piece of text.
    mutating func append(_ piece: ArraySlice<UInt8>) {
        piece.withUnsafeBufferPointer { append($0) }
    }

    /// Adds a text.
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    private mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < piece.count {
            let start = index
            while index < piece.count, Self.isPlain(piece[index]) { index += 1 }
            if index > start {
                put(UnsafeBufferPointer(rebasing: piece[start..<index]))
                continue
            }
            index += 1
            let byte = piece[start]
            switch byte {
            case 0xC2 where index < piece.count && piece[index] == 0xA0:
                // A space that does not break.
                put(0x20)
                index += 1
            case 0x0A where preserved > 0: breakLine(always: true)
            case 0x20 where preserved > 0: put(byte)
            case 0x09 where preserved > 0: put(byte)
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: hasSpace = true
            default: put(byte)
            }
        }
    }

    /// Whether a byte is no space, and begins none.
    private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0xC2 }

    private mutating func put(_ byte: UInt8) {
        withUnsafePointer(to: byte) { put(UnsafeBufferPointer(start: $0, count: 1)) }
    }

    /// Adds bytes none of which is white space, or one byte.
    private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !isTooLong, let first = bytes.first else { return }
        let count = bytes.reduce(0) { $0 &+ ($1 & 0xC0 == 0x80 ? 0 : 1) }
        guard scalars + count <= limit else {
            let fitting = Self.prefix(of: bytes, scalars: max(0, limit - scalars))
            if !fitting.isEmpty { put(fitting) }
            isTooLong = true
            return
        }
        scalars += count
        if breaks > 0 { finishLine() }
        if current.isEmpty { currentTable = rows.isEmpty ? nil : tables }
        if tabs > 0 {
            current += repeatElement(0x09, count: tabs)
            scalars += tabs
        } else if hasSpace, !current.isEmpty {
            current.append(0x20)
        }
        (tabs, hasSpace) = (0, false)
        current.append(contentsOf: bytes)
        guard first > 0x20 else { return }
        if !rows.isEmpty {
            rows[rows.count - 1].hasText = true
            rows[rows.count - 1].isCellEmpty = false
        }
        if headings > 0 {
            headingBytes += bytes.count
        } else if bold > 0 {
            boldBytes += bytes.count
        } else {
            plainBytes += bytes.count
        }
    }

    private static func prefix(
        of bytes: UnsafeBufferPointer<UInt8>, scalars: Int
    ) -> UnsafeBufferPointer<UInt8> {
        var left = scalars
        let end = bytes.firstIndex { byte in
            if byte & 0xC0 != 0x80 { left -= 1 }
            return left < 0
        }
        return UnsafeBufferPointer(rebasing: bytes[..<(end ?? bytes.count)])
    }

    // MARK: Lines

    /// Text that follows stands on another line; with `always` an empty line may come of it.
    mutating func breakLine(always: Bool = false) {
        if let row = rows.last, row.isCellEmpty { return }
        breaks = always ? min(2, breaks + 1) : max(1, breaks)
    }

    /// What follows are the rows of a table.
    mutating func beginTable() {
        breakLine()
        guard rows.count < 100 else {
            lostRows += 1
            return
        }
        if rows.isEmpty { tables += 1 }
        rows.append(Row())
    }

    /// The table ends.
    mutating func endTable() {
        if lostRows > 0 {
            lostRows -= 1
        } else {
            let inner = rows.popLast()
            if inner?.hasText == true, !rows.isEmpty {
                rows[rows.count - 1].hasText = true
                rows[rows.count - 1].isCellEmpty = false
            }
        }
        breakLine()
    }

    /// What follows are the cells of a row.
    mutating func beginRow() {
        if rows.isEmpty { return breakLine() }
        rows[rows.count - 1] = Row()
        breakLine()
        tabs = 0
    }

    /// What follows is a cell.
    mutating func beginCell() {
        guard var row = rows.last else { return breakLine() }
        if row.cells > 0 {
            // Columns keep their place where the first cells are empty; there is a limit to that.
            tabs = min(tabs + 1, 1000)
            if row.hasText { breaks = 0 }
        }
        row.cells += 1
        row.isCellEmpty = true
        rows[rows.count - 1] = row
    }

    /// The last line ends; nothing may be added after it.
    mutating func finish() {
        breaks = 0
        finishLine()
    }

    private mutating func finishLine() {
        let wanted = breaks
        breaks = 0
        while let last = current.last, last == 0x20 || last == 0x09 { current.removeLast() }
        defer {
            current.removeAll(keepingCapacity: true)
            (headingBytes, boldBytes, plainBytes) = (0, 0, 0)
        }
        guard !current.isEmpty else { return }
        let text = String(decoding: current, as: UTF8.self)
        lines.append(
            Line(text: text, isHeading: isHeading(text), table: currentTable))
        scalars += wanted
        if wanted > 1 { lines.append(Line(text: "", isHeading: false, table: nil)) }
    }

    /// Bold text alone on its line is a heading if it is one of those that documents have.
    private func isHeading(_ text: String) -> Bool {
        guard plainBytes == 0, !current.contains(0x09) else { return false }
        return headingBytes > 0 || boldBytes > 0 && SectionTitles.knows(text)
    }
}

extension MarkupLines {
    /// The lines as a text.
    var text: String { lines.map(\.text).joined(separator: "\n") }

    /// The lines as a text with a section for each heading that has something below it.
    var sectioned: SectionedText {
        var result = SectionedText()
        var title: String?
        var body: [String] = []
        func close() {
            let text = body.joined(separator: "\n")
            if let title, text.isEmpty {
                result.append(heading: title)
            } else {
                result.append(title: title, body: text)
            }
        }
        for line in lines {
            guard line.isHeading else {
                body.append(line.text)
                continue
            }
            close()
            (title, body) = (line.text, [])
        }
        close()
        return result
    }

    /// Without those lines.
    mutating func removeLines(where isRemoved: (Line) -> Bool) { lines.removeAll(where: isRemoved) }
}
