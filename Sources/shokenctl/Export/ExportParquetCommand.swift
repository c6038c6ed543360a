// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Exports
import Foundation
import ResultStore

/// `shokenctl export parquet`: tables for pandas, DuckDB and Spark.
struct ExportParquetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parquet",
        abstract: "Write documents and findings as Apache Parquet.",
        discussion: """
            The tables and columns of export csv, with types: numbers, flags, and received_at and \
            processed_at as instants in UTC; authored_at stays a text, as exactly as it was given. \
            With --json: {"files":[{"file","rows"}]}.

            Examples:
              shokenctl export parquet ./tables
              shokenctl export parquet ./tables --table findings --no-text
            """)

    @Argument(help: "The new folder.")
    var target: String

    @Option(
        help: ArgumentHelp(
            "Only this table; may be given more than once.",
            valueName: ExportedTable.allCases.map(\.rawValue).joined(separator: "|")))
    var table: [ExportedTable] = []

    @Flag(help: "Leave out columns that hold texts or sentences of documents.")
    var noText = false

    @Flag(help: "Replace files of the same names in the folder.")
    var force = false

    @OptionGroup var increment: IncrementalExport
    @OptionGroup var documents: ExportSelection
    @OptionGroup var common: CommonOptions

    /// What was written; stable, for programs.
    private struct Report: Encodable {
        struct File: Encodable {
            let file: String
            let rows: Int
        }

        let files: [File]
    }

    /// A table that is being written.
    private struct Written {
        let table: ExportedTable
        let file: PendingFile
        var content: ParquetFile
        var rows = 0
    }

    func run() throws {
        let reader = try ResultReader(file: common.databaseFile())
        let path = absolutePath(target)
        let folder = try PendingFolder(for: path, replacing: force)
        var tables: [Written] = []
        for table in ExportedTable.allCases where self.table.isEmpty || self.table.contains(table) {
            let content = ParquetFile(table.parquetColumns(withText: !noText))
            let file = try folder.file(Self.name(table))
            try file.append(content.begin)
            tables.append(Written(table: table, file: file, content: content))
        }
        let pass = try reader.eachDocument(
            of: increment.narrowed(documents.selection, reader)
        ) { document in
            for index in tables.indices {
                let rows = tables[index].table.parquetRows(of: document, withText: !noText)
                tables[index].rows += rows.count
                for row in rows {
                    try tables[index].file.append(tables[index].content.append(row))
                }
            }
        }
        try increment.writeRemoved(pass, in: folder)
        var details = documents.audited
        details["text"] = noText ? "no" : "yes"
        for index in tables.indices {
            try tables[index].file.append(tables[index].content.end())
            try tables[index].file.place(replacing: false)
            details[tables[index].table.rawValue] = String(tables[index].rows)
        }
        try common.noteExport("parquet", to: path.lastName?.escaped ?? "", details: details)
        try folder.place()
        try increment.finish(pass, common)
        let files = tables.map {
            Report.File(file: path.appending(Self.name($0.table)).description, rows: $0.rows)
        }
        if common.json { return try printJSON(Report(files: files)) }
        for file in files { print("\(file.file): \(file.rows) rows") }
    }

    private static func name(_ table: ExportedTable) -> String { "\(table.rawValue).parquet" }
}
