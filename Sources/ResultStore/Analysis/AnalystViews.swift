// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB

/// The migrations that bring what analysts ask most into flat views.
enum AnalystViews {
    /// Columns and tables that the views rest on; ``readAgain(in:)`` fills them for documents that are
    /// recorded already.
    static let columns = """
        ALTER TABLE entities ADD COLUMN sentence_start INTEGER;
        ALTER TABLE entities ADD COLUMN sentence_end INTEGER;
        ALTER TABLE entities ADD COLUMN stop INTEGER GENERATED ALWAYS AS ("end") VIRTUAL;
        """ + StatedDose.migration

    /// The views, and the indexes that questions go by.
    static let views = """
        DROP VIEW mentions;
        DROP VIEW patient_entities;
        DROP VIEW tnm_evidence;
        DROP VIEW drug_reactions;

        CREATE VIEW mentions AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.subject,
                 e.temporality, e.state, e.normalized, e.icd10, e.score, e.review, e.method,
                 e.start, e."end", e."end" AS stop,
                 substr(d.text, e.cue_start + 1, e.cue_end - e.cue_start) AS cue,
                 \(section("e")) AS section,
                 e.drug_id, e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          WHERE d.standing = 'current';

        CREATE VIEW patient_entities AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.normalized,
                 e.icd10, e.score, e.start, e."end", e."end" AS stop, e.document_id,
                 e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          WHERE d.standing = 'current' AND e.certainty = 'positive' AND e.subject = 'patient'
            AND e.temporality = 'current';

        CREATE VIEW tnm_evidence AS
          SELECT s.document_id, e.key AS position,
                 json_extract(e.value, '$.axis') AS axis,
                 json_extract(e.value, '$.category') AS category,
                 json_extract(e.value, '$.rule') AS rule,
                 json_extract(e.value, '$.span.range.start') AS start,
                 json_extract(e.value, '$.span.range.end') AS "end",
                 json_extract(e.value, '$.span.range.end') AS stop,
                 json_extract(e.value, '$.span.surface') AS surface
          FROM tnm_stages s JOIN documents d ON d.id = s.document_id, json_each(s.evidence) e
          WHERE d.standing = 'current';

        CREATE VIEW drug_reactions AS
          SELECT d.patient_id, d.authored_at, g.surface AS drug, g.normalized AS drug_name,
                 e.surface AS reaction, e.normalized AS reaction_name, e.icd10, p.level, p.rule,
                 substr(d.text, p.cue_start + 1, p.cue_end - p.cue_start) AS cue, p.review,
                 p.document_id, p.drug_id, p.disease_id, p.id AS pair_id,
                 \(day) AS date, d.kind, \(sentence("e")) AS sentence
          FROM adverse_event_pairs p
          JOIN entities g ON g.id = p.drug_id
          JOIN entities e ON e.id = p.disease_id
          JOIN documents d ON d.id = p.document_id
          WHERE d.standing = 'current';

        CREATE VIEW findings AS
          SELECT d.patient_id, \(day) AS date, d.kind, \(section("e")) AS section, e.type, e.surface,
                 e.normalized AS standard_name, iif(e.icd10 IS NULL, NULL, 'ICD-10') AS code_system,
                 e.icd10 AS code, e.certainty, e.subject, e.temporality, e.state,
                 \(sentence("e")) AS sentence, e.score, e.review, m.name AS model,
                 m.version AS model_version, e.method, e.start, e."end" AS stop,
                 \(time) AS time, e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          LEFT JOIN models m ON m.id = d.model_id
          WHERE d.standing = 'current';

        CREATE VIEW medications AS
          SELECT d.patient_id, \(day) AS date, d.kind, \(section("g")) AS section,
                 g.surface AS drug, g.normalized AS standard_name, e.surface AS dose, x.amount,
                 x.highest, x.unit, x.per, x.times_a_day, g.state, g.certainty, g.subject,
                 g.temporality, \(sentence("g")) AS sentence,
                 max(g.review, coalesce(e.review, 0)) AS review, \(time) AS time,
                 g.document_id, g.id AS drug_id, e.id AS dose_id
          FROM entities g JOIN documents d ON d.id = g.document_id
          LEFT JOIN entities e ON e.drug_id = g.id
          LEFT JOIN dose_amounts x ON x.entity_id = e.id
          WHERE g.type = 'drug' AND d.standing = 'current';

        CREATE VIEW stages AS
          SELECT d.patient_id, \(day) AS date, d.kind, s.t, s.n, s.m, s.stage, s.reason, s.prefix,
                 s.edition, s.review, s.t_score, s.n_score, s.m_score, \(time) AS time,
                 s.document_id
          FROM tnm_stages s JOIN documents d ON d.id = s.document_id
          WHERE d.standing = 'current';

        CREATE VIEW patients AS
          SELECT d.patient_id, count(*) AS documents, min(\(day)) AS first_date,
                 max(\(day)) AS last_date,
                 (SELECT count(DISTINCT coalesce(e.normalized, e.surface))
                  FROM documents o JOIN entities e ON e.document_id = o.id
                  WHERE o.patient_id = d.patient_id AND o.standing = 'current'
                    AND e.type = 'disease' AND e.certainty = 'positive' AND e.subject = 'patient'
                    AND e.temporality = 'current') AS diseases,
                 (SELECT count(DISTINCT coalesce(e.normalized, e.surface))
                  FROM documents o JOIN entities e ON e.document_id = o.id
                  WHERE o.patient_id = d.patient_id AND o.standing = 'current'
                    AND e.type = 'drug' AND e.certainty = 'positive' AND e.subject = 'patient'
                    AND e.temporality = 'current') AS drugs,
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

        CREATE VIEW similar_pairs AS
          SELECT s.document_id, s.other_document_id, d.kind, d.patient_id,
                 o.patient_id AS other_patient_id, s.level, s.score, 1 AS is_later
          FROM similarities s JOIN documents d ON d.id = s.document_id
          JOIN documents o ON o.id = s.other_document_id
          WHERE d.standing = 'current' AND o.standing = 'current'
          UNION ALL
          SELECT s.other_document_id, s.document_id, o.kind, o.patient_id, d.patient_id, s.level,
                 s.score, 0
          FROM similarities s JOIN documents d ON d.id = s.document_id
          JOIN documents o ON o.id = s.other_document_id
          WHERE d.standing = 'current' AND o.standing = 'current';

        CREATE VIEW monthly_counts AS
          SELECT substr(\(day), 1, 7) AS month, d.kind, count(*) AS documents,
                 count(DISTINCT d.patient_id) AS patients,
                 coalesce(sum(e.diseases), 0) AS diseases, coalesce(sum(e.drugs), 0) AS drugs,
                 coalesce(sum(p.reactions), 0) AS reactions, count(s.stage) AS stages
          FROM documents d
          LEFT JOIN (SELECT document_id, sum(type = 'disease') AS diseases,
                            sum(type = 'drug') AS drugs
                     FROM entities WHERE certainty = 'positive' AND subject = 'patient'
                       AND temporality = 'current' GROUP BY document_id) e ON e.document_id = d.id
          LEFT JOIN (SELECT document_id, count(*) AS reactions FROM adverse_event_pairs
                     WHERE level >= 2 GROUP BY document_id) p ON p.document_id = d.id
          LEFT JOIN tnm_stages s ON s.document_id = d.id
          WHERE d.standing = 'current' GROUP BY 1, 2;

        CREATE INDEX documents_time ON documents(coalesce(authored_utc, received_at));
        CREATE INDEX entities_code ON entities(icd10) WHERE icd10 IS NOT NULL;
        CREATE INDEX entities_name ON entities(normalized) WHERE normalized IS NOT NULL;
        CREATE INDEX entities_present ON entities(document_id, type)
          WHERE certainty = 'positive' AND subject = 'patient' AND temporality = 'current';
        CREATE INDEX tnm_stages_stage ON tnm_stages(stage) WHERE stage IS NOT NULL;
        CREATE INDEX similarities_level ON similarities(level);
        """

    /// One column for the codes of diseases and drugs, and the view of drugs that shows them.
    static let codes = """
        ALTER TABLE entities ADD COLUMN code TEXT;
        ALTER TABLE entities ADD COLUMN code_edition TEXT;
        UPDATE entities SET code = icd10 WHERE icd10 IS NOT NULL;
        DROP VIEW medications;

        CREATE VIEW medications AS
          SELECT d.patient_id, \(day) AS date, d.kind, \(section("g")) AS section,
                 g.surface AS drug, g.normalized AS standard_name, g.code,
                 e.surface AS dose, x.amount,
                 x.highest, x.unit, x.per, x.times_a_day, g.state, g.certainty, g.subject,
                 g.temporality, \(sentence("g")) AS sentence,
                 max(g.review, coalesce(e.review, 0)) AS review, \(time) AS time,
                 g.document_id, g.id AS drug_id, e.id AS dose_id
          FROM entities g JOIN documents d ON d.id = g.document_id
          LEFT JOIN entities e ON e.drug_id = g.id
          LEFT JOIN dose_amounts x ON x.entity_id = e.id
          WHERE g.type = 'drug' AND d.standing = 'current';
        """

    /// Indexes that hold what the views read, so that the rows of documents and mentions, in which texts stand,
    /// need not be looked up. A model's name is looked up where it is asked for, also where rows are counted.
    ///
    /// SQLite 3.40 reads an index that leaves rows out by its condition alone only if it has that condition's
    /// columns, too.
    static let coveringIndexes = """
        DROP INDEX documents_patient;
        CREATE INDEX documents_patient
          ON documents(patient_id, authored_at, standing, authored_utc, received_at, kind);
        DROP INDEX entities_code;
        CREATE INDEX entities_code
          ON entities(code, normalized, type, certainty, subject, document_id)
          WHERE code IS NOT NULL;
        DROP INDEX entities_present;
        CREATE INDEX entities_present
          ON entities(document_id, type, normalized, surface, certainty, subject, temporality)
          WHERE certainty = 'positive' AND subject = 'patient' AND temporality = 'current';

        DROP VIEW findings;
        CREATE VIEW findings AS
          SELECT d.patient_id, \(day) AS date, d.kind, \(section("e")) AS section, e.type, e.surface,
                 e.normalized AS standard_name,
                 CASE WHEN e.code IS NULL THEN NULL WHEN e.type = 'drug' THEN 'NHI price list'
                      ELSE 'ICD-10' END AS code_system,
                 e.code, e.code_edition, e.certainty, e.subject, e.temporality, e.state,
                 \(sentence("e")) AS sentence, e.score, e.review,
                 (SELECT name FROM models m WHERE m.id = d.model_id) AS model,
                 (SELECT version FROM models m WHERE m.id = d.model_id) AS model_version,
                 e.method, e.start, e."end" AS stop, \(time) AS time, e.document_id,
                 e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          WHERE d.standing = 'current';
        """

    /// When a document was written, or else received, as an instant.
    static let time = "coalesce(d.authored_utc, d.received_at)"

    /// The day of that in Japan.
    static let day = "date(\(time), '+9 hours')"

    /// The sentence of a mention.
    private static func sentence(_ mention: String) -> String {
        """
        substr(d.text, \(mention).sentence_start + 1, \(mention).sentence_end \
        - \(mention).sentence_start)
        """
    }

    /// The title of the section that a mention stands in.
    private static func section(_ mention: String) -> String {
        """
        (SELECT title FROM document_sections x WHERE x.document_id = d.id
          AND x.start <= \(mention).start AND \(mention)."end" <= x."end"
          ORDER BY x.position DESC LIMIT 1)
        """
    }

    /// Gives the mentions that are recorded already their sentences, and the doses their numbers.
    static func readAgain(in database: Database) throws {
        let documents = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, text FROM documents d
                WHERE EXISTS (SELECT 1 FROM entities e WHERE e.document_id = d.id) ORDER BY id
                """)
        let place = try database.makeStatement(
            sql: "UPDATE entities SET sentence_start = ?, sentence_end = ? WHERE id = ?")
        while let document = try documents.next() {
            let text = FoldedText(document[1])
            let sentences = MentionSentences(of: text)
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT id, type, start, "end" FROM entities WHERE document_id = ?
                        ORDER BY start, "end"
                        """), arguments: [document[0] as Int64])
            var mentions: [(type: EntityType, range: SourceRange)] = []
            for row in rows {
                let range = SourceRange(start: row[2], end: row[3])
                mentions.append((EntityType(rawValue: row[1]) ?? .disease, range))
                guard let sentence = sentences.range(around: range) else { continue }
                try place.execute(arguments: [sentence.start, sentence.end, row[0] as Int64])
            }
            for (index, dose) in MentionDoses(mentions, in: text.cleaned).doses {
                try dose.insert(entity: rows[index][0], in: database)
            }
        }
    }
}
