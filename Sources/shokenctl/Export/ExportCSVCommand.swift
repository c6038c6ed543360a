// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Exports
import Foundation
import ResultStore

/// `shokenctl export csv`: tables for programs and spreadsheets.
struct ExportCSVCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csv",
        abstract: "Write documents and findings as tables of comma-separated values.",
        discussion: """
            Without options as programs want them: UTF-8 without byte order mark, LF, a header. With \
            --excel as spreadsheets want them: with that mark and CR LF, and a ' before texts that \
            would be formulas. Times are those of Japan with their offset. Every column is in \
            docs/exports.md.

            The folder must be new or empty; - writes one table to standard output. With --json: \
            {"files":[{"file","lost","rows"}]}; "lost" counts characters that the \
            encoding lacks.

            Examples:
              shokenctl export csv ./tables
              shokenctl export csv ./for-excel --excel --table findings --table pairs
              shokenctl export csv ./for-others --no-text --kind radiology
              shokenctl export csv - --table findings --since 2026-03-01 >findings.csv
            """)

    @Argument(help: "The folder, or - for standard output.")
    var target = "-"

    @Option(
        help: ArgumentHelp(
            "Only this table; may be given more than once.",
            valueName: ExportedTable.allCases.map(\.rawValue).joined(separator: "|")))
    var table: [ExportedTable] = []

    @Flag(help: "Write for spreadsheets.")
    var excel = false

    @Option(
        help: ArgumentHelp(
            "The encoding; characters that cp932 lacks become 〓 and are counted.",
            valueName: CSVDialect.Encoding.allCases.map(\.rawValue).joined(separator: "|")))
    var encoding = CSVDialect.Encoding.utf8

    @Flag(help: "Write nothing if a character is not in the encoding.")
    var strict = false

    @Flag(help: "Leave out columns that hold texts or sentences of documents.")
    var noText = false

    @Flag(help: "Replace files of the same names in the folder.")
    var force = false

    @OptionGroup var increment: IncrementalExport
    @OptionGroup var documents: ExportSelection
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if target == "-" {
            guard table.count == 1 else {
                throw ValidationError("standard output takes one table; name it with --table")
            }
            guard increment.sinceExport == nil else {
                throw ValidationError("--since-export is for a folder")
            }
            guard !common.json else {
                throw ValidationError("--json is for a folder: - is where the table goes")
            }
        }
        guard !strict || encoding != .utf8 else {
            throw ValidationError("--strict is for --encoding cp932: UTF-8 lacks no character")
        }
    }

    private struct Report: Encodable {
        struct File: Encodable {
            let file: String
            let rows: Int
            let lost: Int
        }

        let files: [File]
    }

    func run() throws {
        let reader = try ResultReader(file: common.databaseFile())
        let tables = ExportedTable.allCases.filter { table.isEmpty || table.contains($0) }
        let export = CSVExport(
            of: tables, dialect: try CSVDialect(forSpreadsheets: excel, encoding: encoding),
            withText: !noText, isStrict: strict)
        if target == "-" {
            let (counts, _) = try export.write(documents.selection, from: reader) { _, bytes in
                try FileHandle.standardOutput.write(contentsOf: bytes)
            }
            try note(counts, to: "standard output")
            return warn(counts)
        }
        let path = absolutePath(target)
        let folder = try PendingFolder(for: path, replacing: force)
        var files: [ExportedTable: PendingFile] = [:]
        for table in tables { files[table] = try folder.file(Self.name(table)) }
        let selection = try increment.narrowed(documents.selection, reader)
        let (counts, pass) = try export.write(selection, from: reader) { table, bytes in
            try files[table]?.append(bytes)
        }
        for file in files.values { try file.place(replacing: false) }
        try increment.writeRemoved(pass, in: folder)
        try note(counts, to: path.lastName?.escaped ?? "")
        try folder.place()
        try increment.finish(pass, common)
        try report(counts, tables, in: path)
    }

    private static func name(_ table: ExportedTable) -> String { "\(table.rawValue).csv" }

    private func note(_ counts: [ExportedTable: CSVExport.Count], to target: String) throws {
        var details = documents.audited
        for (table, count) in counts { details[table.rawValue] = String(count.rows) }
        details["text"] = noText ? "no" : "yes"
        try common.noteExport("csv", to: target, details: details)
    }

    private func warn(_ counts: [ExportedTable: CSVExport.Count]) {
        let lost = counts.values.reduce(0) { $0 + $1.lost }
        if lost > 0 { say("\(lost) characters are not in the encoding; 〓 stands for each") }
    }

    private func report(
        _ counts: [ExportedTable: CSVExport.Count], _ tables: [ExportedTable], in path: FilePath
    ) throws {
        let files = tables.map { table in
            Report.File(
                file: path.appending(Self.name(table)).description,
                rows: counts[table]?.rows ?? 0, lost: counts[table]?.lost ?? 0)
        }
        if common.json {
            return try printJSON(Report(files: files))
        }
        for file in files { print("\(file.file): \(file.rows) rows") }
        warn(counts)
    }
}

extension ExportedTable: ExpressibleByArgument {}
extension CSVDialect.Encoding: ExpressibleByArgument {}
