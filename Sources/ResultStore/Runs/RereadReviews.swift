// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB

/// What becomes of a document's reviews when it is read once more, within a transaction that goes on.
///
/// A mention is known again by its type and place; its row stays then, and with it all that was said of it. What was
/// said of a mention that is found no more stays, and counts as added; it comes back to its mention when a later run
/// finds it again. If anything reads otherwise than reviewers saw it, the document is not done any more.
struct RereadReviews {
    /// A mention by what two runs have in common.
    private struct Place: Hashable {
        let type: String
        let start, end: Int
    }

    let document: Int64
    let database: Database

    /// The rows that mentions of a new reading take over, by their place in the list.
    func rows(for entities: [Entity]) throws -> [Int: Int64] {
        let reviewed = try Row.fetchAll(
            database,
            sql: """
                SELECT id, type, start, "end" FROM entities e WHERE document_id = ?
                  AND EXISTS (SELECT 1 FROM reviews r WHERE r.entity_id = e.id)
                """, arguments: [document])
        guard !reviewed.isEmpty else { return [:] }
        var known: [Place: Int64] = [:]
        for row in reviewed {
            known[Place(type: row["type"], start: row["start"], end: row["end"])] = row["id"]
        }
        var rows: [Int: Int64] = [:]
        for (index, entity) in entities.enumerated() {
            if let row = known.removeValue(forKey: Self.place(of: entity)) { rows[index] = row }
        }
        return rows
    }

    /// Lets what was said of mentions that are found no more count as added; how many these are.
    func detach(except kept: some Collection<Int64>) throws -> Int {
        let reviews = try Row.fetchAll(
            database,
            sql: """
                SELECT id, entity_id, action FROM reviews
                WHERE document_id = ? AND entity_id IS NOT NULL ORDER BY id
                """, arguments: [document])
        let lost = Dictionary(grouping: reviews) { $0["entity_id"] as Int64 }
            .filter { !kept.contains($0.key) }
        for said in lost.values {
            // A level says nothing of what the mention is.
            let first = said.first { $0["action"] != "level" }?["id"] as Int64?
            for review in said {
                let row: Int64 = review["id"]
                try database.execute(
                    sql: "UPDATE reviews SET entity_id = NULL, added_id = ? WHERE id = ?",
                    arguments: [row == first ? nil : first, row])
            }
        }
        return lost.count
    }

    /// Gives what was said of mentions that an earlier reading did not find back to them.
    func attach(to entities: [Entity], rows: [Int64]) throws {
        let detached = try Row.fetchAll(
            database,
            sql: """
                SELECT id, type_before, start_before, end_before FROM reviews
                WHERE document_id = ? AND entity_id IS NULL AND added_id IS NULL
                  AND type_before IS NOT NULL
                """, arguments: [document])
        guard !detached.isEmpty else { return }
        let places = Dictionary(
            zip(entities.map(Self.place), rows), uniquingKeysWith: { first, _ in first })
        for review in detached {
            let place = Place(
                type: review["type_before"], start: review["start_before"],
                end: review["end_before"])
            guard let row = places[place] else { continue }
            try database.execute(
                sql: """
                    UPDATE reviews SET entity_id = ?1, added_id = NULL
                    WHERE id = ?2 OR added_id = ?2
                    """, arguments: [row, review["id"] as Int64])
        }
    }

    /// Lets the document not count as done any more if it reads otherwise than it did.
    func mark(
        lost: Int, _ former: KeptResults, _ now: KeptResults, run: Int64, at instant: String
    ) throws {
        guard lost > 0 || Self.shown(former) != Self.shown(now) else { return }
        let last = try Int64.fetchOne(
            database, sql: "SELECT max(id) FROM reviews WHERE document_id = ?",
            arguments: [document])
        guard let last else { return }
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO review_looks (document_id, run_id, at, last_review, lost)
                VALUES (?,?,?,?,?)
                """, arguments: [document, run, instant, last, lost])
    }

    /// What a reviewer sees of results.
    private static func shown(_ results: KeptResults) -> [[String]] {
        let levels = Dictionary(
            results.grades.map { ($0.mention, $0.level) }, uniquingKeysWith: max)
        let mentions = results.mentions.enumerated().map { place, mention in
            [
                mention.type, String(mention.start), String(mention.end), mention.certainty,
                mention.subject, levels[place].map(String.init) ?? "",
            ]
        }
        let stage = [
            results.stage?.t, results.stage?.n, results.stage?.m, results.stage?.stage,
        ].map { $0 ?? "" }
        return mentions.sorted { $0.lexicographicallyPrecedes($1) } + [stage]
    }

    private static func place(of entity: Entity) -> Place {
        Place(
            type: entity.type.rawValue, start: entity.span.range.start,
            end: entity.span.range.end)
    }
}
