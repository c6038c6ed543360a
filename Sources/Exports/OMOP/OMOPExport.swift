// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
package import Foundation
package import ResultStore

/// The tables NOTE and NOTE_NLP of the OMOP Common Data Model 5.4, as comma-separated values.
package struct OMOPExport {
    /// What was written, and what was not.
    package struct Count: Hashable, Sendable {
        /// Rows of NOTE and of NOTE_NLP.
        package var notes = 0, mentions = 0
        /// Documents without a patient in the site's list, and those without text.
        package var withoutPerson = 0, withoutText = 0
        /// Notes dated by when they came in, since nothing says when they were written.
        package var datedByReceipt = 0
        /// Notes of which only the year or month is known: their date is its first day.
        package var datedByMonth = 0
        /// Findings whose concept is not in the site's list.
        package var withoutConcept = 0

        /// Nothing written yet.
        package init() {}
    }

    /// The columns of NOTE, in order.
    package static let noteColumns = [
        "note_id", "person_id", "note_date", "note_datetime", "note_type_concept_id",
        "note_class_concept_id", "note_title", "note_text", "encoding_concept_id",
        "language_concept_id", "provider_id", "visit_occurrence_id", "visit_detail_id",
        "note_source_value", "note_event_id", "note_event_field_concept_id",
    ]
    /// The columns of NOTE_NLP, in order.
    package static let mentionColumns = [
        "note_nlp_id", "note_id", "section_concept_id", "snippet", "offset", "lexical_variant",
        "note_nlp_concept_id", "note_nlp_source_concept_id", "nlp_system", "nlp_date",
        "nlp_datetime", "term_exists", "term_temporal", "term_modifiers",
    ]

    private let persons: [String: Int64]
    private let concepts: [String: Int64]

    /// An export with a site's lists: number of a person by its patient's identifier, and number of a concept by
    /// kind of document (`radiology`), code (`ICD10:J849`) or category (`T:T2a`, `STAGE:IIIA`).
    package init(persons: [String: Int64], concepts: [String: Int64] = [:]) {
        (self.persons, self.concepts) = (persons, concepts)
    }

    /// The header of a table.
    package static func header(_ columns: [String]) -> Data {
        Data((columns.joined(separator: ",") + "\n").utf8)
    }

    /// The records of a document: of NOTE and of NOTE_NLP; nothing of one without person or text.
    package func records(
        of document: StoredDocument, count: inout Count
    ) throws -> (note: Data, mentions: Data) {
        guard let person = document.header.patient.flatMap({ persons[$0] }) else {
            count.withoutPerson += 1
            return (Data(), Data())
        }
        guard document.text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            count.withoutText += 1
            return (Data(), Data())
        }
        let note = try Self.csv([note(document, person, &count)], Self.noteColumns)
        let rows = OMOPMentions(of: document, concepts: concepts).rows
        count.notes += 1
        count.mentions += rows.count
        count.withoutConcept += rows.count { $0[6] == .integer(0) }
        return (note, try Self.csv(rows, Self.mentionColumns))
    }

    private func note(
        _ document: StoredDocument, _ person: Int64, _ count: inout Count
    ) -> [ResultValue] {
        let header = document.header
        let authored = header.authoredAt.flatMap(StatedTime.init)
        if authored == nil { count.datedByReceipt += 1 }
        if authored?.precision == .year || authored?.precision == .month {
            count.datedByMonth += 1
        }
        let time = authored ?? StatedTime(document.receivedAt)
        let hasClock = authored.map { ![.year, .month, .day].contains($0.precision) } ?? true
        return [
            .integer(document.id), .integer(person),
            time.map { .text(LocalTime.day($0)) } ?? .null,
            time.flatMap { hasClock ? .text(LocalTime.dateTime($0)) : nil } ?? .null,
            // EHR note.
            .integer(32_831), .integer(concepts[document.kind] ?? 0),
            header.title.map { .text(cut($0, to: 250)) } ?? .null, .text(document.text),
            // UTF-8, Japanese.
            .integer(32_678), .integer(4_181_524), .null, .null, .null,
            .text(Self.sourceValue(document)), .null, .null,
        ]
    }

    /// Our key, or where it is longer than the column the beginning of its hash.
    private static func sourceValue(_ document: StoredDocument) -> String {
        let key = document.header.key ?? "shoken:\(document.id)"
        guard key.unicodeScalars.count > 50 else { return key }
        return String(
            ("sha256:" + ContentDigest(of: Data(key.utf8)).hexadecimal).prefix(50))
    }

    private static func csv(_ rows: [[ResultValue]], _ columns: [String]) throws -> Data {
        let table = ResultTable(columns: columns, rows: rows)
        let records = try ResultFormat.csv.records(of: table).dropFirst()
        return Data(records.map { $0 + "\n" }.joined().utf8)
    }
}

/// The rows of NOTE_NLP of one document: a row for a mention, a grade, a category.
private struct OMOPMentions {
    let document: StoredDocument
    let concepts: [String: Int64]
    let sentences: DocumentSentences
    let system: String
    let time: StatedTime?

    init(of document: StoredDocument, concepts: [String: Int64]) {
        (self.document, self.concepts) = (document, concepts)
        sentences = DocumentSentences(of: document.text)
        let maker = document.maker
        let dictionary = ContentDigest(of: Data(maker.dictionary.utf8)).hexadecimal.prefix(12)
        system = cut(
            "Shoken \(maker.codeVersion) \(maker.name)@\(maker.sha256.prefix(12)) dict@\(dictionary)",
            to: 250)
        time = StatedTime(document.processedAt)
    }

    var rows: [[ResultValue]] {
        document.mentions.map(row) + document.adverseEvents.compactMap(row)
            + (document.stage.map(rows) ?? [])
    }

    /// Numbers of rows do not depend on what else is exported: eight for each row of the database.
    private func row(
        _ number: Int64, _ range: SourceRange?, _ surface: String, concept: Int64, exists: Bool,
        temporal: String? = nil, modifiers: [(String, String?)]
    ) -> [ResultValue] {
        let modifiers = modifiers.compactMap { name, value in
            value.map { "\(name)=\($0.replacing(";", with: ","))" }
        }
        return [
            .integer(number), .integer(document.id), .integer(0),
            range.map { .text(snippet($0)) } ?? .null,
            range.map { .text(String($0.start)) } ?? .null, .text(cut(surface, to: 250)),
            .integer(concept), .integer(0), .text(system),
            time.map { .text(LocalTime.day($0)) } ?? .null,
            time.map { .text(LocalTime.dateTime($0)) } ?? .null,
            .text(exists ? "Y" : "N"), temporal.map(ResultValue.text) ?? .null,
            .text(cut(modifiers.joined(separator: ";"), to: 2000)),
        ]
    }

    private func row(_ mention: StoredMention) -> [ResultValue] {
        let codes = (mention.icd10 ?? "").split(separator: ";")
        let concept =
            codes.lazy.compactMap { concepts["ICD10:\($0)"] }.first
            ?? mention.standardName.flatMap { concepts[$0] } ?? 0
        let exists =
            ["positive", "suspicious"].contains(mention.certainty) && mention.subject == "patient"
            && mention.temporality != "planned"
        return row(
            mention.id * 8, mention.range, mention.surface, concept: concept, exists: exists,
            temporal: mention.temporality == "past" ? "past" : nil,
            modifiers: [
                ("type", mention.type), ("certainty", mention.certainty),
                ("subject", mention.subject), ("temporality", mention.temporality),
                ("state", mention.state), ("score", rounded(mention.score)),
                ("section", document.section(of: mention.range)),
                ("name", mention.standardName), ("icd10", mention.icd10),
                ("drug", mention.drug.map { String($0 * 8) }),
                ("review", mention.needsReview ? "yes" : nil),
            ])
    }

    private func row(_ event: StoredAdverseEvent) -> [ResultValue]? {
        guard let mention = document.mention(event.mention) else { return nil }
        return row(
            event.id * 8 + 1, mention.range, mention.surface,
            concept: concepts["ADVERSE_EVENT:\(event.level)"] ?? 0, exists: event.level >= 2,
            modifiers: [
                ("type", "adverse-event"), ("role", event.role), ("level", String(event.level)),
                ("score", rounded(event.score)), ("mention", String(mention.id * 8)),
            ])
    }

    private func rows(_ stage: StoredStage) -> [[ResultValue]] {
        let axes: [(name: String, value: String?, score: Double?)] = [
            ("T", stage.t, stage.tScore), ("N", stage.n, stage.nScore),
            ("M", stage.m, stage.mScore), ("STAGE", stage.stage, nil),
        ]
        return axes.enumerated().compactMap { index, axis in
            guard let value = axis.value else { return nil }
            return row(
                document.id * 8 + 2 + Int64(index), nil, value,
                concept: concepts["\(axis.name):\(value)"] ?? 0, exists: true,
                modifiers: [
                    ("type", axis.name == "STAGE" ? "stage-group" : "tnm-\(axis.name)"),
                    ("edition", stage.edition), ("prefix", stage.prefix),
                    ("score", axis.score.map(rounded)),
                    ("review", stage.review.isEmpty ? nil : stage.review.replacing(",", with: " ")),
                ])
        }
    }

    private func rounded(_ score: Double) -> String { String((score * 1000).rounded() / 1000) }

    /// The sentence around a place, or of a longer one what stands nearest, in 250 characters.
    private func snippet(_ range: SourceRange) -> String {
        let whole = sentences.around(range)
        guard whole.count > 250 else { return sentences.text(at: whole) }
        let start = max(whole.start, min(range.start - 100, whole.end - 250))
        return sentences.text(at: SourceRange(start: start, end: min(start + 250, whole.end)))
    }
}

/// The first characters of a text.
private func cut(_ text: String, to length: Int) -> String {
    text.unicodeScalars.count > length ? string(Array(text.unicodeScalars)[..<length]) : text
}
