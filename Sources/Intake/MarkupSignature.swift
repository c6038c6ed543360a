// SPDX-License-Identifier: Apache-2.0

/// XML and HTML, told from notes with headings in angle brackets: `<所見>`, `<S>`, `<A/P>`, `< 3 cm`.
enum MarkupSignature {
    /// Elements that are markup even where nothing closes them.
    private static let roots: Set<String> = ["html", "script", "style", "clinicaldocument", "mml"]
    /// Elements of HTML; `<Head>` and `<P>` are headings, too, so that their closing tags decide.
    private static let elementsOfHTML: Set<String> = [
        "html", "head", "body", "script", "style", "title", "meta", "div", "p", "span", "table",
        "tr", "td", "ul", "ol", "li", "b", "i", "u", "font", "pre", "h1", "h2", "h3", "h4", "br",
        "hr", "center", "strong", "em", "a", "dl", "section", "article", "form",
    ]

    /// The format of a text that begins with markup; nil where it begins with anything else.
    static func format(of bytes: ArraySlice<UInt8>) -> StructuredFormat? {
        guard bytes.first == UInt8(ascii: "<") else { return nil }
        let start = lowercased(bytes.prefix(64))
        if start.hasPrefix("<!--") {
            return afterComment(bytes).map { format(of: $0) ?? .html } ?? .html
        }
        if start.hasPrefix("<!doctype") { return start.contains("html") ? .html : .xml }
        if start.hasPrefix("<?php") { return .program }
        if start.hasPrefix("<!") || start.hasPrefix("<?xml") || start.hasPrefix("<?mso") {
            return .xml
        }
        guard let tag = Tag(bytes), isMarkup(tag, bytes) else { return nil }
        return elementsOfHTML.contains(tag.name.lowercased()) ? .html : .xml
    }

    /// Whether a text that is no page has two signs of HTML: breaks, closing tags, entities, or a tag that it
    /// begins with. One alone stands in notes, too.
    static func isFragment(_ bytes: ArraySlice<UInt8>) -> Bool {
        let first = bytes.first == UInt8(ascii: "<") ? Tag(bytes)?.name.lowercased() : nil
        var signs = first.map { elementsOfHTML.contains($0) && $0 != "br" ? 1 : 0 } ?? 0
        for place in bytes.indices
        where bytes[place] == UInt8(ascii: "<") || bytes[place] == UInt8(ascii: "&") {
            if isSign(lowercased(bytes[place...].prefix(12))) { signs += 1 }
            if signs > 1 { return true }
        }
        return false
    }

    private static func isSign(_ start: String) -> Bool {
        if start.hasPrefix("&") {
            if ["&nbsp;", "&lt;", "&gt;", "&amp;", "&quot;"].contains(where: start.hasPrefix) {
                return true
            }
            let digits = start.dropFirst(2).prefix { $0.isHexDigit || $0 == "x" }
            return start.hasPrefix("&#") && !digits.isEmpty
                && start.dropFirst(2 + digits.count).first == ";"
        }
        guard let end = start.firstIndex(of: ">") else { return false }
        let inside = start[..<end].dropFirst()
        if inside.first == "/" { return elementsOfHTML.contains(String(inside.dropFirst())) }
        return ["br", "br/", "br /"].contains(inside)
    }

    /// The local name of the first element of an XML file, in any encoding whose ASCII characters are those
    /// of ASCII or of UTF-16; nil where none is among its first bytes.
    static func rootName(of bytes: [UInt8]) -> String? {
        var rest = bytes.prefix(1 << 16)
        // Of UTF-16 one of the first bytes is zero.
        if rest.prefix(4).contains(0) { rest = rest.filter { $0 != 0 }[...] }
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[start...]
            let end: String
            switch rest.dropFirst().first {
            case UInt8(ascii: "?"): end = "?>"
            case UInt8(ascii: "!"): end = rest.starts(with: "<!--".utf8) ? "-->" : ">"
            default:
                let name = rest.dropFirst().prefix {
                    $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
                }
                let text = String(decoding: name, as: UTF8.self)
                return text.split(separator: ":").last.map(String.init)
            }
            let after = rest.indices.first { rest[$0...].starts(with: end.utf8) }
            guard let after else { return nil }
            rest = rest[after...].dropFirst(end.utf8.count)
        }
        return nil
    }

    private static func isMarkup(_ tag: Tag, _ bytes: ArraySlice<UInt8>) -> Bool {
        let name = tag.name.lowercased()
        if tag.hasAttributes || roots.contains(name) { return true }
        let rest = bytes.dropFirst(tag.length)
        // Nothing closes these.
        if name == "br" || name == "hr" { return tag.isClosed || has("<\(name)", in: rest) }
        return has("</\(name)", in: rest)
    }

    private static func afterComment(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let end = bytes.indices.first { bytes[$0...].starts(with: "-->".utf8) }
        return end.map { bytes[$0...].dropFirst(3).drop { $0 <= 0x20 } }
    }

    /// Whether a tag stands in a text that begins like `word`, which is in lower case, and goes on as a
    /// tag of that name does.
    private static func has(_ word: String, in bytes: ArraySlice<UInt8>) -> Bool {
        let word = Array(word.utf8)
        return bytes.indices.contains { place in
            guard bytes[place] == word[0], bytes.endIndex - place > word.count,
                zip(bytes[place...], word).allSatisfy({ lowercased($0) == $1 })
            else { return false }
            let next = bytes[place + word.count]
            return next <= 0x20 || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map(lowercased), as: UTF8.self)
    }

    /// An opening tag.
    private struct Tag {
        let name: String
        let hasAttributes: Bool
        /// Whether it ends in `/>`.
        let isClosed: Bool
        /// Its bytes, from `<` to `>`.
        let length: Int

        /// Reads the tag at the start; nil where none stands there, as in `< 3 cm>` or `<A/P>`.
        init?(_ bytes: ArraySlice<UInt8>) {
            let inside = bytes.dropFirst().prefix(4096).prefix { $0 != UInt8(ascii: ">") }
            guard bytes.dropFirst(1 + inside.count).first == UInt8(ascii: ">") else { return nil }
            length = inside.count + 2
            isClosed = inside.last == UInt8(ascii: "/")
            let content = isClosed ? inside.dropLast() : inside
            let nameBytes = content.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
            guard let first = nameBytes.first, first >= 0x41, first != UInt8(ascii: "<") else {
                return nil
            }
            name = String(decoding: nameBytes, as: UTF8.self)
            let rest = content.dropFirst(nameBytes.count)
            hasAttributes = Self.isAttribute(
                rest, mustBeQuoted: !elementsOfHTML.contains(name.lowercased()))
            guard hasAttributes || rest.allSatisfy({ $0 <= 0x20 }) else { return nil }
        }

        /// Whether what follows a name begins with an attribute. `<採血 CRP=8.7>` is a heading, so
        /// outside HTML its value has to be quoted.
        private static func isAttribute(_ rest: ArraySlice<UInt8>, mustBeQuoted: Bool) -> Bool {
            guard let first = rest.first, first <= 0x20 else { return false }
            let attribute = rest.drop { $0 <= 0x20 }
            let name = attribute.prefix { byte in
                byte > 0x20 && byte != UInt8(ascii: "=") && byte < 0x80
            }
            let value = attribute.dropFirst(name.count).drop { $0 <= 0x20 }
            guard !name.isEmpty, value.first == UInt8(ascii: "=") else { return false }
            let quote = value.dropFirst().drop { $0 <= 0x20 }.first
            return !mustBeQuoted || quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        }
    }
}
