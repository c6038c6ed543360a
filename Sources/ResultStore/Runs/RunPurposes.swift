// SPDX-License-Identifier: Apache-2.0

/// The migration by which runs may be for more purposes.
///
/// The table is made anew, because a CHECK that lists the purposes cannot be taken out of it; the program alone says
/// now which there are.
enum RunPurposes {
    static let migration = """
        DROP VIEW model_runs;
        CREATE TABLE new_runs (
          id INTEGER PRIMARY KEY,
          key TEXT NOT NULL UNIQUE,
          model_id INTEGER NOT NULL REFERENCES models(id),
          purpose TEXT NOT NULL,
          rules_version TEXT NOT NULL,
          started_at TEXT NOT NULL,
          last_at TEXT NOT NULL,
          finished_at TEXT,
          documents INTEGER NOT NULL CHECK (documents >= 0)
        ) STRICT;
        INSERT INTO new_runs
          SELECT id, key, model_id, purpose, rules_version, started_at, last_at, finished_at, documents
          FROM runs;
        DROP TABLE runs;
        ALTER TABLE new_runs RENAME TO runs;
        CREATE INDEX runs_open ON runs(purpose) WHERE finished_at IS NULL;

        CREATE VIEW model_runs AS
          SELECT r.id AS run_id, r.purpose, m.name AS model, m.version AS model_version,
                 m.sha256 AS model_sha256, m.code_version, m.dictionary, m.cleaning_version,
                 r.rules_version, r.started_at, r.last_at, r.finished_at, r.documents
          FROM runs r JOIN models m ON m.id = r.model_id;
        """
}
