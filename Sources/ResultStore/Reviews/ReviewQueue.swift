// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

/// Which documents a reviewer is to look at, and in which order.
package struct ReviewQueue: Hashable, Sendable {
    /// What comes first.
    package enum Order: String, CaseIterable, Sendable {
        /// Mentions that a person should look at, then those with the lowest score.
        case uncertainty
        /// Adverse events of level 2 and 3, the highest first; no other documents.
        case level
        /// Stages that a person should look at; no other documents.
        case stage
        /// What methods or people contradict each other on, where they do so most often first; no other documents.
        case disagreement
        /// A random sample.
        case random
        /// Every document, in the order of recording.
        case all
    }

    /// What comes first.
    package var order: Order
    /// Only documents of this kind; nil for any.
    package var kind: DocumentKind?
    /// What a random sample follows from.
    package var seed: UInt64
    /// At most so many documents.
    package var limit: Int

    /// A queue.
    package init(
        _ order: Order = .uncertainty, kind: DocumentKind? = nil, seed: UInt64 = 0, limit: Int = 200
    ) {
        self.order = order
        self.kind = kind
        self.seed = seed
        self.limit = limit
    }

    /// What documents are joined to, so that those without it are left out, and the order of their rows.
    fileprivate var ranking: (joined: String, order: String) {
        switch order {
        case .uncertainty:
            (
                "JOIN document_counts c ON c.document_id = d.id",
                "c.to_review > 0 DESC, c.lowest_score, d.id"
            )
        case .level:
            (
                """
                JOIN (SELECT document_id, max(level) AS level, min(score) AS score
                  FROM adverse_events WHERE level >= 2 GROUP BY document_id) a
                  ON a.document_id = d.id
                """, "a.level DESC, a.score, d.id"
            )
        case .stage: ("JOIN tnm_stages s ON s.document_id = d.id AND s.review <> ''", "d.id")
        case .disagreement:
            (
                """
                JOIN (SELECT document_id, count(*) AS times FROM (\(Self.disagreements))
                  GROUP BY document_id) x ON x.document_id = d.id
                """, "x.times DESC, d.id"
            )
        case .random, .all: ("", "d.id")
        }
    }

    /// A row for each contradiction: an axis of TNM whose category, given by the rules, the learnt opinion holds for
    /// less likely than not; a grade of a drug or reaction that is suspected where no pair of it is, or
    /// the other way round; a mention on which two reviewers said different things.
    private static let disagreements =
        ["t", "n", "m"].map { axis in
            """
            SELECT document_id FROM tnm_stages
            WHERE \(axis)_score > 0 AND \(axis)_score < 0.5 AND instr(review, upper('\(axis)')) > 0
            UNION ALL

            """
        }.joined() + """
            SELECT a.document_id FROM adverse_events a
            JOIN (SELECT entity_id, max(level) AS level FROM (
                    SELECT drug_id AS entity_id, level FROM adverse_event_pairs UNION ALL
                    SELECT disease_id, level FROM adverse_event_pairs)
                  GROUP BY entity_id) p ON p.entity_id = a.entity_id
            WHERE (a.level >= 2) <> (p.level >= 2)
            UNION ALL
            SELECT document_id FROM review_agreement WHERE NOT same
            """
}

/// A document in a queue, as far as a list shows it.
package struct QueuedDocument: Hashable, Sendable, Encodable {
    /// Its number.
    package let id: Int64
    /// Its kind.
    package let kind: String
    /// When it was written, as its sender says.
    package let authoredAt: String?
    /// Mentions that the model found.
    package let mentions: Int
    /// Mentions of these that the reviewer has judged.
    package let judged: Int
    /// Whether the reviewer has said that it is done.
    package let isDone: Bool

    private enum CodingKeys: String, CodingKey {
        case id, kind, mentions, judged
        case authoredAt = "authored_at"
        case isDone = "done"
    }
}

extension ResultDatabase {
    /// The documents of a queue, with how far the reviewer has come in each; throws ``StoreError``.
    ///
    /// What was superseded, withdrawn or sent twice is in none.
    package func documents(
        of queue: ReviewQueue, for reviewer: String
    ) throws(StoreError) -> [QueuedDocument] {
        try read { database in
            let rows = try queue.rows(in: database)
            let statement = try database.cachedStatement(
                sql: """
                    SELECT d.id, d.kind, d.authored_at,
                      (SELECT count(*) FROM entities e WHERE e.document_id = d.id),
                      (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND EXISTS (
                         SELECT 1 FROM reviews_in_force r WHERE r.entity_id = e.id
                           AND r.reviewer = ? AND r.action IN ('accept', 'reject', 'change'))),
                      EXISTS (SELECT 1 FROM reviews_in_force r WHERE r.document_id = d.id
                        AND r.reviewer = ? AND r.action = 'done')
                    FROM documents d WHERE d.id = ?
                    """)
            return try rows.compactMap { row in
                try Row.fetchOne(statement, arguments: [reviewer, reviewer, row]).map {
                    QueuedDocument(
                        id: $0[0], kind: $0[1], authoredAt: $0[2], mentions: $0[3], judged: $0[4],
                        isDone: $0[5])
                }
            }
        }
    }
}

extension ReviewQueue {
    /// The numbers of its documents, in its order.
    fileprivate func rows(in database: Database) throws -> [Int64] {
        let (joined, order) = ranking
        let limit = self.order == .random ? Int.max : limit
        let rows = try Int64.fetchAll(
            database,
            sql: """
                SELECT d.id FROM documents d \(joined)
                WHERE d.standing = 'current' AND (?1 IS NULL OR d.kind = ?1)
                  AND d.id NOT IN (SELECT x.id FROM files f JOIN documents x ON x.file_id = f.id
                                   WHERE f.complete = 0)
                ORDER BY \(order) LIMIT ?2
                """, arguments: [kind?.rawValue, limit])
        guard self.order == .random else { return rows }
        // Each document has its place by itself, so that new ones do not shuffle the others.
        return rows.map { (place: place(of: $0), row: $0) }
            .sorted { ($0.place, $0.row) < ($1.place, $1.row) }
            .prefix(self.limit).map(\.row)
    }

    /// Where a document stands in the random order: the number that SplitMix64 gives for seed and row.
    private func place(of row: Int64) -> UInt64 {
        var bits = seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(bitPattern: row)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
