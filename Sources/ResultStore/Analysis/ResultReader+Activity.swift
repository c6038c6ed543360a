// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

extension ResultReader {
    /// The numbers of documents of a kind, written, or else received, in a period; all of one moment.
    ///
    /// Throws ``StoreError``.
    package func activity(
        ofKind kind: String?, since: StatedTime?, until: StatedTime?
    ) throws(StoreError) -> ActivityNumbers {
        var selection = DocumentSelection()
        (selection.kind, selection.since, selection.until) = (kind, since, until)
        return try read { try ActivityCount(of: selection, in: $0).numbers() }
    }
}

/// The count of what a selection of documents holds.
private struct ActivityCount {
    let selection: DocumentSelection
    let database: Database
    /// The selected documents, as the table `chosen`; who has what in them is `person`.
    let chosen: String
    let arguments: StatementArguments

    init(of selection: DocumentSelection, in database: Database) {
        (self.selection, self.database) = (selection, database)
        let (condition, arguments) = selection.condition
        self.arguments = arguments
        chosen = """
            WITH chosen AS (
              SELECT d.id, d.kind, d.patient_id, d.model_id, d.processed_at,
                     coalesce(d.patient_id, -d.id) AS person,
                     date(coalesce(d.authored_utc, d.received_at), '+9 hours') AS day
              FROM documents_current d WHERE \(condition))

            """
    }

    /// What a patient has, as far as texts say.
    private static let present =
        "e.certainty = 'positive' AND e.subject = 'patient' AND e.temporality = 'current'"

    private func rows(_ sql: String) throws -> [Row] {
        try Row.fetchAll(database, sql: chosen + sql, arguments: arguments)
    }

    private func counts(_ sql: String) throws -> [String: Int] {
        Dictionary(try rows(sql).map { ($0[0], $0[1]) }, uniquingKeysWith: +)
    }

    func numbers() throws -> ActivityNumbers {
        var numbers = ActivityNumbers()
        for row in try rows(
            "SELECT count(*), count(DISTINCT patient_id), sum(patient_id IS NULL) FROM chosen")
        {
            (numbers.documents, numbers.patients) = (row[0], row[1])
            numbers.withoutPatient = row[2] ?? 0
        }
        numbers.days = try rows(
            "SELECT day, kind, count(*) FROM chosen GROUP BY 1, 2 ORDER BY 1, 2"
        ).map { ActivityNumbers.Day(day: $0[0] ?? "", kind: $0[1], documents: $0[2]) }
        try count(findings: &numbers)
        try count(stages: &numbers)
        try count(reactions: &numbers)
        numbers.review = try shares()
        numbers.models = try rows(
            """
            SELECT m.name, m.version, count(*), min(date(c.processed_at, '+9 hours')),
                   max(date(c.processed_at, '+9 hours'))
            FROM chosen c JOIN models m ON m.id = c.model_id
            GROUP BY m.name, m.version ORDER BY max(c.processed_at) DESC, m.name, m.version
            """
        ).map {
            ActivityNumbers.Model(
                name: $0[0], version: $0[1], documents: $0[2], firstDay: $0[3], lastDay: $0[4])
        }
        numbers.faults = try faults()
        return numbers
    }

    /// Reads each mention once, document by document.
    private func count(findings numbers: inout ActivityNumbers) throws {
        let mentions = try Row.fetchCursor(
            database,
            sql: chosen + """
                SELECT c.id, c.patient_id, c.day, e.type, e.normalized, e.code
                FROM chosen c JOIN entities e ON e.document_id = c.id
                WHERE \(Self.present) AND e.type <> 'dose' ORDER BY c.id
                """, arguments: arguments)
        var tally = FindingTally()
        var last: (document: Int64, place: FindingTally.Place)?
        while let mention = try mentions.next() {
            let document: Int64 = mention[0]
            let (type, name, code): (String, String?, String?) = (
                mention[3], mention[4], mention[5]
            )
            guard name != nil || code != nil else {
                numbers.unnamed[type, default: 0] += 1
                continue
            }
            if last?.document != document {
                let day: String? = mention[2]
                last = (
                    document,
                    tally.place(patient: mention[1], month: String(day?.prefix(7) ?? ""))
                )
            }
            if let place = last?.place { tally.add(type: type, name: name, code: code, at: place) }
        }
        for finding in tally.findings() {
            numbers.names[finding.type, default: 0] += 1
            guard numbers.names[finding.type, default: 0] <= ActivityNumbers.mostNames else {
                continue
            }
            numbers.findings.append(finding)
        }
    }

    private func count(stages numbers: inout ActivityNumbers) throws {
        let found = try counts(
            """
            SELECT s.stage, count(DISTINCT c.person) FROM chosen c
            JOIN stages s ON s.document_id = c.id WHERE s.stage IS NOT NULL GROUP BY 1
            """)
        let known = ResultQuestion.stages.filter { found[$0] != nil }
        numbers.stages = (known + found.keys.filter { !known.contains($0) }.sorted()).map {
            ActivityNumbers.Named(name: $0, patients: found[$0] ?? 0)
        }
        numbers.unstaged = try counts(
            """
            SELECT coalesce(s.reason, 'unknown'), count(*) FROM chosen c
            JOIN stages s ON s.document_id = c.id WHERE s.stage IS NULL GROUP BY 1
            """)
    }

    private func count(reactions numbers: inout ActivityNumbers) throws {
        let drugs = try rows(
            """
            SELECT coalesce(p.drug_name, g.code), count(DISTINCT c.person),
                   count(DISTINCT iif(p.level = 3, c.person, NULL))
            FROM chosen c JOIN drug_reactions p ON p.document_id = c.id
            JOIN entities g ON g.id = p.drug_id
            WHERE p.level >= 2 GROUP BY 1 ORDER BY 2 DESC, 1
            """)
        numbers.reactingDrugs = drugs.count
        numbers.reactions = drugs.prefix(ActivityNumbers.mostNames).map {
            ActivityNumbers.DrugReactions(drug: $0[0], patients: $0[1], stated: $0[2])
        }
        for row in try rows(
            """
            SELECT coalesce(p.drug_name, g.code), coalesce(p.reaction_name, p.icd10),
                   count(DISTINCT c.person)
            FROM chosen c JOIN drug_reactions p ON p.document_id = c.id
            JOIN entities g ON g.id = p.drug_id
            WHERE p.level >= 2 AND coalesce(p.reaction_name, p.icd10) IS NOT NULL
            GROUP BY 1, 2 ORDER BY 3 DESC, 2
            """)
        {
            let drug: String? = row[0]
            guard let place = numbers.reactions.firstIndex(where: { $0.drug == drug }) else {
                continue
            }
            numbers.reactions[place].reactions.append(
                ActivityNumbers.Named(name: row[1], patients: row[2]))
        }
    }

    private func shares() throws -> [ActivityNumbers.ReviewShare] {
        try rows(
            """
            SELECT e.type, count(*), sum(e.review) FROM chosen c
            JOIN entities e ON e.document_id = c.id GROUP BY 1
            UNION ALL
            SELECT 'stage', count(*), sum(s.review <> '') FROM chosen c
            JOIN stages s ON s.document_id = c.id
            UNION ALL
            SELECT 'adverse-event-pair', count(*), sum(p.review) FROM chosen c
            JOIN drug_reactions p ON p.document_id = c.id
            """
        ).map {
            ActivityNumbers.ReviewShare(row: $0[0], rows: $0[1], toReview: $0[2] ?? 0)
        }
    }

    /// Of the whole database, in the period alone: what gave no document has no time of writing.
    private func faults() throws -> ActivityNumbers.Faults? {
        guard try database.tableExists("events") else { return nil }
        let period = [selection.since?.utc, selection.until?.utc]
        let records =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT coalesce(sum(faults), 0) FROM files
                    WHERE recorded_at >= coalesce(?1, '') AND (?2 IS NULL OR recorded_at < ?2)
                      AND kind = coalesce(?3, kind)
                    """, arguments: StatementArguments(period + [selection.kind])) ?? 0
        func events(_ action: String) throws -> Int {
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM events WHERE at >= coalesce(?1, '')
                      AND (?2 IS NULL OR at < ?2) AND action = ?3
                    """, arguments: StatementArguments(period + [action])) ?? 0
        }
        return ActivityNumbers.Faults(
            records: records, conflicts: try events("conflict"),
            repeatedFiles: try events(ResultDatabase.repetitionAction))
    }
}
