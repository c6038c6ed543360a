// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB

extension ResultReader {
    /// Gives documents one after the other, in the order in which they were recorded, with all that was
    /// found in them; all of one moment's state. What the pass has come to.
    ///
    /// One document is in memory at a time. Mentions that the selection leaves out are not given, nor grades
    /// and pairs of these. Throws ``StoreError``, or what `body` throws.
    @discardableResult
    package func eachDocument(
        of selection: DocumentSelection, _ body: (StoredDocument) throws -> Void
    ) throws -> DocumentPass {
        do {
            return try connection.read { database in
                let rows = try DocumentCursor(selection, in: database)
                var pass = try DocumentPass(selection, in: database)
                while let row = try rows.next() {
                    try body(try rows.document(of: row))
                    pass.documents += 1
                }
                return pass
            }
        } catch let error as DatabaseError {
            throw StoreError(error, of: connection.path.description)
        }
    }
}

extension DocumentPass {
    /// What is known before the first document.
    fileprivate init(_ selection: DocumentSelection, in database: Database) throws {
        lastDocument =
            try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) FROM documents") ?? 0
        guard let after = selection.after, !selection.includesHistory else { return }
        removed = try Int64.fetchAll(
            database,
            sql: "SELECT id FROM documents WHERE id <= ? AND standing <> 'current' ORDER BY id",
            arguments: [after])
    }
}

/// Documents of a selection, read row by row: the one place where a document is read with its findings.
struct DocumentCursor {
    private let selection: DocumentSelection
    private let documents: RowCursor
    private let sections, mentions, stages, events, pairs: Statement

    init(_ selection: DocumentSelection, in database: Database) throws {
        self.selection = selection
        let (condition, arguments) = selection.condition
        documents = try Row.fetchCursor(
            database,
            sql: """
                SELECT d.*, m.name AS model, m.version AS model_version,
                  m.sha256 AS model_sha256, m.dictionary, m.code_version
                FROM documents d JOIN models m ON m.id = d.model_id
                WHERE \(condition) ORDER BY d.id
                """, arguments: arguments)
        func ofDocument(_ sql: String) throws -> Statement {
            try database.makeStatement(sql: sql)
        }
        sections = try ofDocument(
            "SELECT * FROM document_sections WHERE document_id = ? ORDER BY position")
        mentions = try ofDocument(
            "SELECT * FROM entities WHERE document_id = ? ORDER BY start, id")
        stages = try ofDocument("SELECT * FROM tnm_stages WHERE document_id = ?")
        events = try ofDocument("SELECT * FROM adverse_events WHERE document_id = ? ORDER BY id")
        pairs = try ofDocument(
            "SELECT * FROM adverse_event_pairs WHERE document_id = ? ORDER BY id")
    }

    /// The next document's columns, and those of its model; good until the next one is asked for.
    func next() throws -> Row? { try documents.next() }

    /// The document of these columns with all that was found in it.
    func document(of row: Row) throws -> StoredDocument {
        var document = StoredDocument(row)
        let id: StatementArguments = [document.id]
        document.sections = try Row.fetchAll(sections, arguments: id).map { row in
            DocumentSection(
                code: row["code"], title: row["title"],
                range: SourceRange(start: row["start"], end: row["end"]))
        }
        document.mentions = try Row.fetchAll(mentions, arguments: id).map(StoredMention.init)
            .filter(selection.holds)
        let kept = Set(document.mentions.map(\.id))
        document.stage = try Row.fetchOne(stages, arguments: id).map(StoredStage.init)
        document.adverseEvents = try Row.fetchAll(events, arguments: id)
            .map(StoredAdverseEvent.init).filter { kept.contains($0.mention) }
        document.pairs = try Row.fetchAll(pairs, arguments: id).map(StoredPair.init)
            .filter { kept.contains($0.drug) && kept.contains($0.disease) }
        return document
    }
}

extension StoredDocument {
    /// The document of a number, whatever its standing; nil if there is none.
    static func read(_ row: Int64, in database: Database) throws -> StoredDocument? {
        let cursor = try DocumentCursor(DocumentSelection(only: row), in: database)
        return try cursor.next().map(cursor.document)
    }

    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"], kind: row["kind"], format: row["format"], text: row["text"],
            sha256: row["sha256"], sourceName: row["source_name"], receivedAt: row["received_at"],
            processedAt: row["processed_at"], standing: row["standing"],
            maker: Maker(
                name: row["model"], version: row["model_version"],
                sha256: row["model_sha256"], dictionary: row["dictionary"],
                codeVersion: row["code_version"]))
        conflict = row["conflict"]
        header.externalIdentifier = row["external_id"]
        header.key = row["document_key"]
        header.version = row["version"]
        header.status = row["sender_status"]
        header.patient = row["patient_id"]
        header.patientIssuer = row["patient_issuer"]
        header.authoredAt = row["authored_at"]
        header.title = row["title"]
        header.code = row["code"]
        header.codeSystem = row["code_system"]
        header.author = row["author"]
        header.department = row["department"]
        header.facility = row["facility"]
        header.visit = row["visit_id"]
        header.order = row["order_id"]
    }
}

extension StoredMention {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"], type: row["type"],
            range: SourceRange(start: row["start"], end: row["end"]), surface: row["surface"],
            score: row["score"], method: row["method"])
        certainty = row["certainty"]
        subject = row["subject"]
        temporality = row["temporality"]
        state = row["state"]
        cue = SourceRange(from: row["cue_start"], to: row["cue_end"])
        sentence = SourceRange(from: row["sentence_start"], to: row["sentence_end"])
        drug = row["drug_id"]
        needsReview = row["review"]
        standardName = row["normalized"]
        standardNameMethod = row["normalized_by"]
        icd10 = row["icd10"]
        (code, codeEdition) = (row["code"], row["code_edition"])
    }
}

extension StoredStage {
    fileprivate init(_ row: Row) {
        self.init(
            t: row["t"], n: row["n"], m: row["m"], stage: row["stage"], reason: row["reason"],
            prefix: row["prefix"], edition: row["edition"], tScore: row["t_score"],
            nScore: row["n_score"], mScore: row["m_score"], review: row["review"],
            method: row["method"], evidence: row["evidence"])
    }
}

extension StoredAdverseEvent {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"], mention: row["entity_id"], role: row["role"], level: row["level"],
            score: row["score"], method: row["method"])
    }
}

extension StoredPair {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"], drug: row["drug_id"], disease: row["disease_id"], level: row["level"],
            rule: row["rule"], cue: SourceRange(start: row["cue_start"], end: row["cue_end"]),
            needsReview: row["review"], method: row["method"])
    }
}
