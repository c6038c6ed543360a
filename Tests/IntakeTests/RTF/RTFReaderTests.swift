// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import TestSupport
import Testing

@testable import Intake

@Suite("RTF")
struct RTFReaderTests {
    private static let head =
        #"{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0\fnil\fcharset128 MS Mincho;}{\f1\fswiss\fcharset0 Arial;}{\f2\fcharset2 Symbol;}{\f3\fcharset204 Times;}}"#

    /// `\'hh` of a text in CP932.
    private static func escaped(_ text: String) -> String {
        (encoded(text, in: "CP932") ?? []).map { byte in
            byte < 0x80
                ? String(Unicode.Scalar(byte))
                : "\\'" + String(byte, radix: 16)
        }.joined()
    }

    private func text(_ body: String) throws -> String {
        try RTFText.text(of: Array((Self.head + body + "}").utf8), limits: IntakeLimits())
    }

    private func flaw(_ bytes: [UInt8], _ limits: IntakeLimits = IntakeLimits()) -> FormatFlaw? {
        do throws(IntakeError) {
            _ = try RTFReader(limits: limits, kind: .referral, codes: DocumentCodes())
                .entries(in: bytes)
            return nil
        } catch {
            guard case .flaw(let flaw, .rtf, nil) = error else { return nil }
            return flaw
        }
    }

    private func flaw(_ rtf: String) -> FormatFlaw? { flaw(Array(rtf.utf8)) }

    @Test("A file is one document with the sections that its headings begin.")
    func document() throws {
        let body = Self.escaped("紹介状\\par 【主訴】\\par 腹痛\\par\\par 所見：右下腹部に圧痛\\par 発熱あり\\par ")
            .replacing("\\'5c", with: "\\")
        let entries = try RTFReader(limits: IntakeLimits(), kind: .referral, codes: DocumentCodes())
            .entries(in: Array((Self.head + body + "}\r\n\0").utf8))
        let document = try #require(entries.documents.first)
        #expect(document.text == "紹介状\n【主訴】\n腹痛\n\n所見：右下腹部に圧痛\n発熱あり")
        #expect(document.sectionTexts == ["主訴|腹痛", "所見|右下腹部に圧痛\n発熱あり"])
        #expect((document.kind, document.encoding) == (.referral, "Windows-31J"))
        #expect(document.source.format == .rtf)
    }

    @Test(
        "Bytes of a character are put together from runs, groups and all ways to write them.",
        arguments: [
            (#"\'88\'ea"#, "一"), (#"{\b\'88}{\b0\'ea}"#, "一"), ("\\'88\r\n\\'ea", "一"),
            (#"\'83\'5c\'83A"#, "ソア"), (#"\'83\\x"#, "ソx"), (#"\'94\}x"#, "媒x"),
            (#"\f1\'b1\f0\'b2"#, "ｱｲ"),
            (#"\f1 Ren\'e9 \f0\'95\'61"#, "René 病"), (#"\f3\'ef\f0\'95\'61"#, "п病"),
            (#"\f2\'b7\f0 a"#, "•a"),
            (#"\f1\fs20\'95\'61"#, "病"), (#"\u26085?\u-32099??"#, "日芝?"),
            (#"\uc2\u26085\'93\'fa\'95\'61"#, "日病"),
            (#"\uc0\u26085\u26412"#, "日本"), (#"{\uc2\u26085 a}b"#, "日b"),
            (#"\u-10179?\u-8704?"#, "\u{1F600}"),
        ])
    func characters(body: String, expected: String) throws {
        #expect(try text(body) == expected)
    }

    @Test("Bytes that are written as themselves may look like braces and backslashes.")
    func rawBytes() throws {
        let body = try #require(encoded("表示ソート能力{}", in: "CP932"))
        // The braces of the text itself are escaped, those inside of 能 (94 5C) and 表 (95 5C) are not.
        let escaped = body.dropLast(2) + Array(#"\{\}"#.utf8)
        let bytes = Array(Self.head.utf8) + escaped + Array("}".utf8)
        #expect(try RTFText.text(of: bytes, limits: IntakeLimits()) == "表示ソート能力{}")
        let utf8 = Array(#"{\rtf1\ansi\ansicpg65001 腹痛\par}"#.utf8)
        #expect(try RTFText.text(of: utf8, limits: IntakeLimits()) == "腹痛\n")
        let bare = Array((#"{\rtf1 \'82\'cc \'83x"# + "}").utf8)
        #expect(try RTFText.text(of: bare, limits: IntakeLimits()) == "の ベ")
        let western = Array(#"{\rtf1\ansi don\'92t}"#.utf8)
        #expect(try RTFText.text(of: western, limits: IntakeLimits()) == "don’t")
    }

    @Test(
        "Words that stand for characters are read, and what is no text of the page is left out.",
        arguments: [
            (#"a\par b\line c\tab d\page e"#, "a\nb\nc\td\ne"),
            (#"a\cell b\cell\row c"#, "a\tb\nc"),
            (#"a\~b\_c\-d\emdash e"#, "a b-cd—e"), ("a\\\nb", "a\nb"),
            (#"{\header h}{\*\generator g;}{\info{\title t}}{\stylesheet{\s0 x;}}a"#, "a"),
            (#"{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt 5}}mg"#, "5mg"),
            (#"a{\v hidden}b{\deleted gone}c\v x\v0 d{\v x\plain y}"#, "abcdy"),
            (#"{\pict\pngblip 89504e47}a{\pict\bin3 }}{}b"#, "ab"),
            (#"{\*\unknown x{y}}a{\unknown b}"#, "ab"),
            (#"{\shp{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt box}}{\shprslt box}}"#, "box"),
            (#"{\object{\*\objdata 0102}{\result 5}}"#, "5"), (#"{\upr{?}{\*\ud{\u26085?}}}"#, "日"),
            (#"a{\super\chftn}{\footnote\pard note}b"#, "a(note)b"),
            (#"{\*\annotation x}a{\listtext 1.\tab}"#, "a1.\t"),
        ])
    func words(body: String, expected: String) throws {
        #expect(try text(body) == expected)
    }

    @Test("What is not RTF, cut off or not valid is refused with its place.")
    func malformed() {
        #expect(flaw("rtf") == .malformed(expected: "{\\rtf", byteOffset: 0))
        #expect(
            flaw(#"{\rtf1 abc{\b x}"#)
                == .malformed(expected: "the end of 1 groups", byteOffset: 16))
        #expect(flaw(#"{\rtf1 a}b"#) == .malformed(expected: "the end of the file", byteOffset: 9))
        #expect(flaw(#"{\rtf1 \'9"#)?.code == "malformed")
        #expect(
            flaw(#"{\rtf1 \'zz}"#) == .malformed(expected: "two hexadecimal digits", byteOffset: 9))
        #expect(flaw(#"{\rtf1\ansicpg932 a\'88}"#)?.code == "undecodable")
        #expect(
            flaw(#"{\rtf1\ansicpg932 \'95\'61\'88\'20}"#)
                == .encoding(named: "Windows-31J", byteOffset: 30))
        #expect(
            flaw(#"{\rtf1\ansicpg99999 \'88}"#)
                == .encoding(named: "code page 99999", byteOffset: nil))
        #expect(flaw(#"{\rtf1 \u-10187?x}"#)?.code == "malformed")
        #expect(flaw(#"{\rtf1 \u-8704?x}"#)?.code == "malformed")
        #expect(flaw(#"{\rtf1 \u99999?x}"#)?.code == "malformed")
        #expect(flaw(#"{\rtf1 \u0?x}"#)?.code == "malformed")
        #expect(flaw(#"{\rtf1 \bin99 x}"#)?.code == "malformed")
        #expect(flaw(#"{\rtf1 \bin-9 x}"#)?.code == "malformed")
        #expect(flaw(#"{\rtf1\fs99999999999999999999 x}"#)?.code == "malformed")
        #expect(flaw("{\\rtf1 \\" + String(repeating: "a", count: 40) + "}")?.code == "malformed")
        #expect(flaw(#"{\rtf1 {\pict 00}\par}"#) == .noText)
        #expect(flaw(#"{\rtf"#)?.code == "malformed")
        #expect(flaw("{\\rtf1 \\")?.code == "malformed")
    }

    @Test("Groups within each other and the text's length have limits.")
    func limits() {
        let deep = "{\\rtf1" + String(repeating: "{", count: 200_000)
        #expect(flaw(deep) == .tooMuch(of: "groups within each other", limit: 100))
        var limits = IntakeLimits()
        limits.maximumDocumentScalars = 4
        #expect(flaw(Array(#"{\rtf1 abcde}"#.utf8), limits)?.code == "too-large")
    }

    @Test(
        "A large hostile file is read in time that grows with its length alone.",
        .timeLimit(.minutes(15)))
    func large() {
        for piece in ["{\\b \\'81}", "\\'81", "\\u26085", "{}", "\\tab\\row", "\\f1\\'b1\\f0 "] {
            let bytes = Array((Self.head + String(repeating: piece, count: 100_000) + "}").utf8)
            _ = flaw(bytes)
        }
        let raw = Array(Self.head.utf8) + [UInt8](repeating: 0x81, count: 1 << 20) + [0x7D]
        #expect(flaw(raw) != nil)
    }

    @Test("Whatever a file is made of, it gives a document with sound sections or a flaw.")
    func anything() throws {
        var numbers = SeededNumbers(seed: 36)
        let sample = Array(
            (Self.head + Self.escaped("【所見】")
                + #"\par \u26085?\uc2 {\b x}\f1\'e9{\pict 00}\cell\row}"#).utf8)
        for _ in 0..<5000 {
            let bytes = mutated(sample, &numbers)
            let reader = RTFReader(limits: IntakeLimits(), kind: .other, codes: DocumentCodes())
            do throws(IntakeError) {
                for document in try reader.entries(in: bytes).documents {
                    #expect(!document.text.isEmpty)
                    for section in document.source.sections {
                        #expect(section.range.end <= document.text.unicodeScalars.count)
                    }
                }
            } catch {
                guard case .flaw(_, .rtf, nil) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }
}
