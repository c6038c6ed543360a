// SPDX-License-Identifier: Apache-2.0
import GRDB

/// The table `columns`, in which the database says itself what the columns of its tables and views mean.
enum ColumnMeanings {
    /// A meaning, and the unit or form where there is one.
    typealias Meaning = (meaning: String, unit: String?)

    /// The statement that makes the table.
    static let migration = """
        CREATE TABLE columns (
          relation TEXT NOT NULL,
          position INTEGER NOT NULL,
          name TEXT NOT NULL,
          meaning TEXT NOT NULL,
          unit TEXT,
          PRIMARY KEY (relation, name)
        ) STRICT, WITHOUT ROWID;
        """

    /// Tables that are the program's own; all others, and all views, are for those who ask.
    private static let ownTables = [
        "grdb_migrations", "columns", "similarity_bands", "search_index",
    ]

    /// Writes the meanings of all columns that the database has now. A migration that adds columns adds their
    /// meanings here and calls this again.
    static func write(in database: Database) throws {
        try database.execute(sql: "DELETE FROM columns")
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT o.name, c.cid, c.name FROM sqlite_master o, pragma_table_xinfo(o.name) c
                WHERE o.type IN ('table', 'view') AND o.name NOT LIKE 'sqlite_%'
                  AND o.name NOT LIKE 'search_index_%'
                """)
        for row in rows {
            let (relation, name): (String, String) = (row[0], row[2])
            guard !ownTables.contains(relation),
                let meaning = meaning(of: name, in: relation)
            else { continue }
            try database.execute(
                sql:
                    "INSERT INTO columns (relation, position, name, meaning, unit) VALUES (?,?,?,?,?)",
                arguments: [relation, row[1] as Int, name, meaning.meaning, meaning.unit])
        }
    }

    /// What a column means: what is said of it in this table or view, or of all that are called so.
    private static func meaning(of name: String, in relation: String) -> Meaning? {
        particular["\(relation).\(name)"] ?? reviews["\(relation).\(name)"] ?? general[name]
            ?? reviews[name]
    }

    private static let scalars = "Unicode scalars of documents.text, from 0"
    private static let instant = "ISO 8601, UTC, milliseconds"
    private static let day = "YYYY-MM-DD, of Japan"
    private static let flag = "0 or 1"
    private static let probability = "0 to 1"

    /// What differs from the general meaning of a name.
    private static let particular: [String: Meaning] = [
        "patient_names.name": ("Standard name, or else the words of the text", nil),
        "patient_names.mentions": ("How many mentions of the name current documents have", nil),
        "exports.name": ("Name of an export that goes on where it ended", nil),
        "exports.at": ("When it last ran", instant),
        "exports.last_document": ("The last document that it has seen", "documents.id"),
        "documents.id": ("Number of the document, in the order of recording", nil),
        "documents_current.id": ("Number of the document, in the order of recording", nil),
        "document_summary.id": ("Number of the document, in the order of recording", nil),
        "documents.position": ("Place among the documents of its file", "from 0"),
        "documents_current.position": ("Place among the documents of its file", "from 0"),
        "documents.code": ("Code of its kind as sent", nil),
        "documents_current.code": ("Code of its kind as sent", nil),
        "documents.code_system": ("System of that code", nil),
        "documents_current.code_system": ("System of that code", nil),
        "document_sections.code": ("The sender's code of the section", nil),
        "document_sections.start": ("Where its body begins", scalars),
        "document_sections.end": ("Where its body ends", scalars),
        "document_sections.title": ("Title of the section", nil),
        "document_sections.position": ("Place among the sections", "from 0"),
        "attachments.position": ("Place among the attachments", "from 0"),
        "attachments.title": ("What the sender calls it", nil),
        "attachments.sha256": ("SHA-256 of its bytes", "hexadecimal"),
        "tnm_stages.review": ("Axes that a person should look at", "T, N, M with commas"),
        "stages.review": ("Axes that a person should look at", "T, N, M with commas"),
        "tnm_stages.evidence": ("What the categories rest on", "JSON list"),
        "tnm_evidence.position": ("Number of the piece of evidence", "from 0"),
        "tnm_evidence.rule": ("Name of the rule that decided", nil),
        "similarities.document_id": ("The newer document", nil),
        "similarities.other_document_id": ("The earlier document", nil),
        "similarities.level": ("How alike", "0 not alike to 5 the same meaning"),
        "similar_pairs.level": ("How alike", "0 not alike to 5 the same meaning"),
        "similarities.evidence": ("Named measures that it rests on", "JSON object"),
        "files.id": ("Number of the file", nil),
        "files.kind": ("Folder below incoming/ that it lay in", nil),
        "entities.id": ("Number of the entity", nil),
        "adverse_events.id": ("Number of the grade", nil),
        "adverse_event_pairs.id": ("Number of the pair", nil),
        "adverse_events.level": (
            "How likely it takes part in an adverse event",
            "0 unrelated, 1 unlikely, 2 probable, 3 certain"
        ),
        "suspected_adverse_events.level": (
            "How likely it takes part in an adverse event", "2 probable, 3 certain"
        ),
        "models.id": ("Number of the combination", nil),
        "run_results.read_at": ("When the run read the document", instant),
        "run_results.results": ("What it found", "JSON object"),
        "run_results.kept_at": ("When other results took its place, or it read along", instant),
        "reprocess_requests.id": ("Number of the request", nil),
        "reprocess_requests.started_at": ("When its first documents were begun", instant),
        "reprocess_requests.finished_at": ("When it came to its end", instant),
        "reprocess_requests.state": (
            "What has become of it", "waiting, running, done, cancelled"
        ),
        "reprocess_requests.last_document": (
            "The last document when it was made; later ones are not read again", "documents.id"
        ),
        "reprocess_requests.position": ("The last document that is behind it", "documents.id"),
        "reprocess_failures.reason": ("Why the document could not be read", nil),
        "review_looks.run_id": ("The run that reads the document otherwise: runs.id", nil),
        "review_looks.at": ("When it did", instant),
        "shadow_runs.failed": ("How many documents it could not read", nil),
        "runs.id": ("Number of the run", nil),
        "runs.key": ("What the program knows the run by", nil),
        "runs.documents": ("How many documents were read in it", nil),
        "model_runs.documents": ("How many documents were read in it", nil),
        "runs.started_at": ("When the model was loaded", instant),
        "model_runs.started_at": ("When the model was loaded", instant),
        "models.sha256": ("SHA-256 of the bundle's shoken.json", "hexadecimal"),
        "models.version": ("Version of the bundle", nil),
        "events.id": ("Number of the event", nil),
        "medications.review": ("Whether a person should look at drug or dose", flag),
        "drug_doses.drug": ("Text of the drug", nil),
        "patients.documents": ("How many current documents name the patient", nil),
        "document_summary.diseases": ("How many mentions of diseases the patient has", nil),
        "document_summary.drugs": ("How many mentions of drugs the patient has", nil),
        "patients.diseases": ("How many different diseases the patient has", nil),
        "patients.drugs": ("How many different drugs the patient has", nil),
        "patients.highest_adverse_event_level": (
            "Highest level of a pair of drug and reaction", "0 denied to 3 stated"
        ),
        "document_summary.model": ("Name of the model bundle", nil),
    ]

    private static let general: [String: Meaning] = [
        "document_id": ("The document: documents.id", nil),
        "entity_id": ("The mention: entities.id", nil),
        "drug_id": ("The drug: entities.id; of a dose, its drug", nil),
        "dose_id": ("The dose: entities.id; NULL without one", nil),
        "disease_id": ("The reaction: entities.id", nil),
        "pair_id": ("The pair: adverse_event_pairs.id", nil),
        "file_id": ("The file: files.id", nil),
        "model_id": ("What made the results: models.id", nil),
        "other_document_id": ("The other document: documents.id", nil),
        "patient_id": ("The sender's identifier of the patient", nil),
        "other_patient_id": ("The patient of the other document", nil),
        "external_id": ("The sender's identifier of the document", nil),
        "kind": (
            "Kind of document",
            "nursing, radiology, case-report, discharge-summary, referral, progress-note, other"
        ),
        "date": ("Day on which the document was written, or else received", day),
        "first_date": ("Day of the first document", day),
        "last_date": ("Day of the last document", day),
        "month": ("Month in which documents were written, or else received", "YYYY-MM, of Japan"),
        "time": ("When the document was written, or else received", instant),
        "authored_at": ("When the document was written, as the sender says it", nil),
        "authored_utc": ("Beginning of that time", instant),
        "authored_precision": ("How exactly it is stated", "year to second"),
        "received_at": ("When the daemon took the file", instant),
        "processed_at": ("When the results were written", instant),
        "recorded_at": ("When the file was recorded", instant),
        "arrived_at": ("When it came, or came last", instant),
        "version_time": ("The sender's time by which versions follow each other", nil),
        "activated_at": ("When the first result was written so", instant),
        "at": ("When", instant),
        "sha256": ("SHA-256 of the file's bytes", "hexadecimal"),
        "source_name": ("Name of the file as dropped", nil),
        "encoding": ("Encoding of the bytes", nil),
        "text": ("The text, character for character as sent", nil),
        "characters": ("Length of the text", "Unicode scalars"),
        "format": ("What it came in", nil),
        "document_key": ("What names the document through all its versions", nil),
        "version": ("Version as sent", nil),
        "replaces": ("Key of the document whose place it takes", nil),
        "sender_status": (
            "Status as sent", "preliminary, final, corrected, amended, withdrawn, unknown"
        ),
        "superseded_by_sender": ("Whether the sender says that another version counts", flag),
        "standing": (
            "Which of its versions counts", "current, superseded, withdrawn, duplicate"
        ),
        "conflict": ("Whether it contradicts a version of the same number", flag),
        "title": ("Title as sent", nil),
        "patient_issuer": ("Who gave the patient's identifier", nil),
        "author": ("Its author", nil),
        "department": ("The department", nil),
        "facility": ("The hospital", nil),
        "visit_id": ("The visit or stay", nil),
        "order_id": ("The order or accession number", nil),
        "notices": ("What is to be told of how it was read", "JSON list"),
        "media_type": ("Its type as sent", nil),
        "bytes": ("Length after decoding", "bytes"),
        "refusal": ("Why it was not taken in", nil),
        "section": ("Title of the section that it stands in", nil),
        "type": ("What is named", "disease (symptoms too), drug, dose"),
        "role": ("What it may be in an adverse event", "disease, drug"),
        "surface": ("What stands in the text, unchanged", nil),
        "start": ("Where it begins", scalars),
        "end": ("Where it ends; the scalar there is no longer part", scalars),
        "stop": ("Where it ends, as \"end\"", scalars),
        "standard_name": ("Standard name; NULL where no dictionary knows one", nil),
        "normalized": ("Standard name; NULL where no dictionary knows one", nil),
        "normalized_by": ("How the standard name or code was found", "exact, modifier, head"),
        "drug_name": ("Standard name of the drug", nil),
        "reaction_name": ("Standard name of the reaction", nil),
        "code_system": ("System of the code", "ICD-10, NHI price list"),
        "code": (
            "Code: ICD-10 without the point, several joined by ;, or of a drug that of its ingredient and route "
                + "in the price list (7 digits), or of their class (4)",
            "code_system"
        ),
        "code_edition": ("Edition of the list that a drug's code is of", "year and month"),
        "icd10": ("ICD-10 code without the point; several are joined by ;", "ICD-10"),
        "certainty": (
            "How sure the text is that the patient has it",
            "positive, suspicious, negative, general"
        ),
        "subject": ("Whose it is", "patient, family, other"),
        "temporality": ("When it holds", "current, past, planned"),
        "state": ("What is done with the drug", "given, planned, stopped, not-given, allergy"),
        "cue": ("The words that say so", nil),
        "cue_start": ("Where the words begin that say so", scalars),
        "cue_end": ("Where these words end", scalars),
        "sentence": ("The sentence that it stands in", nil),
        "sentence_start": ("Where its sentence begins", scalars),
        "sentence_end": ("Where its sentence ends", scalars),
        "score": ("Probability that the model gives", probability),
        "review": ("Whether a person should look", flag),
        "method": ("What found it", "heads, tagger, heads+tagger, dictionary, rules"),
        "model": ("Name of the model bundle", nil),
        "model_version": ("Version of the model bundle", nil),
        "drug": ("Text of the drug", nil),
        "dose": ("Text of the dose", nil),
        "reaction": ("Text of the reaction", nil),
        "amount": ("Amount of the dose, of a range its lower end", "that of unit"),
        "highest": ("Upper end of a range", "that of unit"),
        "unit": ("Unit in one spelling", nil),
        "per": ("What the amount is for, as /日 or /kg", nil),
        "times_a_day": ("How often a day", nil),
        "level": (
            "How sure the text is that the drug caused it",
            "0 denied, 1 doubted, 2 suspected, 3 stated"
        ),
        "rule": ("Kind of wording that decided", nil),
        "t": ("T category", nil),
        "n": ("N category", nil),
        "m": ("M category", nil),
        "axis": ("Which category", "T, N, M"),
        "category": ("Category that it speaks for", nil),
        "stage": ("Stage group", nil),
        "last_stage": ("Stage group of the last document that has one", nil),
        "reason": ("Why there is no stage group", nil),
        "prefix": ("How stated categories were gained", "c, p, yc, yp, r, a"),
        "t_score": ("Confidence in T", probability),
        "n_score": ("Confidence in N", probability),
        "m_score": ("Confidence in M", probability),
        "edition": ("Edition of the classification", "UICC-8, UICC-9"),
        "highest_adverse_event_level": (
            "Highest grade of an entity", "0 unrelated to 3 certain"
        ),
        "is_later": ("Whether document_id is the later of the two", flag),
        "documents": ("How many documents", nil),
        "patients": ("How many different patients", nil),
        "diseases": ("How many mentions of diseases that patients have", nil),
        "drugs": ("How many mentions of drugs that patients get", nil),
        "doses": ("How many mentions of doses", nil),
        "to_review": ("How many mentions a person should look at", nil),
        "lowest_score": ("The lowest score of its mentions", probability),
        "reactions": ("How many pairs of drug and reaction of level 2 and 3", nil),
        "stages": ("How many documents with a stage group", nil),
        "complete": ("Whether all its documents are recorded", flag),
        "faults": ("How many of its records gave no document", nil),
        "name": ("Name of the model bundle", nil),
        "cleaning_version": ("Profile and version of the cleaning", nil),
        "dictionary": ("MeCab's dictionaries", nil),
        "code_version": ("Version of Shoken", nil),
        "run_id": ("The run in which it was read: runs.id", nil),
        "purpose": ("What the run is for", "active, shadow, reprocess, merge, batch"),
        "rules_version": ("Version of the written rules; empty for runs of before", nil),
        "last_at": ("When its last documents were read", instant),
        "finished_at": ("When it ended; none while it goes on", instant),
        "model_sha256": ("SHA-256 of the bundle's shoken.json", "hexadecimal"),
        "requested_at": ("When it was asked for", instant),
        "requested_by": ("Who asked for it", nil),
        "selection": ("Which documents", "JSON object"),
        "selected": ("How many documents it was for when it was made", nil),
        "tries": ("How often its next documents were begun", nil),
        "reread": ("How many documents have new results", nil),
        "failed": ("How many documents could not be read", nil),
        "request_id": ("The request: reprocess_requests.id", nil),
        "failed_at": ("When it was tried", instant),
        "last_review": ("The last review that was there then: reviews.id", nil),
        "lost": ("How many mentions that were reviewed are found no more", nil),
        "dropped": ("How many documents it did not get to", nil),
        "memory_bytes": ("What the process grew by when its model was loaded", "bytes"),
        "active_run_id": ("The run beside which it was read: runs.id", nil),
        "active_seconds": ("How long the active model took", "seconds"),
        "shadow_seconds": ("How long the model that reads along took", "seconds"),
        "counts": ("How often both say the same, by what they say", "JSON object"),
        "actor": ("Who", nil),
        "action": ("What was done", nil),
        "object": ("To what", nil),
        "details": ("More of it", "JSON object"),
        "hash": ("SHA-256 over the row before and this one", "hexadecimal"),
    ]
}
