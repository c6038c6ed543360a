// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Intake

/// Reads the documents of a file, or of standard input for `-`, and calls `body` with those that are
/// there, 64 at most at once: few for little waiting, many to keep a model busy.
///
/// Throws `FileError` for a file that cannot be read, and what `body` throws.
func readDocuments(
    of file: String, kind: DocumentKind, reader: DocumentReader,
    _ body: ([ReadDocument]) throws -> Void
) throws {
    let most = 64
    func hand(_ entries: [ReadDocument]) throws {
        for start in stride(from: 0, to: entries.count, by: most) {
            try body(Array(entries[start..<min(start + most, entries.count)]))
        }
    }
    let isInput = file == "-"
    var stream = DocumentStream(reader: reader, fileName: isInput ? nil : file, kind: kind)
    var source = try FileSource(FilePath(isInput ? "/dev/stdin" : file))
    while let piece = try source.next() { try hand(stream.take(piece)) }
    try hand(stream.finish())
}
