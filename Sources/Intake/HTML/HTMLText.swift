// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The text of HTML or XHTML as a browser shows it: tags first, references after, so that `CRP &lt; 3`
/// loses nothing.
///
/// Scripts, styles, comments, readings beside words and what was struck out by `del` are left out. One pass
/// from left to right, without recursion; what begins and never ends is refused, since a rest would be lost
/// in silence.
struct HTMLText {
    /// What `title` says, without white space around it.
    private(set) var title: String?
    /// The lines of the body.
    private(set) var lines: MarkupLines
    /// Whether something was left out that `del` marks as deleted.
    private(set) var hasDeletions = false

    private let bytes: [UInt8]
    private let format: SourceFormat
    private var index = 0
    private var tags = 0
    private var (isHead, isReading, deletions) = (false, false, 0)

    /// Reads HTML; throws `flaw` of `format`.
    init(
        of html: String, in format: SourceFormat, limits: IntakeLimits
    ) throws(IntakeError) {
        bytes = Array(html.utf8)
        self.format = format
        lines = MarkupLines(limit: limits.maximumDocumentScalars)
        try read(limits)
        lines.finish()
        guard deletions == 0 else { throw unended("<del>") }
        try check(limits)
    }

    private func unended(_ what: String) -> IntakeError {
        .flaw(.malformed(expected: "the end of \(what)", byteOffset: nil), in: format, at: nil)
    }

    /// Refuses more than may be as soon as it shows.
    private func check(_ limits: IntakeLimits) throws(IntakeError) {
        if lines.isTooLong {
            throw .flaw(
                .tooMuch(of: "characters", limit: limits.maximumDocumentScalars), in: format,
                at: nil)
        }
        // An element has a tag or two, and much of HTML is markup.
        guard tags / 10 <= limits.maximumParts else {
            throw .flaw(.tooMuch(of: "elements", limit: limits.maximumParts), in: format, at: nil)
        }
    }

    private mutating func read(_ limits: IntakeLimits) throws(IntakeError) {
        while index < bytes.count {
            try check(limits)
            if bytes[index] == UInt8(ascii: "<"), try markup() { continue }
            var end = index + 1
            while end < bytes.count, bytes[end] != UInt8(ascii: "<") { end += 1 }
            guard (end - index) / 8 <= limits.maximumDocumentScalars else {
                throw .flaw(
                    .tooMuch(of: "characters", limit: limits.maximumDocumentScalars), in: format,
                    at: nil)
            }
            text(bytes[index..<end])
            index = end
        }
    }

    private mutating func text(_ piece: ArraySlice<UInt8>) {
        if isHead, piece.contains(where: { $0 > 0x20 }) { isHead = false }
        guard !isHead, !isReading, deletions == 0 else { return }
        guard piece.contains(UInt8(ascii: "&")) else { return lines.append(piece) }
        var resolved: [UInt8] = []
        resolved.reserveCapacity(piece.count)
        HTMLEntities.append(piece, to: &resolved)
        lines.append(resolved[...])
    }

    // MARK: Markup

    /// Reads the tag, comment or the like that stands here; false where `<` is only a sign.
    private mutating func markup() throws(IntakeError) -> Bool {
        guard index + 1 < bytes.count else { return false }
        switch bytes[index + 1] {
        case UInt8(ascii: "!"): try declaration()
        case UInt8(ascii: "?"): try skip(past: ">", "<?")
        case UInt8(ascii: "/") where index + 2 < bytes.count && Self.isLetter(bytes[index + 2]):
            let name = try tag(from: index + 2).name
            end(of: name)
        case let byte where Self.isLetter(byte):
            let (name, isClosed) = try tag(from: index + 1)
            try begin(name, isClosed: isClosed)
        default: return false
        }
        return true
    }

    private mutating func declaration() throws(IntakeError) {
        let rest = bytes[index...]
        if rest.starts(with: "<!--".utf8) {
            // `<!-->` and `<!--->` are whole.
            index += 2
            return try skip(past: "-->", "a comment")
        }
        guard rest.starts(with: "<![CDATA[".utf8) else {
            let start = index
            try skip(past: ">", "<!")
            if bytes[start..<index].contains(UInt8(ascii: "[")) {
                throw .flaw(.declaration, in: format, at: nil)
            }
            return
        }
        let start = index + 9
        try skip(past: "]]>", "<![CDATA[")
        guard !isHead, !isReading, deletions == 0, index - 3 > start else { return }
        lines.append(bytes[start..<(index - 3)])
    }

    /// Goes on behind the next `mark`.
    private mutating func skip(past mark: StaticString, _ what: String) throws(IntakeError) {
        let mark = Array("\(mark)".utf8)
        while index + mark.count <= bytes.count {
            if bytes[index] == mark[0], bytes[index...].starts(with: mark) {
                index += mark.count
                return
            }
            index += 1
        }
        throw unended(what)
    }

    /// Reads a tag from its name on; the name comes in lower case without prefix.
    private mutating func tag(from start: Int) throws(IntakeError) -> (name: String, isClosed: Bool)
    {
        tags += 1
        var end = start
        while end < bytes.count, !Self.isSpace(bytes[end]), bytes[end] != UInt8(ascii: ">"),
            bytes[end] != UInt8(ascii: "/")
        {
            end += 1
        }
        let name = Self.name(of: bytes[start..<end].prefix(64))
        index = end
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
            if bytes[index] == UInt8(ascii: "=") {
                try value()
            } else {
                index += 1
            }
        }
        guard index < bytes.count else { throw unended("a tag") }
        let isClosed = bytes[index - 1] == UInt8(ascii: "/")
        index += 1
        return (name, isClosed)
    }

    /// A name in lower case without its prefix.
    private static func name(of bytes: ArraySlice<UInt8>) -> String {
        let colon = UInt8(ascii: ":")
        var bytes = bytes
        while bytes.count > 1, bytes.last == colon { bytes.removeLast() }
        if let place = bytes.dropLast().lastIndex(of: colon) { bytes = bytes[(place + 1)...] }
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            return String(decoding: bytes, as: UTF8.self).lowercased()
        }
        return String(decoding: bytes.map { isLetter($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Goes on behind an attribute's value.
    private mutating func value() throws(IntakeError) {
        index += 1
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            while index < bytes.count, bytes[index] != quote { index += 1 }
            guard index < bytes.count else { throw unended("an attribute") }
            index += 1
        } else {
            while index < bytes.count, !Self.isSpace(bytes[index]),
                bytes[index] != UInt8(ascii: ">")
            {
                index += 1
            }
        }
    }

    /// The content of an element in which tags mean nothing, to its end.
    private mutating func raw(_ name: String) throws(IntakeError) -> ArraySlice<UInt8> {
        let start = index
        let mark = Array(name.utf8)
        while index + 2 + mark.count <= bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "/"),
                zip(bytes[(index + 2)...], mark).allSatisfy({ $0 | 0x20 == $1 })
            {
                let content = bytes[start..<index]
                _ = try tag(from: index + 2)
                return content
            }
            index += 1
        }
        throw unended("<\(name)>")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

// MARK: - What elements mean

extension HTMLText {
    /// What an element does.
    private struct Meaning: OptionSet {
        let rawValue: Int
        static let block = Meaning(rawValue: 1)
        static let heading = Meaning(rawValue: 2)
        static let bold = Meaning(rawValue: 4)
        /// White space in it counts.
        static let preserved = Meaning(rawValue: 8)
        /// Tags in it mean nothing, and nothing of it is shown.
        static let raw = Meaning(rawValue: 16)
        /// It may stand in the head.
        static let ofHead = Meaning(rawValue: 32)
    }

    private static let meanings: [String: Meaning] = {
        var result: [String: Meaning] = [:]
        func add(_ meaning: Meaning, _ names: String) {
            for name in names.split(separator: " ") {
                result[String(name), default: []].insert(meaning)
            }
        }
        add(
            .block,
            """
            address article aside blockquote body caption center dd details dialog dir div dl dt fieldset \
            figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu \
            nav ol optgroup option p pre section select summary tbody textarea tfoot thead ul
            """)
        add(.heading, "h1 h2 h3 h4 h5 h6")
        add(.bold, "b strong th dt legend caption")
        add(.preserved, "pre textarea listing")
        add(.raw, "script style iframe noembed noframes template title")
        add(
            .ofHead,
            "meta link base basefont bgsound script style title noscript template object html head")
        return result
    }()

    private mutating func begin(_ name: String, isClosed: Bool) throws(IntakeError) {
        let meaning = Self.meanings[name] ?? []
        if meaning.contains(.raw) {
            guard !isClosed else { return }
            let content = try raw(name)
            if name == "title", title == nil { title = Self.line(of: content) }
            return
        }
        if name == "head", !isClosed { isHead = true }
        if isHead, !meaning.contains(.ofHead) { isHead = false }
        if isReading, name != "rt", name != "rp" { isReading = false }
        switch name {
        case "br": lines.breakLine(always: true)
        case "rt", "rp": isReading = !isClosed
        case "table": lines.beginTable()
        case "tr": lines.beginRow()
        case "td", "th": lines.beginCell()
        case "del" where !isClosed:
            deletions += 1
            hasDeletions = true
        default: if meaning.contains(.block) { lines.breakLine() }
        }
        if !isClosed { change(name, meaning, by: 1) }
        if isClosed, name == "table" { lines.endTable() }
    }

    private mutating func end(of name: String) {
        let meaning = Self.meanings[name] ?? []
        switch name {
        case "head": isHead = false
        case "br": lines.breakLine(always: true)
        case "rt", "rp", "ruby": isReading = false
        case "table": lines.endTable()
        case "del": deletions = max(0, deletions - 1)
        default: if meaning.contains(.block) { lines.breakLine() }
        }
        change(name, meaning, by: -1)
    }

    private mutating func change(_ name: String, _ meaning: Meaning, by step: Int) {
        if meaning.contains(.heading) { lines.headings = max(0, lines.headings + step) }
        if meaning.contains(.preserved) { lines.preserved = max(0, lines.preserved + step) }
        guard meaning.contains(.bold) else { return }
        // Cells and terms often have no end tag; the next begins where they end.
        let hasEnd = name == "b" || name == "strong"
        lines.bold = hasEnd ? max(0, lines.bold + step) : (step > 0 ? max(1, lines.bold) : 0)
    }

    private static func line(of content: ArraySlice<UInt8>) -> String? {
        var resolved: [UInt8] = []
        HTMLEntities.append(content.prefix(4096), to: &resolved)
        guard let whole = String(validating: resolved, as: UTF8.self) else { return nil }
        var lines = MarkupLines(limit: 1000)
        lines.append(whole)
        lines.finish()
        let text = lines.text
        return text.isEmpty ? nil : text
    }
}
