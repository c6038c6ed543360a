// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import TestSupport
import Testing

@testable import Intake

private typealias Samples = HL7Samples

@Suite("Bytes of HL7: frames, ends of segments, encodings, escapes")
struct HL7FramingTests {
    private let expected = "【所見】\n肝S6に径12mmの結節。\n腹水なし。\n【診断】\n肝細胞癌の疑い。"

    @Test(
        "segments end with CR, LF or CRLF, and a message may stand in a frame",
        arguments: ["\r", "\n", "\r\n", "\r\r"])
    func ends(end: String) throws {
        let text = Samples.report.replacing("\r", with: end)
        for framed in [
            text, "\u{0B}" + text + "\u{1C}\r", "\n" + text + "\u{1A}", "\u{FEFF}" + text,
        ] {
            let entries = try Samples.reader().entries(of: framed)
            #expect(try entries.map { try $0.result.get().text } == [expected])
        }
    }

    @Test("line breaks that a sender left within a text are part of it")
    func breaksInText() throws {
        let text = Samples.line("肝嚢胞\nWBC|9800\n\n次回\nMRIを", title: "").replacing(
            "|9800", with: " 9800")
        let documents = try Samples.reader().documents(of: [
            Samples.header(), Samples.patient, Samples.request(), text,
        ])
        #expect(documents.map(\.text) == ["肝嚢胞\nWBC 9800\n\n次回\nMRIを"])
        #expect(documents[0].source.status == .final)
        let withLF = Samples.message(
            [Samples.header(), Samples.patient, Samples.request(), text], end: "\n")
        #expect(try Samples.reader().entries(of: withLF)[0].result.get().text == documents[0].text)
    }

    @Test("a line that is no segment where no text is makes the message a fault")
    func strayLine() throws {
        let flaw = try Samples.reader().flaw(of: [
            Samples.header(), Samples.patient, "これは何か", Samples.request(), Samples.line("一"),
        ])
        #expect(flaw?.code == "malformed")
    }

    @Test("a batch gives each message's document or fault, and says when some are missing")
    func batch() throws {
        let good = Samples.report
        let bad = Samples.message([Samples.header(id: "M2"), Samples.patient, Samples.line("一")])
        let batch = "FHS|^~\\&|RIS\rBHS|^~\\&|RIS\r" + good + bad + good + "BTS|4\rFTS|1\r"
        let entries = try Samples.reader().entries(of: batch)
        #expect(
            entries.map { $0.place?.words } == [
                "message 1 (M1)", "message 2 (M2)", "message 3 (M1)", "message 4",
            ])
        #expect(entries.map { (try? $0.result.get()) != nil } == [true, false, true, false])
        guard case .failure(let error) = entries[3].result else { return }
        #expect(error.code == "contradiction")
    }

    @Test("a batch that may be cut off, or that is empty, says so")
    func cutOff() throws {
        let entries = try Samples.reader().entries(of: "FHS|^~\\&|RIS\r" + Samples.report)
        #expect(try entries[0].result.get().source.notices.count == 1)
        #expect(throws: IntakeError.self) {
            try Samples.reader().entries(of: "BHS|^~\\&|RIS\rBTS|0\r")
        }
    }

    @Test("several frames follow each other")
    func frames() throws {
        let framed = "\u{0B}" + Samples.report + "\u{1C}\r"
        #expect(try Samples.reader().entries(of: framed + framed).count == 2)
    }

    @Test("the separators are those of MSH-1 and MSH-2")
    func delimiters() throws {
        let swapped = Samples.report
            .replacing("|", with: "$").replacing("^", with: "@").replacing("\\", with: "!")
            .replacing("&", with: "|")
        let document = try Samples.reader().entries(of: swapped)[0].result.get()
        #expect(document.text == expected)
        #expect(document.source.author == "架空 医子")
        for header in [#"MSH|^~^&|A"#, "MSHa^~", #"MSH||||"#, "MSH|AB\\&|"] {
            let entries = try? Samples.reader().entries(
                of: Samples.message([header, Samples.patient]))
            #expect((entries ?? []).allSatisfy { (try? $0.result.get()) == nil })
        }
    }

    // MARK: Encodings

    @Test(
        "MSH-18 names the encoding in the ways that senders use",
        arguments: [
            ("~ISO IR87", "ISO-2022-JP"), ("~ISOIR87", "ISO-2022-JP"),
            ("ISO-2022-JP", "ISO-2022-JP"),
            ("", "ISO-2022-JP"), ("ASCII", "ISO-2022-JP"), ("8859/1~ISO IR87", "ISO-2022-JP"),
            ("", "CP932"), ("SJIS", "CP932"), ("Shift_JIS", "CP932"), ("", "EUC-JP"),
            ("EUC-JP", "EUC-JP"),
            ("", "UTF-8"), ("UNICODE UTF-8", "UTF-8"), ("UTF8", "UTF-8"), ("HOSP-OWN", "UTF-8"),
            ("HOSP-OWN", "ISO-2022-JP"), ("X", "UTF-16"),
        ])
    func encodings(name: String, encoding: String) throws {
        let text = Samples.report.replacing("||||||\r", with: "||||||\(name)\r")
        let bytes = try #require(encoded(text, in: encoding))
        let document = try Samples.reader().entries(in: bytes)[0].result.get()
        #expect(document.text == expected)
    }

    @Test(
        "bytes that are not valid in the encoding that a message names are a fault with their place"
    )
    func lies() throws {
        for (name, encoding) in [
            ("UNICODE UTF-8", "CP932"), ("~ISO IR87", "CP932"), ("~ISO IR87", "UTF-8"),
            ("8859/1", "CP932"), ("8859/1", "UTF-8"), ("HOSP-OWN", "CP932"), ("BIG-5", "EUC-JP"),
        ] {
            let text = Samples.report.replacing("||||||\r", with: "||||||\(name)\r")
            let bytes = try #require(encoded(text, in: encoding))
            guard
                case .failure(.flaw(.encoding, in: .hl7, at: _)) =
                    try Samples.reader().entries(in: bytes)[0].result
            else {
                Issue.record("\(encoding) was read as \(name)")
                continue
            }
        }
        var reader = Samples.reader()
        reader.encodings = ["HOSP-OWN": .windows31J]
        let own = Samples.report.replacing("||||||\r", with: "||||||HOSP-OWN\r")
        let bytes = try #require(encoded(own, in: "CP932"))
        #expect(try reader.entries(in: bytes)[0].result.get().text == expected)
    }

    @Test("characters whose second byte is a separator do not part a message")
    func secondBytes() throws {
        for (text, encoding) in [("急性虫垂炎、ポリープ、ソ連", "CP932"), ("急性虫垂炎、繙読", "ISO-2022-JP")] {
            let message = Samples.message([
                Samples.header(encoding: encoding).replacing("HOSP", with: "病院ポ"), Samples.patient,
                Samples.request(), Samples.line(text, title: ""),
            ])
            let bytes = try #require(encoded(message, in: encoding))
            #expect(try Samples.reader().entries(in: bytes)[0].result.get().text == text)
        }
    }

    @Test("the fault of one message's bytes does not concern the others")
    func faultOfOne() throws {
        let good = Samples.report.replacing("||||||\r", with: "||||||UNICODE UTF-8\r")
        let bytes = Array(good.utf8) + (encoded(good, in: "CP932") ?? []) + Array(good.utf8)
        let entries = try Samples.reader().entries(in: bytes)
        #expect(entries.map { (try? $0.result.get()) != nil } == [true, false, true])
    }

    // MARK: Escapes

    @Test(
        "escapes are resolved once, and what is none stays",
        arguments: [
            (#"a\F\b\S\c\T\d\R\e\E\f"#, "a|b^c&d~e\\f"), (#"a\.br\b\.BR\c"#, "a\nb\nc"),
            (#"a\.sp2\b\.sp+1\c\.sp\d"#, "a\n\nb\nc\nd"),
            (#"\H\太字\N\、\.in+4\字\.ti-2\下げ\.ce\"#, "太字、字下げ"),
            (#"a\X0D0A\b\X41\\X42\"#, "a\nbAB"), (#"\X82\\XA0\"#, #"\X82\\XA0\"#),
            (#"\XE38182\"#, "あ"),
            (#"C:\temp\.br\D:\"#, "C:\\temp\nD:\\"), (#"\E\.br\E\"#, #"\.br\"#), (#"1\2"#, #"1\2"#),
            (#"\Zxx\ \Q\ \X0\ \X00\"#, #"\Zxx\ \Q\ \X0\ \X00\"#), ("\\", "\\"),
        ])
    func escapes(sent: String, text: String) throws {
        let documents = try Samples.reader().documents(of: [
            Samples.header(encoding: "UNICODE UTF-8"), Samples.patient, Samples.request(),
            Samples.line("始 " + sent, type: "FT", title: ""), Samples.line("終", title: ""),
        ])
        #expect(documents[0].text == "始 " + text + "\n終")
    }

    @Test(
        "a switch of the character set is refused",
        arguments: [#"\C2842\"#, #"\M2442\"#, #"\M242843\"#])
    func switches(sent: String) throws {
        let flaw = try Samples.reader().flaw(of: [
            Samples.header(), Samples.patient, Samples.request(), Samples.line("一" + sent),
        ])
        #expect(flaw?.code == "wrong-value")
    }

    // MARK: Limits and hostile bytes

    @Test("more messages, segments, sections or characters than may be are faults")
    func limits() throws {
        var limits = IntakeLimits(maximumDocumentScalars: 1000)
        (limits.maximumRecords, limits.maximumParts, limits.maximumSections) = (3, 50, 5)
        let reader = Samples.reader(limits: limits)
        #expect(throws: IntakeError.flaw(.tooMuch(of: "messages", limit: 3), in: .hl7, at: nil)) {
            try reader.entries(of: String(repeating: Samples.report, count: 4))
        }
        let head = [Samples.header(), Samples.patient, Samples.request()]
        #expect(
            try reader.flaw(of: head + Array(repeating: Samples.line("一"), count: 60))
                == .tooMuch(of: "segments", limit: 50))
        #expect(
            try reader.flaw(
                of: head
                    + (2..<7).flatMap { [Samples.request(number: "R\($0)"), Samples.line("一")] })
                == .tooMuch(of: "orders in a message", limit: 3))
        #expect(
            try reader.flaw(of: head + (0..<8).map { Samples.line("一", title: "^題\($0)") })
                == .tooMuch(of: "sections", limit: 5))
        let long = Samples.message(head + [Samples.line(String(repeating: "長", count: 1001))])
        let error = IntakeError.documentTooLong(line: nil, scalars: 1006, limit: 1000)
        #expect(throws: error) { try reader.entries(of: long)[0].result.get() }
    }

    @Test("what is no message is a fault of the file")
    func noMessage() {
        for text in ["", "MSH", "PID|1", "MSH|", "ただの文", "MSHABC"] {
            #expect(
                (try? Samples.reader().entries(of: text))?.contains {
                    (try? $0.result.get()) != nil
                } != true)
        }
    }

    @Test("NUL characters are a fault")
    func zero() throws {
        let entries = try Samples.reader().entries(of: Samples.report.replacing("腹水", with: "腹\0水"))
        guard case .failure(let error) = entries[0].result else { return }
        #expect(error.code == "malformed")
    }

    @Test("damaged messages give documents or faults, and sections that lie in their text")
    func damaged() throws {
        let escaped = Samples.message([
            Samples.header("MDM^T02", encoding: "UNICODE UTF-8"), Samples.patient,
            Samples.document(),
            Samples.line(#"【主訴】\.br\発熱\X0A\経過：\T\"#, title: ""),
            Samples.line("^text^plain^Base64^5Y+z6IK6", type: "ED", title: ""),
        ])
        let samples = [
            Samples.report, escaped, "FHS|^~\\&\r" + Samples.report + escaped + "BTS|2\r",
        ]
        .flatMap { text in
            ["UTF-8", "CP932", "ISO-2022-JP"].compactMap { encoded(text, in: $0) }
        }
        let pieces: [[UInt8]] = [
            [0x0D], [0x0A], [0x0B], [0x1C], Array("|".utf8), Array("^".utf8), Array("\\".utf8),
            Array("~".utf8), Array("MSH|^~\\&|".utf8), Array("\\X".utf8), [0x1B, 0x24, 0x42],
            [0xFF], [0],
            Array("\rOBX|1|ED|||^text^plain^Base64^AAAA".utf8), Array("\rTXA|".utf8),
            Array("【".utf8),
        ]
        var numbers = SeededNumbers(seed: 7)
        var documents = 0
        for _ in 0..<3000 {
            var bytes = samples[numbers.number(below: samples.count)]
            for _ in 0...numbers.number(below: 4) {
                let place = numbers.number(below: bytes.count)
                switch numbers.number(below: 4) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
                case 1:
                    bytes.removeSubrange(
                        place..<min(bytes.count, place + 1 + numbers.number(below: 20)))
                case 2:
                    bytes.insert(contentsOf: pieces[numbers.number(below: pieces.count)], at: place)
                default: bytes = Array(bytes[..<max(1, place)])
                }
                if bytes.isEmpty { bytes = [0x4D] }
            }
            guard let entries = try? Samples.reader().entries(in: bytes) else { continue }
            for entry in entries {
                guard let document = try? entry.result.get() else { continue }
                documents += 1
                check(document)
            }
        }
        #expect(documents > 1000)
    }

    private func check(_ document: ClinicalDocument) {
        let scalars = Array(document.text.unicodeScalars)
        var last = 0
        for section in document.source.sections {
            #expect(section.range.start >= last && section.range.end <= scalars.count)
            guard section.range.end <= scalars.count else { return }
            last = section.range.end
            let before = String(String.UnicodeScalarView(scalars[..<section.range.start]))
            #expect(before.contains(section.title))
            if section.range.count > 0 {
                #expect(!scalars[section.range.end - 1].properties.isWhitespace)
            }
        }
    }
}
