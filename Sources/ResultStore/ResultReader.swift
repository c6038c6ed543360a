// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import GRDB

/// One value of a result table.
package enum ResultValue: Hashable, Sendable, Encodable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    /// The value as people and tables of text have it; nothing for NULL.
    package var text: String {
        switch self {
        case .null: ""
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .text(let value): value
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .integer(let value): try container.encode(value)
        case .real(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

/// Rows that a question of an analyst's gave.
package struct ResultTable: Hashable, Sendable {
    /// Names of the columns.
    package let columns: [String]
    /// The rows, each as long as `columns`.
    package let rows: [[ResultValue]]

    /// A table of rows as long as `columns`.
    package init(columns: [String], rows: [[ResultValue]]) {
        (self.columns, self.rows) = (columns, rows)
    }
}

/// A read-only view of the database, beside a running daemon.
package struct ResultReader: Sendable {
    let connection: ReadingConnection

    /// The most memory that keeps pages which were read, in KiB.
    private static let cachedKiB = 8 << 10

    /// Opens an existing database for reading only.
    ///
    /// Throws `StoreError.cannotOpen`.
    package init(file: URL) throws(StoreError) {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw .cannotOpen(file: file.path, detail: "no such file")
        }
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            Self.refuseAddresses(database)
            // A question that goes through all documents reads each page more than once; of the sizes from 2 to 128 MiB
            // this one is quickest, since fresh memory costs more than the pages that it saves.
            // Not by a mapping: a file that somebody cuts meanwhile would end the program by a signal.
            try database.execute(sql: "PRAGMA cache_size = -\(Self.cachedKiB)")
        }
        do {
            connection = try ReadingConnection(to: FilePath(file), configuration)
            try connection.read { try $0.execute(sql: "SELECT count(*) FROM documents") }
        } catch {
            switch StoreError(error, of: file.path) {
            case let error where error.disposition.remedy == .retry: throw error
            case .damaged(let file, let code): throw .damaged(file: file, code: code)
            case let error: throw .cannotOpen(file: file.path, detail: error.explanation)
            }
        }
    }

    /// Takes `fts3_tokenizer` away, which gives out addresses in memory and takes them.
    private static func refuseAddresses(_ database: Database) {
        for count in 1...2 {
            database.add(
                function: DatabaseFunction("fts3_tokenizer", argumentCount: count) { _ in
                    throw DatabaseError(
                        resultCode: .SQLITE_ERROR, message: "fts3_tokenizer may not be used")
                })
        }
    }

    /// Runs one SELECT statement of the user's, for so long at most.
    ///
    /// Throws `StoreError.statement` for anything but a single statement that only reads, and
    /// `.timeLimit`.
    package func select(
        _ sql: String, timeLimit: Duration? = nil
    ) throws(StoreError) -> ResultTable {
        guard let timeLimit else { return try run(sql, arguments: []) }
        let alarm = Task.detached { [connection] in
            try await Task.sleep(for: timeLimit)
            connection.interrupt()
        }
        defer { alarm.cancel() }
        do throws(StoreError) {
            return try run(sql, arguments: [])
        } catch .interrupted {
            throw .timeLimit(seconds: Int(timeLimit.components.seconds))
        }
    }

    /// Rows of one of the fixed questions.
    package func rows(of question: ResultQuestion) throws(StoreError) -> ResultTable {
        let (sql, arguments) = question.statement
        return try run(sql, arguments: StatementArguments(arguments))
    }

    /// How many rows a question has without its limit.
    package func count(of question: ResultQuestion) throws(StoreError) -> Int {
        let (sql, arguments) = question.countingStatement
        let table = try run(sql, arguments: StatementArguments(arguments))
        guard case .integer(let count)? = table.rows.first?.first else { return 0 }
        return Int(count)
    }

    /// Whether there is a document of a patient, of any standing.
    package func hasPatient(_ patient: String) throws(StoreError) -> Bool {
        let table = try run(
            "SELECT 1 FROM documents WHERE patient_id = ? LIMIT 1", arguments: [patient])
        return !table.rows.isEmpty
    }

    /// Whether something was found that has this standard name.
    package func hasStandardName(_ name: String) throws(StoreError) -> Bool {
        let table = try run(
            "SELECT 1 FROM entities WHERE normalized = ? LIMIT 1", arguments: [name])
        return !table.rows.isEmpty
    }

    /// Whether there is a section of this title or code.
    package func hasSection(_ name: String) throws(StoreError) -> Bool {
        let table = try run(
            "SELECT 1 FROM document_sections WHERE title = ?1 OR code = ?1 LIMIT 1",
            arguments: [name])
        return !table.rows.isEmpty
    }

    /// The titles of sections, the most frequent first, `limit` at most.
    package func sectionTitles(limit: Int) throws(StoreError) -> [String] {
        try run(
            """
            SELECT title FROM document_sections WHERE title <> '' GROUP BY title
            ORDER BY count(*) DESC, title LIMIT ?
            """, arguments: [limit]
        ).rows.compactMap { $0.first?.text }
    }

    /// Runs one statement that only reads, with its arguments.
    func run(_ sql: String, arguments: StatementArguments) throws(StoreError) -> ResultTable {
        try read { database in
            let statements = try database.allStatements(sql: sql)
            guard let statement = try statements.next(), statement.isReadonly,
                statement.columnCount > 0
            else { throw StoreError.statement(detail: "one SELECT statement is expected") }
            guard try statements.next() == nil else {
                throw StoreError.statement(detail: "only one statement at a time")
            }
            try statement.setArguments(arguments)
            // A cursor's row is SQLite's own: what is kept of it is copied once.
            let cursor = try Row.fetchCursor(statement)
            var rows: [[ResultValue]] = []
            while let row = try cursor.next() {
                rows.append((0..<row.count).map { ResultValue(row[$0] as DatabaseValue) })
            }
            return ResultTable(columns: statement.columnNames, rows: rows)
        }
    }

    /// Reads one state of the database, with errors sorted.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try connection.read(body)
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            throw .statement(detail: error.message ?? "")
        } catch {
            throw StoreError(error, of: connection.path.description)
        }
    }
}

extension ResultValue {
    /// A value as SQLite has it; bytes in base 64.
    init(_ stored: DatabaseValue) {
        self =
            switch stored.storage {
            case .null: .null
            case .int64(let value): .integer(value)
            case .double(let value): .real(value)
            case .string(let value): .text(value)
            case .blob(let data): .text(data.base64EncodedString())
            }
    }
}
