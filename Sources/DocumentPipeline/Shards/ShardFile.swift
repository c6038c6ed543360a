// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import DurableFiles
import Foundation
package import Spool

/// One shard that was read as a whole: every line there, and in order.
package struct AnnotatedShard {
    /// Who has read what.
    package let header: ShardHeader
    /// The line that the header stands in.
    let line: Int
    /// Its documents with what was found in each.
    fileprivate(set) var documents: [(document: ClinicalDocument, findings: Findings)] = []
    /// Records that gave no document.
    package fileprivate(set) var faults: [RecordFault] = []
    /// SHA-256 of the bytes that were read.
    fileprivate(set) var sha256 = ""
}

/// A file of one or more shards, as `annotate --for-merge` writes them.
package struct ShardFile {
    /// The file.
    package let path: FilePath
    /// No document is that large; a file without line feeds is not read to its end.
    private static let longestLine = 64 << 20

    /// The file at a path.
    package init(_ path: FilePath) { self.path = path }

    /// Calls `body` with each shard. Throws ``ShardError`` for the first line that is not as it was written, `FileError`,
    /// and what `body` throws.
    package func eachShard(_ body: (AnnotatedShard) throws -> Void) throws {
        var reading = Reading(file: path.description)
        var (line, rest) = (0, [UInt8]())
        var source = try FileSource(path)
        while let piece = try source.next() {
            var start = 0
            while let end = piece[start...].firstIndex(of: 0x0A) {
                line += 1
                let whole = rest + piece[start..<end]
                (rest, start) = ([], end + 1)
                if let shard = try reading.take(whole, line) { try body(shard) }
            }
            rest += piece[start...]
            guard rest.count <= Self.longestLine else {
                throw ShardError.damaged(file: path.description, line: line + 1)
            }
        }
        if !rest.isEmpty, let shard = try reading.take(rest, line + 1) {
            line += 1
            try body(shard)
        }
        try reading.requireEnd(after: line)
    }
}

/// The shard that is being read.
private struct Reading {
    let file: String
    private var sum = ShardSum()
    private var shard: AnnotatedShard?
    private var isEmpty = true

    init(file: String) { self.file = file }

    /// Takes the next line; gives the shard that ends with it.
    mutating func take(_ bytes: [UInt8], _ line: Int) throws(ShardError) -> AnnotatedShard? {
        if shard == nil { sum = ShardSum() }
        guard let object = sum.opened(bytes) else {
            throw .damaged(file: file, line: line)
        }
        let content: ShardLine
        do {
            content = try JSONDecoder().decode(ShardLine.self, from: object)
        } catch {
            throw .malformed(file: file, line: line, field: Self.place(of: error))
        }
        isEmpty = false
        guard var open = shard else {
            guard let header = content.shard else {
                throw .malformed(file: file, line: line, field: "shard")
            }
            guard ShardHeader.date(header.readAt) != nil else {
                throw .malformed(file: file, line: line, field: "shard.read_at")
            }
            shard = AnnotatedShard(header: header, line: line)
            return nil
        }
        if let document = content.document, let findings = content.findings {
            let found = findings.findings
            if let fault = PlacedFindings(of: document).fault(in: found) {
                throw .malformed(file: file, line: line, field: fault)
            }
            open.documents.append((document, found))
        } else if let fault = content.fault {
            open.faults.append(fault)
        } else if let end = content.end {
            guard end.documents == open.documents.count, end.faults == open.faults.count else {
                throw .malformed(file: file, line: line, field: "end")
            }
            open.sha256 = end.sha256
            shard = nil
            return open
        } else {
            throw .malformed(file: file, line: line, field: "document")
        }
        shard = open
        return nil
    }

    /// That nothing is missing behind the last line.
    func requireEnd(after line: Int) throws(ShardError) {
        guard shard == nil, !isEmpty else { throw .cutOff(file: file, line: line) }
    }

    /// The path of the field that cannot be read; no value is named, since it may be text of a document.
    private static func place(of error: any Error) -> String {
        let path: [any CodingKey] =
            switch error {
            case DecodingError.keyNotFound(let key, let context): context.codingPath + [key]
            case DecodingError.typeMismatch(_, let context),
                DecodingError.valueNotFound(_, let context),
                DecodingError.dataCorrupted(let context):
                context.codingPath
            default: []
            }
        return path.isEmpty ? "the object" : path.map(\.stringValue).joined(separator: ".")
    }
}
