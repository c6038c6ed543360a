// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import Foundation
import ResultStore

/// `shokenctl query`: lists what was found.
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract:
            "List documents, entities, TNM, adverse events, their pairs, or similar documents.",
        discussion: """
            Entities are those that the patient has, as far as the text goes; what is denied, \
            suspected, somebody else's, past or planned is listed with --all or by the options that \
            name it.

            Of a document that came in several versions the current one is listed; --history lists \
            the others, too, and --document a document of any standing.

            Offsets are Unicode scalars of the document's original text. For anything else, ask in \
            SQL: shokenctl sql.

            Examples:
              shokenctl query documents --patient P-1024 --since 2026-01-01
              shokenctl query documents --history --json
              shokenctl query entities --type drug --containing プレドニゾロン
              shokenctl query entities --certainty negative --containing 発熱
              shokenctl query entities --type drug --state stopped
              shokenctl query entities --code J84 --section 所見
              shokenctl query entities --all --review
              shokenctl query tnm --stage IV
              shokenctl query adverse-events --minimum-level 2 --limit 20
              shokenctl query adverse-event-pairs --minimum-level 2 --containing シスプラチン
              shokenctl query similar --document 12 --minimum-level 4
              shokenctl query entities --patient P-1024 --format csv >entities.csv
            """)

    @Argument(
        help: ArgumentHelp(
            "What to list.",
            valueName: ResultQuestion.Subject.allCases.map(\.rawValue).joined(separator: "|")))
    var subject: ResultQuestion.Subject

    @OptionGroup var filter: DocumentFilter

    @Option(help: "Only the document with this number.")
    var document: Int64?

    @Option(help: "Entities: only this type (disease, drug, dose).")
    var type: EntityType?

    @Option(
        help:
            "Entities, adverse events and their pairs: only surfaces that contain this; of a pair, either."
    )
    var containing: String?

    @Option(
        help: ArgumentHelp(
            """
            Entities, adverse events and pairs: only those with a code that begins so: ICD-10 (J84, \
            J84.9), or of drugs that of the price list (2171).
            """))
    var code: CodeBeginning?

    @Option(
        help:
            "Entities, adverse events and their pairs: only this standard name; of a pair, either.")
    var standardName: String?

    @Option(help: "Entities and adverse events: only in sections of this title or code.")
    var section: String?

    @Option(help: "Entities: only of this certainty (positive, suspicious, negative, general).")
    var certainty: Certainty?

    @Option(
        name: [.customLong("subject"), .customLong("of")],
        help: "Entities: only those of the patient, the family or others (patient, family, other).")
    var owner: MentionSubject?

    @Option(help: "Entities: only of this time (current, past, planned).")
    var temporality: Temporality?

    @Option(
        help: "Entities: only drugs of this state (given, planned, stopped, not-given, allergy).")
    var state: DrugState?

    @Flag(help: "Entities: all mentions, not only what the patient has.")
    var all = false

    @Flag(help: "Entities, TNM and adverse-event pairs: only those that a person should look at.")
    var review = false

    @Option(
        help: ArgumentHelp(
            """
            Documents and TNM: only this stage group and those within it; III is also IIIA, IIIB and IIIC.
            """))
    var stage: StageGroup?

    @Option(
        help:
            "Adverse events and their pairs (0 to 3), and similarities (0 to 5): only this level.")
    var level: Int?

    @Option(help: "Adverse events, their pairs, and similarities: only this level and above.")
    var minimumLevel: Int?

    @Option(
        help: "Entities, adverse events and similarities: only scores, 0 to 1, of this and above.")
    var minimumScore: Double?

    @Flag(
        help:
            "Also versions that are superseded, withdrawn or sent twice, not only current documents."
    )
    var history = false

    @Option(help: "At most so many rows; a note says how many there are besides.")
    var limit = 100

    @OptionGroup var output: RowOutput

    func validate() throws {
        try requireValues()
        try requireFittingFilters()
    }

    /// Which mentions are listed: what the patient has, unless something else is asked for.
    private var mentions: EntityFilter {
        let isNamed = certainty != nil || owner != nil || temporality != nil || state != nil
        var mentions = all || isNamed ? EntityFilter() : .present
        if let certainty { mentions.certainty = certainty.rawValue }
        if let owner { mentions.subject = owner.rawValue }
        if let temporality { mentions.temporality = temporality.rawValue }
        if let state { mentions.state = state.rawValue }
        if review { mentions.review = true }
        return mentions
    }

    /// What is asked of the database.
    private var question: ResultQuestion {
        var question = ResultQuestion(subject, limit: limit)
        question.kind = filter.kind?.rawValue
        question.patient = filter.patient
        question.document = document
        question.includesHistory = history
        question.since = filter.written.since
        question.until = filter.written.until
        question.type = type?.rawValue
        question.containing = containing
        question.code = code?.text
        question.standardName = standardName
        question.section = section
        question.stage = stage?.rawValue
        question.level = level
        question.minimumLevel = minimumLevel
        question.minimumScore = minimumScore
        question.status = mentions
        return question
    }

    func run() throws {
        let reader = try ResultReader(file: output.common.databaseFile())
        if let section { try requireSection(section, in: reader) }
        let question = question
        let rows = try reader.rows(of: question)
        try output.print(rows)
        if rows.rows.isEmpty, let patient = filter.patient, try !reader.hasPatient(patient) {
            RowOutput.note("no document names this patient")
        }
        if rows.rows.isEmpty, let standardName, try !reader.hasStandardName(standardName) {
            RowOutput.note("nothing was found that has this standard name")
        }
        guard rows.rows.count == limit else { return }
        let more = try reader.count(of: question) - rows.rows.count
        if more > 0 { RowOutput.note("\(more) more rows; --limit \(limit + more) shows all") }
    }
}
