// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

@Suite("Reading documents as they come")
struct DocumentStreamTests {
    /// What a line or file gave, short: a text, or where and what its fault is.
    private static func short(_ entry: ReadDocument) -> String {
        switch entry.result {
        case .success(let document): document.text
        case .failure: entry.explanation ?? ""
        }
    }

    /// What comes out of pieces of a length.
    private static func read(
        _ bytes: [UInt8], by length: Int, name: String? = "a.jsonl",
        limits: IntakeLimits = IntakeLimits()
    ) -> [String] {
        var stream = DocumentStream(
            reader: DocumentReader(limits: limits), fileName: name, kind: .nursing)
        var entries: [ReadDocument] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            entries += stream.take(bytes[start..<min(start + length, bytes.count)])
        }
        return (entries + stream.finish()).map(short)
    }

    /// Lines of JSON with these texts.
    private static func lines(_ texts: [String]) -> String {
        texts.map { "{\"text\":\"\($0)\"}\n" }.joined()
    }

    static let texts = ["ECG", "右膝の疼痛を訴える。", "±0.5", "発熱なし。\\n咳あり。", "表示、ソフト食"]

    @Test("a line of UTF-8 is read before the next is there")
    func atOnce() {
        var stream = DocumentStream(kind: .nursing)
        #expect(stream.take(Array("{\"text\":\"EC".utf8)).isEmpty)
        #expect(stream.take(Array("G\"}\n".utf8)).map(Self.short) == ["ECG"])
        #expect(stream.take(Array("{\"text\":\"発熱\"}\n{\"te".utf8)).map(Self.short) == ["発熱"])
        #expect(stream.take(Array("xt\":\"咳\"}".utf8)).isEmpty)
        #expect(stream.finish().map(Self.short) == ["咳"])
        #expect(stream.finish().isEmpty)
    }

    @Test(
        "pieces of any length give what the whole file gives, in every encoding",
        arguments: ["UTF-8", "CP932", "EUC-JP", "ISO-2022-JP", "UTF-16LE", "UTF-16BE"])
    func encodings(encoding: String) throws {
        let text = Self.lines(encoding == "UTF-8" ? Self.texts : Self.texts.filter { $0 != "±0.5" })
        var bytes = try #require(encoded(text, in: encoding))
        if encoding == "UTF-16LE" { bytes = [0xFF, 0xFE] + bytes }
        if encoding == "UTF-16BE" { bytes = [0xFE, 0xFF] + bytes }
        let whole = try DocumentReader().documents(
            in: Data(bytes), fileName: "a.jsonl", kind: .nursing
        ).map(\.text)
        #expect(whole.count >= 4)
        for length in [1, 2, 3, 7, 64, bytes.count] {
            #expect(Self.read(bytes, by: length) == whole)
            // Without a name the first character tells that it is JSON.
            #expect(Self.read(bytes, by: length, name: nil) == whole)
        }
    }

    @Test("the encoding is decided for the input: short lines of half-width katakana stay together")
    func katakana() throws {
        let text = Self.lines(["ﾂｱｰ", "ﾃﾞｰﾀ", "右膝の疼痛を訴える。"])
        let bytes = try #require(encoded(text, in: "CP932"))
        #expect(Self.read(bytes, by: 5) == ["ﾂｱｰ", "ﾃﾞｰﾀ", "右膝の疼痛を訴える。"])
        #expect(Self.read(Array(text.utf8), by: 5) == ["ﾂｱｰ", "ﾃﾞｰﾀ", "右膝の疼痛を訴える。"])
    }

    @Test("a bad line costs one line, and its fault says the true line")
    func faults() {
        var bytes = Array("\n  \n{\"text\":\"発熱あり、咳嗽あり\"}\n[1]\n\n{\"text\":\"痰の色は".utf8)
        bytes += [0xFF] + Array("白\"}\n{\"text\":\"a\"}\r\n{\"id\":\"x\"}".utf8)
        let place = bytes.firstIndex(of: 0xFF) ?? 0
        for length in [1, 10, 1000] {
            #expect(
                Self.read(bytes, by: length) == [
                    "発熱あり、咳嗽あり",
                    "line 4: not a JSON object; each line must be one whole object",
                    "line 6: the file looks like UTF-8, which byte \(place) is not valid in",
                    "a", "line 8: the field \"text\" is missing",
                ])
        }
    }

    @Test("lines and bytes before a change of mind are counted")
    func counting() throws {
        let lines = try #require(encoded("{\"text\":\"表示\"}\n[2]\n", in: "CP932"))
        let ascii = Array("{\"text\":\"a\"}\n[1]\n".utf8)
        #expect(
            Self.read(ascii + lines, by: 4) == [
                "a", "line 2: not a JSON object; each line must be one whole object", "表示",
                "line 4: not a JSON object; each line must be one whole object",
            ])
        let damaged = ascii + lines + [0xFD, 0x0A]
        #expect(
            Self.read(damaged, by: 4).last?
                .contains("byte \(damaged.count - 2) is not valid") == true)
    }

    @Test("what begins with no { is one text, and nothing is empty")
    func text() {
        let text = "\u{FEFF}S）眠れない。\r\n{\"text\":\"a\"}\n"
        for length in [1, 2, 100] {
            #expect(
                Self.read(Array(text.utf8), by: length, name: nil) == [
                    "S）眠れない。\r\n{\"text\":\"a\"}\n"
                ])
        }
        #expect(Self.read(Array("{\"text\":\"a\"}\n".utf8), by: 3, name: "a.txt").count == 1)
        #expect(Self.read(Array("咳".utf8), by: 1, name: nil) == ["咳"])
        for name in [nil, "a.txt", "a.jsonl"] {
            for empty in ["", " \n", "\u{FEFF}\n"] {
                #expect(
                    Self.read(Array(empty.utf8), by: 1, name: name)
                        == ["the file is empty or holds only white space"])
            }
        }
    }

    @Test("limits hold for a stream as for a file")
    func limits() throws {
        let limits = IntakeLimits(
            maximumBytes: 60, maximumDocumentScalars: 5, maximumJSONLineBytes: 40)
        let many = Self.lines(Array(repeating: "発熱", count: 20))
        #expect(Self.read(Array(many.utf8), by: 9, limits: limits).count == 20)
        #expect(
            Self.read(Array(Self.lines(["発熱", "頭痛と嘔吐有"]).utf8), by: 9, limits: limits) == [
                "発熱", "line 2: a document has 6 characters, more than the limit of 5",
            ])
        let long = Self.lines(["発熱"]) + String(repeating: "a", count: 100)
        let faults = Self.read(Array(long.utf8), by: 10, limits: limits)
        #expect(faults.count == 2)
        #expect(faults.last?.hasPrefix("line 2: the line has ") == true)
        let text = Self.read(
            Array(String(repeating: "a", count: 100).utf8), by: 10, name: nil, limits: limits)
        #expect(text == ["the file has 70 bytes, more than the limit of 60"])
        let windows = try #require(encoded(many, in: "CP932"))
        #expect(
            Self.read(windows, by: 10, limits: limits).last?.contains("the limit of 60") == true)
    }

    @Test("the object that a document came in is kept, as UTF-8")
    func objects() throws {
        let line = "{\"id\":\"7\",\"text\":\"表示\",\"ward\":3}"
        let bytes = try #require(encoded(line + "\n", in: "CP932"))
        var stream = DocumentStream(fileName: "a.jsonl", kind: .nursing)
        let entries = stream.take(bytes) + stream.finish()
        #expect(entries.map(\.object) == [Array(line.utf8)])
        #expect(entries.map(\.line) == [1])
    }

    @Test("a format goes by the end of a name", arguments: ["a.jsonl", "B.NDJSON", "x.y.JsonL"])
    func formats(name: String) {
        #expect(DocumentFormat(fileName: name) == .jsonLines)
        #expect(DocumentFormat(fileName: name + ".txt") == .text)
        #expect(DocumentFormat(fileName: "jsonl") == .text)
    }
}
