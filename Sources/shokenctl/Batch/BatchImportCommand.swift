// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Exports
import Configuration
import DurableFiles
import Faults
import Foundation
import ResultStore

/// `shokenctl batch import`: answers, checked against their documents.
struct BatchImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take the answers of a batch file back into the database.",
        discussion: """
            Each answer is checked against every current document with its text: what it names must stand \
            there, as often as it says. What holds is kept in run_results as a run of its own (purpose batch, \
            with the model's name), beside the results that count, which stay as they are. The same import \
            twice changes nothing.

            Everything else is told with file and line, and the end is code 65: \
            \(BatchFault.allCases.map(\.rawValue).joined(separator: ", ")). Of an answer with parts at fault the \
            rest is kept for review. With --json: {"answers","faults":[{"code","file","line","parts"}],"known",\
            "requests","stored"}.

            Examples:
              shokenctl batch import --requests requests.jsonl answers.jsonl
            """)

    @Argument(help: "Files of answers.")
    var answers: [String]

    @Option(help: ArgumentHelp("The batch file that was answered.", valueName: "file"))
    var requests: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        var batch = BatchImport(program: programVersion)
        try batch.readRequests(FilePath(requests))
        for file in answers { try batch.readAnswers(FilePath(file)) }
        let file = try common.databaseFile()
        let database = try ResultDatabase(file: file)
        let report = try batch.store(
            from: ResultReader(file: file), into: database, at: Date())
        if report.stored > 0 {
            try database.appendEvent(
                actor: NSUserName(), action: "batch imported", object: "answers",
                details: [
                    "stored": String(report.stored), "faults": String(report.faults.count),
                ], at: Date())
        }
        if common.json {
            try printJSON(report)
        } else {
            for fault in report.faults {
                let words = BatchFault(rawValue: fault.code)?.words ?? fault.code
                let parts = fault.parts.map { " (\($0) of its parts)" } ?? ""
                print("\(fault.file), line \(fault.line): \(words)\(parts)")
            }
            print(
                "\(report.answers) of \(report.requests) requests answered; \(report.stored) documents stored, "
                    + "\(report.known) there before")
        }
        if !report.faults.isEmpty { throw ExitCode(Disposition.badData) }
    }
}
