// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import ResultStore

/// How a command prints the rows that the database gave.
struct RowOutput: ParsableArguments {
    /// A table for people, or a format for programs.
    enum Form: ExpressibleByArgument {
        case table
        case exported(ResultFormat)

        init?(argument: String) {
            guard argument != "table" else {
                self = .table
                return
            }
            guard let format = ResultFormat(rawValue: argument) else { return nil }
            self = .exported(format)
        }

        static var allValueStrings: [String] { ["table"] + ResultFormat.allCases.map(\.rawValue) }
    }

    @Option(
        help: """
            How to print rows: a table for people, which cuts long values on a terminal (the default), \
            or a format for programs.
            """)
    var format: Form?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard format == nil || !common.json else {
            throw ValidationError("--json and --format cannot be given together")
        }
    }

    /// Prints rows in the form that was asked for; `--json` is one array with an object a row. Where there is
    /// none, a note says so.
    func print(_ table: ResultTable) throws {
        defer { if table.rows.isEmpty { Self.note("no rows") } }
        switch format ?? .table {
        case .exported(let format):
            for record in try format.records(of: table) { Swift.print(record) }
        case .table where common.json:
            let objects = table.rows.map { row in
                Dictionary(zip(table.columns, row), uniquingKeysWith: { first, _ in first })
            }
            try printJSON(objects)
        case .table:
            TextTable(columns: table.columns, rows: table.rows.map { $0.map(\.text) }).print()
        }
    }

    /// Says something about the rows on standard error, where it is no part of them.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("shokenctl: \(text)\n".utf8))
    }
}
