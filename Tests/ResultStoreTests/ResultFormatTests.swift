// SPDX-License-Identifier: Apache-2.0
import ResultStore
import RowFiles
import Testing

@Suite("Formats of results")
struct ResultFormatTests {
    let table = ResultTable(
        columns: ["id", "name, given", "score"],
        rows: [
            [.integer(-7), .text("plain 値"), .real(0.25)],
            [.null, .text("a \"b\", c"), .null],
            [.integer(.max), .text(""), .real(3)],
            [.integer(0), .text("1行目\r\n2行目\n\t\\t"), .real(0)],
        ])

    @Test("CSV quotes what it must, leaves NULL empty and numbers plain")
    func commas() throws {
        #expect(
            try ResultFormat.csv.records(of: table) == [
                "id,\"name, given\",score",
                "-7,plain 値,0.25",
                ",\"a \"\"b\"\", c\",",
                "9223372036854775807,\"\",3.0",
                "0,\"1行目\r\n2行目\n\t\\t\",0.0",
            ])
    }

    @Test("What CSV has written is read again as it was")
    func commasReadAgain() throws {
        let text = try ResultFormat.csv.records(of: table).map { $0 + "\n" }.joined()
        var reader = SeparatedValues(text, separator: .comma)
        let rows = try reader.rows().map(\.fields)
        #expect(rows == [table.columns] + table.rows.map { $0.map(\.text) })
    }

    @Test("A mark that combines with a separator does not hide it")
    func combiningMarks() throws {
        let table = ResultTable(
            columns: ["a"], rows: [[.text("x,\u{3099}y")], [.text("\"\u{301}")]])
        #expect(
            try ResultFormat.csv.records(of: table).dropFirst() == [
                "\"x,\u{3099}y\"", "\"\"\"\u{301}\"",
            ])
    }

    @Test("A row of one NULL is no empty line of CSV")
    func singleNull() throws {
        let table = ResultTable(columns: ["a"], rows: [[.null]])
        #expect(try ResultFormat.csv.records(of: table) == ["a", "\"\""])
    }

    @Test("TSV is a line a row, whatever a value holds")
    func tabs() throws {
        #expect(
            try ResultFormat.tsv.records(of: table) == [
                "id\tname, given\tscore",
                "-7\tplain 値\t0.25",
                "\ta \"b\", c\t",
                "9223372036854775807\t\t3.0",
                "0\t1行目\\r\\n2行目\\n\\t\\\\t\t0.0",
            ])
    }

    @Test("JSON Lines is an object a row, in the order of the columns")
    func objects() throws {
        let records = try ResultFormat.jsonl.records(of: table)
        #expect(records.count == table.rows.count)
        #expect(records[0] == "{\"id\":-7,\"name, given\":\"plain 値\",\"score\":0.25}")
        #expect(records[1] == "{\"id\":null,\"name, given\":\"a \\\"b\\\", c\",\"score\":null}")
        #expect(records.allSatisfy { !$0.contains(where: \.isNewline) })
    }

    @Test("JSON Lines refuses two columns of one name and numbers that are not finite")
    func refused() {
        let twice = ResultTable(columns: ["id", "id"], rows: [[.integer(1), .integer(2)]])
        let endless = ResultTable(columns: ["score"], rows: [[.real(.infinity)]])
        for table in [twice, endless] {
            #expect(throws: StoreError.self) { try ResultFormat.jsonl.records(of: table) }
            #expect(throws: Never.self) { try ResultFormat.csv.records(of: table) }
        }
    }

    @Test(
        "A table without rows has its columns' names, or no line", arguments: ResultFormat.allCases)
    func noRows(format: ResultFormat) throws {
        let records = try format.records(of: ResultTable(columns: ["a"], rows: []))
        #expect(records == (format == .jsonl ? [] : ["a"]))
    }
}
