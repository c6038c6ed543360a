// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import GRDB

/// What a database says of one recorded file besides its results.
package struct RecordedFileFacts: Hashable, Sendable {
    /// SHA-256 of the file's bytes, in hexadecimal.
    package let sha256: String
    /// Folder that it was dropped into, as in the database.
    package let kind: String
    /// Its name as dropped, escaped.
    package let sourceName: String
    /// When it was claimed (ISO 8601), or else when it was recorded.
    package let receivedAt: String
}

/// The files of a database that may be damaged.
package struct RecordedFileList: Sendable {
    /// What could be read, in the order of recording.
    package private(set) var files: [RecordedFileFacts] = []
    /// The rows of the audit trail that could be read, in their order.
    private(set) var events: [FormerEvent] = []
    /// Why reading ended before the end; nil if all was read.
    package private(set) var fault: StoreError?

    /// Reads what can be read; there is nothing where no database is.
    package init(of path: FilePath) {
        do {
            guard try DiskFiles().identity(of: path) != nil else { return }
            let connection = try ReadingConnection(to: path)
            try connection.read { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT sha256, kind, source_name, coalesce((SELECT min(received_at)
                          FROM documents WHERE file_id = files.id), recorded_at)
                        FROM files ORDER BY id
                        """)
                while let row = try rows.next() {
                    files.append(
                        RecordedFileFacts(
                            sha256: row[0], kind: row[1], sourceName: row[2], receivedAt: row[3]))
                }
                let lines = try Row.fetchCursor(database, sql: "SELECT * FROM events ORDER BY id")
                while let line = try lines.next() { events.append(FormerEvent(line)) }
            }
        } catch {
            fault = StoreError(error, of: path.description)
        }
    }
}

/// A row of another database's audit trail.
struct FormerEvent: Hashable {
    /// Its number there.
    let row: Int64
    /// What it says.
    let event: AuditEvent
    /// Its hash there; nil in a database of before there were hashes.
    let hash: String?

    /// Takes what a row of the whole table says.
    init(_ row: Row) {
        self.row = row["id"]
        hash = row["hash"]
        event = AuditEvent(
            at: row["at"], actor: row["actor"], action: row["action"], object: row["object"],
            details: row["details"])
    }
}

extension ResultDatabase {
    /// The action of the event that tells of rows that come from the trail of another database.
    package static let adoptionAction = "audit trail adopted"

    /// Takes over the audit trail of another database: as it is, hashes and all, into one that has none yet;
    /// else the events that are not there, chained anew after an event that says so.
    ///
    /// A trail that could not be read to its end is said to be such in an event, too.
    package func adoptEvents(of list: RecordedFileList) throws(StoreError) {
        try write { database in
            let present = try Row.fetchAll(database, sql: "SELECT * FROM events").map {
                FormerEvent($0).event
            }
            let missing = list.events.missing(from: present)
            let isVerbatim = present.isEmpty && missing.allSatisfy { $0.hash != nil }
            if isVerbatim {
                for former in missing {
                    try former.event.insert(
                        as: former.row, hash: former.hash ?? "", in: database)
                }
            }
            if list.fault == nil, isVerbatim || missing.isEmpty { return }
            guard list.fault == nil || present.isEmpty || !missing.isEmpty else { return }
            var details = [
                "chained": isVerbatim ? "as before" : "anew", "events": String(missing.count),
                "read": list.fault == nil ? "to the end" : "not to the end",
            ]
            details["last_hash"] = list.events.last?.hash
            try AuditEvent(
                at: Date(), actor: NSUserName(), action: Self.adoptionAction, object: "events",
                details: details
            ).append(to: database)
            guard !isVerbatim else { return }
            for former in missing { try former.event.append(to: database) }
        }
    }
}

extension [FormerEvent] {
    /// Those that are not among other events, each as often as it is there less.
    fileprivate func missing(from events: [AuditEvent]) -> [FormerEvent] {
        var left = Dictionary(events.map { ($0, 1) }, uniquingKeysWith: +)
        return filter { former in
            guard let count = left[former.event], count > 0 else { return true }
            left[former.event] = count - 1
            return false
        }
    }
}
