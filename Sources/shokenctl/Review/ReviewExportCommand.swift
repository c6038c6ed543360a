// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Faults
import Foundation
import ResultStore

/// `shokenctl review export`: documents that were reviewed, as rows to train with.
struct ReviewExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the documents that reviewers have done as rows for train.",
        discussion: """
            Each document that a reviewer has done becomes one row of JSON Lines, as `train tune` takes \
            them for a head of tokens, and `train heads` as rows of your own: {"text","spans":[{"start","end","label"}],"fold"}, in Unicode \
            scalars, with the labels disease, drug and dose. Spans are what the patient has (present, of \
            the patient); --all writes every mention, with its certainty and subject beside the label. Of \
            overlapping mentions the longest is written, and how many are left out is said. The fold, 0 \
            to 4, follows from the text alone, so that copies of a text are in one fold; "document_id", \
            "doc_id", "kind", "reviewed" and "reviewers" tell where a row comes from.

            --form jmed-llm writes three rows a document instead, one for each type, in the form of the \
            published data's jmed-llm/train/nrner.jsonl.

            The file holds texts of patients. One that is there is not replaced. \
            With --json: {"documents","left_out","mentions"}.

            Examples:
              shokenctl review export --training reviewed.jsonl
              shokenctl review export --training rows.jsonl --form jmed-llm
              shokenctl train tune --recipe tagger.toml --data . --output run --dry-run
            """)

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var training: String

    /// What a row is.
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case spans
        case jmedLLM = "jmed-llm"
    }

    @Option(help: "The form of the rows: spans for train, or jmed-llm as the published rows.")
    var form: Form = .spans

    @Flag(help: "Every mention, not only what the patient has.")
    var all = false

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        var documents = 0
        var mentions = 0
        var leftOut = 0

        private enum CodingKeys: String, CodingKey {
            case documents, mentions
            case leftOut = "left_out"
        }
    }

    func validate() throws {
        guard !all || form == .spans else {
            throw ValidationError("--all and --form jmed-llm cannot be given together")
        }
    }

    func run() throws {
        let database = try common.databasePath()
        let file = absolutePath(training)
        guard try DiskFiles().identity(of: file) == nil else {
            throw CommandFailure(.cannotCreate, "\(file) is there already; name another file")
        }
        var (report, content) = (Report(), Data())
        let encoder = JSONEncoder.sorted()
        try ReviewedDocument.each(of: database) { document in
            let row = ReviewedRow(document, includesAll: all)
            report.documents += 1
            report.mentions += row.spans.count
            report.leftOut += row.leftOut
            switch form {
            case .spans: content += try encoder.encode(row) + Data("\n".utf8)
            case .jmedLLM:
                for question in row.questions {
                    content += try encoder.encode(question) + Data("\n".utf8)
                }
            }
        }
        guard report.documents > 0 else {
            throw CommandFailure(.noInput, "no document is done; say so on the page (key d)")
        }
        try DiskFiles().write(content, to: file)
        if common.json { return try printJSON(report) }
        print("\(file): \(report.documents) documents, \(report.mentions) mentions")
        if report.leftOut > 0 {
            print("\(report.leftOut) mentions are left out, since longer ones overlap them")
        }
    }
}
