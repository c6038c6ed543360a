// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB

/// The tables and views, as numbered migrations that are never changed once released.
enum Schema {
    /// All migrations in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 documents and results") { database in
            try database.execute(sql: tables)
            try database.execute(sql: views)
        }
        migrator.registerMigration("how a standard name was found") { database in
            try database.execute(sql: normalizationMethod)
        }
        migrator.registerMigration("files in parts") { database in
            try database.execute(sql: completeness)
        }
        migrator.registerMigration("what is said of mentions") { database in
            try database.execute(sql: assertions)
        }
        migrator.registerMigration("why a report has no stage") { database in
            try database.execute(sql: stageReasons)
        }
        migrator.registerMigration("records at fault") { database in
            try database.execute(sql: recordFaults)
        }
        migrator.registerMigration("times as instants") { database in
            try database.execute(sql: instants)
            try readTimes(in: database)
        }
        migrator.registerMigration("documents of any kind and their versions") { database in
            try database.execute(sql: VersionedDocuments.migration)
        }
        migrator.registerMigration("pairs of drugs and reactions") { database in
            try database.execute(sql: adverseEventPairs)
        }
        migrator.registerMigration("hashes of the audit trail") { database in
            try database.execute(sql: AuditEvent.migration)
            try AuditEvent.chainFormerRows(in: database, at: Date())
        }
        migrator.registerMigration("files by time of recording") { database in
            try database.execute(sql: RecordingRates.migration)
        }
        migrator.registerMigration("sentences of mentions and amounts of doses") { database in
            try database.execute(sql: AnalystViews.columns)
            try AnalystViews.readAgain(in: database)
        }
        migrator.registerMigration("views for analysts") { database in
            try database.execute(sql: AnalystViews.views)
            try database.execute(sql: ColumnMeanings.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("full-text search") { database in
            try database.execute(sql: SearchIndex.migration)
            try SearchIndex(database: database).rebuild()
        }
        migrator.registerMigration("reviews") { database in
            try database.execute(sql: ReviewSchema.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("how far exports have come") { database in
            try database.execute(sql: ExportMarks.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("codes of diseases and drugs") { database in
            try database.execute(sql: AnalystViews.codes)
        }
        migrator.registerMigration("indexes that hold what views read") { database in
            try database.execute(sql: AnalystViews.coveringIndexes)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("counts of documents") { database in
            try database.execute(sql: DocumentCounts.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("names of what patients have") { database in
            try database.execute(sql: PatientNames.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("runs of models") { database in
            try database.execute(sql: ResultRun.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("documents that are read once more") { database in
            try database.execute(sql: RereadSchema.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("models that read along") { database in
            try database.execute(sql: ShadowSchema.migration)
            try ColumnMeanings.write(in: database)
        }
        migrator.registerMigration("runs on other machines") { database in
            try database.execute(sql: RunPurposes.migration)
            try ColumnMeanings.write(in: database)
        }
        return migrator
    }

    /// What the file's header says: `Shok` in ASCII, and how many migrations it has seen.
    private static var marks: [(name: String, value: Int)] {
        [("application_id", 0x5368_6F6B), ("user_version", migrator.migrations.count)]
    }

    /// Whether the header says so already.
    static func isMarked(_ database: Database) throws -> Bool {
        try marks.allSatisfy {
            try Int.fetchOne(database, sql: "PRAGMA \($0.name)") == $0.value
        }
    }

    /// Writes that into the header.
    static func mark(_ database: Database) throws {
        for (name, value) in marks {
            try database.execute(sql: "PRAGMA \(name) = \(value)")
        }
    }

    /// Gives the documents that are recorded already their instants.
    private static func readTimes(in database: Database) throws {
        let utc = DatabaseFunction("stated_utc", argumentCount: 1, pure: true) { values in
            values.first.flatMap(String.fromDatabaseValue).flatMap(StatedTime.init)?.utc
        }
        let precision = DatabaseFunction("stated_precision", argumentCount: 1, pure: true) {
            $0.first.flatMap(String.fromDatabaseValue).flatMap(StatedTime.init)?.precision.rawValue
        }
        for function in [utc, precision] { database.add(function: function) }
        defer { for function in [utc, precision] { database.remove(function: function) } }
        try database.execute(
            sql: """
                UPDATE documents SET authored_utc = stated_utc(authored_at),
                  authored_precision = stated_precision(authored_at)
                WHERE authored_at IS NOT NULL
                """)
    }

    /// Throws `StoreError.cannotOpen` for a database of another program or of a newer version of this one.
    static func requireOurs(_ database: Database, mayBeEmpty: Bool, file: String) throws {
        let tables = try String.fetchSet(
            database,
            sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        guard mayBeEmpty && tables.isEmpty || tables.contains("grdb_migrations") else {
            throw StoreError.cannotOpen(file: file, detail: "it is no database of Shoken")
        }
        guard try !migrator.hasBeenSuperseded(database) else {
            throw StoreError.cannotOpen(
                file: file, detail: "it was made by a newer version of Shoken")
        }
    }

    private static let normalizationMethod = """
        ALTER TABLE entities ADD COLUMN normalized_by TEXT
          CHECK (normalized_by IN ('exact', 'modifier', 'head'));
        """

    /// Rows of before were written without a look at denials, so a person should look at them.
    private static let assertions = """
        ALTER TABLE entities ADD COLUMN subject TEXT NOT NULL DEFAULT 'patient'
          CHECK (subject IN ('patient', 'family', 'other'));
        ALTER TABLE entities ADD COLUMN temporality TEXT NOT NULL DEFAULT 'current'
          CHECK (temporality IN ('current', 'past', 'planned'));
        ALTER TABLE entities ADD COLUMN state TEXT
          CHECK (state IN ('given', 'planned', 'stopped', 'not-given', 'allergy'));
        ALTER TABLE entities ADD COLUMN cue_start INTEGER;
        ALTER TABLE entities ADD COLUMN cue_end INTEGER;
        ALTER TABLE entities ADD COLUMN drug_id INTEGER REFERENCES entities(id) ON DELETE SET NULL;
        ALTER TABLE entities ADD COLUMN review INTEGER NOT NULL DEFAULT 0 CHECK (review IN (0, 1));
        UPDATE entities SET review = 1;
        CREATE INDEX entities_drug ON entities(drug_id) WHERE drug_id IS NOT NULL;

        DROP VIEW document_summary;
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
          LEFT JOIN tnm_stages s ON s.document_id = d.id;

        CREATE VIEW mentions AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.subject,
                 e.temporality, e.state, e.normalized, e.icd10, e.score, e.review, e.method,
                 e.start, e."end",
                 substr(d.text, e.cue_start + 1, e.cue_end - e.cue_start) AS cue,
                 e.drug_id, e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id;

        DROP VIEW patient_entities;
        CREATE VIEW patient_entities AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.normalized,
                 e.icd10, e.score, e.start, e."end", e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id
          WHERE e.certainty = 'positive' AND e.subject = 'patient' AND e.temporality = 'current';

        CREATE VIEW drug_doses AS
          SELECT d.patient_id, d.authored_at, g.surface AS drug, g.normalized, e.surface AS dose,
                 g.state, g.review, g.id AS drug_id, e.id AS dose_id, e.document_id
          FROM entities e
          JOIN entities g ON g.id = e.drug_id
          JOIN documents d ON d.id = e.document_id;
        """

    private static let completeness = """
        ALTER TABLE files ADD COLUMN complete INTEGER NOT NULL DEFAULT 1
          CHECK (complete IN (0, 1));
        """

    private static let stageReasons = """
        ALTER TABLE tnm_stages ADD COLUMN reason TEXT;
        ALTER TABLE tnm_stages ADD COLUMN prefix TEXT;

        CREATE VIEW tnm_evidence AS
          SELECT s.document_id, e.key AS position,
                 json_extract(e.value, '$.axis') AS axis,
                 json_extract(e.value, '$.category') AS category,
                 json_extract(e.value, '$.rule') AS rule,
                 json_extract(e.value, '$.span.range.start') AS start,
                 json_extract(e.value, '$.span.range.end') AS "end",
                 json_extract(e.value, '$.span.surface') AS surface
          FROM tnm_stages s, json_each(s.evidence) e;
        """

    private static let recordFaults = """
        ALTER TABLE files ADD COLUMN faults INTEGER NOT NULL DEFAULT 0 CHECK (faults >= 0);
        """

    private static let instants = """
        ALTER TABLE documents ADD COLUMN authored_utc TEXT;
        ALTER TABLE documents ADD COLUMN authored_precision TEXT CHECK (
          authored_precision IN ('year', 'month', 'day', 'hour', 'minute', 'second'));
        CREATE INDEX documents_authored ON documents(authored_utc);
        """

    private static let adverseEventPairs = """
        CREATE TABLE adverse_event_pairs (
          id INTEGER PRIMARY KEY,
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          drug_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
          disease_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
          level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
          rule TEXT NOT NULL,
          cue_start INTEGER NOT NULL CHECK (cue_start >= 0),
          cue_end INTEGER NOT NULL CHECK (cue_end >= cue_start),
          review INTEGER NOT NULL CHECK (review IN (0, 1)),
          method TEXT NOT NULL,
          UNIQUE (drug_id, disease_id)
        ) STRICT;
        CREATE INDEX adverse_event_pairs_document ON adverse_event_pairs(document_id);
        CREATE INDEX adverse_event_pairs_disease ON adverse_event_pairs(disease_id);

        CREATE VIEW drug_reactions AS
          SELECT d.patient_id, d.authored_at, g.surface AS drug, g.normalized AS drug_name,
                 e.surface AS reaction, e.normalized AS reaction_name, e.icd10, p.level, p.rule,
                 substr(d.text, p.cue_start + 1, p.cue_end - p.cue_start) AS cue, p.review,
                 p.document_id, p.drug_id, p.disease_id, p.id AS pair_id
          FROM adverse_event_pairs p
          JOIN entities g ON g.id = p.drug_id
          JOIN entities e ON e.id = p.disease_id
          JOIN documents d ON d.id = p.document_id
          WHERE d.standing = 'current';
        """

    private static let tables = """
        CREATE TABLE models (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          version TEXT NOT NULL,
          sha256 TEXT NOT NULL,
          activated_at TEXT NOT NULL,
          cleaning_version TEXT NOT NULL,
          dictionary TEXT NOT NULL,
          code_version TEXT NOT NULL,
          UNIQUE (sha256, cleaning_version, dictionary, code_version)
        ) STRICT;

        CREATE TABLE files (
          id INTEGER PRIMARY KEY,
          sha256 TEXT NOT NULL,
          kind TEXT NOT NULL,
          source_name TEXT NOT NULL,
          recorded_at TEXT NOT NULL,
          UNIQUE (sha256, kind, source_name)
        ) STRICT;

        CREATE TABLE documents (
          id INTEGER PRIMARY KEY,
          file_id INTEGER NOT NULL REFERENCES files(id),
          position INTEGER NOT NULL,
          sha256 TEXT NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('nursing', 'radiology', 'case-report')),
          source_name TEXT NOT NULL,
          external_id TEXT,
          patient_id TEXT,
          authored_at TEXT,
          received_at TEXT NOT NULL,
          processed_at TEXT NOT NULL,
          encoding TEXT NOT NULL,
          text TEXT NOT NULL,
          model_id INTEGER NOT NULL REFERENCES models(id),
          UNIQUE (file_id, position)
        ) STRICT;
        CREATE INDEX documents_sha256 ON documents(sha256);
        CREATE INDEX documents_patient ON documents(patient_id, authored_at);
        CREATE INDEX documents_kind ON documents(kind, processed_at);

        CREATE TABLE entities (
          id INTEGER PRIMARY KEY,
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          type TEXT NOT NULL CHECK (type IN ('disease', 'drug', 'dose')),
          start INTEGER NOT NULL CHECK (start >= 0),
          "end" INTEGER NOT NULL CHECK ("end" > start),
          surface TEXT NOT NULL,
          certainty TEXT NOT NULL,
          normalized TEXT,
          icd10 TEXT,
          score REAL NOT NULL,
          method TEXT NOT NULL
        ) STRICT;
        CREATE INDEX entities_document ON entities(document_id, start);
        CREATE INDEX entities_surface ON entities(surface, type);

        CREATE TABLE tnm_stages (
          document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
          t TEXT, n TEXT, m TEXT,
          stage TEXT,
          t_score REAL NOT NULL, n_score REAL NOT NULL, m_score REAL NOT NULL,
          evidence TEXT NOT NULL CHECK (json_valid(evidence)),
          edition TEXT NOT NULL,
          review TEXT NOT NULL,
          method TEXT NOT NULL
        ) STRICT;

        CREATE TABLE adverse_events (
          id INTEGER PRIMARY KEY,
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          entity_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
          role TEXT NOT NULL CHECK (role IN ('disease', 'drug')),
          level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
          score REAL NOT NULL,
          method TEXT NOT NULL
        ) STRICT;
        CREATE INDEX adverse_events_document ON adverse_events(document_id);
        CREATE INDEX adverse_events_entity ON adverse_events(entity_id);

        CREATE TABLE similarities (
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          other_document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
          score REAL NOT NULL,
          evidence TEXT NOT NULL CHECK (json_valid(evidence)),
          method TEXT NOT NULL,
          PRIMARY KEY (document_id, other_document_id)
        ) STRICT;
        CREATE INDEX similarities_other ON similarities(other_document_id);

        CREATE TABLE similarity_bands (
          kind TEXT NOT NULL,
          band INTEGER NOT NULL,
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          PRIMARY KEY (kind, band, document_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX similarity_bands_document ON similarity_bands(document_id);

        CREATE TABLE events (
          id INTEGER PRIMARY KEY,
          at TEXT NOT NULL,
          actor TEXT NOT NULL,
          action TEXT NOT NULL,
          object TEXT NOT NULL,
          details TEXT NOT NULL CHECK (json_valid(details))
        ) STRICT;
        """

    private static let views = """
        CREATE VIEW document_summary AS
          SELECT d.id, d.kind, d.patient_id, d.authored_at, d.processed_at, d.source_name,
                 length(d.text) AS characters,
                 (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND e.type = 'disease')
                   AS diseases,
                 (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND e.type = 'drug')
                   AS drugs,
                 (SELECT count(*) FROM entities e WHERE e.document_id = d.id AND e.type = 'dose')
                   AS doses,
                 s.t, s.n, s.m, s.stage,
                 (SELECT max(a.level) FROM adverse_events a WHERE a.document_id = d.id)
                   AS highest_adverse_event_level,
                 m.name AS model, m.version AS model_version
          FROM documents d
          JOIN models m ON m.id = d.model_id
          LEFT JOIN tnm_stages s ON s.document_id = d.id;

        CREATE VIEW patient_entities AS
          SELECT d.patient_id, d.kind, d.authored_at, e.type, e.surface, e.certainty, e.normalized,
                 e.icd10, e.score, e.start, e."end", e.document_id, e.id AS entity_id
          FROM entities e JOIN documents d ON d.id = e.document_id;

        CREATE VIEW suspected_adverse_events AS
          SELECT d.patient_id, d.authored_at, a.role, e.surface, a.level, a.score, a.document_id,
                 a.entity_id
          FROM adverse_events a
          JOIN entities e ON e.id = a.entity_id
          JOIN documents d ON d.id = a.document_id
          WHERE a.level >= 2;
        """
}
