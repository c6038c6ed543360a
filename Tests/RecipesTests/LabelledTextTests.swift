// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import Recipes
import TestSupport
import Testing

@Suite("Labelled rows")
struct LabelledTextTests {
    private func read(
        _ content: String, _ name: String, _ form: LabelledTextFile.Form
    ) throws -> [LabelledText] {
        let folder = try TemporaryFolder()
        let file = try folder.write(content, to: name)
        return try LabelledTextFile(form).read(file, name: name)
    }

    @Test("Tables are read as spreadsheets save them, in any encoding and with commas or tabs")
    func encodings() throws {
        let commas = "text,label\r\n右胸痛あり,mild\r\n\"発熱,咳嗽\",severe\r\n"
        let tabs = "text\tlabel\r\n右胸痛あり\tmild\r\n発熱,咳嗽\tsevere\r\n"
        let json =
            "{\"text\":\"右胸痛あり\",\"label\":\"mild\"}\n{\"text\":\"発熱,咳嗽\",\"label\":\"severe\"}\n"
        for (name, text) in [
            ("a.csv", commas), ("a.csv", tabs), ("a.tsv", tabs), ("a.txt", tabs), ("a.jsonl", json),
        ] {
            for (encoding, mark) in [
                (String.Encoding.shiftJIS, []), (.utf8, [0xEF, 0xBB, 0xBF]),
                (.utf16LittleEndian, [0xFF, 0xFE]), (.utf16BigEndian, [0xFE, 0xFF]),
            ] as [(String.Encoding, [UInt8])] {
                let content = Data(mark) + (try #require(text.data(using: encoding)))
                let folder = try TemporaryFolder()
                try content.write(to: folder[name])
                let rows = try LabelledTextFile(.label(isPair: false)).read(
                    folder[name], name: name)
                #expect(rows.map(\.text) == ["右胸痛あり", "発熱,咳嗽"], "\(name) \(encoding)")
                #expect(rows.map(\.answer) == [.label("mild"), .label("severe")])
            }
        }
    }

    @Test("What spreadsheets and old systems leave around a table, and semicolons, do not matter")
    func leftovers() throws {
        let table = "text,label\r\n右胸痛あり,mild\r\n発熱,severe\r\n"
        for content in [
            table + ",\r\n,\r\n", table + "\u{1A}", table + "\0\0\0", "\0" + table + "\u{1A}\0",
            table.replacing(",", with: ";"),
        ] {
            for encoding in [String.Encoding.shiftJIS, .utf8] {
                let folder = try TemporaryFolder()
                // ICU's Shift JIS has another byte for 1A.
                let bytes = try content.split(
                    separator: "\u{1A}", omittingEmptySubsequences: false
                ).map { try #require(String($0).data(using: encoding)) }
                try Data(bytes.joined(separator: [0x1A])).write(to: folder["a.csv"])
                let rows = try LabelledTextFile(.label(isPair: false)).read(
                    folder["a.csv"], name: "a.csv")
                #expect(rows.map(\.text) == ["右胸痛あり", "発熱"])
                #expect(rows.map(\.answer) == [.label("mild"), .label("severe")])
            }
        }
        #expect(
            throws: LabelledDataError.unreadable(
                file: "a.csv",
                detail: "line 2: a NUL byte stands within the text, the first at byte 12; "
                    + "have it written without them")
        ) { try read("text,label\na\0,b\n", "a.csv", .label(isPair: false)) }
    }

    @Test("A column or a name that stands twice is an error with its line")
    func repetitions() throws {
        #expect(
            throws: LabelledDataError.repeatedColumn(
                RowPlace(file: "a.csv", line: 1), column: "label")
        ) { try read("text,label,label,,\na,b,c,,\n", "a.csv", .label(isPair: false)) }
        let lines =
            "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"a\",\"label\":\"b\",\"label\":\"c\"}\n"
        #expect(
            throws: LabelledDataError.repeatedField(
                RowPlace(file: "a.jsonl", line: 2), field: "label")
        ) { try read(lines, "a.jsonl", .label(isPair: false)) }
        let folder = try TemporaryFolder()
        try folder.write("text,stage,stage\na,1,2\n", to: "rows.csv")
        #expect(
            throws: OwnRowsError.repeatedColumn(file: "rows.csv", line: 1, column: "stage")
        ) { try OwnRowsFile(file: "rows.csv", licence: "x").read(below: folder.url) }
        for (content, format, words) in [
            (
                "instruction,output,output\na,b,c\n", InstructionFile.Format.csv,
                "line 1: the column output"
            ),
            (
                "{\"instruction\":\"a\",\"output\":\"b\",\"output\":\"c\"}\n", .jsonLines,
                "line 1: output"
            ),
        ] {
            do {
                _ = try InstructionFile(name: "f", format: format, task: "t").examples(
                    Data(content.utf8))
                Issue.record("read")
            } catch let error as InstructionDataError {
                #expect(error.explanation.contains(words + " stands twice"))
            }
        }
    }

    @Test("are read from JSON Lines and CSV alike")
    func forms() throws {
        let span = LabelledText.Span(range: SourceRange(start: 2, end: 4), label: "disease")
        for (name, content) in [
            (
                "a.jsonl",
                """
                {"text":"昨夜発熱","spans":[{"start":2,"end":4,"label":"disease"}],"fold":1}

                {"text":"著変なし","spans":[],"more":0}
                """
            ),
            (
                "a.csv",
                """
                text,spans,fold
                昨夜発熱,"[{""start"":2,""end"":4,""label"":""disease""}]",1
                著変なし,,
                """
            ),
        ] {
            let rows = try read(content, name, .spans)
            #expect(rows.map(\.text) == ["昨夜発熱", "著変なし"])
            #expect(rows.map(\.answer) == [.spans([span]), .spans([])])
            #expect(rows.map(\.fold) == [1, nil])
            #expect(rows[1].place.line == 3)
        }
        let pairs = try read(
            "text,second,label\n発熱あり,熱がある,5\n", "p.csv", .label(isPair: true))
        #expect(pairs[0].second == "熱がある" && pairs[0].answer == .label("5"))
        let numbers = try read(
            #"{"text":"a","label":0.5}"#, "n.jsonl", .number(isPair: false))
        #expect(numbers[0].answer == .number(0.5))
    }

    @Test(
        "that cannot be used are named by file and line",
        arguments: [
            ("a.jsonl", "{\"text\":\"a\",\"spans\":[]}\n{oops", LabelledTextFile.Form.spans, 2, ""),
            ("a.jsonl", #"{"spans":[]}"#, .spans, 1, "text"),
            ("a.jsonl", #"{"text":" ","spans":[]}"#, .spans, 1, "text"),
            ("a.jsonl", #"{"text":"a"}"#, .spans, 1, "spans"),
            ("a.jsonl", #"{"text":1,"spans":[]}"#, .spans, 1, "text"),
            (
                "a.jsonl", #"{"text":"ab","spans":[{"start":1,"end":3,"label":"x"}]}"#, .spans, 1,
                "spans"
            ),
            (
                "a.jsonl", #"{"text":"ab","spans":[{"start":1,"end":1,"label":"x"}]}"#, .spans, 1,
                "spans"
            ),
            ("a.jsonl", #"{"text":"a","label":"x"}"#, .label(isPair: true), 1, "second"),
            ("a.jsonl", #"{"text":"a","label":"x"}"#, .number(isPair: false), 1, "label"),
            ("a.csv", "text,label\na,b\nc\n", .label(isPair: false), 3, ""),
            ("a.csv", "text,label,fold\na,b,x\n", .label(isPair: false), 2, "fold"),
            ("a.csv", "text,spans\na,[}\n", .spans, 2, "spans"),
        ])
    func faults(
        name: String, content: String, form: LabelledTextFile.Form, line: Int, field: String
    ) {
        let place = RowPlace(file: name, line: line)
        let expected: LabelledDataError =
            field.isEmpty ? .malformed(place) : .field(place, field: field)
        #expect(throws: expected) { try read(content, name, form) }
    }

    @Test("with overlapping places, of unknown kinds or without columns are refused")
    func otherFaults() {
        #expect(throws: LabelledDataError.overlappingSpans(RowPlace(file: "a.jsonl", line: 1))) {
            try read(
                """
                {"text":"abc","spans":[{"start":0,"end":2,"label":"x"},{"start":1,"end":3,"label":"x"}]}
                """, "a.jsonl", .spans)
        }
        #expect(throws: LabelledDataError.unknownKind(file: "a.doc")) {
            try read("", "a.doc", .spans)
        }
        #expect(throws: LabelledDataError.missingColumn(file: "a.csv", column: "label")) {
            try read("text\na\n", "a.csv", .label(isPair: false))
        }
    }
}

@Suite("Measures of heads")
struct HeadMetricTests {
    @Test("Places count only with their label and both ends")
    func spans() {
        func span(_ start: Int, _ end: Int, _ label: String) -> LabelledText.Span {
            .init(range: SourceRange(start: start, end: end), label: label)
        }
        var counts = SpanCounts()
        counts.add(
            found: [span(0, 2, "a"), span(3, 5, "a"), span(6, 7, "b")],
            gold: [span(0, 2, "a"), span(3, 6, "a"), span(6, 7, "a"), span(9, 10, "b")])
        #expect(counts.metrics["precision"] == 1.0 / 3)
        #expect(counts.metrics["recall"] == 0.25)
        #expect(abs((counts.metrics["f1"] ?? 0) - 2.0 / 7) < 1e-12)
        #expect(SpanCounts().metrics["f1"] == 0)
    }

    @Test("Kappa is Cohen's, and weighs distances of ordered labels")
    func kappa() {
        var counts = LabelCounts(labels: 2)
        // The example of Cohen's coefficient: 20, 5, 10, 15.
        for (gold, found, times) in [(0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15)] {
            for _ in 0..<times { counts.add(gold: gold, found: found) }
        }
        #expect(abs((counts.metrics(ordered: false)["kappa"] ?? 0) - 0.4) < 1e-12)
        #expect(counts.metrics(ordered: false)["accuracy"] == 0.7)
        var near = LabelCounts(labels: 3)
        var far = near
        for label in 0..<3 {
            near.add(gold: label, found: label)
            far.add(gold: label, found: label)
        }
        near.add(gold: 0, found: 1)
        far.add(gold: 0, found: 2)
        let both = [near, far].map { $0.metrics(ordered: true)["kappa"] ?? 0 }
        #expect(both[0] > both[1])
    }
}

@Suite("Labels of tokens in a row")
struct LabelTransitionTests {
    @Test("Rules for what may follow are those of the likeliest whole entities")
    func rules() {
        let labels = TokenLabels(["O", "B-a", "I-a", "B-b", "I-b"])
        #expect(labels.names.indices.filter(labels.mayStart) == [0, 1, 3])
        #expect(labels.names.indices.filter { labels.mayFollow(1, $0) } == [0, 1, 2, 3])
        #expect(labels.names.indices.filter { labels.mayFollow(0, $0) } == [0, 1, 3])
        #expect(labels.names.indices.filter { labels.mayFollow(4, $0) } == [0, 1, 3, 4])
    }
}
