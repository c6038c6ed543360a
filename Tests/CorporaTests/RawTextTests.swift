// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Corpora

@Suite("Raw text")
struct RawTextTests {
    private func read(
        _ text: String, _ format: RawTextFormat? = nil
    ) throws -> (format: RawTextFormat, documents: [RawDocument], lines: [Int]) {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "a").path
        var file = try RawTextFile(path, format: format)
        let reader = RawRecordReader(file.format, file: path)
        var (documents, lines): ([RawDocument], [Int]) = ([], [])
        while let record = try file.next() {
            documents.append(try reader.document(in: record))
            lines.append(record.line)
        }
        return (file.format, documents, lines)
    }

    @Test("divided by blank lines gives a document each")
    func plain() throws {
        let found = try read("\u{FEFF}発熱。\n咳。\r\n \n\n\n痰。\n\n")
        #expect(found.format == .text)
        #expect(found.documents.map(\.text) == ["発熱。\n咳。", "痰。"])
        #expect(found.lines == [1, 6])
        let empty = try read("\n\n")
        #expect(empty.documents.isEmpty && empty.format == .text)
    }

    @Test("in lines of JSON gives text, name, title and address")
    func jsonLines() throws {
        let found = try read(
            #"""
            {"id":7,"title":"肺炎","url":"https://example.org/7","text":"肺炎は\"肺\"の炎症。\nである。"}

            {"text":"発熱。","meta":{"a":[1]}}
            """#)
        #expect(found.format == .jsonl && found.lines == [1, 3])
        #expect(
            found.documents == [
                RawDocument(
                    id: "7", title: "肺炎", address: "https://example.org/7",
                    text: "肺炎は\"肺\"の炎症。\nである。"), RawDocument(text: "発熱。"),
            ])
    }

    @Test("of WikiExtractor gives articles without their titles, in both of its forms")
    func wikiExtractor() throws {
        let found = try read(
            """
            <doc id="12" url="https://ja.wikipedia.org/wiki?curid=12" title="肺 "左" &amp; 右">
            肺 "左" &amp; 右

            肺は臓器である。
            二つある。

            </doc>
            <doc id="13" url="u" title="空">
            空

            </doc>

            """)
        #expect(found.format == .wikiextractor && found.lines == [1, 8])
        #expect(
            found.documents == [
                RawDocument(
                    id: "12", title: "肺 \"左\" & 右",
                    address: "https://ja.wikipedia.org/wiki?curid=12", text: "肺は臓器である。\n二つある。"),
                RawDocument(id: "13", title: "空", address: "u", text: ""),
            ])
        let json = try read(#"{"id":"5","title":"脳","text":"脳は臓器。"}"#, .wikiextractor)
        #expect(json.documents == [RawDocument(id: "5", title: "脳", text: "脳は臓器。")])
    }

    @Test("of Wiki-40B gives the paragraphs, as text and in lines of JSON")
    func wiki40b() throws {
        let article =
            "\n_START_ARTICLE_\n肺炎\n_START_SECTION_\n概要\n_START_PARAGRAPH_\n肺の炎症。_NEWLINE_治る。\n"
        let found = try read(article + article)
        #expect(found.format == .wiki40b)
        let expected = RawDocument(title: "肺炎", text: "肺の炎症。\n治る。")
        #expect(found.documents == [expected, expected] && found.lines == [2, 9])
        let line = String(
            decoding: try JSONEncoder().encode(["text": article, "wikidata_id": "Q1"]),
            as: UTF8.self)
        let json = try read(line)
        #expect(json.format == .wiki40b)
        #expect(json.documents == [RawDocument(id: "Q1", title: "肺炎", text: "肺の炎症。\n治る。")])
    }

    @Test("of OSCAR gives the content, its record and its address")
    func oscar() throws {
        let found = try read(
            #"""
            {"content":"診療時間。","warc_headers":{"warc-record-id":"<urn:uuid:1>","warc-target-uri":"https://example.org/"},"metadata":{"quality_warnings":null}}
            """#)
        #expect(found.format == .oscar)
        #expect(
            found.documents == [
                RawDocument(id: "<urn:uuid:1>", address: "https://example.org/", text: "診療時間。")
            ])
    }

    @Test("in short pieces and long lines is read whole")
    func longLines() throws {
        let long = String(repeating: "肺", count: 300_000)
        let found = try read((0..<5).map { "{\"text\":\"\($0)\(long)\"}" }.joined(separator: "\n"))
        #expect(found.documents.map(\.text) == (0..<5).map { "\($0)\(long)" })
    }

    @Test("that is not as its format says is refused by its line, without its text")
    func malformed() throws {
        for (text, format, line): (String, RawTextFormat?, Int) in [
            ("{\"text\":\"秘密\"}\n{\"txt\":\"秘密\"}", nil, 2), ("{\"text\":\"秘密\"}\n秘密", nil, 2),
            ("{\"content\":\"秘密\"}", .jsonl, 1), ("{\"text\":\"秘密\"}", .oscar, 1),
            ("<doc id=\"1\" title=\"秘密\">\n秘密\n", nil, 1),
            ("<doc id=\"1\">\n秘密\n</doc>\n秘密\n", nil, 4), ("秘密", .wiki40b, 1), ("[1]", .jsonl, 1),
        ] {
            let error = #expect(throws: RawTextError.self) { try read(text, format) }
            let said = try #require(error)
            expectSentence(of: said, naming: ["line \(line)"])
            #expect(!said.explanation.contains("秘密"))
        }
        let folder = try TemporaryFolder()
        let bytes = Data("発熱\n\n".utf8) + Data([0xE3, 0x81]) + Data("。".utf8)
        let path = try folder.write(bytes, to: "a").path
        var file = try RawTextFile(path)
        let reader = RawRecordReader(.text, file: path)
        _ = try file.next()
        let record = try #require(try file.next())
        let error = #expect(throws: RawTextError.self) { try reader.document(in: record) }
        expectSentence(of: try #require(error), naming: ["line 3", "UTF-8"])
        expectSentence(
            of: RawTextError.tooLong(file: "f", line: 9, limit: 5), naming: ["f", "9", "5"])
    }
}
