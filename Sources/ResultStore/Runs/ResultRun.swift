// SPDX-License-Identifier: Apache-2.0
package import Foundation
import GRDB

/// One model at work without a break: from the start of the daemon, or the moment in which a model was exchanged,
/// to its end. Each document's results belong to one.
///
/// It is known by a key that its maker gives it, not by its row: a database that is put into the place of another
/// gets a row of it with the first document.
package struct ResultRun: Hashable, Sendable {
    /// What a run is for; the raw value stands in the database.
    package enum Purpose: String, CaseIterable, Sendable {
        /// It reads what comes in.
        case active
        /// It reads beside the active model, so that the two can be compared.
        case shadow
        /// It reads recorded documents once more.
        case reprocess
        /// Other machines read for it, and what they found is merged.
        case merge
        /// A large model elsewhere was asked by a batch file.
        case batch
    }

    /// What it is for.
    package let purpose: Purpose
    /// What it is known by.
    package let key: String
    /// When it began.
    package let startedAt: Date

    /// A run that begins.
    package init(
        _ purpose: Purpose = .active, key: String = UUID().uuidString.lowercased(),
        startedAt: Date = Date()
    ) {
        (self.purpose, self.key, self.startedAt) = (purpose, key, startedAt)
    }
}

extension ResultRun {
    /// The statements that bring runs. Documents of before get one for each combination that made results: nothing
    /// tells when the daemon was started.
    static let migration = """
        CREATE TABLE runs (
          id INTEGER PRIMARY KEY,
          key TEXT NOT NULL UNIQUE,
          model_id INTEGER NOT NULL REFERENCES models(id),
          purpose TEXT NOT NULL CHECK (purpose IN ('active', 'shadow', 'reprocess')),
          rules_version TEXT NOT NULL,
          started_at TEXT NOT NULL,
          last_at TEXT NOT NULL,
          finished_at TEXT,
          documents INTEGER NOT NULL CHECK (documents >= 0)
        ) STRICT;
        CREATE INDEX runs_open ON runs(purpose) WHERE finished_at IS NULL;
        INSERT INTO runs
          (key, model_id, purpose, rules_version, started_at, last_at, finished_at, documents)
          SELECT 'before ' || model_id, model_id, 'active', '', min(processed_at),
            max(processed_at), max(processed_at), count(*)
          FROM documents GROUP BY model_id ORDER BY model_id;
        ALTER TABLE documents ADD COLUMN run_id INTEGER REFERENCES runs(id);
        UPDATE documents SET run_id = (SELECT id FROM runs WHERE key = 'before ' || documents.model_id);

        CREATE VIEW model_runs AS
          SELECT r.id AS run_id, r.purpose, m.name AS model, m.version AS model_version,
                 m.sha256 AS model_sha256, m.code_version, m.dictionary, m.cleaning_version,
                 r.rules_version, r.started_at, r.last_at, r.finished_at, r.documents
          FROM runs r JOIN models m ON m.id = r.model_id;
        """

    /// The run's row; it is made with its first document, and ends what ran for the same purpose before.
    ///
    /// `documents` is how many are read now.
    func row(
        of model: Int64, _ maker: ResultMaker, documents: Int, at date: Date,
        in database: Database
    ) throws -> Int64 {
        let known = try Int64.fetchOne(
            database, sql: "SELECT id FROM runs WHERE key = ?", arguments: [key])
        if let known {
            // What another lane began under this model may come after its end.
            try database.execute(
                sql: """
                    UPDATE runs SET documents = documents + ?2, last_at = ?3,
                      finished_at = iif(finished_at IS NULL, NULL, ?3) WHERE id = ?1
                    """, arguments: [known, documents, timestamp(date)])
            return known
        }
        // One that a kill has ended did not say so.
        try database.execute(
            sql: "UPDATE runs SET finished_at = last_at WHERE purpose = ? AND finished_at IS NULL",
            arguments: [purpose.rawValue])
        try database.execute(
            sql: """
                INSERT INTO runs
                  (key, model_id, purpose, rules_version, started_at, last_at, documents)
                VALUES (?,?,?,?,?,?,?)
                """,
            arguments: [
                key, model, purpose.rawValue, maker.rulesVersion, timestamp(startedAt),
                timestamp(date), documents,
            ])
        return database.lastInsertedRowID
    }
}

extension ResultDatabase {
    /// Says that a run is at its end, if it has documents, and so are those before it that a kill has ended.
    package func finish(_ run: ResultRun, at date: Date) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE runs SET finished_at = iif(key = ?, ?, last_at)
                    WHERE purpose = ? AND finished_at IS NULL
                    """, arguments: [run.key, timestamp(date), run.purpose.rawValue])
        }
    }
}
