// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import Testing

@testable import Terminology

@Suite("Selection of terms")
struct TermSelectionTests {
    private func selection(_ surfaces: [String]) throws -> TermSelection {
        var selection = TermSelection()
        let quoted = surfaces.map {
            "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\",disease"
        }
        selection.add(
            try FictionalLists.file("surface,type\n" + quoted.joined(separator: "\n")))
        return selection
    }

    @Test(
        "terms are cleaned as documents are",
        arguments: [
            ("ｶｸｳ症候群", "カクウ症候群"), ("架空症（Ⅱ型）", "架空症(II型)"), ("ＳＩＡＤＨ架空型", "SIADH架空型"),
            ("架空㎎症", "架空mg症"), ("架空－症", "架空-症"),
        ])
    func cleaned(text: String, expected: String) throws {
        #expect(try selection([text]).entries.map(\.term.surface) == [expected])
    }

    @Test(
        "what no word can be is left out and counted",
        arguments: [
            ("架空\n症", TermSelection.Reason.lineBreak), ("架空 症", .whiteSpace),
            (String(repeating: "架", count: 65), .tooLong), ("あ", .tooShort), ("ア", .tooShort),
            ("x", .tooShort), ("12", .noLetter), ("(-)", .noLetter), ("\u{1F600}", .nothingLeft),
        ])
    func leftOut(text: String, reason: TermSelection.Reason) throws {
        let selection = try selection([text, "架空症"])
        #expect(selection.entries.map(\.term.surface) == ["架空症"])
        #expect(selection.sources[0].leftOut == [reason.rawValue: 1])
        #expect(selection.sources[0].rows == 2 && selection.sources[0].taken == 1)
    }

    @Test("a single kanji is taken")
    func kanji() throws { #expect(try selection(["癌"]).entries.count == 1) }

    @Test("of equal terms the first counts, and the others are told")
    func repeated() throws {
        var selection = TermSelection()
        selection.add(
            try FictionalLists.file(
                "surface,type,code\n架空症,disease,A00\n架空症,disease,A00\n", path: "a.csv"))
        selection.add(
            try FictionalLists.file(
                "surface,type,code\n架空症,disease,B00\nｶｸｳ,drug,\n", path: "b.csv"))
        selection.add(try FictionalLists.file("surface,type\nカクウ,drug\n", path: "c.csv"))
        #expect(selection.entries.map(\.term.surface) == ["架空症", "カクウ"])
        #expect(selection.entries[0].term.code == "A00")
        #expect(
            selection.repetitions == [
                .init(term: "架空症", kept: "a.csv:2", dropped: "a.csv:3", differs: false),
                .init(term: "架空症", kept: "a.csv:2", dropped: "b.csv:2", differs: true),
                .init(term: "カクウ", kept: "b.csv:3", dropped: "c.csv:2", differs: false),
            ])
        #expect(selection.sources.map(\.taken) == [1, 1, 0])
        #expect(selection.sources.map(\.repeated) == [1, 0, 1])
        #expect(selection.sources.map(\.conflicting) == [0, 1, 0])
    }

    @Test("readings become katakana; others are dropped")
    func readings() throws {
        var selection = TermSelection()
        selection.add(
            try FictionalLists.file(
                "surface,type,reading\n架空症,disease,かくうしょー\n架空痛,disease,kakuu\n"))
        #expect(selection.entries.map(\.reading) == ["カクウショー", nil])
    }
}
