// SPDX-License-Identifier: Apache-2.0
import Corpora
import DurableFiles
import Foundation
import JapaneseText
import RowFiles
import Tensors
import Training

/// The documents of one file of raw text, and the words MeCab finds in them.
struct SourceText {
    /// Largest file that is read, in bytes.
    static let byteLimit = 4 << 30
    /// Documents that one thread takes at a time.
    private static let chunkDocuments = 128
    /// Chunks from one progress report to the next.
    private static let chunksInRound = 16

    private let documents: [Substring]

    /// Cuts text where one or more blank lines stand; throws ``RecipeError/notUTF8(file:offset:)``.
    ///
    /// A file whose name ends in `.jsonl` has a document in the field `text` of each line, as `corpus filter`
    /// writes it; throws `RawTextError` for another line.
    init(_ content: Data, file: String) throws {
        documents =
            file.hasSuffix(".jsonl")
            ? try Self.lines(content, file: file) : Self.split(try Self.utf8(content, file: file))
        if documents.isEmpty { throw RecipeError.noDocuments(file: file) }
    }

    /// The text of a file; throws ``RecipeError/notUTF8(file:offset:)``.
    static func utf8(_ content: Data, file: String) throws -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            let bytes = [UInt8](content)
            throw RecipeError.notUTF8(file: file, offset: firstBadByte(bytes))
        }
        return text
    }

    private static func lines(_ content: Data, file: String) throws -> [Substring] {
        let reader = RawRecordReader(.jsonl, file: file)
        return try NumberedLines(content).map { line in
            let record = RawRecord(bytes: [UInt8](line.bytes), line: line.number)
            return Substring(try reader.document(in: record).text)
        }.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    private static func split(_ text: String) -> [Substring] {
        var documents: [Substring] = []
        var start = text.startIndex
        var end = start
        func finish() {
            if start < end { documents.append(text[start..<end]) }
        }
        var lineStart = text.startIndex
        while lineStart < text.endIndex {
            let lineEnd =
                text.utf8[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
            if text.utf8[lineStart..<lineEnd].allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
                finish()
                start = lineEnd < text.endIndex ? text.utf8.index(after: lineEnd) : lineEnd
                end = start
            } else {
                end = lineEnd
            }
            lineStart = lineEnd < text.endIndex ? text.utf8.index(after: lineEnd) : lineEnd
        }
        finish()
        return documents
    }

    /// The length of the longest valid prefix, found by halving.
    private static func firstBadByte(_ bytes: [UInt8]) -> Int {
        var (good, bad) = (0, bytes.count)
        while bad - good > 4 {
            // A cut through a character is no fault: step back to the start of one.
            var middle = (good + bad) / 2
            while middle > good, UTF8.isContinuation(bytes[middle]) { middle -= 1 }
            if middle == good { break }
            if String(validating: bytes[good..<middle], as: UTF8.self) != nil {
                good = middle
            } else {
                bad = middle
            }
        }
        // The last few bytes, character by character.
        func isCharacter(_ length: Int) -> Bool {
            good + length <= bytes.count
                && String(validating: bytes[good..<good + length], as: UTF8.self) != nil
        }
        while let length = (1...4).first(where: isCharacter) { good += length }
        return good
    }

    /// The documents.
    var texts: [String] { documents.map(String.init) }

    /// Number of documents.
    var count: Int { documents.count }

    /// Calls `body` for each document, in parallel, and returns the results in order.
    func map<Result: Sendable>(
        stop: StopRequest, progress: (_ share: Double) -> Void, _ body: (String) -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(documents.count)
        let round = Self.chunkDocuments * Self.chunksInRound
        for start in stride(from: 0, to: documents.count, by: round) {
            let end = min(start + round, documents.count)
            var chunks = stride(from: start, to: end, by: Self.chunkDocuments).map {
                DocumentChunk<Result>(documents: $0..<min($0 + Self.chunkDocuments, end))
            }
            ComputeThreads.forEachWorker(&chunks) { _, chunk in
                chunk.results = chunk.documents.map {
                    body(String(documents[$0]))
                }
            }
            for chunk in chunks { results += chunk.results }
            progress(Double(end) / Double(documents.count))
            if stop.isRequested { throw TrainingError.stopped(phase: "text", step: end) }
        }
        return results
    }

    /// The words of a text, one list for each sentence, and between two of them the list of one
    /// line break, `"\n"`.
    ///
    /// Those who read with the trunk later set a line break after each sentence too.
    static func words(_ text: AnalyzedText) -> [[String]] {
        let sentences = text.sentences.lazy.filter { !$0.morphemes.isEmpty }
            .map { $0.morphemes.map(\.surface) }
        return Array(sentences.map { [$0] }.joined(separator: [["\n"]]))
    }
}

/// Some documents, and what one thread made of each.
private struct DocumentChunk<Result: Sendable>: Sendable {
    let documents: Range<Int>
    var results: [Result] = []
}
