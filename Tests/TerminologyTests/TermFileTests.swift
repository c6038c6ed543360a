// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JapaneseText
import Testing

@testable import Terminology

@Suite("Lists of terms")
struct TermFileTests {
    @Test(
        "a layout is known by its first line",
        arguments: [
            (FictionalLists.diseases, TermFileFormat.diseases, 3),
            (FictionalLists.manbyo, .manbyo, 2), (FictionalLists.hyakuyaku, .hyakuyaku, 2),
            (FictionalLists.cancerEvents, .cancerEvents, 2),
            (FictionalLists.cancerDrugs, .cancerDrugs, 1), (FictionalLists.hospital, .hospital, 2),
        ])
    func layouts(text: String, format: TermFileFormat, terms: Int) throws {
        for ending in ["\n", "\r\n", "\r"] {
            for mark in ["", "\u{FEFF}"] {
                let file = try FictionalLists.file(
                    mark + text.replacingOccurrences(of: "\n", with: ending) + ending)
                #expect(file.format == format && file.terms.count == terms)
            }
        }
    }

    @Test("what spreadsheets and old systems leave around a list, and semicolons, do not matter")
    func leftovers() throws {
        let list = "surface,type,code\r\n架空,disease,I10\r\n見本,drug,D1\r\n"
        for content in [
            list + ",,\r\n,,\r\n", list + "\u{1A}", list + "\0\0", list.replacing(",", with: ";"),
        ] {
            #expect(try FictionalLists.file(content).terms.map(\.surface) == ["架空", "見本"])
        }
        #expect(throws: TermFileError.repeatedColumn(file: "/lists/表.csv", column: "code")) {
            try FictionalLists.file("surface,type,code,code\n架空,disease,I10,I11\n")
        }
    }

    @Test(
        "codes are brought to one form",
        arguments: [
            ("J189", "J189"), ("R42,R260", "R42;R260"), ("J18.9", "J189"), ("T08-0", "T080"),
            ("Q433a", "Q433"), ("-1", nil), ("", nil), ("[AMB]", nil), ("ｺｰﾄﾞ無し", nil),
            ("J189;", "J189"),
            ("J18;J18", "J18"), ("189J", nil), ("J1", nil), ("J123456", nil),
        ])
    func codes(text: String, expected: String?) {
        #expect(DiseaseCodes.normalized(text) == expected)
    }

    @Test("every column arrives where it belongs")
    func columns() throws {
        let disease = try FictionalLists.file(FictionalLists.diseases).terms[1]
        #expect(
            disease
                == SourceTerm(
                    line: 3, surface: "架空性めまい症", type: .disease, code: "R42;R260",
                    standardName: "めまい"))
        let manbyo = try FictionalLists.file(FictionalLists.manbyo)
        #expect(manbyo.unsure == 2)
        #expect(
            manbyo.terms[0]
                == SourceTerm(
                    line: 2, surface: "架空性肺炎", reading: "かくうせいはいえん", type: .disease, code: "J189",
                    standardName: "肺炎"))
        let drugs = try FictionalLists.file(FictionalLists.hyakuyaku).terms
        #expect(drugs[0].type == .drug && drugs[0].standardName == "カクウマブ")
        #expect(drugs[1].type == .other && drugs[1].standardName == nil)
        let event = try FictionalLists.file(FictionalLists.cancerEvents).terms[1]
        #expect(event.code == nil && event.standardName == nil)
        #expect(
            try FictionalLists.file(FictionalLists.hospital).terms[1]
                == SourceTerm(
                    line: 3, surface: "架空式検査", reading: "カクウシキケンサ", type: .test, code: "X-1",
                    standardName: "架空検査", cost: -500))
    }

    @Test(
        "the least confidence decides",
        arguments: [
            (TermConfidence.s, 1), (.a, 1), (.c, 2), (.d, 3), (.f, 4),
        ])
    func confidence(least: TermConfidence, terms: Int) throws {
        let file = try FictionalLists.file(FictionalLists.manbyo, confidence: least)
        #expect(file.terms.count == terms && file.unsure == 4 - terms)
    }

    @Test("lists without a first line are read where their layout is said")
    func headless() throws {
        let master = try FictionalLists.file(FictionalLists.byomei, format: .byomei)
        #expect(master.terms.count == 1, "a row with a successor is void")
        #expect(master.terms[0].surface == "架空熱" && master.terms[0].code == "A001")
        #expect(master.terms[0].reading == "カクウネツ")
        let list = try FictionalLists.file("架空錠\n\n架空,\"散\n", format: .drugList)
        #expect(list.terms.map(\.surface) == ["架空錠", "架空,\"散"])
        #expect(list.terms.allSatisfy { $0.type == .drug })
    }

    @Test("a list in CP932 is read, too")
    func legacyEncoding() throws {
        // 一般名,[細分類],[大分類] and 架空錠 in CP932.
        let bytes: [UInt8] =
            [
                0x88, 0xEA, 0x94, 0xCA, 0x96, 0xBC, 0x2C, 0x5B, 0x8D, 0xD7, 0x95, 0xAA, 0x97, 0xDE,
                0x5D,
            ]
            + [0x2C, 0x5B, 0x91, 0xE5, 0x95, 0xAA, 0x97, 0xDE, 0x5D, 0x0D, 0x0A]
            + [0x89, 0xCB, 0x8B, 0xF3, 0x8F, 0xF9, 0x2C, 0x2C, 0x0D, 0x0A]
        let file = try TermFile(Data(bytes), path: "薬.csv")
        #expect(file.terms.map(\.surface) == ["架空錠"])
    }

    @Test("quoted fields hold commas, quotation marks and line breaks")
    func quoted() throws {
        let file = try FictionalLists.file(
            "surface,type,standard_name\n\"架空,腫\",disease,\"\"\"架空\"\"腫\"\n\"架空\n痛\",disease,x\n")
        #expect(file.terms.map(\.surface) == ["架空,腫", "架空\n痛"])
        #expect(file.terms[0].standardName == "\"架空\"腫" && file.terms[1].line == 3)
    }

    static let faults: [(text: String, format: TermFileFormat?, error: TermFileError)] = [
        ("", nil, .empty(file: "f")),
        ("surface,type\n", nil, .empty(file: "f")),
        ("name,kind\n架空,x\n", nil, .unknownFormat(file: "f")),
        ("surface,kind\n架空,x\n", .hospital, .missingColumn(file: "f", column: "type")),
        ("surface,icd10\n架空,x\n", .diseases, .missingColumn(file: "f", column: "standard_name")),
        ("surface,type\n\n架空\n", nil, .fieldCount(file: "f", line: 3, expected: 2, found: 1)),
        (
            "surface,type\n架空,ill\n", nil,
            .value(
                file: "f", line: 2, column: 2, name: "type",
                allowed: "disease, drug, anatomy, test, other")
        ),
        (
            "surface,type,cost\n架空,drug,40000\n", nil,
            .value(
                file: "f", line: 2, column: 3, name: "cost",
                allowed: "a whole number from -32768 to 32767")
        ),
        (
            "surface,type\n ,drug\n", nil,
            .value(
                file: "f", line: 2, column: 1, name: "the term", allowed: "a text that is not empty"
            )
        ),
        (
            "出現形,ICD10コード,標準病名,信頼度レベル\n架空,A00,架空,Z\n", nil,
            .value(
                file: "f", line: 2, column: 4, name: "信頼度", allowed: "S, A, B, C, D, E, F")
        ),
        ("surface,type\n架空,\"dr\n", nil, .quotation(file: "f", line: 2, column: 2)),
        ("surface,type\n\"架\"空,drug\n", nil, .quotation(file: "f", line: 2, column: 1)),
        (
            "surface,type\n架空,drug\n" + String(repeating: "あ", count: 30_000) + ",drug\n", nil,
            .rowTooLong(file: "f", line: 3, limit: 65_536)
        ),
        (
            "surface,type\n\"" + String(repeating: "あ\n", count: 30_000), nil,
            .quotation(file: "f", line: 2, column: 1)
        ),
        ("surface,type\n架\u{0}空,drug\n", nil, .binary(file: "f", line: 2, byteOffset: 16)),
        ("架空\n", .byomei, .fieldCount(file: "f", line: 1, expected: 16, found: 1)),
    ]

    @Test("a fault is named by file, line and column", arguments: faults.indices)
    func fault(index: Int) {
        let (text, format, error) = Self.faults[index]
        #expect(throws: error) { try TermFile(Data(text.utf8), path: "f", format: format) }
    }

    @Test("bytes of no encoding are named by line")
    func undecodable() {
        let bytes = Data("surface,type\n".utf8) + [0xFF, 0xFF, 0x2C, 0xFF, 0x0A]
        #expect(throws: TermFileError.undecodable(file: "f", line: 2, byteOffset: 13)) {
            try TermFile(bytes, path: "f")
        }
    }

    @Test("a hundred thousand rows take no more than a moment", .timeLimit(.minutes(15)))
    func manyRows() throws {
        let rows = (0..<100_000).map { "架空\($0)症\tA00\t架空症" }.joined(separator: "\n")
        let file = try FictionalLists.file("surface\ticd10\tstandard_name\n" + rows)
        #expect(file.terms.count == 100_000 && file.terms[99_999].line == 100_001)
    }

    @Test("a file's identity is its name and digest")
    func identity() throws {
        let file = try FictionalLists.file(FictionalLists.diseases, path: "/a@b/\u{1}x@y.tsv")
        #expect(file.name == "xy.tsv")
        #expect(file.identity == "xy.tsv@" + file.digest.hexadecimal.prefix(12))
    }
}
