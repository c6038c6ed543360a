// SPDX-License-Identifier: Apache-2.0

/// The migration that brings `document_counts`: of each document with mentions how many it has, kept by triggers, so
/// that months and the queue of reviewers are counted without a look at every mention.
///
/// A mention that is added adds to the row, which takes the same time for the thousandth as for the first. One
/// that is changed or removed alone, which the program itself never does, lets the document be counted anew.
enum DocumentCounts {
    static let migration =
        """
        CREATE TABLE document_counts (
          document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
          diseases INTEGER NOT NULL,
          drugs INTEGER NOT NULL,
          doses INTEGER NOT NULL,
          to_review INTEGER NOT NULL,
          lowest_score REAL NOT NULL
        ) STRICT;
        INSERT INTO document_counts \(counted("GROUP BY e.document_id"));

        CREATE TRIGGER entities_counted AFTER INSERT ON entities BEGIN
          INSERT INTO document_counts VALUES (
            NEW.document_id, \(isPresent("NEW", "disease")), \(isPresent("NEW", "drug")),
            \(isPresent("NEW", "dose")), NEW.review, NEW.score)
          ON CONFLICT (document_id) DO UPDATE SET
            diseases = diseases + excluded.diseases, drugs = drugs + excluded.drugs,
            doses = doses + excluded.doses, to_review = to_review + excluded.to_review,
            lowest_score = min(lowest_score, excluded.lowest_score);
        END;
        CREATE TRIGGER entities_recounted AFTER UPDATE OF
          document_id, type, certainty, subject, temporality, review, score ON entities
        BEGIN
          \(recount("OLD"))
          \(recount("NEW"))
        END;
        CREATE TRIGGER entities_uncounted AFTER DELETE ON entities
          WHEN EXISTS (SELECT 1 FROM documents WHERE id = OLD.document_id)
        BEGIN
          \(recount("OLD"))
        END;
        """ + views

    /// The views that read it, and indexes that hold what they and reports ask for.
    private static let views = """
        DROP INDEX entities_document;
        CREATE INDEX entities_document ON entities(document_id, start, type, review);
        DROP INDEX entities_present;
        CREATE INDEX entities_present
          ON entities(document_id, type, normalized, surface, code, certainty, subject, temporality)
          WHERE certainty = 'positive' AND subject = 'patient' AND temporality = 'current';

        DROP VIEW document_summary;
        CREATE VIEW document_summary AS
          SELECT d.id, d.kind, d.patient_id, d.authored_at, d.processed_at, d.source_name,
                 length(d.text) AS characters, coalesce(c.diseases, 0) AS diseases,
                 coalesce(c.drugs, 0) AS drugs, coalesce(c.doses, 0) AS doses,
                 s.t, s.n, s.m, s.stage,
                 (SELECT max(a.level) FROM adverse_events a WHERE a.document_id = d.id)
                   AS highest_adverse_event_level,
                 m.name AS model, m.version AS model_version
          FROM documents d
          JOIN models m ON m.id = d.model_id
          LEFT JOIN document_counts c ON c.document_id = d.id
          LEFT JOIN tnm_stages s ON s.document_id = d.id
          WHERE d.standing = 'current';

        DROP VIEW monthly_counts;
        CREATE VIEW monthly_counts AS
          SELECT substr(\(AnalystViews.day), 1, 7) AS month, d.kind, count(*) AS documents,
                 count(DISTINCT d.patient_id) AS patients,
                 coalesce(sum(c.diseases), 0) AS diseases, coalesce(sum(c.drugs), 0) AS drugs,
                 coalesce(sum(p.reactions), 0) AS reactions, count(s.stage) AS stages
          FROM documents d
          LEFT JOIN document_counts c ON c.document_id = d.id
          LEFT JOIN (SELECT document_id, count(*) AS reactions FROM adverse_event_pairs
                     WHERE level >= 2 GROUP BY document_id) p ON p.document_id = d.id
          LEFT JOIN tnm_stages s ON s.document_id = d.id
          WHERE d.standing = 'current' GROUP BY 1, 2;

        DROP VIEW patients;
        CREATE VIEW patients AS
          SELECT d.patient_id, count(*) AS documents,
                 date(min(\(AnalystViews.time)), '+9 hours') AS first_date,
                 date(max(\(AnalystViews.time)), '+9 hours') AS last_date,
                 \(names("disease")) AS diseases, \(names("drug")) AS drugs,
                 (SELECT s.stage FROM documents o JOIN tnm_stages s ON s.document_id = o.id
                  WHERE o.patient_id = d.patient_id AND o.standing = 'current'
                    AND s.stage IS NOT NULL
                  ORDER BY coalesce(o.authored_utc, o.received_at) DESC, o.id DESC LIMIT 1)
                   AS last_stage,
                 (SELECT max(p.level) FROM documents o
                  JOIN adverse_event_pairs p ON p.document_id = o.id
                  WHERE o.patient_id = d.patient_id AND o.standing = 'current')
                   AS highest_adverse_event_level
          FROM documents d
          WHERE d.standing = 'current' AND d.patient_id IS NOT NULL
          GROUP BY d.patient_id;

        CREATE INDEX files_incomplete ON files(id) WHERE complete = 0;
        """

    /// How many different names of a type a patient has.
    private static func names(_ type: String) -> String {
        """
        (SELECT count(DISTINCT coalesce(e.normalized, e.surface))
         FROM documents o JOIN entities e ON e.document_id = o.id
         WHERE o.patient_id = d.patient_id AND o.standing = 'current'
           AND e.type = '\(type)' AND e.certainty = 'positive' AND e.subject = 'patient'
           AND e.temporality = 'current')
        """
    }

    /// Whether a mention is of a type, and of what the patient has now: 0 or 1.
    private static func isPresent(_ mention: String, _ type: String) -> String {
        """
        \(mention).type = '\(type)' AND \(mention).certainty = 'positive'
        AND \(mention).subject = 'patient' AND \(mention).temporality = 'current'
        """
    }

    /// The counts of mentions.
    private static func counted(_ condition: String) -> String {
        """
        SELECT e.document_id, sum(\(isPresent("e", "disease"))), sum(\(isPresent("e", "drug"))),
          sum(\(isPresent("e", "dose"))), sum(e.review), min(e.score)
        FROM entities e \(condition)
        """
    }

    private static func recount(_ mention: String) -> String {
        """
        DELETE FROM document_counts WHERE document_id = \(mention).document_id;
        INSERT INTO document_counts
          \(counted("WHERE e.document_id = \(mention).document_id GROUP BY e.document_id"));
        """
    }
}
