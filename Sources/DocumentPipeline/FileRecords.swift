// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import DurableFiles
package import Foundation
package import Intake
import JSONFiles
import Spool

/// The records of one file: the documents that they give, and the faults of those that give none.
struct FileRecords {
    private(set) var documents: [ClinicalDocument] = []
    /// nil where every record gave a document.
    private(set) var faults: RecordFaults?
    /// Records of kinds that hold no narrative, such as laboratory results.
    private(set) var passedOver = 0
    private var first: IntakeError?

    init(_ entries: any Sequence<ReadDocument>) {
        var found = RecordFaults()
        for entry in entries {
            switch entry.result {
            case .success(let document): documents.append(document.named)
            case .failure(let error) where error.isPassedOver: passedOver += 1
            case .failure(let error):
                first = first ?? error
                guard let place = entry.place else { continue }
                found.append(
                    RecordFault(
                        line: entry.line, record: place.unit == .line ? nil : place.words,
                        code: error.code, reason: error.explanation))
            }
        }
        guard first != nil else { return }
        found.documents = documents.map(\.recordMark)
        faults = found
    }

    /// How many documents state a time of writing that is none.
    var unreadTimes: Int {
        documents.count { $0.authoredAt.map { StatedTime($0) == nil } ?? false }
    }

    /// Why nothing of the file is recorded: its first fault, and where it has several all of them; nil
    /// where it gives a document.
    var rejection: ProcessingOutcome? {
        guard documents.isEmpty, let first else { return nil }
        return .rejected(
            code: first.code, reason: first.explanation,
            faults: faults.flatMap { $0.count > 1 ? $0 : nil })
    }
}

/// Files in `failed/` of which some records are recorded.
package enum RetriedRecords {
    /// What is left of such a file's content when the records are taken out that its report marks as
    /// recorded: lines of UTF-8, each as it stands.
    ///
    /// A record is known by what it says, so the copy may have been corrected, sorted, or saved in another
    /// encoding. Other formats than JSON Lines are left as they are: their records have keys, so that what is
    /// recorded shows as a duplicate. Throws what is wrong with the file as a whole.
    package static func remaining(
        of content: Data, fileName: String, kind: DocumentKind, recorded: [String],
        reader: DocumentReader
    ) throws(IntakeError) -> Data {
        var counts: [String: Int] = [:]
        for mark in recorded { counts[mark, default: 0] += 1 }
        var rest = Data()
        let entries = try reader.entries(
            in: content, fileName: fileName, kind: kind)
        for entry in entries {
            guard entry.object != nil || entry.place?.unit == .line else { return content }
            if case .success(let document) = entry.result {
                let mark = document.recordMark
                if let count = counts[mark], count > 0 {
                    counts[mark] = count - 1
                    continue
                }
            }
            rest += Data(entry.object ?? []) + Data("\n".utf8)
        }
        return rest
    }
}

extension ClinicalDocument {
    /// The same document; a patient's of a structured format that nothing names gets what it says as its key,
    /// so that a file that is sent or retried once more gives no second document.
    var named: ClinicalDocument {
        guard source.key == nil, patientIdentifier != nil, source.format != .text,
            source.format != .jsonLines
        else {
            return self
        }
        var source = source
        source.key = "\(source.format.rawValue):content:\(recordMark)"
        return ClinicalDocument(
            kind: kind, text: text, encoding: encoding, externalIdentifier: externalIdentifier,
            patientIdentifier: patientIdentifier, authoredAt: authoredAt, source: source)
    }

    /// What tells a record from the others of its file: half of the SHA-256 of all that its sender said.
    fileprivate var recordMark: String {
        var said: [JSONValue] = [
            .string(kind.rawValue), .string(text),
            externalIdentifier.map(JSONValue.string) ?? .null,
            patientIdentifier.map(JSONValue.string) ?? .null,
            authoredAt.map(JSONValue.string) ?? .null,
        ]
        // Nothing else tells one withdrawal from the next.
        if source.status == .withdrawn, let key = source.key { said.append(.string(key)) }
        let digest = ContentDigest(of: Data(JSONValue.array(said).text.utf8))
        return String(digest.hexadecimal.prefix(32))
    }
}
