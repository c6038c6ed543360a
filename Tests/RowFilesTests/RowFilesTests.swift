// SPDX-License-Identifier: Apache-2.0
import Faults
import Foundation
import RowFiles
import TestSupport
import Testing

@Suite("Separated values")
struct SeparatedValuesTests {
    private func rows(
        _ text: String, _ separator: SeparatedValues.Separator? = nil
    ) throws -> [[String]] {
        var table = SeparatedValues(text, separator: separator)
        return try table.rows().map(\.fields)
    }

    @Test("Faults are told in a sentence that names the line.")
    func faults() {
        expectSentence(
            of: SeparatedValues.Malformed.quotation(line: 3, column: 2), naming: ["line 3", "2"])
        expectSentence(
            of: SeparatedValues.Malformed.rowTooLong(line: 4, limit: 8), naming: ["line 4", "8"])
    }

    @Test(
        "Fields are found as RFC 4180 says.",
        arguments: [
            ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
            ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
            ("\u{FEFF}a\n\nb", [["a"], ["b"]]),
            ("\"a,\"\"x\"\"\nb\",c", [["a,\"x\"\nb", "c"]]),
            ("a,,\n", [["a", "", ""]]),
            ("\"\",x", [["", "x"]]),
            ("a,b\rc,", [["a", "b"], ["c", ""]]),
            ("", []),
        ])
    func fields(text: String, expected: [[String]]) throws {
        #expect(try rows(text, .comma) == expected)
    }

    @Test("Between tabs, commas and quotation marks are characters like others.")
    func tabs() throws {
        #expect(try rows("a,b\t\"c\n\td\n") == [["a,b", "\"c"], ["", "d"]])
    }

    @Test(
        "Between tabs fields may be quoted where that is asked for, and semicolons separate, too.")
    func otherSeparators() throws {
        var table = SeparatedValues("a\t\"b\tc\nd\"\n", quotesBetweenTabs: true)
        #expect(try table.rows().map(\.fields) == [["a", "b\tc\nd"]])
        #expect(try rows("a,b;\"c;d\"", .semicolon) == [["a,b", "c;d"]])
    }

    @Test("After a malformed row the lines behind its first one can be read.")
    func goesOn() throws {
        var table = SeparatedValues("a,\"b\"c\r\nd,e\n\"f\n", separator: .comma)
        #expect(throws: SeparatedValues.Malformed.quotation(line: 1, column: 2)) {
            try table.next()
        }
        table.skipToNextLine()
        let next = try table.next()
        #expect(next?.line == 2 && next?.fields == ["d", "e"])
        #expect(throws: SeparatedValues.Malformed.quotation(line: 3, column: 1)) {
            try table.next()
        }
        table.skipToNextLine()
        #expect(try table.next() == nil)
    }

    @Test("A row names the line that it begins on, blank and quoted lines counted.")
    func lines() throws {
        var table = SeparatedValues("a\n\n\"b\nb\",c\r\nd")
        #expect(try table.rows().map(\.line) == [1, 3, 5])
    }

    @Test("A quotation mark that is not closed, or followed by more, is told with its row's line.")
    func malformed() {
        #expect(throws: SeparatedValues.Malformed.quotation(line: 2, column: 1)) {
            try rows("a\n\"b\nc")
        }
        #expect(throws: SeparatedValues.Malformed.quotation(line: 1, column: 2)) {
            try rows("x,\"a\"b,c")
        }
    }

    @Test("A row above the limit is refused, though a mark would never be closed.")
    func limit() {
        #expect(throws: SeparatedValues.Malformed.rowTooLong(line: 2, limit: 8)) {
            var table = SeparatedValues("a\n123456789,b\n", mostRowBytes: 8)
            _ = try table.rows()
        }
        #expect(throws: SeparatedValues.Malformed.quotation(line: 1, column: 1)) {
            var table = SeparatedValues("\"" + String(repeating: "x", count: 99), mostRowBytes: 8)
            _ = try table.rows()
        }
    }

    @Test("The share that is read grows to the whole.")
    func share() throws {
        var table = SeparatedValues("a\nb\nc\nd")
        #expect(table.share == 0)
        _ = try table.next()
        #expect(table.share > 0.2 && table.share < 0.4)
        _ = try table.rows()
        #expect(table.share == 1)
    }
}

@Suite("Numbered lines")
struct NumberedLinesTests {
    @Test(
        "Lines keep their numbers, and blank ones are passed over.",
        arguments: [
            ("a\nb\n", [1, 2]), ("\n \t\r\na\n\n\nb", [3, 6]), ("a\n\u{1A}", [1]), ("", []),
            ("\n\n", []),
        ])
    func numbers(text: String, expected: [Int]) {
        #expect(NumberedLines(Data(text.utf8)).map(\.number) == expected)
    }

    @Test("A line is what stands between line feeds, U+2028 and carriage returns included.")
    func content() {
        let lines = NumberedLines(Data("一\u{2028}二\r\n三".utf8)).map {
            String(decoding: $0.bytes, as: UTF8.self)
        }
        #expect(lines == ["一\u{2028}二\r", "三"])
    }

    @Test("A part of a larger content is read by itself.")
    func slices() {
        let part = Data("xx\na\nb\nyy".utf8)[3..<6]
        #expect(NumberedLines(part).map(\.number) == [1, 2])
    }
}
