// SPDX-License-Identifier: Apache-2.0
import GRDB

/// The migration that brings `patient_names`: of each patient the names of what current documents say that he has,
/// kept by triggers, so that patients are told with their numbers without a look at every mention.
///
/// A mention adds to its name's row, and so do all mentions of a document that becomes current; one that is set aside
/// for another version, or is removed, takes its mentions away.
enum PatientNames {
    static let migration =
        """
        CREATE TABLE patient_names (
          patient_id TEXT NOT NULL,
          type TEXT NOT NULL CHECK (type IN ('disease', 'drug')),
          name TEXT NOT NULL,
          mentions INTEGER NOT NULL CHECK (mentions >= 0),
          PRIMARY KEY (patient_id, type, name)
        ) STRICT, WITHOUT ROWID;
        \(filling);

        CREATE TRIGGER entities_named AFTER INSERT ON entities WHEN \(isCounted("NEW")) BEGIN
          \(added("NEW"))
        END;
        CREATE TRIGGER entities_renamed AFTER UPDATE OF
          document_id, type, certainty, subject, temporality, normalized, surface ON entities
        BEGIN
          \(takenAway("OLD"))
          \(added("NEW"))
        END;
        CREATE TRIGGER entities_unnamed AFTER DELETE ON entities WHEN \(isCounted("OLD")) BEGIN
          \(takenAway("OLD"))
        END;
        CREATE TRIGGER documents_renamed AFTER UPDATE OF standing, patient_id ON documents
          WHEN OLD.standing IS NOT NEW.standing OR OLD.patient_id IS NOT NEW.patient_id
        BEGIN
          \(allTakenAway)
          INSERT INTO patient_names
            \(counted) AND d.id = NEW.id GROUP BY 1, 2, 3
            ON CONFLICT (patient_id, type, name) DO UPDATE
            SET mentions = mentions + excluded.mentions;
        END;
        CREATE TRIGGER documents_unnamed BEFORE DELETE ON documents BEGIN
          \(allTakenAway)
        END;

        DROP VIEW patients;
        CREATE VIEW patients AS
          SELECT d.patient_id, count(*) AS documents,
                 date(min(\(AnalystViews.time)), '+9 hours') AS first_date,
                 date(max(\(AnalystViews.time)), '+9 hours') AS last_date,
                 \(number("disease")) AS diseases, \(number("drug")) AS drugs,
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
        """

    /// Counts all mentions anew, in a copy whose triggers are gone.
    static func recount(in database: Database) throws {
        try database.execute(sql: "DELETE FROM patient_names; \(filling)")
    }

    private static let filling = "INSERT INTO patient_names \(counted) GROUP BY 1, 2, 3"

    private static let counted = """
        SELECT d.patient_id, e.type, coalesce(e.normalized, e.surface), count(*)
        FROM documents d JOIN entities e ON e.document_id = d.id
        WHERE d.standing = 'current' AND d.patient_id IS NOT NULL AND \(isCounted("e"))
        """

    /// Takes away what a document that was current has.
    private static let allTakenAway = """
        UPDATE patient_names SET mentions = mentions - c.number
          FROM (SELECT e.type AS type, coalesce(e.normalized, e.surface) AS name,
                       count(*) AS number
                FROM entities e WHERE e.document_id = OLD.id AND \(isCounted("e"))
                GROUP BY 1, 2) AS c
          WHERE OLD.standing = 'current' AND patient_names.patient_id = OLD.patient_id
            AND patient_names.type = c.type AND patient_names.name = c.name;
        DELETE FROM patient_names WHERE patient_id = OLD.patient_id AND mentions = 0;
        """

    private static func number(_ type: String) -> String {
        """
        (SELECT count(*) FROM patient_names n
         WHERE n.patient_id = d.patient_id AND n.type = '\(type)')
        """
    }

    /// Whether a mention is of what the patient has now.
    private static func isCounted(_ mention: String) -> String {
        """
        \(mention).type IN ('disease', 'drug') AND \(mention).certainty = 'positive'
        AND \(mention).subject = 'patient' AND \(mention).temporality = 'current'
        """
    }

    private static func added(_ mention: String) -> String {
        """
        INSERT INTO patient_names
          SELECT d.patient_id, \(mention).type, coalesce(\(mention).normalized, \(mention).surface), 1
          FROM documents d
          WHERE d.id = \(mention).document_id AND d.standing = 'current'
            AND d.patient_id IS NOT NULL AND \(isCounted(mention))
          ON CONFLICT (patient_id, type, name) DO UPDATE SET mentions = mentions + 1;
        """
    }

    /// Of a mention whose document is gone nothing is left to take away.
    private static func takenAway(_ mention: String) -> String {
        let row = """
            patient_id = (SELECT d.patient_id FROM documents d
              WHERE d.id = \(mention).document_id AND d.standing = 'current')
              AND type = \(mention).type AND name = coalesce(\(mention).normalized, \(mention).surface)
            """
        return """
            UPDATE patient_names SET mentions = mentions - 1
              WHERE \(isCounted(mention)) AND \(row);
            DELETE FROM patient_names WHERE \(row) AND mentions = 0;
            """
    }
}
