// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ResultStore

/// `shokenctl sql`: asks the database anything that only reads.
struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Run one SELECT statement on the database, read only.",
        discussion: """
            Tables: documents, entities, tnm_stages, adverse_events, adverse_event_pairs, \
            similarities, models, events. Views: findings, medications, stages, drug_reactions, patients, \
            similar_pairs, monthly_counts, document_summary and others. Every column is in shoken-db(5) \
            and in the table columns.

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
