// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Glibc
import TestSupport
import Testing

@testable import Intake

@Suite("Pages of PDF")
struct PDFPagesTests {
    @Test(
        "Lines that stand at the edge of every page are left out, with the page's number in them.")
    func repeated() {
        let pages = PDFPages(
            "架空病院\n  氏名  見本\n\n所見\n異常なし\n\n- 1/2 -\n\u{0C}架空病院\n  氏名 見本\n続き\n\n- 2/2 -\n\u{0C}")
        #expect(pages.text.split(separator: "\n") == ["所見", "異常なし", "続き"])
        #expect(pages.leftOut == 6)
    }

    @Test(
        "Nothing is left out of one page, of the middle of pages, or of lines with other numbers.")
    func kept() {
        #expect(PDFPages("所見\n異常なし\n\u{0C}").text == "所見\n異常なし\n")
        let middle = (1...7).map { "上\($0)" } + ["不変"] + (1...7).map { "下\($0)" }
        let other = (1...7).map { "前\($0)" } + ["不変"] + (1...7).map { "後\($0)" }
        let text = middle.joined(separator: "\n") + "\u{0C}" + other.joined(separator: "\n")
        #expect(PDFPages(text).leftOut == 0)
        #expect(PDFPages("5mm\n\u{0C}8mm\n\u{0C}").leftOut == 0)
        #expect(PDFPages("").text == "")
    }
}

@Suite("Characters of PDF")
struct PDFCharactersTests {
    @Test("A text is none if most of it are signs that only a font knows the meaning of.")
    func unknown() throws {
        #expect(try PDFReader.unknownCharacters("所見 \u{E000} 異常なし\n") == 1)
        for text in ["\u{E000}\u{F8FF}\u{FFFD}所", "\u{100001}", " \n\u{0C}", ""] {
            #expect(throws: FormatFlaw.noText) { try PDFReader.unknownCharacters(text) }
        }
    }
}

@Suite("PDF", .enabled(if: PDFReader.isAvailable, "needs poppler-utils"), .serialized)
struct PDFReaderTests {
    /// Whether PDF of Japanese without fonts of its own can be read here.
    static let hasTables =
        PDFReader.isAvailable && access("/usr/share/poppler/cMap", R_OK) == 0

    private func reader(_ limits: IntakeLimits = IntakeLimits()) -> PDFReader {
        PDFReader(limits: limits, kind: .radiology, codes: DocumentCodes())
    }

    private func flaw(_ bytes: [UInt8], _ limits: IntakeLimits = IntakeLimits()) -> FormatFlaw? {
        do throws(IntakeError) {
            _ = try reader(limits).entries(in: bytes)
            return nil
        } catch {
            guard case .flaw(let flaw, .pdf, nil) = error else { return nil }
            return flaw
        }
    }

    /// A PDF of pages of lines, in a Japanese font that is not embedded.
    private static func pdf(_ pages: [[String]], extra: String = "") -> [UInt8] {
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count \(pages.count) /Kids [\(pages.indices.map { "\(2 * $0 + 4) 0 R" }.joined(separator: " "))] >>",
            """
            << /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UCS2-H /DescendantFonts [
            << /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /DW 1000
            /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor
            << /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [0 -250 1000 900]
            /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >> >> ] >>
            """,
        ]
        for (number, lines) in pages.enumerated() {
            let text = lines.map { line in
                "<"
                    + line.utf16.map {
                        let digits = String($0, radix: 16)
                        return String(repeating: "0", count: 4 - digits.count) + digits
                    }.joined() + "> Tj T*"
            }.joined(separator: "\n")
            let content = "BT /F1 10 Tf 14 TL 50 780 Td\n\(text)\nET"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(2 * number + 5) 0 R "
                    + "/Resources << /Font << /F1 3 0 R >> >> >>")
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        var result = "%PDF-1.4\n"
        var places: [Int] = []
        for (number, object) in objects.enumerated() {
            places.append(result.utf8.count)
            result += "\(number + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = result.utf8.count
        result += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for place in places {
            result +=
                String(repeating: "0", count: 10 - String(place).count) + "\(place) 00000 n \n"
        }
        result +=
            "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R \(extra)>>\nstartxref\n\(start)\n%%EOF\n"
        return Array(result.utf8)
    }

    @Test(
        "A file is one document with the sections that its headings begin.",
        .enabled(if: hasTables, "needs poppler-data"))
    func document() throws {
        let bytes = Self.pdf([
            ["架空病院 放射線科", "【所見】", "右肺に結節を認める。", "1/2"],
            ["架空病院 放射線科", "胸水なし。", "【診断】", "肺癌の疑い", "2/2"],
        ])
        let document = try #require(try reader().entries(in: bytes).documents.first)
        #expect(document.sectionTexts.count == 2)
        #expect(document.source.sections.map(\.title) == ["所見", "診断"])
        #expect(document.text.contains("右肺に結節を認める。") && document.text.contains("肺癌の疑い"))
        #expect(!document.text.contains("架空病院") && !document.text.contains("2/2"))
        #expect(document.source.notices == ["4 lines were left out that stand on every page"])
        document.expectSoundSections()
    }

    @Test("A page without text, private signs, damage and what is no PDF are refused.")
    func refused() {
        #expect(flaw(Self.pdf([[]])) == .noText)
        #expect(
            flaw(Array("%PDF-1.4\nnothing".utf8)) == .malformed(expected: "a PDF", byteOffset: nil))
        #expect(flaw([])?.code == "malformed")
        var limits = IntakeLimits()
        limits.maximumDocumentScalars = 5
        if Self.hasTables { #expect(flaw(Self.pdf([["所見に異常なし"]]), limits)?.code == "too-large") }
    }

    @Test("A file that is damaged gives a document with sound sections, or a flaw.")
    func anything() throws {
        var numbers = SeededNumbers(seed: 38)
        let sample = Self.pdf([["【所見】", "異常なし"], ["【診断】", "なし"]])
        for _ in 0..<60 {
            let bytes = mutated(sample, &numbers)
            guard let entries = try? reader().entries(in: bytes) else { continue }
            for document in entries.documents { #expect(!document.text.isEmpty) }
        }
    }

    @Test(
        "a scan has no text, and an encrypted file is refused as such",
        .enabled(if: hasTables && SharedSample.areThere, "needs poppler-data and ../shared"))
    func samples() throws {
        #expect(flaw(try SharedSample.bytes("pdf/fict-image-only.pdf")) == .noText)
        #expect(flaw(try SharedSample.bytes("pdf/aes-128.pdf")) == .encrypted)
    }
}
