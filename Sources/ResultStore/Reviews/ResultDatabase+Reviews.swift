// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import GRDB

extension ResultDatabase {
    /// Records what a reviewer did in a document as one row of `reviews`; gives its number.
    ///
    /// The row holds what the model said of a mention and what the reviewer says; `seesOthers` tells whether
    /// that is said in sight of what other reviewers said. Throws ``ReviewError`` if the action does not fit
    /// the document.
    package func record(
        _ action: ReviewAction, of document: Int64, by reviewer: String, note: String? = nil,
        seesOthers: Bool = false, at date: Date = Date()
    ) throws(ReviewError) -> Int64 {
        guard 1...100 ~= reviewer.unicodeScalars.count else {
            throw .length(of: "reviewer's name", limit: 100)
        }
        guard (note?.unicodeScalars.count ?? 0) <= 1000 else {
            throw .length(of: "note", limit: 1000)
        }
        let outcome: Result<Int64, ReviewError>
        do {
            outcome = try write { database in
                try ReviewRow(
                    action: action, document: document, reviewer: reviewer, note: note,
                    seesOthers: seesOthers, date: date
                ).insert(in: database)
            }
        } catch {
            throw .store(error)
        }
        return try outcome.get()
    }
}

/// A row of `reviews` that is going to be written.
struct ReviewRow {
    let action: ReviewAction
    let document: Int64
    let reviewer: String
    let note: String?
    let seesOthers: Bool
    let date: Date

    /// What the model says of a mention.
    private typealias Before = (reading: MentionReading?, level: String?)

    /// Checks the action against the document and writes it; gives its number.
    func insert(in database: Database) throws -> Result<Int64, ReviewError> {
        guard
            let length = try Int.fetchOne(
                database, sql: "SELECT length(text) FROM documents WHERE id = ?",
                arguments: [document])
        else { return .failure(.noDocument(document)) }
        var before: Before = (nil, nil)
        if let mention = action.mention {
            guard let found = try model(says: mention, in: database) else {
                return .failure(.noMention(document: document))
            }
            before = found
        }
        let after = try reading(in: database)
        if let after, after.range.count < 1 || after.range.end > length {
            return .failure(.outsideText(document: document, length: length))
        }
        return try write(before, after, in: database)
    }

    private func write(
        _ before: Before, _ after: MentionReading?, in database: Database
    ) throws -> Result<Int64, ReviewError> {
        var (undone, axis, value, former): (Int64?, String?, String?, String?)
        switch action {
        case .level(_, let level):
            guard 0...3 ~= level else { return .failure(.value("level of an adverse event")) }
            (value, former) = (String(level), before.level)
        case .stage(let part, let said):
            guard said.map(part.allows) ?? true else { return .failure(.value("stage")) }
            (axis, value) = (part.rawValue, said)
            former = try String.fetchOne(
                database, sql: "SELECT \(part.rawValue) FROM tnm_stages WHERE document_id = ?",
                arguments: [document])
        case .undo:
            undone = try lastAction(in: database)
            guard undone != nil else { return .failure(.nothingToUndo(document: document)) }
        case .done:
            let left = try unjudged(in: database)
            guard left == 0 else {
                return .failure(.unjudged(document: document, count: left))
            }
        case .accept, .reject, .change, .add: break
        }
        var (entity, added): (Int64?, Int64?)
        switch action.mention {
        case .entity(let row)?: entity = row
        case .added(let row)?: added = row
        case nil: break
        }
        try database.execute(
            sql: """
                INSERT INTO reviews
                  (document_id, entity_id, added_id, undoes, reviewer, reviewed_at, action,
                   type_before, type_after, start_before, start_after, end_before, end_after,
                   certainty_before, certainty_after, subject_before, subject_after, axis,
                   value_before, value_after, note)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """,
            arguments: [
                document, entity, added, undone, reviewer, timestamp(date), action.name,
                before.reading?.type.rawValue, after?.type.rawValue, before.reading?.range.start,
                after?.range.start, before.reading?.range.end, after?.range.end,
                before.reading?.certainty.rawValue, after?.certainty.rawValue,
                before.reading?.subject.rawValue, after?.subject.rawValue, axis, former, value,
                note,
            ])
        return .success(database.lastInsertedRowID)
    }

    /// What the mention is after the action; nil where the action says nothing of that.
    private func reading(in database: Database) throws -> MentionReading? {
        switch action {
        case .change(_, let reading), .add(let reading): return reading
        case .accept(let mention):
            // What the reviewer sees: the last reading in sight where there is one, else the model's.
            let (column, row) = mention.column
            let own = try MentionReading.fetchOne(
                database,
                sql: """
                    SELECT type_after AS type, start_after AS start, end_after AS "end",
                      certainty_after AS certainty, subject_after AS subject
                    FROM reviews_in_force WHERE document_id = ? AND type_after IS NOT NULL
                      AND (\(column) = ? OR id = ? AND ? = 'added_id')
                      AND (? OR reviewer = ? OR id = ? AND ? = 'added_id')
                    ORDER BY id DESC LIMIT 1
                    """,
                arguments: [
                    document, row, row, column, seesOthers, reviewer, row, column,
                ])
            return try own ?? model(says: mention, in: database)?.reading
        case .reject, .level, .stage, .undo, .done: return nil
        }
    }

    /// What the model says of a mention of the document; nil if the document has none such.
    private func model(
        says mention: ReviewedMention, in database: Database
    ) throws -> Before? {
        switch mention {
        case .entity(let row):
            let reading = try MentionReading.fetchOne(
                database,
                sql: """
                    SELECT type, start, "end", certainty, subject FROM entities
                    WHERE id = ? AND document_id = ?
                    """, arguments: [row, document])
            guard let reading else { return nil }
            let level = try String.fetchOne(
                database,
                sql: "SELECT CAST(max(level) AS TEXT) FROM adverse_events WHERE entity_id = ?",
                arguments: [row])
            return (reading, level)
        case .added(let row):
            let isThere = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM reviews WHERE id = ? AND document_id = ?
                      AND entity_id IS NULL AND added_id IS NULL AND type_after IS NOT NULL)
                    """, arguments: [row, document])
            return isThere == true ? (nil, nil) : nil
        }
    }

    private func lastAction(in database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql: "SELECT max(id) FROM reviews_in_force WHERE document_id = ? AND reviewer = ?",
            arguments: [document, reviewer])
    }

    /// How many of the model's mentions the reviewer has said nothing of.
    private func unjudged(in database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM entities e WHERE e.document_id = ? AND NOT EXISTS (
                  SELECT 1 FROM reviews_in_force r WHERE r.entity_id = e.id AND r.reviewer = ?
                    AND r.action IN ('accept', 'reject', 'change'))
                """, arguments: [document, reviewer]) ?? 0
    }
}

extension ReviewedMention {
    /// The column of `reviews` that names it, and its value.
    fileprivate var column: (name: String, row: Int64) {
        switch self {
        case .entity(let row): ("entity_id", row)
        case .added(let row): ("added_id", row)
        }
    }
}

extension MentionReading {
    /// A reading in a row of type, start, end, certainty and subject; nil without a row.
    fileprivate static func fetchOne(
        _ database: Database, sql: String, arguments: StatementArguments
    ) throws -> MentionReading? {
        try Row.fetchOne(database, sql: sql, arguments: arguments).flatMap {
            MentionReading($0, columns: "type", "start", "end", "certainty", "subject")
        }
    }

    /// What columns of a row say, named in the order of type, start, end, certainty and subject; nil where
    /// they say nothing.
    init?(_ row: Row, columns: String...) {
        guard columns.count == 5, let type = EntityType(rawValue: row[columns[0]] ?? ""),
            let start = row[columns[1]] as Int?, let end = row[columns[2]] as Int?,
            let certainty = Certainty(rawValue: row[columns[3]] ?? ""),
            let subject = MentionSubject(rawValue: row[columns[4]] ?? ""), 0 <= start, start < end
        else { return nil }
        self.init(
            type: type, range: SourceRange(start: start, end: end), certainty: certainty,
            subject: subject)
    }
}
