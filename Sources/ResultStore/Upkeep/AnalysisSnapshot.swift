// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import GRDB
import JSONFiles

/// A copy of the database for those who ask: one moment's state in one file without a log, current documents
/// only, without the audit trail and what only the daemon reads.
///
/// Pseudonyms and texts without personal information are made in the copy before it has its name, and what was
/// deleted or changed is not in its file any more.
package struct AnalysisSnapshot: Sendable {
    /// How what names people is changed.
    package struct Protection: Sendable {
        /// Makes pseudonyms of identifiers; nil leaves them.
        package var pseudonyms: KeyedHash?
        /// Gives a text without personal information, which has as many Unicode scalars; nil leaves texts.
        package var masked: (@Sendable (String) -> String)?

        /// None.
        package init(
            pseudonyms: KeyedHash? = nil, masked: (@Sendable (String) -> String)? = nil
        ) {
            (self.pseudonyms, self.masked) = (pseudonyms, masked)
        }

        fileprivate var isNone: Bool { pseudonyms == nil && masked == nil }
    }

    /// Where it lies, under a name that begins with a dot.
    package let path: FilePath
    /// Documents in it.
    package private(set) var documents = 0
    /// Mentions in it.
    package private(set) var mentions = 0
    /// Its length in bytes.
    package private(set) var bytes = 0
    /// Tables and views that are not in it, since what they hold would not be protected, or needs what is not.
    package private(set) var leftOut: [String] = []
    /// Tables and views that are in it.
    package private(set) var names: Set<String> = []

    /// Makes a copy beside the place that it is meant for.
    ///
    /// Throws ``StoreError``; nothing is left then.
    package init(
        of source: FilePath, for place: FilePath, protection: Protection = Protection()
    ) throws(StoreError) {
        let name = place.lastName?.escaped ?? "snapshot"
        path = place.parent.appending(".\(name).\(UUID().uuidString.prefix(8)).tmp")
        do {
            guard try DiskFiles().identity(of: source) != nil else {
                throw StoreError.cannotOpen(file: source.description, detail: "no such file")
            }
            try DiskFiles().makeFile(path)
            let text = path.text ?? path.description
            let from = try ReadingConnection(to: source)
            try from.read {
                try Schema.requireOurs($0, mayBeEmpty: false, file: source.description)
            }
            // VACUUM INTO fails in SQLite 3.40 on a read-only connection where a column is generated.
            let copy = try DatabaseQueue(path: text)
            try from.backup(to: copy)
            try copy.close()
            try prepare(text, protection)
            try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: text)
            try DiskFiles().flush(path)
            bytes = try DiskFiles().facts(of: path)?.size ?? 0
        } catch {
            remove()
            throw StoreError(error, of: source.description)
        }
    }

    /// Gives the copy its name; another of that name is replaced only where that is wanted.
    ///
    /// Throws `StoreError.file` with `EEXIST` if something has it; the copy is removed then.
    package func move(to place: FilePath, replacing: Bool) throws(StoreError) {
        do throws(FileError) {
            if replacing {
                try DiskFiles().replace(place, with: path)
            } else {
                try DiskFiles().move(path, to: place)
            }
        } catch {
            remove()
            throw .file(error)
        }
    }

    /// Removes the copy.
    package func remove() {
        for ending in ["", "-journal", "-wal", "-shm"] {
            try? DiskFiles().remove(FilePath(bytes: path.bytes + Array(ending.utf8)))
        }
    }

    private mutating func prepare(_ text: String, _ protection: Protection) throws {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        let queue = try DatabaseQueue(path: text, configuration: configuration)
        // It has no name yet: after a fault or power cut it is removed, so that nothing need be taken back.
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        let leftOut = try queue.write { database in
            var left: [String] = []
            if protection.isNone {
                // Where it is protected they are left out as a whole.
                try database.execute(
                    sql: """
                        DELETE FROM run_results;
                        DELETE FROM shadow_comparisons;
                        DELETE FROM reprocess_requests;
                        """)
            } else {
                left = try SnapshotProtection(protection, of: database).leaveOut()
            }
            // The index of the source is in step with its documents, so that only what goes is taken out of it;
            // where texts change it is made anew below.
            let isIndexKept = try protection.isNone && database.tableExists("search_index")
            if isIndexKept {
                try SearchIndex(database: database).removeWholly(
                    Int64.fetchAll(
                        database, sql: "SELECT id FROM documents WHERE standing <> 'current'"))
            }
            try database.execute(
                sql: """
                    DELETE FROM documents WHERE standing <> 'current';
                    DELETE FROM events;
                    DELETE FROM similarity_bands;
                    DELETE FROM files WHERE id NOT IN (SELECT file_id FROM documents);
                    """)
            if !protection.isNone {
                try SnapshotProtection(protection, of: database).apply()
                try PatientNames.recount(in: database)
            }
            // Of what is there now, in the words that it has now.
            if !isIndexKept { try SearchIndex(database: database).remake() }
            left.removeAll { $0.hasPrefix("search_index") }
            left += try SnapshotProtection.removeBrokenViews(database)
            try database.execute(
                sql: "DELETE FROM columns WHERE relation NOT IN (SELECT name FROM sqlite_master)")
            return left
        }
        try queue.inDatabase { database in
            try database.execute(sql: "ANALYZE")
            // Deleted rows are only marked as free until all is written anew.
            try database.execute(sql: "VACUUM")
        }
        (documents, mentions, names) = try queue.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM documents") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM entities") ?? 0,
                try String.fetchSet(
                    database,
                    sql: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
            )
        }
        self.leftOut = leftOut
        try queue.close()
    }
}

/// Takes out of a copy what names people.
private struct SnapshotProtection {
    /// Tables whose columns are known here; others, such as an index of words, may hold what is to go.
    private static let known: Set<String> = [
        "documents", "document_sections", "attachments", "entities", "tnm_stages",
        "adverse_events", "adverse_event_pairs", "similarities", "similarity_bands", "models",
        "files", "events", "exports", "grdb_migrations", "columns", "dose_amounts",
        "document_counts", "patient_names", "runs",
    ]

    private let protection: AnalysisSnapshot.Protection
    private let database: Database

    init(_ protection: AnalysisSnapshot.Protection, of database: Database) {
        (self.protection, self.database) = (protection, database)
    }

    /// Drops every table that is not known, with its triggers; their names.
    func leaveOut() throws -> [String] {
        let triggers = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in triggers {
            try database.execute(sql: "DROP TRIGGER \(name.quotedDatabaseIdentifier)")
        }
        // Virtual tables first: they take their own tables with them.
        let names = try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                ORDER BY sql NOT LIKE 'CREATE VIRTUAL%', name
                """
        ).filter { !Self.known.contains($0) }
        for name in names {
            try database.execute(sql: "DROP TABLE IF EXISTS \(name.quotedDatabaseIdentifier)")
        }
        return names
    }

    /// Drops views that ask for what is not there; their names.
    static func removeBrokenViews(_ database: Database) throws -> [String] {
        let views = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")
        var broken: [String] = []
        // A view may ask for another view.
        var isDone = false
        while !isDone {
            isDone = true
            for view in views where !broken.contains(view) {
                let name = view.quotedDatabaseIdentifier
                if (try? database.makeStatement(sql: "SELECT * FROM \(name)")) == nil {
                    try database.execute(sql: "DROP VIEW \(name)")
                    broken.append(view)
                    isDone = false
                }
            }
        }
        return broken
    }

    func apply() throws {
        if let pseudonyms = protection.pseudonyms { try applyPseudonyms(pseudonyms) }
        if let masked = protection.masked { try applyMasks(masked) }
    }

    /// Identifiers of patients and documents become pseudonyms; so do names of files and persons, and hashes, by
    /// which a text could be found out.
    private func applyPseudonyms(_ hash: KeyedHash) throws {
        let function = DatabaseFunction("pseudonym", argumentCount: 2, pure: true) { values in
            guard let text = values.last.flatMap(String.fromDatabaseValue),
                let field = values.first.flatMap(String.fromDatabaseValue)
            else { return nil }
            return hash.pseudonym(of: text, in: field)
        }
        database.add(function: function)
        defer { database.remove(function: function) }
        try database.execute(
            sql: """
                UPDATE documents SET
                  patient_id = pseudonym('patient', coalesce(patient_issuer || '^', '') || patient_id),
                  patient_issuer = NULL,
                  document_key = pseudonym('key', document_key),
                  replaces = pseudonym('key', replaces),
                  external_id = pseudonym('external', external_id),
                  source_name = pseudonym('file', source_name),
                  sha256 = pseudonym('hash', sha256),
                  author = pseudonym('author', author),
                  visit_id = pseudonym('visit', visit_id),
                  order_id = pseudonym('order', order_id);
                UPDATE files SET source_name = pseudonym('file', source_name),
                  sha256 = pseudonym('hash', sha256);
                UPDATE attachments SET title = NULL, sha256 = pseudonym('hash', sha256);
                """)
    }

    /// Texts lose personal information, place by place, and so does what was cut out of them.
    private func applyMasks(_ masked: @Sendable (String) -> String) throws {
        let rows = try Row.fetchCursor(database, sql: "SELECT id FROM documents ORDER BY id")
        let ids = try Array(rows.map { $0[0] as Int64 })
        for id in ids {
            let row = try Row.fetchOne(
                database, sql: "SELECT text, title FROM documents WHERE id = ?", arguments: [id])
            guard let text = row?["text"] as String? else { continue }
            let clean = masked(text)
            guard clean.unicodeScalars.count == text.unicodeScalars.count else {
                throw DatabaseError(
                    resultCode: .SQLITE_INTERNAL, message: "places moved in document \(id)")
            }
            let title: String? = row?["title"]
            try database.execute(
                sql: "UPDATE documents SET text = ?, title = ?, author = NULL WHERE id = ?",
                arguments: [clean, title.map(masked), id])
            if !clean.unicodeScalars.elementsEqual(text.unicodeScalars) {
                try cutAnew(Array(clean.unicodeScalars), of: id)
            }
        }
        try database.execute(sql: "UPDATE attachments SET title = NULL")
    }

    private func cutAnew(_ scalars: [Unicode.Scalar], of id: Int64) throws {
        func cut(_ start: Int, _ end: Int) -> String {
            var view = String.UnicodeScalarView()
            view.append(
                contentsOf: scalars[min(start, scalars.count)..<min(max(start, end), scalars.count)]
            )
            return String(view)
        }
        let mentions = try Row.fetchAll(
            database, sql: "SELECT id, start, \"end\", surface FROM entities WHERE document_id = ?",
            arguments: [id])
        for mention in mentions {
            let (former, now): (String, String) = (
                mention["surface"], cut(mention["start"], mention["end"])
            )
            guard !former.unicodeScalars.elementsEqual(now.unicodeScalars) else { continue }
            // What stood there was no name of a disease.
            try database.execute(
                sql: """
                    UPDATE entities SET surface = ?, normalized = NULL, normalized_by = NULL,
                      icd10 = NULL, code = NULL, code_edition = NULL WHERE id = ?
                    """, arguments: [now, mention["id"] as Int64])
        }
        let sections = try Row.fetchAll(
            database, sql: "SELECT position, title FROM document_sections WHERE document_id = ?",
            arguments: [id])
        for section in sections {
            guard let masked = protection.masked else { continue }
            try database.execute(
                sql:
                    "UPDATE document_sections SET title = ? WHERE document_id = ? AND position = ?",
                arguments: [masked(section["title"]), id, section["position"] as Int64])
        }
        guard
            let evidence = try String.fetchOne(
                database, sql: "SELECT evidence FROM tnm_stages WHERE document_id = ?",
                arguments: [id])
        else { return }
        let value = try? JSONValue(parsing: Array(evidence.utf8))
        try database.execute(
            sql: "UPDATE tnm_stages SET evidence = ? WHERE document_id = ?",
            arguments: [value.map { Self.recut($0, cut).text } ?? "[]", id])
    }

    /// Evidence with its surfaces cut out of the new text.
    private static func recut(_ value: JSONValue, _ cut: (Int, Int) -> String) -> JSONValue {
        switch value {
        case .array(let values): return .array(values.map { recut($0, cut) })
        case .object(let members):
            guard case .integer(let start)? = value["range"]?["start"],
                case .integer(let end)? = value["range"]?["end"]
            else {
                return .object(
                    members.map { .init(name: $0.name, value: recut($0.value, cut)) })
            }
            return .object(
                members.map { member in
                    member.name == "surface"
                        ? .init(name: member.name, value: .string(cut(start, end))) : member
                })
        default: return value
        }
    }
}
