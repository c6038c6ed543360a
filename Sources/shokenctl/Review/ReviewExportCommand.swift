// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
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
            them for a head of tokens: {"text","spans":[{"start","end","label"}],"fold"}, in Unicode \
            scalars, with the labels disease, drug and dose. Spans are what the patient has (present, of \
            the patient); --all writes every mention, with its certainty and subject beside the label. Of \
            overlapping mentions the longest is written, and how many are left out is said. The fold, 0 \
            to 4, follows from the text alone, so that copies of a text are in one fold; "document_id", \
            "doc_id", "kind", "reviewed" and "reviewers" tell where a row comes from.

            The file holds texts of patients. One that is there is not replaced. \
            With --json: {"documents","left_out","mentions"}.

            Examples:
              shokenctl review export --training reviewed.jsonl
              shokenctl train tune --recipe tagger.toml --data . --output run --dry-run
            """)

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var training: String

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
            content += try encoder.encode(row) + Data("\n".utf8)
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

/// A reviewed document as a row of labelled text.
private struct ReviewedRow: Encodable {
    struct Span: Encodable {
        let start: Int
        let end: Int
        let label: String
        let certainty: String
        let subject: String
    }

    let documentID: Int64
    let textID: String
    let fold: Int
    let kind: String
    let reviewed = true
    let reviewers: [String]
    let spans: [Span]
    let text: String
    /// Mentions that longer ones overlap.
    let leftOut: Int

    private enum CodingKeys: String, CodingKey {
        case documentID = "document_id"
        case textID = "doc_id"
        case fold, kind, reviewed, reviewers, spans, text
    }

    init(_ document: ReviewedDocument, includesAll: Bool) {
        let digest = ContentDigest(of: Data(document.text.utf8))
        documentID = document.id
        textID = String(digest.hexadecimal.prefix(16))
        fold = Int(digest.bytes[0]) % 5
        kind = document.kind
        reviewers = document.reviewers
        text = document.text
        let wanted = document.mentions.filter {
            includesAll || $0.certainty == .positive && $0.subject == .patient
        }
        var kept: [MentionReading] = []
        let byLength = wanted.sorted {
            ($1.range.count, $0.range.start) < ($0.range.count, $1.range.start)
        }
        for mention in byLength where !kept.contains(where: { $0.range.overlaps(mention.range) }) {
            kept.append(mention)
        }
        leftOut = wanted.count - kept.count
        spans = kept.sorted { $0.range < $1.range }.map {
            Span(
                start: $0.range.start, end: $0.range.end, label: $0.type.rawValue,
                certainty: $0.certainty.rawValue, subject: $0.subject.rawValue)
        }
    }
}
