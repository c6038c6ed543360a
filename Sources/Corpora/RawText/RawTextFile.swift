// SPDX-License-Identifier: Apache-2.0
import CompressedFiles

/// The documents of a file of raw text, one after another, the file packed or not.
///
/// Reading divides the file only; what a record means is worked out by ``document(in:)``, which may
/// be called on any thread. Memory is bounded by the longest document that is read.
package struct RawTextFile: ~Copyable {
    /// Longest document that is read, in bytes of the file's form.
    package static let longestDocument = 64 << 20

    /// The format, given or told by the content.
    package let format: RawTextFormat
    /// What errors call the file.
    package let file: String
    private var lines: RawLines

    /// Opens a file, whose format shows by its first line where none is given.
    ///
    /// Throws `UnpackingError`, and ``RawTextError/tooLong(file:line:limit:)``.
    package init(_ file: String, format: RawTextFormat? = nil) throws {
        var lines = try RawLines(file, longest: Self.longestDocument)
        let first = try lines.peek()
        self.format = format ?? first.map { RawTextFormat.told(by: $0) } ?? .text
        self.file = file
        self.lines = lines
    }

    /// Bytes of the file itself that were read so far.
    package var packedBytes: Int { lines.packedBytes }

    /// The next document as it stands in the file; nil at the end.
    ///
    /// Throws `UnpackingError`, and ``RawTextError`` for what stands between documents.
    package mutating func next() throws -> RawRecord? {
        guard let (first, line) = try lines.nextNotBlank() else { return nil }
        switch format {
        case .jsonl, .oscar: return RawRecord(bytes: Array(first), line: line)
        case .text: return try paragraphs(from: first, line)
        case .wikiextractor where first.first == UInt8(ascii: "{"),
            .wiki40b where first.first == UInt8(ascii: "{"):
            return RawRecord(bytes: Array(first), line: line)
        case .wikiextractor: return try element(from: first, line)
        case .wiki40b: return try article(from: first, line)
        }
    }

    /// Lines up to a blank one.
    private mutating func paragraphs(
        from first: ArraySlice<UInt8>, _ line: Int
    ) throws -> RawRecord {
        var bytes = Array(first)
        while let next = try lines.next(), !next.trimmed.isEmpty {
            try append(next, to: &bytes, line)
        }
        return RawRecord(bytes: bytes, line: line)
    }

    /// Lines from `<doc …>` to `</doc>`.
    private mutating func element(
        from first: ArraySlice<UInt8>, _ line: Int
    ) throws -> RawRecord {
        guard first.starts(with: RawTextMarks.document) else {
            throw RawTextError.malformed(file: file, line: line, expected: "<doc …>")
        }
        var bytes = Array(first)
        while let next = try lines.next() {
            if next.trimmed.elementsEqual(RawTextMarks.documentEnd) {
                return RawRecord(bytes: bytes, line: line)
            }
            try append(next, to: &bytes, line)
        }
        throw RawTextError.malformed(
            file: file, line: line, expected: "followed by </doc> before the file's end")
    }

    /// Lines from the mark of an article to that of the next.
    private mutating func article(
        from first: ArraySlice<UInt8>, _ line: Int
    ) throws -> RawRecord {
        guard first.trimmed.elementsEqual(RawTextMarks.article) else {
            throw RawTextError.malformed(file: file, line: line, expected: "_START_ARTICLE_")
        }
        var bytes = Array(first)
        while let next = try lines.peek(), !next.trimmed.elementsEqual(RawTextMarks.article) {
            guard let next = try lines.next() else { break }
            try append(next, to: &bytes, line)
        }
        return RawRecord(bytes: bytes, line: line)
    }

    private func append(
        _ next: ArraySlice<UInt8>, to bytes: inout [UInt8], _ line: Int
    ) throws {
        guard bytes.count + next.count < Self.longestDocument else {
            throw RawTextError.tooLong(file: file, line: line, limit: Self.longestDocument)
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes += next
    }
}

/// The lines of a file, unpacked as they come.
private struct RawLines: ~Copyable {
    private var source: UnpackedFile
    private let file: String
    private let longest: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var number = 0
    /// A line that was looked at and not taken yet.
    private var waiting: ArraySlice<UInt8>?

    init(_ file: String, longest: Int) throws {
        source = try UnpackedFile(file)
        (self.file, self.longest) = (file, longest)
    }

    var packedBytes: Int { source.packedBytes }

    /// The next line that is not blank, with its number.
    mutating func nextNotBlank() throws -> (ArraySlice<UInt8>, Int)? {
        while let line = try next() {
            if !line.trimmed.isEmpty { return (line, number) }
        }
        return nil
    }

    /// The next line that is not blank, which stays the next; blank ones before it are passed over.
    mutating func peek() throws -> ArraySlice<UInt8>? {
        if waiting == nil {
            guard let (line, _) = try nextNotBlank() else { return nil }
            waiting = line
            number -= 1
        }
        return waiting
    }

    /// The next line without its line end.
    mutating func next() throws -> ArraySlice<UInt8>? {
        if let line = waiting {
            waiting = nil
            number += 1
            return line
        }
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(to: end, leaving: end + 1)
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count else { return nil }
                return take(to: buffer.count, leaving: buffer.count)
            }
            guard buffer.count - start < longest else {
                throw RawTextError.tooLong(file: file, line: number + 1, limit: longest)
            }
            if start > 0 {
                searched -= start
                buffer.removeSubrange(..<start)
                start = 0
            }
            if let piece = try source.next() { buffer += piece } else { isAtEnd = true }
        }
    }

    private mutating func take(to end: Int, leaving next: Int) -> ArraySlice<UInt8> {
        var line = buffer[start..<end]
        start = next
        number += 1
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
