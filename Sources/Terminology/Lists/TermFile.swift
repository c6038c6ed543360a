// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import Intake
import JapaneseText
import RowFiles

/// A list of terms, read.
package struct TermFile: Sendable {
    /// Most bytes of a list.
    static let mostBytes = 1 << 30
    /// Most bytes of a row; a quotation mark that is never closed ends here.
    static let mostRowBytes = 64 << 10

    /// The file's name without its folder, control characters and `@`.
    package let name: String
    /// Its layout.
    package let format: TermFileFormat
    /// SHA-256 of its bytes.
    package let digest: ContentDigest
    /// Its terms in order; those below the wanted confidence are not among them.
    package let terms: [SourceTerm]
    /// Terms below the wanted confidence.
    package let unsure: Int

    /// The file as terms name it: name and the first 12 digits of its SHA-256.
    package var identity: String { "\(name)@\(digest.hexadecimal.prefix(12))" }

    /// Reads a file; without `format` its first line decides.
    ///
    /// `progress` gets the share that is read. Throws `FileError` and ``TermFileError``.
    package init(
        _ path: FilePath, format: TermFileFormat? = nil, confidence: TermConfidence = .c,
        progress: (Double) -> Void = { _ in }
    ) throws {
        let content = try DiskFiles().read(path, maximumBytes: Self.mostBytes)
        try self.init(
            content, path: path.description, format: format, confidence: confidence,
            progress: progress)
    }

    /// Reads a file's content; `path` is its name in errors.
    init(
        _ content: Data, path: String, format: TermFileFormat? = nil,
        confidence: TermConfidence = .c, progress: (Double) -> Void = { _ in }
    ) throws(TermFileError) {
        digest = ContentDigest(of: content)
        name = Self.safeName(path)
        let text = try Self.text(of: content, file: path)
        let separator: SeparatedValues.Separator? =
            switch format {
            case .byomei: .comma
            // A list has one column, whatever stands in its lines.
            case .diseaseList, .drugList: .tab
            default: nil
            }
        var table = SeparatedValues(
            text, separator: separator, mostRowBytes: Self.mostRowBytes)
        func next() throws(TermFileError) -> SeparatedValues.Row? {
            do throws(SeparatedValues.Malformed) {
                return try table.next()
            } catch {
                throw TermFileError(error, file: path)
            }
        }
        var header: [String] = []
        if format?.hasHeader ?? true {
            guard let row = try next() else { throw .empty(file: path) }
            header = row.fields.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard let format = format ?? TermFileFormat(header: header) else {
            throw .unknownFormat(file: path)
        }
        self.format = format
        let rows = try TermRows(format: format, header: header, file: path)
        var terms: [SourceTerm] = []
        var unsure = 0
        var count = 0
        while let row = try next() {
            count += 1
            if count & 0xFFF == 0 { progress(table.share) }
            if try rows.confidence(of: row) > confidence {
                unsure += 1
            } else if let term = try rows.term(of: row) {
                terms.append(term)
            }
        }
        guard count > 0 else { throw .empty(file: path) }
        self.terms = terms
        self.unsure = unsure
    }

    private static func text(of content: Data, file: String) throws(TermFileError) -> String {
        func line(_ offset: Int) -> Int {
            content.prefix(offset).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
        }
        guard !content.isEmpty else { throw .empty(file: file) }
        do {
            return try TextTables.text(of: content)
        } catch .binary(let offset) {
            throw .binary(file: file, line: line(offset), byteOffset: offset)
        } catch .nulBytes(_, let line, let offset) {
            throw .binary(file: file, line: line, byteOffset: offset)
        } catch .mixedEncodings(_, _, let line) {
            let offset = content.split(separator: 0x0A, omittingEmptySubsequences: false)
                .prefix(line - 1).reduce(0) { $0 + $1.count + 1 }
            throw .undecodable(file: file, line: line, byteOffset: offset)
        } catch .undecodable(_, let offset) {
            throw .undecodable(file: file, line: line(offset), byteOffset: offset)
        } catch {
            throw .undecodable(file: file, line: 1, byteOffset: 0)
        }
    }

    private static func safeName(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let scalars = name.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\u{7F}" && $0 != "@" }
        return String(String.UnicodeScalarView(scalars.prefix(100)))
    }
}

extension TermFileError {
    /// What is wrong with a table, in a file.
    fileprivate init(_ fault: SeparatedValues.Malformed, file: String) {
        self =
            switch fault {
            case .quotation(let line, let column):
                .quotation(file: file, line: line, column: column)
            case .rowTooLong(let line, let limit):
                .rowTooLong(file: file, line: line, limit: limit)
            }
    }
}
