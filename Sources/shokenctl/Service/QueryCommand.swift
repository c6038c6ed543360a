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
              shokenctl query entities --all --review
              shokenctl query tnm --json
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

    @Option(help: "Only documents of this kind.")
    var kind: DocumentKind?

    @Option(help: "Only documents of this patient.")
    var patient: String?

    @Option(help: "Only the document with this number.")
    var document: Int64?

    @Option(help: "Only documents written (or else received) at or after this time.")
    var since: StatedTime?

    @Option(help: "Only documents written (or else received) before this time.")
    var until: StatedTime?

    @Option(help: "Entities: only this type (disease, drug, dose).")
    var type: EntityType?

    @Option(
        help:
            "Entities, adverse events and their pairs: only surfaces that contain this; of a pair, either."
    )
    var containing: String?

    @Option(help: "Entities: only of this certainty (positive, suspicious, negative, general).")
    var certainty: Certainty?

    @Option(
        name: .customLong("of"),
        help: "Entities: only those of the patient, the family or others (patient, family, other).")
    var owner: MentionSubject?

    @Option(help: "Entities: only of this time (current, past, planned).")
    var temporality: Temporality?

    @Option(
        help: "Entities: only drugs of this state (given, planned, stopped, not-given, allergy).")
    var state: DrugState?

    @Flag(help: "Entities: all mentions, not only what the patient has.")
    var all = false

    @Flag(help: "Entities and adverse-event pairs: only those that a person should look at.")
    var review = false

    @Option(help: "Adverse events, their pairs, and similarities: only this level and above.")
    var minimumLevel: Int?

    @Flag(
        help:
            "Also versions that are superseded, withdrawn or sent twice, not only current documents."
    )
    var history = false

    @Option(help: "At most so many rows.")
    var limit = 100

    @OptionGroup var output: RowOutput

    /// Refuses what would give an empty answer, or another one than was asked for.
    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit must be 0 or more") }
        let filters: [(name: String, isGiven: Bool, subjects: [ResultQuestion.Subject])] = [
            ("--type", type != nil, [.entities]),
            (
                "--containing", containing != nil,
                [.entities, .adverseEvents, .adverseEventPairs]
            ),
            ("--certainty", certainty != nil, [.entities]),
            ("--of", owner != nil, [.entities]),
            ("--temporality", temporality != nil, [.entities]),
            ("--state", state != nil, [.entities]),
            ("--all", all, [.entities]),
            ("--review", review, [.entities, .adverseEventPairs]),
            (
                "--minimum-level", minimumLevel != nil,
                [.adverseEvents, .adverseEventPairs, .similar]
            ),
        ]
        for filter in filters where filter.isGiven && !filter.subjects.contains(subject) {
            let subjects = filter.subjects.map(\.rawValue).joined(separator: " and ")
            throw ValidationError("\(filter.name) is for \(subjects) only")
        }
    }

    /// Which mentions are listed: what the patient has, unless something else is asked for.
    private var mentions: EntityFilter {
        let isNamed = certainty != nil || owner != nil || temporality != nil || state != nil
        var filter = all || isNamed ? EntityFilter() : .present
        if let certainty { filter.certainty = certainty.rawValue }
        if let owner { filter.subject = owner.rawValue }
        if let temporality { filter.temporality = temporality.rawValue }
        if let state { filter.state = state.rawValue }
        if review { filter.review = true }
        return filter
    }

    func run() throws {
        var question = ResultQuestion(subject, limit: limit)
        question.kind = kind?.rawValue
        question.patient = patient
        question.document = document
        question.includesHistory = history
        question.since = since
        question.until = until
        question.type = type?.rawValue
        question.containing = containing
        question.minimumLevel = minimumLevel
        question.status = mentions
        let reader = try ResultReader(file: output.common.databaseFile())
        try output.print(reader.rows(of: question))
    }
}

extension ResultQuestion.Subject: ExpressibleByArgument {}
extension EntityType: ExpressibleByArgument {}
extension Certainty: ExpressibleByArgument {}
extension MentionSubject: ExpressibleByArgument {}
extension Temporality: ExpressibleByArgument {}
extension DrugState: ExpressibleByArgument {}

/// `shokenctl sql`: asks the database anything that only reads.
struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Run one SELECT statement on the database, read only.",
        discussion: """
            Tables: documents, entities, tnm_stages, adverse_events, adverse_event_pairs, \
            similarities, models, events. Views: document_summary, patient_entities, mentions, \
            drug_doses, suspected_adverse_events, drug_reactions. Every column is in shoken-db(5).

            Examples:
              shokenctl sql "SELECT kind, count(*) FROM documents GROUP BY kind"
              shokenctl sql "SELECT * FROM suspected_adverse_events WHERE level = 3" --json
              shokenctl sql "SELECT * FROM patient_entities" --format csv >entities.csv
            """)

    @Argument(help: "The statement.")
    var statement: String

    @Option(help: ArgumentHelp("How long it may take; 0 is without end.", valueName: "seconds"))
    var timeLimit = 60

    @OptionGroup var output: RowOutput

    func validate() throws {
        guard (0...86_400).contains(timeLimit) else {
            throw ValidationError("--time-limit is 0 to 86400 seconds")
        }
    }

    func run() throws {
        let reader = try ResultReader(file: output.common.databaseFile())
        let limit: Duration? = timeLimit > 0 ? .seconds(timeLimit) : nil
        try output.print(reader.select(statement, timeLimit: limit))
    }
}

extension StatedTime: ExpressibleByArgument {
    /// A time in any form that documents have; without a zone it is that of Japan.
    package init?(argument: String) { self.init(argument) }
}
