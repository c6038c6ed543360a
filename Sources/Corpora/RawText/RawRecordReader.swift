// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// Works out what the records of a file mean.
package struct RawRecordReader: Sendable {
    private let format: RawTextFormat
    private let file: String

    /// A reader of the records of a file.
    package init(_ format: RawTextFormat, file: String) {
        (self.format, self.file) = (format, file)
    }

    /// The document of a record; throws ``RawTextError``.
    package func document(in record: RawRecord) throws(RawTextError) -> RawDocument {
        switch format {
        case .text: return RawDocument(text: try text(record.bytes[...], record))
        case .jsonl: return try line(record)
        case .oscar: return try webPage(record)
        case .wikiextractor:
            return record.isJSON ? try line(record) : try element(record)
        case .wiki40b:
            guard record.isJSON else { return try article(try text(record.bytes[...], record)) }
            var document = try line(record)
            let article = try article(document.text)
            (document.title, document.text) = (article.title ?? document.title, article.text)
            return document
        }
    }

    private func text(
        _ bytes: ArraySlice<UInt8>, _ record: RawRecord
    ) throws(RawTextError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8(file: file, line: record.line)
        }
        return text
    }

    // MARK: JSON

    private func object(_ record: RawRecord) throws(RawTextError) -> JSONValue {
        guard let value = try? JSONValue(parsing: record.bytes), case .object = value else {
            throw .malformed(file: file, line: record.line, expected: "an object of JSON")
        }
        return value
    }

    private func string(
        _ field: String, of value: JSONValue, _ record: RawRecord
    ) throws(RawTextError) -> String {
        guard case .string(let text)? = value[field] else {
            throw .missingField(file: file, line: record.line, field: field)
        }
        return text
    }

    private func line(_ record: RawRecord) throws(RawTextError) -> RawDocument {
        let value = try object(record)
        return RawDocument(
            id: (value["id"] ?? value["wikidata_id"])?.shortText,
            title: value["title"]?.shortText, address: value["url"]?.shortText,
            text: try string("text", of: value, record))
    }

    private func webPage(_ record: RawRecord) throws(RawTextError) -> RawDocument {
        let value = try object(record)
        let headers = value["warc_headers"]
        return RawDocument(
            id: headers?["warc-record-id"]?.shortText,
            address: headers?["warc-target-uri"]?.shortText,
            text: try string("content", of: value, record))
    }

    // MARK: Wikipedia

    /// `<doc id="…" url="…" title="…">`, the title once more, and the text.
    private func element(_ record: RawRecord) throws(RawTextError) -> RawDocument {
        let whole = try text(record.bytes[...], record)
        var lines = whole.split(separator: "\n", omittingEmptySubsequences: false)[...]
        let tag = lines.popFirst() ?? ""
        let title = Self.attribute("title", of: tag)
        if let title, lines.first.map(Self.unescaped) == title { lines.removeFirst() }
        return RawDocument(
            id: Self.attribute("id", of: tag), title: title,
            address: Self.attribute("url", of: tag),
            text: Self.trimmed(lines.joined(separator: "\n")))
    }

    /// The value of an attribute; WikiExtractor leaves quotes in titles as they are, so the last one ends it.
    private static func attribute(_ name: String, of tag: Substring) -> String? {
        guard let start = tag.firstRange(of: " \(name)=\"")?.upperBound else { return nil }
        let rest = tag[start...]
        let end =
            name == "title"
            ? rest.lastIndex(of: "\"") : rest.firstIndex(of: "\"")
        return end.map { unescaped(rest[..<$0]) }
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        return names.reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }

    /// The paragraphs of an article of Wiki-40B, without headings, which are no sentences.
    private func article(_ text: String) throws(RawTextError) -> RawDocument {
        var title: String?
        var paragraphs: [String] = []
        var mark: ArraySlice<UInt8> = []
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            let bytes = Array(line.utf8)[...].trimmed
            if [RawTextMarks.article, RawTextMarks.section, RawTextMarks.paragraph]
                .contains(where: { bytes.elementsEqual($0) })
            {
                mark = bytes
            } else if mark.elementsEqual(RawTextMarks.article) {
                title = Self.trimmed(String(line))
            } else if !mark.elementsEqual(RawTextMarks.section) {
                paragraphs.append(String(line).replacing(RawTextMarks.newline, with: "\n"))
            }
        }
        return RawDocument(
            title: title, text: Self.trimmed(paragraphs.joined(separator: "\n")))
    }

    private static func trimmed(_ text: String) -> String {
        String(decoding: Array(text.utf8)[...].trimmed, as: UTF8.self)
    }
}

extension RawRecord {
    fileprivate var isJSON: Bool { bytes.first == UInt8(ascii: "{") }
}

extension JSONValue {
    /// A string, or a number as text.
    fileprivate var shortText: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: nil
        }
    }
}
