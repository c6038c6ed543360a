// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB

/// What a document is among the versions of its key; the raw value stands in the database.
enum DocumentStanding: String {
    /// The one that counts.
    case current
    /// Another version, or a document that replaces it, counts.
    case superseded
    /// Its sender took the document back, and this is the record that says so.
    case withdrawn
    /// It says once more what another row of its key says; nothing is found in it.
    case duplicate
}

/// The versions of one document in the database, by its key.
///
/// The sender's version decides, then the sender's time, then the order of arrival; so a version that
/// comes late does not take the place of a newer one, and the result does not depend on that order where
/// the sender gives one.
struct DocumentVersions {
    private let database: Database
    private let key: String
    private let rows: [VersionRow]

    /// The versions of a key that are recorded so far.
    init(of key: String, in database: Database) throws {
        self.key = key
        self.database = database
        rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, version, version_time, sender_status, superseded_by_sender, patient_id,
                  authored_at, text FROM documents WHERE document_key = ? AND standing <> 'duplicate'
                ORDER BY arrived_at, id
                """,
            arguments: [key]
        ).map(VersionRow.init)
    }

    /// A document with what a withdrawal need not state: whose it is, and its place in the sender's order,
    /// which are those of the version that it takes back; so older ones which come late stay behind both.
    func completed(_ document: ClinicalDocument) -> ClinicalDocument {
        guard document.source.status == .withdrawn, let newest else { return document }
        var source = document.source
        if source.version == nil, source.versionTime == nil {
            (source.version, source.versionTime) = (newest.version, newest.time)
        }
        return ClinicalDocument(
            kind: document.kind, text: document.text, encoding: document.encoding,
            externalIdentifier: document.externalIdentifier,
            patientIdentifier: document.patientIdentifier ?? newest.patient,
            authoredAt: document.authoredAt, source: source)
    }

    /// What a new version is before any is set aside for another: a duplicate, or in conflict.
    func verdict(on document: ClinicalDocument) -> (isDuplicate: Bool, isConflict: Bool) {
        let source = document.source
        let newest = newest
        let isDuplicate = rows.contains { row in
            row.text == document.text && row.status == source.status.rawValue
                && row.patient == document.patientIdentifier
                && row.authoredAt == document.authoredAt
                && row.isSupersededBySender == source.isSuperseded
                && (row.version ?? row.time) == (source.version ?? source.versionTime)
                && (row.version != nil || row.time != nil || row.id == newest?.id)
        }
        let isConflict =
            !isDuplicate
            && (rows.contains { row in
                row.version != nil && row.version == source.version && row.text != document.text
                    && row.status == source.status.rawValue
            }
                || newest.map { $0.patient != document.patientIdentifier } ?? false)
        return (isDuplicate, isConflict)
    }

    /// Writes which version is current, once all of them are recorded.
    func settle() throws {
        guard let newest else { return }
        let isReplaced = try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM documents WHERE replaces = ?1
                AND document_key IS NOT ?1 AND standing IN ('current', 'superseded'))
                """,
            arguments: [key])
        let standing: DocumentStanding =
            if isReplaced == true || newest.isSupersededBySender {
                .superseded
            } else if newest.status == SenderStatus.withdrawn.rawValue {
                .withdrawn
            } else {
                .current
            }
        try database.execute(
            sql: """
                UPDATE documents SET standing = iif(id = ?, ?, 'superseded')
                WHERE document_key = ? AND standing <> 'duplicate'
                """,
            arguments: [newest.id, standing.rawValue, key])
    }

    /// The version after all others; of equals the one that came last.
    private var newest: VersionRow? {
        guard var newest = rows.first else { return nil }
        for row in rows.dropFirst() where !row.precedes(newest) { newest = row }
        return newest
    }
}

/// What decides on the order of one version.
private struct VersionRow {
    let id: Int64
    let version: String?
    let time: String?
    let status: String
    let isSupersededBySender: Bool
    let patient: String?
    let authoredAt: String?
    let text: String

    init(_ row: Row) {
        id = row["id"]
        version = row["version"]
        time = row["version_time"]
        status = row["sender_status"]
        isSupersededBySender = row["superseded_by_sender"]
        patient = row["patient_id"]
        authoredAt = row["authored_at"]
        text = row["text"]
    }

    /// Whether the sender says that this one comes before another.
    func precedes(_ other: VersionRow) -> Bool {
        if let mine = version, let its = other.version,
            let order = VersionNumber(mine).flatMap({ mine in
                VersionNumber(its).map { mine.order(to: $0) }
            }), order != 0
        {
            return order < 0
        }
        guard let time, let itsTime = other.time else { return false }
        return time < itsTime
    }
}

/// A version of numbers with points between them, as `3` or `1.12`.
private struct VersionNumber {
    private let parts: [Int]

    /// nil for what is no such number.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else { return nil }
        self.parts = parts.compactMap { $0 }
    }

    /// Less than 0 where it comes before another, more where it comes after.
    func order(to other: VersionNumber) -> Int {
        for place in 0..<max(parts.count, other.parts.count) {
            let mine = place < parts.count ? parts[place] : 0
            let its = place < other.parts.count ? other.parts[place] : 0
            if mine != its { return mine < its ? -1 : 1 }
        }
        return 0
    }
}
