// SPDX-License-Identifier: Apache-2.0
package import Foundation
import GRDB

/// A wish to have recorded documents read once more, and how far the daemon has come with it.
package struct ReprocessRequest: Hashable, Sendable, Encodable {
    /// What has become of it; the raw value stands in the database.
    package enum State: String, CaseIterable, Sendable, Encodable {
        case waiting, running, done, cancelled
    }

    /// Its number.
    package let id: Int64
    /// When and by whom it was made.
    package let requestedAt, requestedBy: String
    /// What has become of it.
    package let state: State
    /// The last document of the database when it was made: what comes later is read by the model of its time anyway.
    package let lastDocument: Int64
    /// How many documents it was for then.
    package let selected: Int
    /// The last document that is behind it.
    package let position: Int64
    /// How often its next documents were begun.
    package let tries: Int
    /// Documents that were read once more, and those that could not be.
    package let reread, failed: Int
    /// When the first documents were begun, and when it came to its end.
    package let startedAt, finishedAt: String?
    /// Which documents.
    let selection: ReprocessSelection

    private enum CodingKeys: String, CodingKey {
        case id, state, selected, reread, failed
        case requestedAt = "requested_at"
        case requestedBy = "requested_by"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
    }

    init(_ row: Row) throws {
        (id, requestedAt, requestedBy) = (row["id"], row["requested_at"], row["requested_by"])
        guard let state = State(rawValue: row["state"]) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "unknown state of request \(id)")
        }
        self.state = state
        (lastDocument, selected) = (row["last_document"], row["selected"])
        (position, tries) = (row["position"], row["tries"])
        (reread, failed) = (row["reread"], row["failed"])
        (startedAt, finishedAt) = (row["started_at"], row["finished_at"])
        selection = try JSONDecoder().decode(
            ReprocessSelection.self, from: Data((row["selection"] as String).utf8))
    }
}

extension ResultReader {
    /// How many documents a selection has now.
    package func count(of selection: ReprocessSelection) throws(StoreError) -> Int {
        do {
            return try connection.read { try selection.count(in: $0) }
        } catch {
            throw StoreError(error, of: connection.path.description)
        }
    }

    /// The requests, the newest first.
    package func reprocessRequests() throws(StoreError) -> [ReprocessRequest] {
        do {
            return try connection.read { database in
                // A database of before there were any.
                guard try database.tableExists("reprocess_requests") else { return [] }
                return try Row.fetchAll(
                    database, sql: "SELECT * FROM reprocess_requests ORDER BY id DESC"
                ).map(ReprocessRequest.init)
            }
        } catch {
            throw StoreError(error, of: connection.path.description)
        }
    }
}

extension ReprocessSelection {
    fileprivate func count(in database: Database) throws -> Int {
        let (sql, arguments) = condition
        return try Int.fetchOne(
            database, sql: "SELECT count(*) FROM documents d WHERE \(sql)",
            arguments: StatementArguments(arguments)) ?? 0
    }
}

extension ResultDatabase {
    /// Asks the daemon to read documents once more; a line of the audit trail says who did.
    package func request(
        _ selection: ReprocessSelection, by user: String, at date: Date
    ) throws(StoreError) -> ReprocessRequest {
        try write { database in
            let selected = try selection.count(in: database)
            try database.execute(
                sql: """
                    INSERT INTO reprocess_requests
                      (requested_at, requested_by, selection, state, last_document, selected)
                    VALUES (?,?,?,'waiting',?,?)
                    """,
                arguments: [
                    timestamp(date), user, jsonText(selection), lastDocument(in: database),
                    selected,
                ])
            let row = database.lastInsertedRowID
            try AuditEvent(
                at: date, actor: user, action: "reprocess requested", object: "request \(row)",
                details: ["documents": String(selected)]
            ).append(to: database)
            return try Self.request(row, in: database)
        }
    }

    /// The request that is next, or goes on; nil if none is open.
    package func openRequest() throws(StoreError) -> ReprocessRequest? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM reprocess_requests WHERE state IN ('waiting', 'running')
                    ORDER BY id LIMIT 1
                    """
            ).map(ReprocessRequest.init)
        }
    }

    /// The next documents of a request, `limit` at most with as many characters together, unless one has more; none when
    /// it is at its end, and then it says so itself.
    ///
    /// Before they are given the request counts that they are begun, which the first result of them takes back: what
    /// ends the daemon each time can be told from what does not.
    package func beginDocuments(
        of request: Int64, limit: Int, characters: Int, at date: Date
    ) throws(StoreError) -> [RereadDocument] {
        try write { database in
            let open = try Self.request(request, in: database)
            guard open.state == .waiting || open.state == .running else { return [] }
            let documents = try next(of: open, limit, characters, at: date, in: database)
            if documents.isEmpty {
                try end(open, as: .done, by: "shokend", at: date, in: database)
            } else {
                try database.execute(
                    sql: """
                        UPDATE reprocess_requests SET state = 'running', tries = tries + 1,
                          started_at = coalesce(started_at, ?) WHERE id = ?
                        """, arguments: [timestamp(date), request])
            }
            return documents
        }
    }

    /// Says that a document of a request could not be read; what was found in it before stays.
    package func fail(
        _ document: Int64, of request: Int64, reason: String, at date: Date
    ) throws(StoreError) {
        try write { database in
            guard try isOpen(request, before: document, in: database) else { return }
            try note(document, of: request, reason: reason, at: date, in: database)
        }
    }

    /// Takes back a request, or every open one; gives those that were open.
    package func cancelRequests(
        _ request: Int64? = nil, by user: String, at date: Date
    ) throws(StoreError) -> [Int64] {
        try write { database in
            let open = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM reprocess_requests
                    WHERE state IN ('waiting', 'running') AND (?1 IS NULL OR id = ?1) ORDER BY id
                    """, arguments: [request]
            ).map(ReprocessRequest.init)
            for request in open {
                try end(request, as: .cancelled, by: user, at: date, in: database)
            }
            return open.map(\.id)
        }
    }

    /// Removes what was kept of former runs and of models that read along, up to a moment; gives how many results.
    package func pruneResults(
        keptBefore date: Date, by user: String, at now: Date
    ) throws(StoreError) -> Int {
        var count = 0
        while true {
            // Part by part, so that the daemon can write in between.
            let removed = try write { database in
                try database.execute(
                    sql: """
                        DELETE FROM run_results WHERE (document_id, run_id) IN (
                          SELECT document_id, run_id FROM run_results WHERE kept_at < ? LIMIT 1000)
                        """, arguments: [timestamp(date)])
                return database.changesCount
            }
            count += removed
            if removed == 0 { break }
        }
        try appendEvent(
            actor: user, action: "former results removed", object: "run_results",
            details: ["before": timestamp(date), "results": String(count)], at: now)
        return count
    }

    private static func request(_ row: Int64, in database: Database) throws -> ReprocessRequest {
        let found = try Row.fetchOne(
            database, sql: "SELECT * FROM reprocess_requests WHERE id = ?", arguments: [row])
        guard let found else { throw DatabaseError(resultCode: .SQLITE_NOTFOUND) }
        return try ReprocessRequest(found)
    }

    private func next(
        of request: ReprocessRequest, _ limit: Int, _ characters: Int, at date: Date,
        in database: Database
    ) throws -> [RereadDocument] {
        let (sql, arguments) = request.selection.condition
        let bounds: [(any DatabaseValueConvertible)?] = [request.position, request.lastDocument]
        var position = request.position
        var documents: [RereadDocument] = []
        var length = 0
        let rows = try Int64.fetchAll(
            database,
            sql: """
                SELECT d.id FROM documents d WHERE d.id > ? AND d.id <= ? AND \(sql)
                ORDER BY d.id LIMIT ?
                """, arguments: StatementArguments(bounds + arguments + [limit]))
        for row in rows {
            guard let stored = try StoredDocument.read(row, in: database) else { continue }
            guard let document = RereadDocument(stored) else {
                // Only before the first: the position passes over what is noted.
                guard documents.isEmpty else { break }
                try note(
                    row, of: request.id, reason: "its kind or format is of a newer version",
                    at: date, in: database)
                position = row
                continue
            }
            length += stored.text.unicodeScalars.count
            if !documents.isEmpty, length > characters { break }
            documents.append(document)
        }
        // All that were looked at are noted; those behind them are still to come.
        if documents.isEmpty, position > request.position {
            return try next(
                of: Self.request(request.id, in: database), limit, characters, at: date,
                in: database)
        }
        return documents
    }

    private func note(
        _ document: Int64, of request: Int64, reason: String, at date: Date, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO reprocess_failures
                  (request_id, document_id, failed_at, reason) VALUES (?,?,?,?)
                """, arguments: [request, document, timestamp(date), reason])
        try advance(request, past: document, counting: "failed", in: database)
    }

    /// Whether a request goes on and has a document still before it.
    func isOpen(_ request: Int64, before document: Int64, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: "SELECT state = 'running' AND position < ? FROM reprocess_requests WHERE id = ?",
            arguments: [document, request]) ?? false
    }

    /// Puts a document behind a request.
    func advance(
        _ request: Int64, past document: Int64, counting column: String?, in database: Database
    ) throws {
        let counted = column.map { ", \($0) = \($0) + 1" } ?? ""
        try database.execute(
            sql: "UPDATE reprocess_requests SET position = ?, tries = 0\(counted) WHERE id = ?",
            arguments: [document, request])
    }

    private func end(
        _ request: ReprocessRequest, as state: ReprocessRequest.State, by user: String,
        at date: Date, in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE reprocess_requests SET state = ?, finished_at = ? WHERE id = ?",
            arguments: [state.rawValue, timestamp(date), request.id])
        try database.execute(
            sql: """
                UPDATE runs SET finished_at = last_at
                WHERE purpose = 'reprocess' AND finished_at IS NULL
                """)
        try AuditEvent(
            at: date, actor: user, action: "reprocess \(state.rawValue)",
            object: "request \(request.id)",
            details: ["reread": String(request.reread), "failed": String(request.failed)]
        ).append(to: database)
    }
}
