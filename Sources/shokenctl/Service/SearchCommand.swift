// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Foundation
import ResultStore

/// `shokenctl search`: documents with some words in them.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find documents by the words in them.",
        discussion: """
            Lists current documents that have all the words, in the text or as the standard name of what was \
            found, the last recorded first. Half and full width, capitals and line breaks within a word make \
            no difference; a word is found within longer ones, too. Columns: document_id, date, kind, \
            patient_id, title, start and stop (of the first place, in Unicode scalars of the text), matches, \
            snippet. With --json each document has all its places: "places":[{"start","stop","surface",\
            "name"}], "name" where a standard name has the word and not the text.

            Examples:
              shokenctl search 間質性肺炎 --kind radiology --since 2026-01-01
              shokenctl search 発熱 咳嗽 --patient P-1024
              shokenctl search "SpO2 90" --json
            """)

    @Argument(help: "What each document must have.")
    var words: [String]

    @OptionGroup var filter: DocumentFilter

    @Flag(
        help:
            "Also versions that are superseded, withdrawn or sent twice, not only current documents."
    )
    var history = false

    @Option(help: "At most so many documents; a note says if there are more.")
    var limit = 20

    @OptionGroup var output: RowOutput

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
    }

    func run() throws {
        var question = SearchQuestion(words, limit: limit)
        question.kind = filter.kind?.rawValue
        question.patient = filter.patient
        question.since = filter.written.since
        question.until = filter.written.until
        question.includesHistory = history
        let reader = try ResultReader(file: output.common.databaseFile())
        let result = try reader.hits(of: question)
        if output.common.json {
            try printJSON(result.hits)
            if result.hits.isEmpty { RowOutput.note("no rows") }
        } else {
            try output.print(result.table)
        }
        if result.hasMore {
            RowOutput.note("more documents than these \(limit) have it; --limit shows more")
        }
    }
}

extension SearchResult {
    /// A row a document.
    fileprivate var table: ResultTable {
        func text(_ value: String?) -> ResultValue { value.map { .text($0) } ?? .null }
        func place(_ value: Int?) -> ResultValue { value.map { .integer(Int64($0)) } ?? .null }
        return ResultTable(
            columns: [
                "document_id", "date", "kind", "patient_id", "title", "start", "stop", "matches",
                "snippet",
            ],
            rows: hits.map { hit in
                [
                    .integer(hit.document), text(hit.date), .text(hit.kind), text(hit.patient),
                    text(hit.title), place(hit.places.first?.start), place(hit.places.first?.stop),
                    place(hit.places.count), .text(hit.snippet),
                ]
            })
    }
}
