// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import Intake

/// Writes elements of DICOM, little endian.
struct DICOMWriter {
    /// Whether elements have their value representations.
    var isExplicit = true
    /// Whether sequences and items are ended by marks instead of having a length.
    var isOpen = false

    func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    func tag(_ tag: UInt32) -> [UInt8] { number(Int(tag >> 16), 2) + number(Int(tag & 0xFFFF), 2) }

    func element(_ tag: UInt32, _ representation: String, _ value: [UInt8]) -> [UInt8] {
        let value = value.count.isMultiple(of: 2) ? value : value + [0x20]
        guard isExplicit else { return self.tag(tag) + number(value.count, 4) + value }
        let isLong = ["UT", "OB", "SQ", "UN"].contains(representation)
        return self.tag(tag) + Array(representation.utf8) + (isLong ? [0, 0] : [])
            + number(value.count, isLong ? 4 : 2) + value
    }

    func element(_ tag: UInt32, _ representation: String, _ value: String) -> [UInt8] {
        element(tag, representation, Array(value.utf8))
    }

    func sequence(_ tag: UInt32, _ items: [[UInt8]]) -> [UInt8] {
        guard isOpen else {
            return element(
                tag, "SQ",
                items.flatMap { self.tag(0xFFFE_E000) + number($0.count, 4) + $0 })
        }
        let content = items.flatMap {
            self.tag(0xFFFE_E000) + number(0xFFFF_FFFF, 4) + $0 + self.tag(0xFFFE_E00D)
                + number(0, 4)
        }
        return self.tag(tag) + (isExplicit ? Array("SQ".utf8) + [0, 0] : [])
            + number(0xFFFF_FFFF, 4)
            + content + self.tag(0xFFFE_E0DD) + number(0, 4)
    }

    func concept(_ code: String, _ meaning: [UInt8], system: String = "LN") -> [UInt8] {
        sequence(
            0x0040_A043,
            [
                element(0x0008_0100, "SH", code) + element(0x0008_0102, "SH", system)
                    + element(0x0008_0104, "LO", meaning)
            ])
    }

    func text(_ code: String, _ meaning: [UInt8], _ body: [UInt8]) -> [UInt8] {
        element(0x0040_A010, "CS", "CONTAINS") + element(0x0040_A040, "CS", "TEXT")
            + concept(code, meaning) + element(0x0040_A160, "UT", body)
    }

    func container(_ code: String, _ meaning: String, _ items: [[UInt8]]) -> [UInt8] {
        element(0x0040_A010, "CS", "CONTAINS") + element(0x0040_A040, "CS", "CONTAINER")
            + concept(code, Array(meaning.utf8), system: "DCM") + sequence(0x0040_A730, items)
    }

    /// A file of these elements.
    func file(
        _ content: [UInt8], objectClass: String = "1.2.840.10008.5.1.4.1.1.88.11",
        syntax: String? = nil
    ) -> [UInt8] {
        let explicit = DICOMWriter()
        let syntax = syntax ?? (isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2")
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
            + explicit.element(0x0002_0002, "UI", objectClass)
            + explicit.element(0x0002_0010, "UI", syntax) + content
    }

    /// What stands before the content of a report.
    func head(_ characters: String, more: [UInt8] = []) -> [UInt8] {
        element(0x0008_0005, "CS", characters)
            + element(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.88.11")
            + element(0x0008_0018, "UI", "1.2.392.1.77\0") + element(0x0008_0023, "DA", "20260511")
            + element(0x0008_0033, "TM", "143000.25") + element(0x0008_0050, "SH", "A-0042")
            + element(0x0010_0020, "LO", "00012345 ") + more
            + element(0x0040_A040, "CS", "CONTAINER")
    }

    /// A report with two sections.
    func report(_ encode: (String) -> [UInt8], characters: String, more: [UInt8] = []) -> [UInt8] {
        file(
            head(characters, more: more) + concept("18748-4", encode("画像診断報告書"))
                + sequence(
                    0x0040_A730,
                    [
                        text("18782-3", encode("所見"), encode("肝に結節あり。\r\n胸水なし。")),
                        text("18782-3", encode("所見"), encode("ﾘﾝﾊﾟ節腫大なし。")),
                        text("19005-8", encode("診断"), encode("肝細胞癌の疑い。")),
                    ]))
    }
}

@Suite("DICOM")
struct DICOMReaderTests {
    private func result(
        _ bytes: [UInt8], limits: IntakeLimits = IntakeLimits()
    ) -> (document: ClinicalDocument?, error: IntakeError?) {
        do throws(IntakeError) {
            let entries = try DocumentReader(limits: limits).entries(
                in: Data(bytes), fileName: "a.dcm", kind: .nursing)
            return (Array(entries).documents.first, nil)
        } catch {
            return (nil, error)
        }
    }

    private func inUTF8(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func inJIS(_ text: String) -> [UInt8] { encoded(text, in: "ISO-2022-JP-3") ?? [] }

    private static let writers = [
        DICOMWriter(), DICOMWriter(isExplicit: false), DICOMWriter(isOpen: true),
        DICOMWriter(isExplicit: false, isOpen: true),
    ]

    @Test("a report is one document, its items of text sections, in every way to write it")
    func reports() throws {
        for writer in Self.writers {
            let bytes = writer.report(inUTF8, characters: "ISO_IR 192")
            let document = try #require(result(bytes).document)
            #expect(
                document.sectionTexts == [
                    "所見|肝に結節あり。\n胸水なし。\nﾘﾝﾊﾟ節腫大なし。", "診断|肝細胞癌の疑い。",
                ])
            document.expectSoundSections()
            #expect(document.kind == .radiology && document.source.format == .dicom)
            #expect(document.source.key == "dicom:1.2.392.1.77")
            #expect(document.externalIdentifier == "A-0042" && document.source.order == "A-0042")
            #expect(document.patientIdentifier == "00012345")
            #expect(document.authoredAt == "20260511143000.25")
            #expect(document.source.versionTime == "2026-05-11T05:30:00.250Z")
            #expect(document.source.title == "画像診断報告書" && document.source.code == "18748-4")
        }
    }

    @Test("the character sets of Japan, with half-width katakana in eight bits, too")
    func japanese() throws {
        let writer = DICOMWriter()
        let wide = { (text: String) in self.inJIS(text.replacing("ﾘﾝﾊﾟ", with: "リンパ")) }
        for set in [
            "\\ISO 2022 IR 87", "ISO 2022 IR 6\\ISO 2022 IR 87", "ISO 2022 IR 13\\ISO 2022 IR 87",
        ] {
            let document = try #require(result(writer.report(wide, characters: set)).document)
            #expect(document.sectionTexts.last == "診断|肝細胞癌の疑い。")
            #expect(document.encoding == "ISO-2022-JP")
        }
        let mixed: [UInt8] = [0xD8, 0xDD, 0xCA, 0xDF] + inJIS("節") + [0xB1, 0x41]
        let set = DICOMCharacterSet("ISO 2022 IR 13\\ISO 2022 IR 87")
        #expect(try set.text(of: mixed[...]) == "ﾘﾝﾊﾟ節ｱA")
        #expect(try set.text(of: ([0x1B, 0x29, 0x49] + mixed)[...]) == "ﾘﾝﾊﾟ節ｱA")
    }

    @Test(
        "what is said of the character set is believed, and what nothing is said of is no nonsense")
    func undeclared() throws {
        let none = DICOMCharacterSet(nil)
        #expect(try none.text(of: inUTF8("肺癌 ")[...]) == "肺癌")
        #expect(try none.text(of: inJIS("肺癌")[...]) == "肺癌")
        #expect(try DICOMCharacterSet("ISO_IR 100").text(of: [0x52, 0xE9, 0x20]) == "Ré")
        let japanese = try #require(encoded("肺癌", in: "CP932"))
        for name in [nil, "ISO_IR 100", "ISO_IR 192", "GB18030", "ISO 2022 IR 87"] {
            #expect(throws: FormatFlaw.self) {
                try DICOMCharacterSet(name).text(of: japanese[...])
            }
        }
    }

    @Test("containers head the sections within them, and what tells of the observer is left out")
    func containers() throws {
        let writer = DICOMWriter()
        let observer =
            writer.element(0x0040_A010, "CS", "HAS OBS CONTEXT")
            + writer.element(0x0040_A040, "CS", "TEXT") + writer.concept("121009", inUTF8("施設"))
            + writer.element(0x0040_A160, "UT", "架空病院")
        let measurement =
            writer.element(0x0040_A010, "CS", "CONTAINS") + writer.element(0x0040_A040, "CS", "NUM")
        let bytes = writer.file(
            writer.head("ISO_IR 192") + writer.concept("x", inUTF8("検査の記録"))
                + writer.sequence(
                    0x0040_A730,
                    [
                        observer,
                        writer.container(
                            "121070", "所見一覧",
                            [writer.text("121071", inUTF8("所見の項"), inUTF8("結節あり")), measurement]),
                        writer.container(
                            "y", "腹部", [writer.text("z", inUTF8("肝"), inUTF8("異常なし"))]),
                    ]))
        let document = try #require(result(bytes).document)
        #expect(document.text == "【所見一覧】\n結節あり\n【腹部】\n【肝】\n異常なし")
        #expect(document.sectionTexts == ["所見一覧|結節あり", "肝|異常なし"])
        #expect(document.kind == .other && document.source.notices.count == 1)
    }

    @Test(
        "how settled a report is",
        arguments: [
            ("COMPLETE", "VERIFIED", SenderStatus.final), ("COMPLETE", "UNVERIFIED", .preliminary),
            ("PARTIAL", "UNVERIFIED", .preliminary), ("", "", .unknown),
        ])
    func status(completion: String, verification: String, status: SenderStatus) throws {
        let writer = DICOMWriter()
        let replaced = writer.sequence(
            0x0040_A360,
            [
                writer.sequence(
                    0x0008_1115,
                    [writer.sequence(0x0008_1199, [writer.element(0x0008_1155, "UI", "1.2.3")])])
            ])
        let verifier = writer.sequence(
            0x0040_A073, [writer.element(0x0040_A075, "PN", "Mihon^Ichiro=見本^一郎=みほん^いちろう")])
        let more =
            writer.element(0x0040_A491, "CS", completion)
            + writer.element(0x0040_A493, "CS", verification) + replaced + verifier
        let bytes = writer.report(inUTF8, characters: "ISO_IR 192", more: more)
        let source = try #require(result(bytes).document).source
        #expect(source.status == status && source.replaces == "dicom:1.2.3")
        #expect(source.author == "見本 一郎")
    }

    @Test("a document within DICOM is read, and one that cannot be is named")
    func encapsulated() throws {
        let writer = DICOMWriter()
        func file(_ type: String, _ content: [UInt8]) -> [UInt8] {
            let odd = content.count.isMultiple(of: 2) ? content : content + [0]
            return writer.file(
                writer.element(0x0008_0005, "CS", "ISO_IR 192")
                    + writer.element(0x0008_0018, "UI", "1.2.3")
                    + writer.element(0x0042_0010, "ST", "診療情報提供書")
                    + writer.element(0x0042_0011, "OB", odd)
                    + writer.element(0x0042_0012, "LO", type),
                objectClass: "1.2.840.10008.5.1.4.1.1.104.2")
        }
        let cda = """
            <ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>\
            <title>主訴</title><text>腹痛</text></section></component></structuredBody></component>\
            </ClinicalDocument>
            """
        let document = try #require(result(file("text/XML", inUTF8(cda))).document)
        #expect(document.sectionTexts == ["主訴|腹痛"])
        #expect(document.kind == .referral && document.externalIdentifier == "1.2.3")
        #expect(document.source.attachments.first?.byteCount == cda.utf8.count)
        let model = result(file("model/stl", [1, 2, 3])).error
        #expect(model?.code == "attachment-unreadable")
    }

    @Test("pictures and other objects are refused as DICOM")
    func pictures() {
        let writer = DICOMWriter()
        let picture = writer.file(
            writer.element(0x7FE0_0010, "OB", [1, 2]), objectClass: "1.2.840.10008.5.1.4.1.1.2",
            syntax: "1.2.840.10008.1.2.4.50")
        #expect(result(picture).error == .foreignFormat(.dicom, by: .content))
        let measured = writer.file(
            writer.head("")
                + writer.sequence(0x0040_A730, [writer.element(0x0040_A040, "CS", "NUM")]))
        #expect(result(measured).error?.code == "no-narrative")
        let compressed = writer.file([], syntax: "1.2.840.10008.1.2.1.99")
        #expect(result(compressed).error?.code == "wrong-value")
    }

    @Test(
        "lengths that lie, deep sequences and many elements are refused", .timeLimit(.minutes(15)))
    func hostile() {
        let writer = DICOMWriter(isOpen: true)
        let explicit = DICOMWriter()
        let long = explicit.tag(0x0008_0005) + Array("UT".utf8) + [0, 0, 0xFE, 0xFF, 0xFF, 0xFF]
        #expect(result(explicit.file(long)).error?.code == "malformed")
        let twice =
            explicit.element(0x0010_0020, "LO", "1") + explicit.element(0x0010_0020, "LO", "2")
        #expect(result(explicit.file(twice)).error?.code == "malformed")
        var deep = writer.element(0x0010_0020, "LO", "1")
        for _ in 0..<30 { deep = writer.sequence(0x0040_A730, [deep]) }
        #expect(result(writer.file(deep)).error?.code == "too-large")
        let open = writer.tag(0x0040_A730) + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        let item = writer.tag(0xFFFE_E000) + [0xFF, 0xFF, 0xFF, 0xFF]
        let bottomless = (0..<100_000).flatMap { _ in open + item }
        #expect(result(writer.file(bottomless)).error?.code == "too-large")
        let items = (0..<200_000).flatMap { _ in writer.tag(0xFFFE_E000) + [0, 0, 0, 0] }
        #expect(result(writer.file(open + items)).error?.code == "too-large")
    }

    @Test("changed and cut files give a sound document or a flaw")
    func mutations() {
        var numbers = SeededNumbers(seed: 15)
        let samples = Self.writers.map { $0.report(inUTF8, characters: "ISO_IR 192") }
        var read = 0
        for turn in 0..<4000 {
            let (document, error) = result(mutated(samples[turn % samples.count], &numbers))
            document?.expectSoundSections()
            #expect(document == nil || error == nil)
            read += document == nil ? 0 : 1
        }
        #expect(read > 0)
    }
}
