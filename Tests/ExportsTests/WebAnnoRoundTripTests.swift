// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Exports
import Foundation
import TestSupport
import Testing

/// A text as INCEpTION writes it: a sentence for each line, tokens of three characters at most.
private struct WebAnnoWriting {
    /// A place of the text that is one token, or a part of one.
    private let text: AnnotatedText

    init(_ text: AnnotatedText) { self.text = text }

    /// Whether INCEpTION would leave a scalar out at the end of a sentence.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    var table: String {
        var lines = ["#FORMAT=WebAnno TSV 3.3", "#T_SP=custom.Entity|label|certainty", "", ""]
        for (number, sentence) in sentences.enumerated() {
            lines.append("")
            let written = text.scalars[sentence].split(
                separator: "\n", omittingEmptySubsequences: false)
            lines += written.map { "#Text=" + escaped($0, reserved: "\\\t\r") }
            for (place, token) in tokens(in: sentence).enumerated() {
                let span = text.spans.firstIndex {
                    $0.range.start <= token.lowerBound && token.upperBound <= $0.range.end
                }
                let label = span.map { "\(text.spans[$0].label)[\($0 + 1)]" } ?? "_"
                let certainty = span.map {
                    (text.spans[$0].certainty ?? "*") + "[\($0 + 1)]"
                }
                let surface = escaped(text.scalars[token], reserved: "\\\t\r[]|_;*")
                lines.append(
                    "\(number + 1)-\(place + 1)\t\(unit(token.lowerBound))-\(unit(token.upperBound))"
                        + "\t\(surface)\t\(label)\t\(certainty ?? "_")\t")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Lines without white space at their ends; a place over a line break holds two together.
    private var sentences: [Range<Int>] {
        var starts = [0]
        for (index, scalar) in text.scalars.enumerated() where scalar == "\n" {
            let isWithin = text.spans.contains { $0.range.start <= index && index < $0.range.end }
            if !isWithin { starts.append(index + 1) }
        }
        return zip(starts, starts.dropFirst() + [text.scalars.count]).compactMap { start, end in
            let rest = text.scalars[start..<end]
            guard let first = rest.firstIndex(where: { !Self.isSpace($0) }),
                let last = rest.lastIndex(where: { !Self.isSpace($0) })
            else { return nil }
            return first..<(last + 1)
        }
    }

    private func tokens(in sentence: Range<Int>) -> [Range<Int>] {
        let ends = Set(text.spans.flatMap { [$0.range.start, $0.range.end] })
        var (tokens, start) = ([Range<Int>](), sentence.lowerBound)
        for index in sentence.lowerBound...sentence.upperBound {
            let isSpace = index == sentence.upperBound || Self.isSpace(text.scalars[index])
            guard isSpace || ends.contains(index) || index - start == 3 else { continue }
            if index > start { tokens.append(start..<index) }
            start = isSpace ? index + 1 : index
        }
        return tokens
    }

    private func unit(_ offset: Int) -> Int {
        text.scalars[..<offset].reduce(0) { $0 + UTF16.width($1) }
    }

    private func escaped(_ scalars: ArraySlice<Unicode.Scalar>, reserved: String) -> String {
        scalars.map { scalar in
            guard reserved.unicodeScalars.contains(scalar) else { return String(scalar) }
            return "\\" + (scalar == "\t" ? "t" : scalar == "\r" ? "r" : String(scalar))
        }.joined()
    }
}

@Suite("Documents that come back from INCEpTION")
struct WebAnnoRoundTripTests {
    private struct Row: Decodable {
        struct Span: Decodable {
            let start, end: Int
            let label: String
        }

        let text, document: String
        let spans: [Span]
    }

    @Test("have the texts and places that left for it, where the export is named")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        var (listed, wanted) = ("", [String: [[String]]]())
        for var document in AnnotationRoundTripTests.documents {
            // No token, so no place either, begins or ends with white space.
            document.mentions.removeAll { mention in
                let scalars = Array(mention.surface.unicodeScalars)
                return [scalars.first, scalars.last].contains {
                    $0.map(WebAnnoWriting.isSpace) ?? true
                }
            }
            let text = AnnotatedText(document)
            let name = try #require(text.document)
            try folder.write(text.text, to: "out/\(name).txt")
            try folder.write(BratFiles.annotations(text), to: "out/\(name).ann")
            listed += BratFiles.listed(text, file: name) + "\n"
            try folder.write(WebAnnoWriting(text).table, to: "back/\(name).tsv")
            wanted[name] = document.mentions.map {
                [String($0.range.start), String($0.range.end), $0.type]
            }
        }
        try folder.write(listed, to: "out/" + BratFiles.documentList)
        let exported = try AnnotationFiles(of: AnnotationTool.webanno.exported, proposals: true)
            .read([FilePath(folder["out"])])
        let reading = try AnnotationFiles(of: .webanno).read([FilePath(folder["back"])])
        let rows = CorrectedRows(of: reading, from: .webanno, exported: exported)
        #expect(rows.faults == [] && rows.changes == [] && rows.lines.count == 1000)
        var texts: [String: String] = [:]
        for line in rows.lines {
            let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
            texts[row.document] = row.text
            #expect(
                row.spans.map { [String($0.start), String($0.end), $0.label] }
                    == wanted[row.document])
        }
        for document in AnnotationRoundTripTests.documents {
            let text = try #require(texts[String(document.id)])
            #expect(text.unicodeScalars.elementsEqual(document.text.unicodeScalars))
        }
    }

    @Test("keep what the table says where the export has another text")
    func otherText() throws {
        let folder = try TemporaryFolder()
        try folder.write("発熱\r\n咳嗽", to: "out/1.txt")
        try folder.write("", to: "out/1.ann")
        let table = "#T_SP=custom.Entity|label\n\n#Text=発疹\n1-1\t0-2\t発疹\tdisease\t\n"
        let file = try folder.write(table, to: "1.tsv")
        let rows = CorrectedRows(
            of: try AnnotationFiles(of: .webanno).read([FilePath(file)]), from: .webanno,
            exported: try AnnotationFiles(of: .brat).read([FilePath(folder["out"])]))
        #expect(rows.texts.map(\.annotated.text) == ["発疹"])
    }

    @Test("may begin a line with a mark that belongs to what stands before it")
    func markFirst() throws {
        let folder = try TemporaryFolder()
        let table =
            "#T_SP=custom.Entity|label\n\n#Text=\u{3099}発疹\n1-1\t0-3\t\u{3099}発疹\tdisease\t\n"
        let file = try folder.write(table, to: "1.tsv")
        let reading = try AnnotationFiles(of: .webanno).read([FilePath(file)])
        #expect(reading.faults == [])
        #expect(reading.texts.map(\.annotated.scalars.count) == [3])
    }
}
