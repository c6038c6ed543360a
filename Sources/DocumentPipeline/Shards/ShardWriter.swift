// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
import Faults
import Foundation
package import Intake
import JSONFiles
import Spool

/// Gives the lines of a shard, each with its line feed: a header, a line a record, an end.
///
/// Documents are read in groups that follow from the input alone, since the last digits of scores depend on what is
/// read together: who reads the same again writes the same bytes.
package struct ShardWriter {
    /// Gives what documents hold, in their order.
    package typealias Reader = ([ClinicalDocument]) throws -> [Findings]

    private let read: Reader
    private var sum = ShardSum()
    private var waiting: [ReadDocument] = []
    private var characters = 0
    private var documents = 0
    /// Records that gave no document so far.
    package private(set) var faults = 0

    /// A shard whose documents `read` reads.
    package init(read: @escaping Reader) { self.read = read }

    /// The line before all others.
    package mutating func header(_ header: ShardHeader) throws -> [UInt8] {
        try line(ShardLine(shard: header))
    }

    /// Takes the next records; gives the lines of the groups that are whole with them.
    package mutating func take(_ records: [ReadDocument]) throws -> [UInt8] {
        var lines: [UInt8] = []
        for record in records {
            if case .failure(let error) = record.result, error.isPassedOver { continue }
            waiting.append(record)
            characters += (try? record.result.get())?.text.unicodeScalars.count ?? 0
            let isWhole =
                waiting.count >= ClinicalProcessor.mostDocumentsTogether
                || characters >= ClinicalProcessor.mostCharactersTogether
            if isWhole { lines += try group() }
        }
        return lines
    }

    /// The lines of what is left, and the last one; `input` is the digest of the bytes that were read.
    package mutating func end(_ input: ContentDigest) throws -> [UInt8] {
        try group()
            + line(
                ShardLine(
                    end: ShardEnd(
                        documents: documents, faults: faults, sha256: input.hexadecimal)))
    }

    private mutating func group() throws -> [UInt8] {
        let records = waiting
        (waiting, characters) = ([], 0)
        let read = records.compactMap { try? $0.result.get().named }
        var findings = try findings(in: read)[...]
        var lines: [UInt8] = []
        for record in records {
            switch record.result {
            case .success(let document):
                switch findings.popFirst() {
                case .success(let found)?:
                    documents += 1
                    lines += try line(
                        ShardLine(document: document.named, findings: ShardFindings(found)))
                case .failure(let error)?:
                    lines += try fault(
                        record, code: "model-failed",
                        reason: "the model cannot read it: \(explained(error).explanation)")
                case nil: preconditionFailure("findings of each document")
                }
            case .failure(let error):
                lines += try fault(record, code: error.code, reason: error.explanation)
            }
        }
        return lines
    }

    /// The findings of all, or where that fails of each by itself, so that one document harms no other.
    private func findings(
        in documents: [ClinicalDocument]
    ) throws -> [Result<Findings, any Error>] {
        guard !documents.isEmpty else { return [] }
        do {
            return try read(documents).map { .success($0) }
        } catch  where explained(error).disposition.remedy == .retry {
            throw error
        } catch  where documents.count > 1 {
            return try documents.flatMap { try findings(in: [$0]) }
        } catch {
            return [.failure(error)]
        }
    }

    private mutating func fault(
        _ record: ReadDocument, code: String, reason: String
    ) throws -> [UInt8] {
        faults += 1
        let words = record.place.flatMap { $0.unit == .line ? nil : $0.words }
        return try line(
            ShardLine(
                fault: RecordFault(line: record.line, record: words, code: code, reason: reason)))
    }

    private mutating func line(_ line: ShardLine) throws -> [UInt8] {
        sum.closed(try JSONEncoder.sorted().encode(line)) + [0x0A]
    }
}
