// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import GRDB

extension ResultDatabase {
    /// The action of events that tell of a file dropped again with the same name and bytes.
    package static let repetitionAction = "duplicate"

    /// What became of a file that was to be recorded.
    package enum Recording: Hashable, Sendable {
        /// Written, with the new rows' identifiers in the file's order.
        case recorded(documents: [Int64])
        /// The same bytes under the same name and kind are there already; only an event was written.
        case duplicate
    }

    /// Writes files with all their results in one transaction; after an error none is written.
    ///
    /// Of a file that comes in parts each is written after the one before it, and the file counts as
    /// recorded with the last. `lastDocument` is that of the ``Precedents`` by which the files were compared. Throws
    /// `StoreError.outdated` if documents came or went since: look again, compare again.
    package func record(
        _ files: [RecordedFile], after lastDocument: Int64, maker: ResultMaker, at date: Date
    ) throws(StoreError) -> [Recording] {
        try write { database in
            guard try self.lastDocument(in: database) == lastDocument else {
                throw StoreError.outdated
            }
            let model = try modelRow(maker, at: date, in: database)
            let run = try runRow(maker, of: model, documents: 0, at: date, in: database)
            let recordings = try files.map { file -> Recording in
                guard let identifier = try identity(of: file, at: date, in: database) else {
                    try noteRepetition(of: file, at: date, in: database)
                    try arriveAgain(file, in: database)
                    return .duplicate
                }
                let rows = try file.documents.enumerated().map { place, entry in
                    let documents = DocumentRows(
                        file: file, identifier: identifier, model: model, run: run, at: date,
                        database: database)
                    let (row, isDuplicate) = try documents.insert(
                        entry.document, position: file.firstPosition + place)
                    let text = FoldedText(entry.document.text)
                    let findings = isDuplicate ? Findings() : entry.findings
                    try SearchIndex(database: database).insert(
                        row, text: text, names: findings.entities.compactMap(\.normalized))
                    guard !isDuplicate else { return row }
                    let rows = FindingsRows(
                        document: row, kind: entry.document.kind, text: text, maker: maker,
                        database: database)
                    try rows.insert(findings)
                    return row
                }
                return .recorded(documents: rows)
            }
            let documents = recordings.reduce(0) { count, recording in
                if case .recorded(let rows) = recording { count + rows.count } else { count }
            }
            _ = try runRow(maker, of: model, documents: documents, at: date, in: database)
            return recordings
        }
    }

    /// The row of a maker's run, to which so many documents are added.
    func runRow(
        _ maker: ResultMaker, of model: Int64, documents: Int, at date: Date, in database: Database
    ) throws -> Int64 {
        try maker.run.row(of: model, maker, documents: documents, at: date, in: database)
    }

    /// The row of a maker.
    func modelRow(_ maker: ResultMaker, at date: Date, in database: Database) throws
        -> Int64
    {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO models
                  (name, version, sha256, activated_at, cleaning_version, dictionary, code_version)
                VALUES (?,?,?,?,?,?,?)
                """,
            arguments: [
                maker.name, maker.version, maker.sha256, timestamp(date), maker.cleaningVersion,
                maker.dictionary, maker.codeVersion,
            ])
        let row = try Int64.fetchOne(
            database,
            sql: """
                SELECT id FROM models
                WHERE sha256 = ? AND cleaning_version = ? AND dictionary = ? AND code_version = ?
                """,
            arguments: [maker.sha256, maker.cleaningVersion, maker.dictionary, maker.codeVersion])
        guard let row else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return row
    }

    /// The file's row, new for a first part, or nil if the file is there already.
    private func identity(of file: RecordedFile, at date: Date, in database: Database) throws
        -> Int64?
    {
        guard file.firstPosition == 0 else {
            return try continued(file, at: date, in: database)
        }
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO files
                  (sha256, kind, source_name, recorded_at, complete, faults)
                VALUES (?,?,?,?,?,?)
                """,
            arguments: [
                file.sha256, file.kind.rawValue, file.sourceName, timestamp(date),
                file.isLastPart, file.faults,
            ])
        return database.changesCount == 0 ? nil : database.lastInsertedRowID
    }

    /// The row of a file whose documents before this part, and no others, are recorded.
    private func continued(_ file: RecordedFile, at date: Date, in database: Database) throws
        -> Int64?
    {
        let recorded = try recordedPart(
            sha256: file.sha256, kind: file.kind.rawValue, sourceName: file.sourceName,
            in: database)
        guard let recorded else { return nil }
        guard recorded.documents == file.firstPosition else { throw StoreError.outdated }
        if file.isLastPart {
            try database.execute(
                sql: "UPDATE files SET complete = 1, recorded_at = ?, faults = ? WHERE id = ?",
                arguments: [timestamp(date), file.faults, recorded.file])
        }
        return recorded.file
    }

    /// Whether a file is recorded as a whole and none of its records was at fault.
    package func isRecordedWithoutFault(
        sha256: String, kind: String, sourceName: String
    ) throws(StoreError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = ? AND kind = ?
                    AND source_name = ? AND complete = 1 AND faults = 0)
                    """,
                arguments: [sha256, kind, sourceName]) ?? false
        }
    }

    /// Whether a file is recorded as a whole, of all that had its bytes, kind and name the one that was
    /// received at this moment (ISO 8601).
    package func isRecorded(
        sha256: String, kind: String, sourceName: String, receivedAt: String
    ) throws(StoreError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM files JOIN documents ON file_id = files.id
                    WHERE files.sha256 = ? AND files.kind = ? AND files.source_name = ?
                    AND complete = 1 AND received_at = ?)
                    """,
                arguments: [sha256, kind, sourceName, receivedAt]) ?? false
        }
    }

    /// How many documents of a file are recorded that is not recorded as a whole; 0 where none is.
    package func documentsRecorded(
        sha256: String, kind: String, sourceName: String
    ) throws(StoreError) -> Int {
        try read { database in
            try recordedPart(sha256: sha256, kind: kind, sourceName: sourceName, in: database)?
                .documents ?? 0
        }
    }

    /// Takes out the documents of a file that is not recorded as a whole, since it has changed meanwhile.
    package func discardPart(
        sha256: String, kind: String, sourceName: String
    ) throws(StoreError) {
        try write { database in
            let part = try recordedPart(
                sha256: sha256, kind: kind, sourceName: sourceName, in: database)
            guard let part else { return }
            let documents = try Int64.fetchAll(
                database, sql: "SELECT id FROM documents WHERE file_id = ?", arguments: [part.file])
            try SearchIndex(database: database).remove(documents)
            try database.execute(
                sql: "DELETE FROM documents WHERE file_id = ?", arguments: [part.file])
            try database.execute(sql: "DELETE FROM files WHERE id = ?", arguments: [part.file])
        }
    }

    private func recordedPart(
        sha256: String, kind: String, sourceName: String, in database: Database
    ) throws -> (file: Int64, documents: Int)? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, (SELECT count(*) FROM documents WHERE file_id = files.id) FROM files
                WHERE sha256 = ? AND kind = ? AND source_name = ? AND complete = 0
                """,
            arguments: [sha256, kind, sourceName])
        return row.map { ($0[0], $0[1]) }
    }

    /// Leaves a line in the audit trail for a file that was dropped again as it was: it may be the same
    /// sent twice, or the same short text about somebody else under a name that its producer uses again.
    private func noteRepetition(of file: RecordedFile, at date: Date, in database: Database) throws
    {
        let row = try Int64.fetchOne(
            database,
            sql: "SELECT id FROM files WHERE sha256 = ? AND kind = ? AND source_name = ?",
            arguments: [file.sha256, file.kind.rawValue, file.sourceName])
        guard let row else { return }
        try AuditEvent(
            at: date, actor: "shokend", action: Self.repetitionAction, object: "file \(row)",
            details: ["kind": file.kind.rawValue, "received_at": file.receivedAt]
        ).append(to: database)
    }

    /// Lets the documents of a file that was dropped again count as the last that came, since whoever
    /// drops A, B and A under one name means A.
    private func arriveAgain(_ file: RecordedFile, in database: Database) throws {
        let keys = try String.fetchAll(
            database,
            sql: """
                UPDATE documents SET arrived_at = max(arrived_at, ?)
                WHERE document_key IS NOT NULL AND standing <> 'duplicate' AND file_id =
                  (SELECT id FROM files WHERE sha256 = ? AND kind = ? AND source_name = ?)
                RETURNING document_key
                """,
            arguments: [file.receivedAt, file.sha256, file.kind.rawValue, file.sourceName])
        for key in Set(keys) { try DocumentVersions(of: key, in: database).settle() }
    }
}
