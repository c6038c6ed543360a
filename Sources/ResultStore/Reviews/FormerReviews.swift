// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB

/// The reviews of another database, which may be damaged, with what finds their documents and mentions again.
package struct FormerReviews {
    /// A document by what stays when a database is made anew.
    fileprivate struct Place: Hashable {
        let sha256: String
        let kind: String
        let sourceName: String
        let position: Int
    }

    fileprivate struct Review {
        let row: Row
        let place: Place
        let text: String
    }

    fileprivate private(set) var reviews: [Review] = []
    /// Why reading ended before the end; nil if all was read.
    package private(set) var fault: StoreError?

    /// Reads what can be read; there is nothing where no database is, or one without reviews.
    package init(of path: FilePath) {
        do {
            guard try DiskFiles().identity(of: path) != nil else { return }
            let connection = try ReadingConnection(to: path)
            try connection.read { database in
                guard try database.tableExists("reviews") else { return }
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT r.*, f.sha256, f.kind AS file_kind, f.source_name, d.position, d.text
                        FROM reviews r JOIN documents d ON d.id = r.document_id
                        JOIN files f ON f.id = d.file_id ORDER BY r.id
                        """)
                while let row = try rows.next() {
                    reviews.append(
                        Review(
                            row: row.copy(),
                            place: Place(
                                sha256: row["sha256"], kind: row["file_kind"],
                                sourceName: row["source_name"], position: row["position"]),
                            text: row["text"]))
                }
            }
        } catch {
            fault = StoreError(error, of: path.description)
        }
    }
}

extension ResultDatabase {
    /// What became of the reviews of another database.
    package struct Adoption: Hashable, Sendable, Encodable {
        /// Rows that are here now, those that were before included.
        package var kept = 0
        /// Rows whose document is not here, or has another text.
        package var lost = 0
    }

    /// Takes over the reviews of another database, in their order and with their times.
    ///
    /// A document is found by its file and its place in it, and must have the same text; a mention by the type
    /// and the place that the model gave it. Where the model finds it no more, what the reviewer said of it
    /// stays and counts as added. A row that is here already is not written again.
    package func adoptReviews(_ former: FormerReviews) throws(StoreError) -> Adoption {
        guard !former.reviews.isEmpty else { return Adoption() }
        return try write { database in
            var adoption = AdoptedReviews(database: database)
            for review in former.reviews { try adoption.add(review) }
            return adoption.result
        }
    }
}

/// The taking over of reviews, within a transaction that goes on.
private struct AdoptedReviews {
    /// A mention that the model does not find any more.
    struct Lost: Hashable {
        let document: Int64
        let formerEntity: Int64
    }

    let database: Database
    /// Documents that were looked for, nil for those that are not here.
    var documents: [FormerReviews.Place: Int64?] = [:]
    /// Rows here by those there.
    var rows: [Int64: Int64] = [:]
    var lost: [Lost: Int64] = [:]
    var result = ResultDatabase.Adoption()

    /// The columns that are taken over as they are.
    static let columns = [
        "reviewer", "reviewed_at", "action", "type_before", "type_after", "start_before",
        "start_after", "end_before", "end_after", "certainty_before", "certainty_after",
        "subject_before", "subject_after", "axis", "value_before", "value_after", "note",
    ]

    mutating func add(_ review: FormerReviews.Review) throws {
        let row = review.row
        guard let document = try document(of: review),
            let target = try target(of: row, in: document)
        else {
            result.lost += 1
            return
        }
        result.kept += 1
        let former: Int64 = row["id"]
        if let known = try present(row, in: document, target) {
            rows[former] = known
        } else {
            try insert(row, in: document, target)
            rows[former] = database.lastInsertedRowID
        }
        let isFirstOfLost =
            row["entity_id"] != nil as Int64? && target.entity == nil && target.added == nil
        if isFirstOfLost, let entity = row["entity_id"] as Int64? {
            lost[Lost(document: document, formerEntity: entity)] = rows[former]
        }
    }

    private mutating func document(of review: FormerReviews.Review) throws -> Int64? {
        if let known = documents[review.place] { return known }
        let found = try Int64.fetchOne(
            database,
            sql: """
                SELECT d.id FROM documents d JOIN files f ON f.id = d.file_id
                WHERE f.sha256 = ? AND f.kind = ? AND f.source_name = ? AND d.position = ?
                  AND d.text = ?
                """,
            arguments: [
                review.place.sha256, review.place.kind, review.place.sourceName,
                review.place.position, review.text,
            ])
        documents[review.place] = .some(found)
        return found
    }

    private typealias Target = (entity: Int64?, added: Int64?, undoes: Int64?)

    /// What the row speaks of here; nil if that is not here.
    private func target(of row: Row, in document: Int64) throws -> Target? {
        if let undone = row["undoes"] as Int64? {
            return rows[undone].map { (nil, nil, $0) }
        }
        if let added = row["added_id"] as Int64? {
            return rows[added].map { (nil, $0, nil) }
        }
        guard let former = row["entity_id"] as Int64? else { return (nil, nil, nil) }
        let entity = try Int64.fetchOne(
            database,
            sql: """
                SELECT id FROM entities
                WHERE document_id = ? AND type = ? AND start = ? AND "end" = ?
                """,
            arguments: [
                document, row["type_before"] as String?, row["start_before"] as Int?,
                row["end_before"] as Int?,
            ])
        if let entity { return (entity, nil, nil) }
        let first = lost[Lost(document: document, formerEntity: former)]
        // A level says nothing of where its mention is.
        if first == nil, row["action"] == "level" { return nil }
        return (nil, first, nil)
    }

    private func present(_ row: Row, in document: Int64, _ target: Target) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql: """
                SELECT id FROM reviews WHERE document_id = ? AND reviewer = ? AND reviewed_at = ?
                  AND action = ? AND entity_id IS ? AND added_id IS ? AND undoes IS ?
                """,
            arguments: [
                document, row["reviewer"] as String?, row["reviewed_at"] as String?,
                row["action"] as String?, target.entity, target.added, target.undoes,
            ])
    }

    private func insert(_ row: Row, in document: Int64, _ target: Target) throws {
        let names = ["document_id", "entity_id", "added_id", "undoes"] + Self.columns
        let marks = names.map { _ in "?" }.joined(separator: ",")
        let own: [(any DatabaseValueConvertible)?] = [
            document, target.entity, target.added, target.undoes,
        ]
        let taken: [(any DatabaseValueConvertible)?] = Self.columns.map { row[$0] as DatabaseValue }
        try database.execute(
            sql: "INSERT INTO reviews (\(names.joined(separator: ", "))) VALUES (\(marks))",
            arguments: StatementArguments(own + taken))
    }
}
