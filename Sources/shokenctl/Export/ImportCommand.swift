// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import DurableFiles
import Exports
import Faults
import Foundation

/// `shokenctl import`: corrections that people made in a tool, as training rows.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make training rows of what people corrected in a tool for annotation.",
        discussion: """
            Writes a row for each document, as train encoder takes it: text, spans, and where it \
            comes from. Offsets are converted, line ends are given back, and what the tool says \
            stands at a place is compared with the text: a record that does not fit is named and \
            gives no row, nor do documents that people marked differently, unless one is called the \
            truth (Label Studio's ground truth). A model's predictions, and what was rejected, \
            ignored or cancelled, are never taken. With --exported, or of Label Studio's predictions, \
            it tells what was added, removed, relabelled or moved. Messages name documents and \
            places, never texts.

            With --json: {"agreements","changes":[{"document","end","kind","label","start"}],\
            "differences","faults":[{"document","end","file","reason","record","start"}],\
            "passed_over","rows","spans","uncompared"}. Exit code 65 if a record gives no row.

            Examples:
              shokenctl import brat ./corrected --exported ./for-brat --output rows.jsonl
              shokenctl import label-studio export.json --output rows.jsonl
              shokenctl import webanno 12.tsv 13.tsv --output rows.jsonl --json
            """)

    @Argument(
        help: ArgumentHelp(
            "The tool.",
            valueName: AnnotationTool.allCases.map(\.rawValue).joined(separator: "|")))
    var tool: AnnotationTool

    @Argument(help: "Files that it wrote, or folders of them.")
    var files: [String]

    @Option(help: ArgumentHelp("The new file of rows.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "A file or folder as it was exported to the tool, to compare with; may be given more than once.",
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

    func run() throws {
        let reading = try AnnotationFiles(of: tool).read(files.map(absolutePath))
        let proposals =
            exported.isEmpty
            ? nil
            : try AnnotationFiles(of: tool, proposals: true).read(exported.map(absolutePath))
        let rows = CorrectedRows(
            of: reading, from: tool, exported: proposals, annotated: annotated)
        let file = try PendingFile(for: absolutePath(output), replacing: force)
        for line in rows.lines { try file.append(line + "\n") }
        try file.place(replacing: force)
        try report(rows, reading.passedOver)
        if !rows.faults.isEmpty { throw ExitCode(Disposition.badData) }
    }

    private func report(_ rows: CorrectedRows, _ passedOver: [String: Int]) throws {
        let differences = Dictionary(
            uniqueKeysWithValues: AnnotationChange.Kind.allCases.map { kind in
                (kind.rawValue, rows.changes.count { $0.kind == kind })
            })
        if common.json {
            return try printJSON(
                ImportReport(
                    rows: rows.lines.count, spans: rows.spans, agreements: rows.agreements,
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
        if !passedOver.isEmpty {
            let names = passedOver.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            print("passed over: " + names.joined(separator: ", "))
        }
    }
}

/// What came of an import; stable, for programs.
private struct ImportReport: Encodable {
    struct Change: Encodable {
        let document, kind, label: String
        let start, end: Int

        init(_ change: AnnotationChange) {
            (document, kind) = (change.document, change.kind.rawValue)
            label = change.label
            (start, end) = (change.range.start, change.range.end)
        }
    }

    struct Fault: Encodable {
        let file: String
        let record: Int
        let document: String?
        let reason: String
        let start, end: Int?

        init(_ fault: AnnotationFault) {
            (file, record) = (fault.place.file, fault.place.record)
            (document, reason) = (fault.document, fault.reason.rawValue)
            (start, end) = (fault.range?.start, fault.range?.end)
        }
    }

    enum CodingKeys: String, CodingKey {
        case rows, spans, agreements, uncompared, differences, changes, faults
        case passedOver = "passed_over"
    }

    let rows, spans, agreements, uncompared: Int
    let passedOver, differences: [String: Int]
    let changes: [Change]
    let faults: [Fault]
}

extension AnnotationTool: ExpressibleByArgument {}
