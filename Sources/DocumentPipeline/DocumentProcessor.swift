// SPDX-License-Identifier: Apache-2.0
package import Spool

/// What became of one claimed file.
package enum ProcessingOutcome: Hashable, Sendable {
    /// Its documents are committed; a file of many documents (CSV, JSON lines) counts each.
    case recorded(documents: Int)
    /// Its good records are committed as so many documents; the others gave none and are to be told.
    case recordedInPart(documents: Int, RecordFaults)
    /// The same content of the same kind was recorded before.
    case duplicate
    /// Its content was not the same before and after it was read; nothing of it is recorded.
    case changed
    /// It cannot become a document, now or later; the reason holds no document text.
    ///
    /// `faults` are those of all its records in a file of many.
    case rejected(code: String, reason: String, faults: RecordFaults? = nil)
    /// It could not be done now (database busy, disk full); it stays claimed and is tried again.
    case postponed(reason: String)
}

/// What became of the wish to read recorded documents once more.
package enum RereadOutcome: Hashable, Sendable {
    /// Nobody has asked for it.
    case nothing
    /// So many documents have new results.
    case reread(documents: Int)
    /// A request is at its end.
    case ended(request: Int64)
    /// It could not be done now; the same documents are tried again.
    case postponed(reason: String)
}

/// What the run loop asks of the rooms between spool and database.
package protocol DocumentProcessor: Sendable {
    /// Takes claimed files through the modules and commits results; one outcome per claim, same order.
    func process(_ claims: [ClaimedFile]) -> [ProcessingOutcome]
    /// Looks whether results can be recorded, before anything is taken; throws why not.
    func requireDatabase() throws
    /// Whether this very file, with this SHA-256 (64 lower-case hexadecimal digits), was recorded as a
    /// whole; asked at start for what a crash left in `processing/`.
    ///
    /// The same bytes under another name are another document: two patients' records may well read
    /// the same.
    func isRecorded(_ claim: ClaimedFile, sha256: String) throws -> Bool
    /// Whether it was, and nothing is to be told of its records, so that only the move is left to do.
    func isSettled(_ claim: ClaimedFile, sha256: String) throws -> Bool
    /// Reads the next of the recorded documents that somebody wants to have read once more; asked when there is
    /// time for it.
    func readAgain(isStopping: () -> Bool) -> RereadOutcome
}

extension DocumentProcessor {
    /// As where nothing is kept that could be read once more.
    package func readAgain(isStopping: () -> Bool) -> RereadOutcome { .nothing }

    /// As for files that are recorded as a whole or not at all.
    package func isSettled(_ claim: ClaimedFile, sha256: String) throws -> Bool {
        try isRecorded(claim, sha256: sha256)
    }
}
