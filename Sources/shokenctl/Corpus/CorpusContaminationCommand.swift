// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import Curation
import Foundation
import Tensors

/// `shokenctl corpus contamination`: rows of evaluations that stand in a corpus.
struct CorpusContaminationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contamination",
        abstract: "Look for rows of evaluations in a corpus.",
        discussion: """
            A row is contaminated if most of its runs of characters stand in one document of the \
            corpus; white space, punctuation, width and case do not count. Rows are named by file \
            and number, from 1, and no text is printed.
            """)

    @Argument(
        help: ArgumentHelp("Files of the corpus, in any form of raw text.", valueName: "file"))
    var corpus: [String]
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Rows: CSV with a heading, or a form of raw text.", valueName: "file ..."))
    var against: [String]
    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Columns of CSV that are looked for, together (default: question).")
    var columns = ["question"]
    @Option(name: .customLong("run"), help: "Characters of a run.")
    var runLength = 13
    @Option(name: .long, help: "Share of a row's runs from which on it is contaminated.")
    var threshold = 0.5
    @OptionGroup var compute: ThreadsOption
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...64).contains(runLength) else { throw ValidationError("--run must be 1 to 64") }
        guard threshold > 0, threshold <= 1 else {
            throw ValidationError("--threshold must be above 0 and at most 1")
        }
    }

    func run() throws {
        ComputeThreads.set(compute.count)
        let rows = try against.flatMap { try EvaluationRow.read($0, columns: columns) }
        guard !rows.isEmpty else {
            throw CommandFailure(.badData, "\(against.joined(separator: ", ")): no rows")
        }
        let search = ContaminationSearch(rows: rows.map(\.text), width: runLength)
        var report = ContaminationReport(rows: rows.count)
        var places: [(file: String, first: Int)] = []
        var documents = 0
        let bar = ProgressBar()
        for file in corpus {
            places.append((file, documents))
            try look(file, search, &report, &documents) { bar.show("looking", $0) }
        }
        bar.finish()
        let found = ContaminationSummary(
            rows, search, report, places, documents: documents, threshold: threshold)
        if json { return try printJSON(found) }
        found.print()
    }

    private func look(
        _ file: String, _ search: ContaminationSearch, _ report: inout ContaminationReport,
        _ documents: inout Int, progress: (Double) -> Void
    ) throws {
        var raw = try RawTextFile(file)
        let reader = RawRecordReader(raw.format, file: file)
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        while true {
            var batch: [RawRecord] = []
            var bytes = 0
            while batch.count < 1024, bytes < 8 << 20, let record = try raw.next() {
                bytes += record.bytes.count
                batch.append(record)
            }
            guard !batch.isEmpty else { return }
            let records = batch
            let results = ComputeThreads.map(records.count) { index in
                Result { () throws(RawTextError) in
                    search.shares(in: try reader.document(in: records[index]).text)
                }
            }
            for result in results {
                report.add(try result.get(), document: documents)
                documents += 1
            }
            progress(Double(raw.packedBytes) / Double(max(size, 1)))
        }
    }
}

/// What was found of all rows.
private struct ContaminationSummary: Encodable {
    struct Row: Encodable {
        let file: String
        let row: Int
        let share: Double
        /// The corpus's file, and the document's number in it, from 1.
        let corpus: String
        let document: Int
    }

    let rows: Int
    /// Rows that are shorter than a run, of which nothing can be said.
    let tooShort: Int
    let documents: Int
    let threshold: Double
    /// The rows that are contaminated, in their order.
    let contaminated: [Row]

    init(
        _ rows: [EvaluationRow], _ search: ContaminationSearch, _ report: ContaminationReport,
        _ places: [(file: String, first: Int)], documents: Int, threshold: Double
    ) {
        self.rows = rows.count
        tooShort = rows.indices.count { search.isTooShort($0) }
        self.documents = documents
        self.threshold = threshold
        contaminated = rows.indices.compactMap { index in
            let finding = report.findings[index]
            guard finding.share >= threshold, let document = finding.document,
                let place = places.last(where: { $0.first <= document })
            else { return nil }
            return Row(
                file: rows[index].file, row: rows[index].number, share: finding.share,
                corpus: place.file, document: document - place.first + 1)
        }
    }

    func print() {
        if !contaminated.isEmpty {
            TextTable(
                columns: ["ROWS", "ROW", "SHARE", "CORPUS", "DOCUMENT"],
                rows: contaminated.map {
                    [
                        $0.file, "\($0.row)", String(format: "%.2f", $0.share), $0.corpus,
                        "\($0.document)",
                    ]
                }
            ).print()
        }
        Swift.print(
            "\(contaminated.count) of \(rows) rows stand in \(documents) documents by a share of at "
                + "least \(threshold); \(tooShort) rows are too short to tell")
    }
}
