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
    private var first: IntakeError?

    init(_ entries: any Sequence<ReadDocument>) {
        var found = RecordFaults()
        for entry in entries {
            switch entry.result {
            case .success(let document): documents.append(document)
            case .failure(let error):
                first = first ?? error
                guard let line = entry.line else { continue }
                found.append(
                    RecordFault(line: line, code: error.code, reason: error.explanation))
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
    /// encoding. Throws what is wrong with the file as a whole.
    package static func remaining(
        of content: Data, fileName: String, kind: DocumentKind, recorded: [String],
        limits: IntakeLimits
    ) throws(IntakeError) -> Data {
        var counts: [String: Int] = [:]
        for mark in recorded { counts[mark, default: 0] += 1 }
        var rest = Data()
        let entries = try DocumentReader(limits: limits).entries(
            in: content, fileName: fileName, kind: kind)
        for entry in entries {
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
    /// What tells a record from the others of its file: half of the SHA-256 of all that its sender said.
    fileprivate var recordMark: String {
        let said: [JSONValue] = [
            .string(kind.rawValue), .string(text),
            externalIdentifier.map(JSONValue.string) ?? .null,
            patientIdentifier.map(JSONValue.string) ?? .null,
            authoredAt.map(JSONValue.string) ?? .null,
        ]
        let digest = ContentDigest(of: Data(JSONValue.array(said).text.utf8))
        return String(digest.hexadecimal.prefix(32))
    }
}
