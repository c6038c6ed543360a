// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Exports
import Foundation
import ResultStore
import TestSupport
import Testing

@Suite("Documents that go to a tool for annotation and come back")
struct AnnotationRoundTripTests {
    /// Pieces of texts: what is one character and several scalars, what is one scalar and two UTF-16 units,
    /// every line end, and what formats must escape.
    private static let pieces = [
        "発熱", "か\u{3099}", "😀", "👨‍👩‍👧", "ﾛｷｿﾌﾟﾛﾌｪﾝ", "\r\n", "\n", "\r　", "、", "e\u{301}", "𠮷",
        "1mg/kg", "&<>\"\\", "\u{200B}", "\u{2028}", "_*[1]|", "なし。", " ", "㌢", "\t",
    ]
    static let documents: [StoredDocument] = {
        var numbers = SeededNumbers(seed: 7)
        return (1...1000).map { document(Int64($0), &numbers) }
    }()

    private static func document(
        _ id: Int64, _ numbers: inout SeededNumbers
    ) -> StoredDocument {
        var text = "．"
        var mentions: [StoredMention] = []
        for _ in 0..<Int.random(in: 1...12, using: &numbers) {
            let start = text.unicodeScalars.count
            var surface = ""
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                surface += pieces.randomElement(using: &numbers) ?? ""
            }
            text.unicodeScalars.append(contentsOf: surface.unicodeScalars)
            guard Bool.random(using: &numbers) else { continue }
            let range = SourceRange(start: start, end: text.unicodeScalars.count)
            let types = ["disease", "drug", "dose"]
            mentions.append(
                StoredMention(
                    id: id * 100 + Int64(mentions.count),
                    type: types.randomElement(using: &numbers) ?? "disease", range: range,
                    surface: surface, score: 0.5, method: "model"))
            // Two line ends of one character would be one of another kind.
            text += "．"
        }
        var document = StoredDocument(
            id: id, kind: "nursing", format: "txt", text: text, sha256: "", sourceName: "a.txt",
            receivedAt: "2026-01-02T04:00:00.000Z", processedAt: "2026-01-02T04:00:00.000Z",
            standing: "current",
            maker: .init(name: "m", version: "1", sha256: "aa", dictionary: "", codeVersion: "0"))
        document.mentions = mentions
        return document
    }

    private struct Row: Decodable {
        struct Span: Decodable {
            let start, end: Int
            let label: String
        }

        let text: String
        let spans: [Span]
        let document: String
    }

    /// Writes all documents for a tool; where its files are.
    private func write(_ tool: AnnotationTool, in folder: TemporaryFolder) throws -> URL {
        let texts = Self.documents.map(AnnotatedText.init)
        func lines(_ line: (AnnotatedText) -> String) -> String {
            texts.map { line($0) + "\n" }.joined()
        }
        switch tool {
        case .brat:
            for text in texts {
                let name = "out/" + (text.document ?? "")
                try folder.write(text.text, to: name + ".txt")
                try folder.write(BratFiles.annotations(text), to: name + ".ann")
            }
            try folder.write(
                lines { BratFiles.listed($0, file: $0.document ?? "") },
                to: "out/" + BratFiles.documentList)
            return folder["out"]
        case .doccano: return try folder.write(lines(DoccanoLines.line), to: "out.jsonl")
        case .prodigy: return try folder.write(lines(ProdigyLines.line), to: "out.jsonl")
        default:
            let tasks = texts.map(LabelStudioTasks.task).joined(separator: ",\n")
            return try folder.write("[\n\(tasks)\n]\n", to: "out.json")
        }
    }

    @Test(
        "have the same texts and places",
        arguments: [AnnotationTool.brat, .doccano, .labelStudio, .prodigy])
    func roundTrip(tool: AnnotationTool) throws {
        let folder = try TemporaryFolder()
        let written = try write(tool, in: folder)
        let reading = try AnnotationFiles(of: tool, proposals: true).read([FilePath(written)])
        let rows = CorrectedRows(of: reading, from: tool, exported: reading)
        #expect(rows.faults == [] && rows.changes == [] && rows.lines.count == 1000)
        var byNumber: [String: Row] = [:]
        for line in rows.lines {
            let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
            byNumber[row.document] = row
        }
        for document in Self.documents {
            let row = try #require(byNumber[String(document.id)])
            #expect(row.text.unicodeScalars.elementsEqual(document.text.unicodeScalars))
            #expect(
                row.spans.map { [String($0.start), String($0.end), $0.label] }
                    == document.mentions.map {
                        [String($0.range.start), String($0.range.end), $0.type]
                    })
        }
    }

    @Test("leave without carriage returns")
    func lineFeeds() {
        for document in Self.documents {
            #expect(!AnnotatedText(document).text.unicodeScalars.contains("\r"))
        }
    }
}
