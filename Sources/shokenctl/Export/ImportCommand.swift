// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import DurableFiles
import Exports
import Faults
import Foundation
import ResultStore

/// `shokenctl import`: corrections that people made in a tool, as training rows or reviews.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Make training rows, or reviews, of what people corrected in a tool for annotation.",
        discussion: """
            With --output it writes a row for each document, as train encoder takes it: text, spans, and where it \
            comes from. Offsets are converted, line ends are given back, and what the tool says \
            stands at a place is compared with the text: a record that does not fit is named and \
            gives no row, nor do documents that people marked differently, unless one is called the \
            truth (Label Studio's ground truth). A model's predictions, and what was rejected, \
            ignored or cancelled, are never taken. With --exported, or of Label Studio's predictions, \
            it tells what was added, removed, relabelled or moved. Messages name documents and \
            places, never texts.

            With --into-database the differences from the model's findings become rows of reviews, as \
            the review page writes them: a mention that was left is accepted, one that was \
            removed rejected, others are changed or added. A document must be current and have \
            the very text, else it is a conflict and nothing is recorded of it; what the reviewer \
            has said before is not said again. Where neither --exported nor the file says what was \
            shown, all findings were, or those of the --annotated types. Give only files that \
            somebody has worked through: a document as it was exported is one whose findings are right.

            With --json: {"agreements","changes":[{"document","end","kind","label","start"}],\
            "differences","faults":[{"document","end","file","reason","record","start"}],\
            "passed_over","reviews":{"accepted","added","changed","conflicts":[{"document","file",\
            "reason","record"}],"documents","done","rejected","unchanged"},"rows","spans",\
            "uncompared"}. Exit code 65 if a record gives no row, or there is a conflict.

            Examples:
              shokenctl import brat ./corrected --exported ./for-brat --output rows.jsonl
              shokenctl import label-studio export.json --output rows.jsonl
              shokenctl import brat ./corrected --exported ./for-brat --into-database --reviewer sato \
            --dry-run
              shokenctl import webanno 12.tsv 13.tsv --output rows.jsonl --json
            """)

    @Argument(
        help: ArgumentHelp(
            "The tool.",
            valueName: AnnotationTool.allCases.map(\.rawValue).joined(separator: "|")))
    var tool: AnnotationTool

    @Argument(help: "Files that it wrote, or folders of them.")
    var files: [String]

    @Option(help: ArgumentHelp("The new file of training rows.", valueName: "file"))
    var output: String?

    @Flag(help: "Record what was corrected as reviews of the documents in the database.")
    var intoDatabase = false

    @Option(help: ArgumentHelp("Who corrected it, for the reviews.", valueName: "name"))
    var reviewer: String?

    @Flag(help: "Record also that these documents are done: nothing in them was missed.")
    var done = false

    @Flag(help: "Only say what would be recorded in the database.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "A file or folder as it was exported to the tool (for webanno the folder for brat), to compare with; may be given more than once.",
            valueName: "file"))
    var exported: [String] = []

    @Option(
        help: ArgumentHelp(
            "A label that was looked for, where these are not all; may be given more than once.",
            valueName: "label"))
    var annotated: [String] = []

    @Flag(help: "Replace the file of rows.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard output != nil || intoDatabase else {
            throw ValidationError("name a file of rows with --output, or ask for --into-database")
        }
        guard intoDatabase == (reviewer != nil) else {
            throw ValidationError("--into-database and --reviewer belong together")
        }
        guard intoDatabase || !done && !dryRun else {
            throw ValidationError("--done and --dry-run are for --into-database")
        }
        guard reviewer.map({ 1...100 ~= $0.unicodeScalars.count }) ?? true else {
            throw ValidationError("--reviewer needs 1 to 100 characters")
        }
        guard !dryRun || output == nil else {
            throw ValidationError("--dry-run writes no file; leave --output out")
        }
        let types = EntityType.allCases.map(\.rawValue)
        guard !intoDatabase || annotated.allSatisfy(types.contains) else {
            throw ValidationError(
                "with --into-database --annotated is " + types.joined(separator: ", "))
        }
    }

    func run() throws {
        let reading = try AnnotationFiles(of: tool).read(files.map(absolutePath))
        let proposals =
            exported.isEmpty
            ? nil
            : try AnnotationFiles(of: tool.exported, proposals: true)
                .read(exported.map(absolutePath))
        let rows = CorrectedRows(
            of: reading, from: tool, exported: proposals, annotated: annotated)
        if let output {
            let file = try PendingFile(for: absolutePath(output), replacing: force)
            for line in rows.lines { try file.append(line + "\n") }
            try file.place(replacing: force)
        }
        let reviews = try reviewer.map { try record(rows.texts, by: $0) }
        try report(rows, reviews, reading.passedOver)
        let isWhole = rows.faults.isEmpty && (reviews?.conflicts.isEmpty ?? true)
        if !isWhole { throw ExitCode(Disposition.badData) }
    }

    private func record(_ texts: [CorrectedText], by reviewer: String) throws -> CorrectionImport {
        let file = try common.databaseFile()
        // Whatever is not there must not be made by a reviewer.
        _ = try ResultReader(file: file)
        let database = try ResultDatabase(file: file)
        let types = annotated.compactMap(EntityType.init)
        let found = try CorrectionImport(
            of: texts, from: tool, into: database, by: reviewer,
            types: Set(types.isEmpty ? EntityType.allCases : types), isDone: done, isTrial: dryRun)
        if !dryRun {
            try database.appendEvent(
                actor: NSUserName(), action: "reviews imported", object: tool.rawValue,
                details: [
                    "reviewer": reviewer, "documents": String(found.documents),
                    "conflicts": String(found.conflicts.count),
                ], at: Date())
        }
        return found
    }

    private func report(
        _ rows: CorrectedRows, _ reviews: CorrectionImport?, _ passedOver: [String: Int]
    ) throws {
        let differences = Dictionary(
            uniqueKeysWithValues: AnnotationChange.Kind.allCases.map { kind in
                (kind.rawValue, rows.changes.count { $0.kind == kind })
            })
        if common.json {
            return try printJSON(
                ImportReport(
                    reviews: reviews.map(ImportReport.Reviews.init), rows: rows.lines.count,
                    spans: rows.spans, agreements: rows.agreements,
                    uncompared: rows.uncompared, passedOver: passedOver,
                    differences: differences, changes: rows.changes.map(ImportReport.Change.init),
                    faults: rows.faults.map(ImportReport.Fault.init)))
        }
        for fault in rows.faults { say(fault.explanation) }
        for change in rows.changes {
            print(
                "document \(change.document), \(change.range.start)–\(change.range.end): "
                    + "\(change.label) \(change.kind.rawValue)")
        }
        let counts = AnnotationChange.Kind.allCases.map {
            "\(differences[$0.rawValue] ?? 0) \($0.rawValue)"
        }
        print(
            "\(rows.lines.count) rows with \(rows.spans) places; " + counts.joined(separator: ", "))
        if let reviews { tell(reviews) }
        if !passedOver.isEmpty {
            let names = passedOver.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            print("passed over: " + names.joined(separator: ", "))
        }
    }

    private func tell(_ reviews: CorrectionImport) {
        for conflict in reviews.conflicts {
            say("\(conflict.place.file), record \(conflict.place.record): \(conflict.words)")
        }
        let counts = reviews.reviews
        print(
            (dryRun ? "would be recorded of " : "recorded of ")
                + "\(reviews.documents) documents: \(counts.accepted) accepted, "
                + "\(counts.changed) changed, \(counts.rejected) rejected, \(counts.added) added, "
                + "\(counts.done) documents done; \(counts.unchanged) as before")
    }
}

extension AnnotationTool: ExpressibleByArgument {}
