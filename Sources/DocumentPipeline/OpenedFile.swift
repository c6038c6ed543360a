// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Spool

/// A file that could be read and decoded.
struct OpenedFile {
    let claim: ClaimedFile
    let sha256: String
    /// What the file was before it was read.
    let facts: FileFacts?
    let documents: [ClinicalDocument]
    /// The records that gave none; nil where all did.
    let faults: RecordFaults?
    /// The documents that are answered and committed together: all, or a part.
    var part: Range<Int>

    init(
        claim: ClaimedFile, sha256: String, facts: FileFacts?, documents: [ClinicalDocument],
        faults: RecordFaults?
    ) {
        self.faults = faults
        self.claim = claim
        self.sha256 = sha256
        self.facts = facts
        self.documents = documents
        part = documents.indices
    }

    /// What has become of it when so many of its documents are committed.
    func outcome(documents: Int) -> ProcessingOutcome {
        guard let faults else { return .recorded(documents: documents) }
        return .recordedInPart(documents: documents, faults)
    }

    /// Its name as dropped, escaped, as the database has it.
    var sourceName: String { claim.recordedName.escaped }

    /// Whether there is a file under the claim's name.
    var isInPlace: Bool { (try? DiskFiles().facts(of: claim.path)) != nil }

    /// Whether the file is still what was read, as far as size and times tell.
    var isUnchanged: Bool { (try? DiskFiles().facts(of: claim.path)) == facts }
}
