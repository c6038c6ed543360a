// SPDX-License-Identifier: Apache-2.0

/// The migration that brings what people say of findings: one row an action, which nothing changes later.
///
/// Rows go with their document alone, whose incomplete file the daemon may take back.
enum ReviewSchema {
    static let migration = """
        CREATE TABLE reviews (
          id INTEGER PRIMARY KEY,
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          entity_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
          added_id INTEGER REFERENCES reviews(id),
          undoes INTEGER REFERENCES reviews(id),
          reviewer TEXT NOT NULL CHECK (length(reviewer) BETWEEN 1 AND 100),
          reviewed_at TEXT NOT NULL,
          action TEXT NOT NULL CHECK (action IN
            ('accept', 'reject', 'change', 'add', 'level', 'stage', 'undo', 'done')),
          type_before TEXT CHECK (type_before IN ('disease', 'drug', 'dose')),
          type_after TEXT CHECK (type_after IN ('disease', 'drug', 'dose')),
          start_before INTEGER CHECK (start_before >= 0),
          start_after INTEGER CHECK (start_after >= 0),
          end_before INTEGER CHECK (end_before > start_before),
          end_after INTEGER CHECK (end_after > start_after),
          certainty_before TEXT,
          certainty_after TEXT CHECK (certainty_after IN
            ('positive', 'suspicious', 'negative', 'general')),
          subject_before TEXT,
          subject_after TEXT CHECK (subject_after IN ('patient', 'family', 'other')),
          axis TEXT CHECK (axis IN ('t', 'n', 'm', 'stage')),
          value_before TEXT,
          value_after TEXT,
          note TEXT CHECK (length(note) <= 1000),
          CHECK ((action = 'undo') = (undoes IS NOT NULL)),
          CHECK ((action = 'stage') = (axis IS NOT NULL)),
          CHECK (entity_id IS NULL OR added_id IS NULL),
          CHECK ((action IN ('accept', 'change', 'add')) = (type_after IS NOT NULL)),
          CHECK ((type_after IS NULL) = (end_after IS NULL)
            AND (type_after IS NULL) = (start_after IS NULL)
            AND (type_after IS NULL) = (certainty_after IS NULL)
            AND (type_after IS NULL) = (subject_after IS NULL)),
          CHECK (action <> 'level' OR value_after IN ('0', '1', '2', '3')),
          CHECK (action IN ('level', 'stage') OR value_after IS NULL)
        ) STRICT;
        CREATE INDEX reviews_document ON reviews(document_id, reviewer);
        CREATE INDEX reviews_entity ON reviews(entity_id) WHERE entity_id IS NOT NULL;
        CREATE INDEX reviews_added ON reviews(added_id) WHERE added_id IS NOT NULL;
        CREATE UNIQUE INDEX reviews_undoes ON reviews(undoes) WHERE undoes IS NOT NULL;
        CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews
          BEGIN SELECT raise(ABORT, 'reviews are never changed'); END;
        CREATE TRIGGER reviews_remain BEFORE DELETE ON reviews
          WHEN EXISTS (SELECT 1 FROM documents WHERE id = OLD.document_id)
          BEGIN SELECT raise(ABORT, 'reviews are never removed'); END;

        CREATE VIEW reviews_in_force AS
          SELECT r.* FROM reviews r
          WHERE r.action <> 'undo' AND NOT EXISTS (SELECT 1 FROM reviews u WHERE u.undoes = r.id);

        CREATE VIEW review_verdicts AS
          SELECT d.kind, r.document_id, r.entity_id, e.type, m.name AS model,
                 m.version AS model_version, r.reviewer, r.reviewed_at, r.action AS verdict,
                 r.type_after, r.start_after, r.end_after, r.certainty_after, r.subject_after,
                 r.id AS review_id
          FROM reviews_in_force r
          JOIN entities e ON e.id = r.entity_id
          JOIN documents d ON d.id = r.document_id
          JOIN models m ON m.id = d.model_id
          WHERE r.action IN ('accept', 'reject', 'change') AND NOT EXISTS (
            SELECT 1 FROM reviews_in_force v
            WHERE v.entity_id = r.entity_id AND v.reviewer = r.reviewer AND v.id > r.id
              AND v.action IN ('accept', 'reject', 'change'));

        CREATE VIEW review_agreement AS
          SELECT a.document_id, a.entity_id, a.kind, a.type, a.model, a.model_version,
                 a.reviewer AS first_reviewer, a.verdict AS first_verdict,
                 b.reviewer AS second_reviewer, b.verdict AS second_verdict,
                 a.verdict = b.verdict AND a.type_after IS b.type_after
                   AND a.start_after IS b.start_after AND a.end_after IS b.end_after
                   AND a.certainty_after IS b.certainty_after
                   AND a.subject_after IS b.subject_after AS same
          FROM review_verdicts a
          JOIN review_verdicts b ON b.entity_id = a.entity_id AND b.reviewer > a.reviewer;

        CREATE VIEW findings_reviewed AS
          SELECT d.patient_id, d.kind, d.authored_at, e.document_id, e.id AS entity_id,
                 r.id AS review_id, coalesce(r.action, 'none') AS verdict, r.reviewer,
                 r.reviewed_at, coalesce(r.type_after, e.type) AS type,
                 substr(d.text, coalesce(r.start_after, e.start) + 1,
                   coalesce(r.end_after, e."end") - coalesce(r.start_after, e.start)) AS surface,
                 coalesce(r.start_after, e.start) AS start,
                 coalesce(r.end_after, e."end") AS "end",
                 coalesce(r.certainty_after, e.certainty) AS certainty,
                 coalesce(r.subject_after, e.subject) AS subject, e.temporality, e.state,
                 iif(coalesce(r.action, '') <> 'change' OR (r.type_after = e.type
                   AND r.start_after = e.start AND r.end_after = e."end"), e.normalized, NULL)
                   AS normalized,
                 iif(coalesce(r.action, '') <> 'change' OR (r.type_after = e.type
                   AND r.start_after = e.start AND r.end_after = e."end"), e.icd10, NULL) AS icd10,
                 coalesce(
                   (SELECT CAST(l.value_after AS INTEGER) FROM reviews_in_force l
                    WHERE l.entity_id = e.id AND l.action = 'level' ORDER BY l.id DESC LIMIT 1),
                   (SELECT max(a.level) FROM adverse_events a WHERE a.entity_id = e.id)) AS level,
                 e.score, e.method
          FROM entities e
          JOIN documents d ON d.id = e.document_id
          LEFT JOIN reviews r ON r.id = (
            SELECT max(v.id) FROM reviews_in_force v
            WHERE v.entity_id = e.id AND v.action IN ('accept', 'reject', 'change'))
          WHERE d.standing = 'current' AND coalesce(r.action, '') <> 'reject'
          UNION ALL
          SELECT d.patient_id, d.kind, d.authored_at, a.document_id, NULL, r.id, 'add', r.reviewer,
                 r.reviewed_at, r.type_after,
                 substr(d.text, r.start_after + 1, r.end_after - r.start_after), r.start_after,
                 r.end_after, r.certainty_after, r.subject_after, 'current', NULL, NULL, NULL,
                 (SELECT CAST(l.value_after AS INTEGER) FROM reviews_in_force l
                  WHERE l.added_id = a.id AND l.action = 'level' ORDER BY l.id DESC LIMIT 1),
                 NULL, 'reviewer'
          FROM reviews a
          JOIN documents d ON d.id = a.document_id
          JOIN reviews r ON r.id = (
            SELECT max(v.id) FROM reviews_in_force v
            WHERE (v.id = a.id OR v.added_id = a.id)
              AND v.action IN ('add', 'accept', 'reject', 'change'))
          WHERE a.entity_id IS NULL AND a.added_id IS NULL
            AND a.action IN ('add', 'accept', 'reject', 'change')
            AND d.standing = 'current' AND r.action <> 'reject';

        CREATE VIEW stages_reviewed AS
          WITH said AS (
            SELECT document_id, axis, value_after, reviewer,
                   row_number() OVER (PARTITION BY document_id, axis ORDER BY id DESC) AS age
            FROM reviews_in_force WHERE action = 'stage')
          SELECT d.patient_id, d.kind, d.authored_at, d.id AS document_id,
                 iif(t.age, t.value_after, s.t) AS t, iif(n.age, n.value_after, s.n) AS n,
                 iif(m.age, m.value_after, s.m) AS m,
                 iif(g.age, g.value_after, s.stage) AS stage,
                 coalesce(g.reviewer, t.reviewer, n.reviewer, m.reviewer) AS reviewer
          FROM documents d
          LEFT JOIN tnm_stages s ON s.document_id = d.id
          LEFT JOIN said t ON t.document_id = d.id AND t.axis = 't' AND t.age = 1
          LEFT JOIN said n ON n.document_id = d.id AND n.axis = 'n' AND n.age = 1
          LEFT JOIN said m ON m.document_id = d.id AND m.axis = 'm' AND m.age = 1
          LEFT JOIN said g ON g.document_id = d.id AND g.axis = 'stage' AND g.age = 1
          WHERE d.standing = 'current'
            AND (s.document_id IS NOT NULL OR t.age OR n.age OR m.age OR g.age);
        """
}
