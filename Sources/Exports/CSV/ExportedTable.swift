// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import ResultStore

/// A table of an export; the raw value is its name, and that of its file.
///
/// Names and order of columns are part of the interface: new ones come at the end, before those of text.
package enum ExportedTable: String, CaseIterable, Sendable {
    case documents
    case findings
    case tnm
    case adverseEvents = "adverse-events"
    case pairs

    /// Names of the columns; those that hold sentences or whole texts come last, and only if asked for.
    package func columns(withText: Bool) -> [String] {
        let (columns, texts) = names
        return columns + (withText ? texts : [])
    }

    private var names: (columns: [String], texts: [String]) {
        switch self {
        case .documents:
            (
                [
                    "document_id", "kind", "format", "title", "patient_id", "patient_issuer",
                    "authored_at", "authored_as_written", "received_at", "processed_at",
                    "document_key", "external_id", "version", "sender_status", "standing",
                    "conflict", "author", "department", "facility", "visit_id", "order_id",
                    "source_name", "sha256", "characters", "model", "model_version",
                    "model_sha256",
                ], ["text"]
            )
        case .findings:
            (
                Self.common + [
                    "finding_id", "section", "type", "start", "end", "surface", "standard_name",
                    "standard_name_by", "icd10", "certainty", "subject", "temporality", "state",
                    "drug_id", "score", "review", "method",
                ], ["cue", "sentence"]
            )
        case .tnm:
            (
                Self.common + [
                    "t", "n", "m", "stage", "reason", "prefix", "edition", "t_score", "n_score",
                    "m_score", "review", "method",
                ], ["evidence"]
            )
        case .adverseEvents:
            (
                Self.common + [
                    "adverse_event_id", "finding_id", "role", "surface", "standard_name", "icd10",
                    "level", "score", "method",
                ], ["sentence"]
            )
        case .pairs:
            (
                Self.common + [
                    "pair_id", "drug_id", "drug", "drug_name", "reaction_id", "reaction",
                    "reaction_name", "reaction_icd10", "level", "rule", "review", "method",
                ], ["cue", "sentence"]
            )
        }
    }

    private static let common = ["document_id", "kind", "patient_id", "authored_at"]

    /// The rows that a document gives.
    package func rows(of document: StoredDocument, withText: Bool) -> [[ResultValue]] {
        let hasSentences =
            switch self {
            case .documents, .tnm: false
            case .findings: !document.mentions.isEmpty
            case .adverseEvents: !document.adverseEvents.isEmpty
            case .pairs: !document.pairs.isEmpty
            }
        let rows = TableRows(
            of: document, withText: withText, withSentences: withText && hasSentences)
        return switch self {
        case .documents: [rows.document]
        case .findings: document.mentions.map(rows.finding)
        case .tnm: document.stage.map { [rows.stage($0)] } ?? []
        case .adverseEvents: document.adverseEvents.map(rows.adverseEvent)
        case .pairs: document.pairs.map(rows.pair)
        }
    }
}

/// Rows of one document, in the order of the columns.
private struct TableRows {
    let source: StoredDocument
    let withText: Bool
    /// Nil where no column needs them, since to find them takes the most time.
    let sentences: DocumentSentences?
    /// What begins each row of a table but that of documents.
    let common: [ResultValue]

    init(of document: StoredDocument, withText: Bool, withSentences: Bool) {
        (source, self.withText) = (document, withText)
        sentences = withSentences ? DocumentSentences(of: document.text) : nil
        common = [
            .integer(document.id), .text(document.kind), .of(document.header.patient),
            .of(LocalTime.text(document.header.authoredAt)),
        ]
    }

    var document: [ResultValue] {
        let header = source.header
        let row: [ResultValue] = [
            .integer(source.id), .text(source.kind), .text(source.format), .of(header.title),
            .of(header.patient), .of(header.patientIssuer),
            .of(LocalTime.text(header.authoredAt)), .of(header.authoredAt),
            .of(LocalTime.text(source.receivedAt)), .of(LocalTime.text(source.processedAt)),
            .of(header.key), .of(header.externalIdentifier), .of(header.version),
            .text(header.status), .text(source.standing), .of(source.conflict),
            .of(header.author), .of(header.department), .of(header.facility), .of(header.visit),
            .of(header.order), .text(source.sourceName), .text(source.sha256),
            .integer(Int64(source.text.unicodeScalars.count)), .text(source.maker.name),
            .text(source.maker.version), .text(source.maker.sha256),
        ]
        return withText ? row + [.text(source.text)] : row
    }

    func finding(_ mention: StoredMention) -> [ResultValue] {
        common + [
            .integer(mention.id), .of(source.section(of: mention.range)), .text(mention.type),
            .integer(Int64(mention.range.start)), .integer(Int64(mention.range.end)),
            .text(mention.surface), .of(mention.standardName), .of(mention.standardNameMethod),
            .of(mention.icd10), .text(mention.certainty), .text(mention.subject),
            .text(mention.temporality), .of(mention.state), .of(mention.drug),
            .rounded(mention.score), .of(mention.needsReview), .text(mention.method),
        ] + texts(cue: .some(mention.cue), around: mention.range)
    }

    func stage(_ stage: StoredStage) -> [ResultValue] {
        let row =
            common + [
                .of(stage.t), .of(stage.n), .of(stage.m), .of(stage.stage), .of(stage.reason),
                .of(stage.prefix), .text(stage.edition), .rounded(stage.tScore),
                .rounded(stage.nScore), .rounded(stage.mScore), .text(stage.review),
                .text(stage.method),
            ]
        return withText ? row + [.text(stage.evidence)] : row
    }

    func adverseEvent(_ event: StoredAdverseEvent) -> [ResultValue] {
        let mention = source.mention(event.mention)
        return common + [
            .integer(event.id), .integer(event.mention), .text(event.role), .of(mention?.surface),
            .of(mention?.standardName), .of(mention?.icd10), .integer(Int64(event.level)),
            .rounded(event.score), .text(event.method),
        ] + texts(around: mention?.range)
    }

    func pair(_ pair: StoredPair) -> [ResultValue] {
        let (drug, reaction) = (source.mention(pair.drug), source.mention(pair.disease))
        return common + [
            .integer(pair.id), .integer(pair.drug), .of(drug?.surface), .of(drug?.standardName),
            .integer(pair.disease), .of(reaction?.surface), .of(reaction?.standardName),
            .of(reaction?.icd10), .integer(Int64(pair.level)), .text(pair.rule),
            .of(pair.needsReview), .text(pair.method),
        ] + texts(cue: .some(pair.cue), around: reaction?.range)
    }

    /// The columns of text: the words that decided, where the table has them, and the sentence.
    private func texts(cue: SourceRange?? = .none, around range: SourceRange?) -> [ResultValue] {
        guard let sentences else { return [] }
        var values: [ResultValue] = []
        if let cue { values.append(.of(cue.map(sentences.text))) }
        values.append(.of(range.map { sentences.text(at: sentences.around($0)) }))
        return values
    }
}

extension ResultValue {
    fileprivate static func of(_ text: String?) -> ResultValue { text.map(Self.text) ?? .null }
    fileprivate static func of(_ number: Int64?) -> ResultValue {
        number.map(Self.integer) ?? .null
    }
    fileprivate static func of(_ flag: Bool) -> ResultValue { .integer(flag ? 1 : 0) }
    /// A probability to four digits.
    fileprivate static func rounded(_ number: Double) -> ResultValue {
        .real((number * 10_000).rounded() / 10_000)
    }
}
