// SPDX-License-Identifier: Apache-2.0

/// The migration that lets recorded documents be read once more: requests, what former runs found, and reviews that
/// outlive the rows that they speak of.
enum RereadSchema {
    static let migration = """
        CREATE TABLE run_results (
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          run_id INTEGER NOT NULL REFERENCES runs(id),
          read_at TEXT NOT NULL,
          kept_at TEXT NOT NULL,
          results TEXT NOT NULL CHECK (json_valid(results)),
          PRIMARY KEY (document_id, run_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX run_results_run ON run_results(run_id, kept_at);

        CREATE TABLE reprocess_requests (
          id INTEGER PRIMARY KEY,
          requested_at TEXT NOT NULL,
          requested_by TEXT NOT NULL,
          selection TEXT NOT NULL CHECK (json_valid(selection)),
          state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled')),
          last_document INTEGER NOT NULL,
          selected INTEGER NOT NULL,
          position INTEGER NOT NULL DEFAULT 0,
          tries INTEGER NOT NULL DEFAULT 0,
          reread INTEGER NOT NULL DEFAULT 0,
          failed INTEGER NOT NULL DEFAULT 0,
          started_at TEXT,
          finished_at TEXT
        ) STRICT;
        CREATE INDEX reprocess_requests_open ON reprocess_requests(id)
          WHERE state IN ('waiting', 'running');

        CREATE TABLE reprocess_failures (
          request_id INTEGER NOT NULL REFERENCES reprocess_requests(id) ON DELETE CASCADE,
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          failed_at TEXT NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY (request_id, document_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE review_looks (
          document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
          run_id INTEGER NOT NULL REFERENCES runs(id),
          at TEXT NOT NULL,
          last_review INTEGER NOT NULL,
          lost INTEGER NOT NULL
        ) STRICT;

        DROP TRIGGER reviews_stay;
        CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews
          WHEN \(whatWasSaid)
            OR OLD.action NOT IN ('accept', 'reject', 'change', 'level')
          BEGIN SELECT raise(ABORT, 'reviews are never changed'); END;

        DROP VIEW reviews_in_force;
        CREATE VIEW reviews_in_force AS
          SELECT r.* FROM reviews r
          WHERE r.action <> 'undo' AND NOT EXISTS (SELECT 1 FROM reviews u WHERE u.undoes = r.id)
            AND NOT (r.action = 'done' AND EXISTS (
              SELECT 1 FROM review_looks l
              WHERE l.document_id = r.document_id AND r.id <= l.last_review));
        """

    /// Whether more of a review is to be changed than the row of the mention that it speaks of.
    private static let whatWasSaid = [
        "id", "document_id", "undoes", "reviewer", "reviewed_at", "action", "type_before",
        "type_after", "start_before", "start_after", "end_before", "end_after",
        "certainty_before", "certainty_after", "subject_before", "subject_after", "axis",
        "value_before", "value_after", "note",
    ].map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")
}
