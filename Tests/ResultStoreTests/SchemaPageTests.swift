// SPDX-License-Identifier: Apache-2.0
import Foundation
import ResultStore
import TestSupport
import Testing

/// The page `shoken-db(5)`, as far as it lists tables, views, columns and indexes.
private struct SchemaPage {
    /// Of each table or view its columns, with the words in brackets after them.
    var relations: [String: [String: String]] = [:]
    var indexes: Set<String> = []
    /// The statements of EXAMPLES.
    var examples: [String] = []

    init() throws {
        let file = URL(filePath: #filePath).appending(path: "../../../man/shoken-db.5")
            .standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        var (section, relation, display) = ("", "", [String]?.none)
        for (line, next) in zip(lines, lines.dropFirst() + [""]) {
            if line.hasPrefix(".Sh ") { (section, relation) = (String(line.dropFirst(4)), "") }
            if line.hasPrefix(".Bd ") { display = [] }
            if line == ".Ed", section == "EXAMPLES", let statement = display {
                examples.append(statement.dropFirst().joined(separator: "\n"))
            }
            if line == ".Ed" { display = nil }
            display?.append(String(line))
            guard ["TABLES", "VIEWS", "INDEXES"].contains(section) else { continue }
            if line.hasPrefix(".Ss ") {
                relation = String(line.dropFirst(4))
                relations[relation] = [:]
            }
            guard line.hasPrefix(".It Va ") else { continue }
            for name in line.dropFirst(7).split(separator: " , ").map(String.init) {
                if section == "INDEXES" { indexes.insert(name) }
                relations[relation]?[name] =
                    next.hasPrefix(".Pq ") ? String(next.dropFirst(4)) : ""
            }
        }
    }
}

@Suite("The page of the database")
struct SchemaPageTests {
    let folder: TemporaryFolder
    private let page: SchemaPage

    init() throws {
        folder = try TemporaryFolder()
        page = try SchemaPage()
        _ = try ResultDatabase(file: folder["shoken.db"])
    }

    func texts(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { row in
            row.map { if case .text(let text) = $0 { text } else { "" } }
        }
    }

    @Test("it names every table and view with every column, and no other")
    func columns() throws {
        let rows = try texts(
            """
            SELECT o.name, c.name FROM sqlite_master o, pragma_table_xinfo(o.name) c
            WHERE o.type IN ('table', 'view') AND o.name NOT LIKE 'sqlite_%' AND c.hidden <> 1
              AND o.name NOT LIKE 'search_index_%'
            """)
        let schema = Dictionary(grouping: rows) { $0[0] }.mapValues { Set($0.map { $0[1] }) }
        #expect(schema == page.relations.mapValues { Set($0.keys) })
    }

    @Test("it gives each column of a table its type, and says whether it may be NULL")
    func types() throws {
        let rows = try texts(
            """
            SELECT o.name, c.name,
              c.type || iif(c."notnull" OR c.pk OR o.name = 'grdb_migrations', '', ' or NULL')
            FROM sqlite_master o, pragma_table_xinfo(o.name) c
            WHERE o.type = 'table' AND o.name NOT LIKE 'sqlite_%'
              AND o.name NOT LIKE 'search_index%'
            """)
        #expect(rows.count > 60)
        for row in rows {
            #expect(page.relations[row[0]]?[row[1]] == row[2], "\(row[0]).\(row[1])")
        }
    }

    @Test("it names every index that is not part of a table")
    func indexes() throws {
        let rows = try texts("SELECT name FROM sqlite_master WHERE type = 'index' AND sql <> ''")
        #expect(Set(rows.map { $0[0] }) == page.indexes)
    }

    @Test("what it says of the schema's version is so")
    func version() throws {
        let reader = try ResultReader(file: folder["shoken.db"])
        let migrations = try reader.select("SELECT count(*) FROM grdb_migrations").rows
        #expect(try reader.select("PRAGMA user_version").rows == migrations)
        #expect(try reader.select("PRAGMA application_id").rows == [[.integer(1_399_353_195)]])
    }

    @Test("the database says itself what its columns mean")
    func meanings() throws {
        let missing = try texts(
            """
            SELECT o.name, c.name FROM sqlite_master o, pragma_table_xinfo(o.name) c
            WHERE o.type IN ('table', 'view') AND o.name NOT LIKE 'sqlite_%'
              AND o.name NOT LIKE 'search_index%'
              AND o.name NOT IN ('grdb_migrations', 'similarity_bands', 'columns')
              AND NOT EXISTS (SELECT 1 FROM columns m
                WHERE m.relation = o.name AND m.name = c.name AND m.meaning <> '')
            """)
        #expect(missing.isEmpty)
        let none = try texts(
            "SELECT relation FROM columns WHERE relation NOT IN (SELECT name FROM sqlite_master)")
        #expect(none.isEmpty)
    }

    @Test("its examples run")
    func examples() throws {
        let reader = try ResultReader(file: folder["shoken.db"])
        #expect(page.examples.count >= 5)
        for statement in page.examples {
            #expect(throws: Never.self) { try reader.select(statement) }
        }
    }
}
