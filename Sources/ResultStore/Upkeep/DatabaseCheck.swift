// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB
import Glibc

/// What an examination of a database file found.
package struct DatabaseCheck: Hashable, Sendable, Encodable {
    /// Something that is wrong with the file.
    package struct Fault: Hashable, Sendable, Encodable {
        /// What was examined: `open`, `integrity`, `foreign-keys` or `schema`.
        package let check: String
        /// What was found there, with names of tables and numbers of rows, never a value.
        package let detail: String
    }

    /// The file.
    package let file: String
    /// Whether nothing is wrong.
    package var ok: Bool { faults.isEmpty }
    /// How many documents it holds; nil where that cannot be read.
    package private(set) var documents: Int?
    /// The length of the file in bytes, without its log.
    package let bytes: Int
    /// The migrations of the schema that were applied, in order.
    package private(set) var schema: [String] = []
    /// What is wrong, in the order of the checks.
    package private(set) var faults: [Fault] = []

    /// The most faults of one check that are told.
    static let mostFaults = 20

    private enum CodingKeys: String, CodingKey { case bytes, documents, faults, file, ok, schema }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(documents, forKey: .documents)
        try container.encode(faults, forKey: .faults)
        try container.encode(file, forKey: .file)
        try container.encode(ok, forKey: .ok)
        try container.encode(schema, forKey: .schema)
    }

    /// Examines a database without changing it, also beside a running daemon: every page and index, every
    /// reference from row to row, and whose schema it is.
    ///
    /// Throws `StoreError.cannotOpen` where no file is, and what passes; all else is a fault.
    package init(of path: FilePath) throws(StoreError) {
        let name = path.description
        let facts: FileFacts?
        do throws(FileError) {
            facts = try DiskFiles().facts(of: try DiskFiles().resolved(path))
        } catch {
            guard error.errno == ENOENT else { throw .file(error) }
            throw .cannotOpen(file: name, detail: "no such file")
        }
        (file, bytes) = (name, facts?.size ?? 0)
        do {
            let connection = try ReadingConnection(to: path)
            try connection.read { try examine($0) }
        } catch {
            switch StoreError(error, of: name) {
            case let error where error.disposition.remedy == .retry: throw error
            case .damaged(_, let code):
                add("open", "damaged or no database (SQLite code \(code))")
            case let error: add("open", error.explanation)
            }
        }
    }

    private mutating func add(_ check: String, _ detail: String) {
        faults.append(Fault(check: check, detail: detail))
    }

    private mutating func examine(_ database: Database) throws {
        try part("integrity") { check in
            let lines = try String.fetchAll(
                database, sql: "PRAGMA integrity_check(\(Self.mostFaults))")
            for line in lines where line != "ok" { check.add("integrity", line) }
        }
        try part("foreign-keys") { check in
            let rows = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
            var left = Self.mostFaults
            while left > 0, let row = try rows.next() {
                let (table, parent): (String, String) = (row[0], row[2])
                let number: Int64? = row[1]
                check.add(
                    "foreign-keys",
                    "row \(number.map(String.init) ?? "?") of \(table) names no row of \(parent)")
                left -= 1
            }
        }
        try part("schema") { check in
            do {
                try Schema.requireOurs(database, mayBeEmpty: false, file: check.file)
            } catch let StoreError.cannotOpen(_, detail) {
                check.add("schema", detail)
                return
            }
            check.schema = try Schema.migrator.appliedMigrations(database)
            check.documents = try Int.fetchOne(database, sql: "SELECT count(*) FROM documents")
        }
    }

    /// Runs one check; what SQLite cannot read is a fault, and the next check is still made.
    private mutating func part(
        _ name: String, _ body: (inout DatabaseCheck) throws -> Void
    ) throws {
        do {
            try body(&self)
        } catch {
            switch StoreError(error, of: file) {
            case let sorted where sorted.disposition.remedy == .retry: throw sorted
            case .damaged(_, let code): add(name, "cannot be read (SQLite code \(code))")
            case .database(let code, let detail):
                add(name, "cannot be read (SQLite code \(code)): \(detail)")
            case let sorted: throw sorted
            }
        }
    }
}
