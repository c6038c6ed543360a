// SPDX-License-Identifier: Apache-2.0
import GRDB

/// What a model that reads along does otherwise than the active one, over all of its documents.
package struct ShadowReport: Hashable, Sendable, Encodable {
    /// Name, version and SHA-256 of its bundle, and those of the active ones beside which it read.
    package let model, version, sha256, beside: String
    /// Documents that both have read, that it did not get to, and that it could not read.
    package let documents, dropped, failed: Int
    /// How long each took a document, in seconds.
    package let activeSeconds, shadowSeconds: Double
    /// What the process grew by when it was loaded last, in bytes.
    package let memoryBytes: Int
    /// How often both say the same, by what they say.
    package let counts: [String: Int]

    private enum CodingKeys: String, CodingKey {
        case model, version, sha256, beside, documents, dropped, failed, counts
        case activeSeconds = "active_seconds"
        case shadowSeconds = "shadow_seconds"
        case memoryBytes = "memory_bytes"
    }
}

extension ResultReader {
    /// What bundles that read along have come to, the last first.
    package func shadowReports() throws(StoreError) -> [ShadowReport] {
        do {
            return try connection.read { database in
                guard try database.tableExists("shadow_runs") else { return [] }
                return try Row.fetchAll(
                    database,
                    sql: """
                        SELECT m.name, m.version, m.sha256, count(*) AS documents,
                          avg(c.active_seconds) AS active, avg(c.shadow_seconds) AS shadow,
                          group_concat(DISTINCT a.name || ' ' || a.version) AS beside,
                          max(r.id) AS last
                        FROM shadow_comparisons c JOIN runs r ON r.id = c.run_id
                        JOIN models m ON m.id = r.model_id
                        JOIN runs b ON b.id = c.active_run_id JOIN models a ON a.id = b.model_id
                        GROUP BY m.sha256 ORDER BY last DESC
                        """
                ).map { try ShadowReport($0, in: database) }
            }
        } catch {
            throw StoreError(error, of: connection.path.description)
        }
    }
}

extension ShadowReport {
    fileprivate init(_ row: Row, in database: Database) throws {
        (model, version, sha256) = (row["name"], row["version"], row["sha256"])
        (beside, documents) = (row["beside"], row["documents"])
        (activeSeconds, shadowSeconds) = (row["active"], row["shadow"])
        let sums = try Row.fetchOne(
            database,
            sql: """
                SELECT sum(s.dropped) AS dropped, sum(s.failed) AS failed FROM shadow_runs s
                JOIN runs r ON r.id = s.run_id JOIN models m ON m.id = r.model_id
                WHERE m.sha256 = ?
                """, arguments: [sha256])
        (dropped, failed) = (sums?["dropped"] ?? 0, sums?["failed"] ?? 0)
        memoryBytes =
            try Int.fetchOne(
                database, sql: "SELECT memory_bytes FROM shadow_runs WHERE run_id = ?",
                arguments: [row["last"] as Int64]) ?? 0
        let counted = try Row.fetchAll(
            database,
            sql: """
                SELECT j.key, sum(j.value) FROM shadow_comparisons c
                JOIN runs r ON r.id = c.run_id JOIN models m ON m.id = r.model_id,
                json_each(c.counts) j
                WHERE m.sha256 = ? GROUP BY j.key
                """, arguments: [sha256])
        counts = Dictionary(uniqueKeysWithValues: counted.map { ($0[0], $0[1]) })
    }
}
