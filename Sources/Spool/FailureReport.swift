// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
import JSONFiles

/// Why a file was set aside: the content of `failed/NAME.error.json`, never any text of the document.
package struct FailureReport: Codable, Hashable, Sendable {
    /// What went wrong, one word with hyphens, for programs.
    package let code: String
    /// What went wrong, for people.
    package let reason: String
    /// The folder it came from; absent for a file that no producer dropped.
    package let kind: DocumentKind?
    /// The producer's name of the file, escaped.
    package let sourceName: String
    /// The SHA-256 of its content, where it could be read.
    package let sha256: String?
    /// When it was set aside, ISO 8601 in UTC.
    package let at: String
    /// How often it had been begun.
    package let attempts: Int
    /// What an administrator can do.
    package let nextStep: String
    /// How many records of the file gave no document; absent for a file that is no file of records.
    package var faults: Int?
    /// The first of them, each with its place.
    package var records: [RecordFault]?
    /// Marks of the documents that its other records gave; absent where none is recorded.
    package var recordedDocuments: [String]?

    enum CodingKeys: String, CodingKey {
        case code, reason, kind, sha256, at, attempts, faults, records
        case recordedDocuments = "recorded_documents"
        case sourceName = "source_name"
        case nextStep = "next_step"
    }

    /// The report as indented JSON with sorted keys and a final newline.
    package func json() throws -> Data {
        return try JSONEncoder.sorted(.prettyPrinted).encode(self) + Data("\n".utf8)
    }
}

/// A reason to set a file aside.
package struct FailureReason: Hashable, Sendable {
    /// What went wrong, one word with hyphens, for programs.
    package let code: String
    /// What went wrong, for people; no document text.
    package let text: String
    /// What an administrator can do before a retry.
    package let nextStep: String
    /// The records that gave no document, in a file of records.
    package var faults: RecordFaults?

    /// The code of a file of which some records are recorded and others are not.
    package static let partlyRecordedCode = "partly-recorded"

    /// Records that gave no document, in a file whose others are recorded.
    package static func partlyRecorded(_ faults: RecordFaults) -> FailureReason {
        var reason = FailureReason(
            code: partlyRecordedCode,
            text:
                "\(faults.count) of \(faults.count + faults.documents.count) records gave no document, "
                + "the first in \(faults.listed.first?.place ?? "the file"); the others are recorded",
            nextStep: "Correct the records that this report names in the copy beside it, "
                + "then run: shokenctl spool retry NAME, which leaves out what is recorded")
        reason.faults = faults
        return reason
    }

    /// States a reason; without a next step the general one is given.
    package init(code: String, text: String, nextStep: String? = nil) {
        self.code = code
        self.text = text
        self.nextStep =
            nextStep
            ?? "Correct the file or what the reason names, then run: shokenctl spool retry NAME"
    }

    /// A link, fifo, socket or device in place of a file.
    static func notRegular(_ kind: String) -> FailureReason {
        FailureReason(
            code: "not-a-regular-file",
            text: "a \(kind) was dropped; it was not followed or opened",
            nextStep: "Let the producer drop the file itself, and remove this one")
    }

    /// A file above the configured size.
    package static func tooLarge(limit: Int) -> FailureReason {
        FailureReason(
            code: "too-large", text: "larger than \(limit) bytes",
            nextStep: "Split the file, or raise spool.maximum_document_bytes; "
                + "then run: shokenctl spool retry NAME")
    }

    /// A document that was alone in hand at many ends that were no crash.
    static let killedRepeatedly = FailureReason(
        code: "killed-repeatedly",
        text:
            "was alone in hand at \(SpoolDirectory.mostKills) ends of the daemon that were no crash",
        nextStep: "See the journal for what ended the daemon, such as a lack of memory; "
            + "then run: shokenctl spool retry NAME")

    /// A document that was alone in hand at two crashes.
    static let crashedTwice = FailureReason(
        code: "crashed-twice", text: "crashed the daemon twice",
        nextStep: "See the journal for the crashes; report them; "
            + "then run: shokenctl spool retry NAME")

    /// Something in `processing/` that the daemon did not put there.
    static let foreign = FailureReason(
        code: "foreign-file", text: "lay in processing/ under a name that the daemon did not give",
        nextStep: "Drop it into a folder of incoming/ if it is a document")
}
