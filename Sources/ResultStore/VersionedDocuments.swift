// SPDX-License-Identifier: Apache-2.0

/// The migration by which a document became one of several versions, of any kind and format.
///
/// The table is made anew, because a CHECK that lists the kinds cannot be taken out of it. Rows with an
/// identifier of their sender get the key that JSON Lines have; of several the last that came is current.
enum VersionedDocuments {
    static let migration = """
        DROP VIEW document_summary;
        DROP VIEW mentions;
        DROP VIEW patient_entities;
        DROP VIEW drug_doses;
        DROP VIEW suspected_adverse_events;
        DROP VIEW tnm_evidence;

        CREATE TABLE new_documents (
          id INTEGER PRIMARY KEY,
          file_id INTEGER NOT NULL REFERENCES files(id),
          position INTEGER NOT NULL,
          sha256 TEXT NOT NULL,
          kind TEXT NOT NULL,
          source_name TEXT NOT NULL,
          external_id TEXT,
          patient_id TEXT,
          authored_at TEXT,
          received_at TEXT NOT NULL,
          processed_at TEXT NOT NULL,
          encoding TEXT NOT NULL,
          text TEXT NOT NULL,
          model_id INTEGER NOT NULL REFERENCES models(id),
          authored_utc TEXT,
          authored_precision TEXT CHECK (
            authored_precision IN ('year', 'month', 'day', 'hour', 'minute', 'second')),
          format TEXT NOT NULL,
          document_key TEXT,
          version TEXT,
          version_time TEXT,
          replaces TEXT,
          sender_status TEXT NOT NULL CHECK (sender_status IN
            ('preliminary', 'final', 'corrected', 'amended', 'withdrawn', 'unknown')),
          superseded_by_sender INTEGER NOT NULL CHECK (superseded_by_sender IN (0, 1)),
          standing TEXT NOT NULL CHECK (standing IN
            ('current', 'superseded', 'withdrawn', 'duplicate')),
          conflict INTEGER NOT NULL CHECK (conflict IN (0, 1)),
          arrived_at TEXT NOT NULL,
          title TEXT,
          code TEXT,
          code_system TEXT,
          patient_issuer TEXT,
          author TEXT,
          department TEXT,
          facility TEXT,
          visit_id TEXT,
          order_id TEXT,
          notices TEXT NOT NULL CHECK (json_valid(notices)),
          UNIQUE (file_id, position)
        ) STRICT;
        INSERT INTO new_documents
          SELECT id, file_id, position, sha256, kind, source_name, external_id, patient_id,
            authored_at, received_at, processed_at, encoding, text, model_id, authored_utc,
            authored_precision,
            iif(lower(source_name) LIKE '%.jsonl' OR lower(source_name) LIKE '%.ndjson',
                'jsonl', 'txt'),
            'jsonl:' || kind || ':' || external_id || coalesce('^' || patient_id, ''),
            NULL, NULL, NULL, 'unknown', 0, 'current', 0, received_at,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]'
          FROM documents;
        DROP TABLE documents;
        ALTER TABLE new_documents RENAME TO documents;
        CREATE INDEX documents_sha256 ON documents(sha256);
        CREATE INDEX documents_patient ON documents(patient_id, authored_at);
        CREATE INDEX documents_kind ON documents(kind, processed_at);
        CREATE INDEX documents_authored ON documents(authored_utc);
        CREATE INDEX documents_key ON documents(document_key) WHERE document_key IS NOT NULL;
        CREATE INDEX documents_replaces ON documents(replaces) WHERE replaces IS NOT NULL;
        UPDATE documents SET standing = 'superseded' WHERE document_key IS NOT NULL
          AND id < (SELECT max(id) FROM documents AS other
                    WHERE other.document_key = documents.document_key);

        CREATE TABLE document_sections (
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          position INTEGER NOT NULL,
          code TEXT,
          title TEXT NOT NULL,
          start INTEGER NOT NULL CHECK (start >= 0),
          "end" INTEGER NOT NULL CHECK ("end" >= start),
          PRIMARY KEY (document_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE attachments (
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          position INTEGER NOT NULL,
          media_type TEXT NOT NULL,
          title TEXT,
          bytes INTEGER CHECK (bytes >= 0),
          sha256 TEXT,
          refusal TEXT,
          PRIMARY KEY (document_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE VIEW documents_current AS SELECT * FROM documents WHERE standing = 'current';

        CREATE VIEW document_versions AS
          SELECT document_key, version, version_time, sender_status, standing, conflict, replaces,
                 kind, patient_id, authored_at, arrived_at, id AS document_id
          FROM documents WHERE document_key IS NOT NULL
          ORDER BY document_key, arrived_at, id;

        CREATE VIEW document_summary AS
          SELECT d.id, d.kind, d.patient_id, d.authored_at, d.processed_at, d.source_name,
                 length(d.text) AS characters,
                 (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND e.type = 'disease'
                    AND e.certainty = 'positive' AND e.subject = 'patient'
                    AND e.temporality = 'current') AS diseases,
                 (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND e.type = 'drug'
                    AND e.certainty = 'positive' AND e.subject = 'patient'
                    AND e.temporality = 'current') AS drugs,
                 (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND e.type = 'dose'
                    AND e.certainty = 'positive' AND e.subject = 'patient'
                    AND e.temporality = 'current') AS doses,
                 s.t, s.n, s.m, s.stage,
                 (SELECT max(a.level) FROM adverse_events a WHERE a.document_id = d.id)
                   AS highest_adverse_event_level,
                 m.name AS model, m.version AS model_version
          FROM documents d
          JOIN models m ON m.id = d.model_id
          LEFT JOIN tnm_stages s ON s.document_id = d.id
          WHERE d.standing = 'current';

        CREATE VIEW mentions AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.subject,
                 e.temporality, e.state, e.normalized, e.icd10, e.score, e.review, e.method,
                 e.start, e."end",
                 substr(d.text, e.cue_start + 1, e.cue_end - e.cue_start) AS cue,
                 (SELECT title FROM document_sections x WHERE x.document_id = d.id
                    AND x.start <= e.start AND e."end" <= x."end"
                    ORDER BY x.position DESC LIMIT 1) AS section,
                 e.drug_id, e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          WHERE d.standing = 'current';

        CREATE VIEW patient_entities AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.normalized,
                 e.icd10, e.score, e.start, e."end", e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          WHERE d.standing = 'current' AND e.certainty = 'positive' AND e.subject = 'patient'
            AND e.temporality = 'current';

        CREATE VIEW drug_doses AS
          SELECT d.patient_id, d.authored_at, g.surface AS drug, g.normalized, e.surface AS dose,
                 g.state, g.review, g.id AS drug_id, e.id AS dose_id, e.document_id
          FROM entities e
          JOIN entities g ON g.id = e.drug_id
          JOIN documents d ON d.id = e.document_id
          WHERE d.standing = 'current';

        CREATE VIEW suspected_adverse_events AS
          SELECT d.patient_id, d.authored_at, a.role, e.surface, a.level, a.score, a.document_id,
                 a.entity_id
          FROM adverse_events a
          JOIN entities e ON e.id = a.entity_id
          JOIN documents d ON d.id = a.document_id
          WHERE a.level >= 2 AND d.standing = 'current';

        CREATE VIEW tnm_evidence AS
          SELECT s.document_id, e.key AS position,
                 json_extract(e.value, '$.axis') AS axis,
                 json_extract(e.value, '$.category') AS category,
                 json_extract(e.value, '$.rule') AS rule,
                 json_extract(e.value, '$.span.range.start') AS start,
                 json_extract(e.value, '$.span.range.end') AS "end",
                 json_extract(e.value, '$.span.surface') AS surface
          FROM tnm_stages s JOIN documents d ON d.id = s.document_id, json_each(s.evidence) e
          WHERE d.standing = 'current';
        """
}
