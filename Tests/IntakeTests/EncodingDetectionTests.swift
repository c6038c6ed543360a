// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import Intake

@Suite("Encodings")
struct EncodingDetectionTests {
    static let note = "経過記録：６５歳女性。\r\n発熱３８．５℃、咳嗽あり。リンパ節の腫大を認めない。\n"

    @Test(
        "a note comes out of each encoding as it went in",
        arguments: [
            ("UTF-8", TextEncoding.utf8), ("CP932", .windows31J), ("EUC-JP-MS", .eucJP),
            ("ISO-2022-JP", .iso2022JP),
        ])
    func roundTrip(name: String, encoding: TextEncoding) throws {
        let bytes = try #require(encoded(Self.note, in: name))
        let decoded = try EncodingDetection.decode(bytes)
        #expect(decoded.encoding == encoding)
        #expect(decoded.text == Self.note)
    }

    @Test(
        "a byte order mark decides and is no part of the text",
        arguments: [
            ([0xEF, 0xBB, 0xBF] as [UInt8], "UTF-8", TextEncoding.utf8),
            ([0xFF, 0xFE], "UTF-16LE", .utf16LittleEndian),
            ([0xFE, 0xFF], "UTF-16BE", .utf16BigEndian),
        ])
    func byteOrderMark(mark: [UInt8], name: String, encoding: TextEncoding) throws {
        let bytes = mark + (try #require(encoded(Self.note + "😀", in: name)))
        let decoded = try EncodingDetection.decode(bytes)
        #expect(decoded.encoding == encoding)
        #expect(decoded.text == Self.note + "😀")
    }

    @Test(
        "characters of vendors are read",
        arguments: [
            ([0x87, 0x40, 0x95, 0x61], "①病", TextEncoding.windows31J),
            ([0xEE, 0xE0, 0x8B, 0xB4, 0x82, 0xB3, 0x82, 0xF1], "髙橋さん", .windows31J),
            ([0xB1, 0xB2, 0x20, 0x82, 0xA0, 0x82, 0xE9], "ｱｲ ある", .windows31J),
            ([0xAD, 0xA1, 0x8E, 0xB1, 0xA4, 0xA2, 0xA4, 0xEB], "①ｱある", .eucJP),
            ([0x8F, 0xA2, 0xF1, 0xA4, 0xCE], "№の", .eucJP),
            ([0x1B, 0x24, 0x42, 0x2D, 0x21, 0x35, 0x5E, 0x1B, 0x28, 0x42], "①急", .iso2022JP),
            (
                [0x1B, 0x28, 0x49, 0x31, 0x32, 0x1B, 0x28, 0x42, 0x5E, 0x41], "ｱｲ^A",
                .iso2022JP
            ),
            (
                [
                    0x1B, 0x24, 0x40, 0x46, 0x7C, 0x1B, 0x24, 0x28, 0x44, 0x22, 0x71, 0x1B, 0x28,
                    0x4A,
                ],
                "日№", .iso2022JP
            ),
        ] as [([UInt8], String, TextEncoding)])
    func vendors(bytes: [UInt8], text: String, encoding: TextEncoding) throws {
        let decoded = try EncodingDetection.decode(bytes)
        #expect(decoded.text == text)
        #expect(decoded.encoding == encoding)
    }

    @Test(
        "where CP932 and EUC-JP are both valid the likelier Japanese wins",
        arguments: [
            "腫瘤", "ある", "あり、なし", "体温は平熱", "ケアを続ける", "本日退院", "患者さんは元気",
            "疼痛の訴えなし。", "ＣＴを施行", "右上葉に腫瘤を認める",
        ])
    func likelier(text: String) throws {
        for (name, encoding) in [("CP932", TextEncoding.windows31J), ("EUC-JP-MS", .eucJP)] {
            let bytes = try #require(encoded(text + "\n" + text, in: name))
            let decoded = try EncodingDetection.decode(bytes)
            #expect(decoded.text == text + "\n" + text && decoded.encoding == encoding, "\(name)")
        }
    }

    @Test(
        "half-width katakana of CP932 is no kanji of EUC-JP",
        arguments: [
            "ｱﾑﾛｼﾞﾋﾟﾝ 5mg", "ｱﾑﾛｼﾞﾋﾟﾝ5mg", "ﾜﾙﾌｧﾘﾝ 2.5mg\nﾌﾛｾﾐﾄﾞ 20mg", "ﾛｷｿﾌﾟﾛﾌｪﾝ 60mg 3T",
            "ﾒﾄﾌﾟﾛﾛｰﾙ 中止", "ｱｾﾄｱﾐﾉﾌｪﾝ", "ﾌﾟﾚﾄﾞﾆｿﾞﾛﾝ 5mg 1錠", "ｲﾝﾌﾙｴﾝｻﾞA(+)",
        ])
    func halfWidthKatakana(text: String) throws {
        let windows = try EncodingDetection.decode(try #require(encoded(text, in: "CP932")))
        #expect(windows.text == text && windows.encoding == .windows31J)
        let euc = try EncodingDetection.decode(try #require(encoded(text, in: "EUC-JP-MS")))
        #expect(euc.text == text && euc.encoding == .eucJP)
    }

    @Test(
        "kanji of EUC-JP alone are no half-width katakana",
        arguments: ["間質性肺炎", "急性虫垂炎", "高血圧症", "右上葉肺癌", "糖尿病性腎症", "本日退院"])
    func kanjiAlone(text: String) throws {
        for (name, encoding) in [("CP932", TextEncoding.windows31J), ("EUC-JP-MS", .eucJP)] {
            let decoded = try EncodingDetection.decode(try #require(encoded(text, in: name)))
            #expect(decoded.text == text && decoded.encoding == encoding)
        }
    }

    @Test("what the folder's files were in before decides where the bytes do not, and only there")
    func former() throws {
        let windows = FormerEncodings(counts: ["Windows-31J": 900, "UTF-8": 3, "no name": 5])
        let euc = FormerEncodings(counts: ["EUC-JP": 900])
        var decided = 0
        for text in ["ｶｶﾄ", "ｻｲ", "ﾋｻﾞ", "ｸﾋﾞ", "ｱｼ", "ｶﾀ", "ｺｼ", "ﾑﾈ", "ﾜｷ", "ﾊﾗ"] {
            let bytes = try #require(encoded(text, in: "CP932"))
            guard (try? EncodingDetection.decode(bytes)) == nil else { continue }
            if let decoded = try? EncodingDetection.decode(bytes, after: windows) {
                #expect(decoded.text == text && decoded.encoding == .windows31J)
                decided += 1
            }
            // As many of both say nothing.
            let both = FormerEncodings(counts: ["Windows-31J": 900, "EUC-JP": 900])
            #expect(throws: IntakeError.self) { try EncodingDetection.decode(bytes, after: both) }
        }
        #expect(decided >= 3)
        let clear = try #require(encoded(Self.note, in: "CP932"))
        #expect(try EncodingDetection.decode(clear, after: euc).encoding == .windows31J)
    }

    @Test("where both readings are about as likely the file is set aside, whatever it is")
    func ambiguous() throws {
        let expected = IntakeError.ambiguous(.windows31J, .eucJP)
        var (count, wrong) = (0, 0)
        for text in ["ｶｶﾄ", "ｻｲ", "ﾋｻﾞ", "ｸﾋﾞ", "ｱｼ", "ｶﾀ", "ｺｼ", "ﾑﾈ", "ﾜｷ", "ﾊﾗ"] {
            let bytes = try #require(encoded(text, in: "CP932"))
            do throws(IntakeError) {
                wrong += try EncodingDetection.decode(bytes).text == text ? 0 : 1
            } catch {
                // An odd number of letters is no EUC-JP, so that nothing is in doubt.
                #expect(error == expected && text.unicodeScalars.count.isMultiple(of: 2))
                count += 1
            }
        }
        #expect(count > 0 && wrong == 0)
        let fever = try EncodingDetection.decode(try #require(encoded("熱発", in: "EUC-JP-MS")))
        #expect(fever.text == "熱発" && fever.encoding == .eucJP)
        for text in ["±0.5", "β遮断薬", "36.5°C", "μg", "Ménière", "Dvořák"] {
            #expect(try EncodingDetection.decode(Array(text.utf8)).text == text)
        }
    }

    @Test("the first bad byte is named, whatever the encoding")
    func badBytes() throws {
        let windows = try #require(encoded("発熱あり。", in: "CP932"))
        let euc = try #require(encoded("発熱あり。", in: "EUC-JP-MS"))
        let utf8 = Array("発熱あり。".utf8)
        let table: [(bytes: [UInt8], expected: IntakeError)] = [
            (windows + [0x82], .undecodable(encoding: .windows31J, byteOffset: windows.count)),
            (
                windows + [0x81, 0x20] + windows,
                .undecodable(encoding: .windows31J, byteOffset: windows.count)
            ),
            (
                windows + [0xA0] + windows,
                .undecodable(encoding: .windows31J, byteOffset: windows.count)
            ),
            (euc + euc + [0x80], .undecodable(encoding: .eucJP, byteOffset: 2 * euc.count)),
            (utf8 + [0xE3, 0x81], .undecodable(encoding: .utf8, byteOffset: utf8.count)),
            (
                utf8 + [0xFF] + utf8,
                .undecodable(encoding: .utf8, byteOffset: utf8.count)
            ),
            (
                [0xEF, 0xBB, 0xBF] + utf8 + [0xC0, 0x80],
                .undecodable(encoding: .utf8, byteOffset: 3 + utf8.count)
            ),
            (
                [0xFF, 0xFE, 0x42, 0x30, 0x00, 0xD8, 0x42, 0x30],
                .undecodable(encoding: .utf16LittleEndian, byteOffset: 4)
            ),
            (
                [0xFF, 0xFE, 0x42, 0x30, 0x42],
                .undecodable(encoding: .utf16LittleEndian, byteOffset: 4)
            ),
            (
                [0x41, 0x1B, 0x24, 0x42, 0x46, 0x7C, 0x46, 0x0D, 0x41],
                .undecodable(encoding: .iso2022JP, byteOffset: 6)
            ),
            (
                [0x41, 0x1B, 0x24, 0x42, 0x46, 0x7C, 0x0D, 0x41],
                .undecodable(encoding: .iso2022JP, byteOffset: 6)
            ),
            // Row 9 of JIS X 0208 is empty.
            (
                [0x41, 0x1B, 0x24, 0x42, 0x46, 0x7C, 0x29, 0x21],
                .undecodable(encoding: .iso2022JP, byteOffset: 6)
            ),
        ]
        for (bytes, expected) in table {
            #expect(throws: expected) { try EncodingDetection.decode(bytes) }
        }
    }

    @Test("lines in two encodings are refused with the first of the fewer ones, whatever they are")
    func mixtures() throws {
        let note = "発熱あり。夜間せん妄あり、リスペリドン内服した。"
        func bytes(_ lines: [(String, String)]) throws -> [UInt8] {
            try lines.reduce(into: []) { $0 += try #require(encoded($1.0 + "\n", in: $1.1)) }
        }
        let (utf8, windows, euc, jis) = ("UTF-8", "CP932", "EUC-JP-MS", "ISO-2022-JP")
        let table: [([(String, String)], IntakeError)] = [
            (
                [(note, utf8), ("右胸痛あり。", windows), ("咳あり。", utf8)],
                .mixedEncodings(.utf8, .windows31J, line: 2)
            ),
            (
                [("経過", utf8), (note + note, utf8), ("右胸痛あり。", windows)],
                .mixedEncodings(.utf8, .windows31J, line: 3)
            ),
            (
                [(note, windows), (note, windows), ("発熱あり。", utf8)],
                .mixedEncodings(.windows31J, .utf8, line: 3)
            ),
            ([(note, utf8), (note, euc)], .mixedEncodings(.utf8, .eucJP, line: 2)),
            (
                [("胸痛あり。", euc), ("発熱あり。", windows)],
                .mixedEncodings(.eucJP, .windows31J, line: 2)
            ),
            (
                [("BT 36.5", utf8), (note, windows), ("胸痛あり。", euc), (note, windows)],
                .mixedEncodings(.windows31J, .eucJP, line: 3)
            ),
            ([(note, windows), (note, jis)], .mixedEncodings(.windows31J, .iso2022JP, line: 2)),
            ([(note, utf8), (note, utf8), ("熱発", euc)], .mixedEncodings(.utf8, .eucJP, line: 3)),
        ]
        for (lines, expected) in table {
            let bytes = try bytes(lines)
            #expect(throws: expected) { try EncodingDetection.decode(bytes) }
        }
        #expect(
            IntakeError.mixedEncodings(.utf8, .windows31J, line: 2).explanation.hasPrefix(
                "line 2: the line looks like Windows-31J and others like UTF-8;"))
    }

    @Test("many short lines of one encoding are no mixture")
    func manyLines() throws {
        let words = [
            "ｱﾑﾛｼﾞﾋﾟﾝ 5mg", "ﾜﾙﾌｧﾘﾝ 2.5mg", "ﾛｷｿﾌﾟﾛﾌｪﾝ 60mg 3T", "発熱", "高血圧症", "右上葉肺癌", "ｶｶﾄ",
            "ﾒﾄﾌﾟﾛﾛｰﾙ 中止", "腫瘤", "±0.5", "β遮断薬", "ﾊﾗ", "熱発", "①", "膵頭部", "蜂窩織炎", "縊頸", "ｲﾝﾌﾙｴﾝｻﾞA(+)",
            "ﾌﾟﾚﾄﾞﾆｿﾞﾛﾝ 5mg 1錠", "間質性肺炎", "瘢痕", "ﾋｻﾞ", "痒疹", "あり", "なし", "Ménière",
        ]
        for (name, encoding) in [
            ("UTF-8", TextEncoding.utf8), ("CP932", .windows31J), ("EUC-JP-MS", .eucJP),
        ] {
            let known = words.filter { encoded($0, in: name) != nil }
            for shift in known.indices {
                let text = (known[shift...] + known[..<shift]).joined(separator: "\r\n")
                let decoded = try EncodingDetection.decode(try #require(encoded(text, in: name)))
                #expect(decoded.text == text && decoded.encoding == encoding)
            }
        }
    }

    @Test("a file that is no text is refused with the place of the first control character")
    func binary() {
        #expect(throws: IntakeError.nulBytes(count: 1, line: 1, byteOffset: 3)) {
            try EncodingDetection.decode([0x41, 0x42, 0x43, 0x00, 0x44])
        }
        #expect(throws: IntakeError.binary(byteOffset: 1)) {
            try EncodingDetection.decode(Array("a\u{1}b\u{2}c".utf8))
        }
        #expect(throws: IntakeError.binary(byteOffset: 4)) {
            try EncodingDetection.decode([0xFF, 0xFE, 0x42, 0x30, 0x00, 0x00])
        }
    }

    @Test("random bytes give a text or an error and never a crash")
    func randomBytes() {
        var generator = SeededNumbers(seed: 13)
        let alphabets: [[UInt8]] = [
            Array(0...255), Array(0x20...0xFF), [0x1B, 0x24, 0x42, 0x28, 0x49, 0x30, 0x21, 0x0A],
            [0xE3, 0x81, 0x82, 0xFF, 0x41], [0x82, 0xA0, 0xB1, 0x8E, 0x8F, 0xFC, 0x40],
        ]
        let reader = DocumentReader()
        for round in 0..<4000 {
            let alphabet = alphabets[round % alphabets.count]
            let mark: [UInt8] = round % 7 == 0 ? [0xFF, 0xFE] : []
            let bytes =
                mark
                + (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                }
            for name in ["a.txt", "a.jsonl"] {
                do {
                    let documents = try reader.documents(
                        in: Data(bytes), fileName: name, kind: .nursing)
                    #expect(!documents.isEmpty)
                } catch {
                    #expect(!error.explanation.isEmpty)
                    if case .undecodable(_, let offset) = error {
                        #expect(offset >= 0 && offset < bytes.count)
                    }
                }
            }
        }
    }

    @Test("a damaged file is valid up to the byte that is named")
    func prefixIsValid() throws {
        for name in ["CP932", "EUC-JP-MS", "UTF-8"] {
            let good = try #require(encoded(Self.note + Self.note, in: name))
            for place in stride(from: 0, to: good.count, by: 3) {
                var bytes = good
                bytes[place] = 0xFF
                let result = Result { () throws(IntakeError) in try EncodingDetection.decode(bytes)
                }
                guard case .failure(.undecodable(let encoding, let offset)) = result else {
                    Issue.record("0xFF was read in \(name)")
                    continue
                }
                #expect(offset <= place)
                let (text, _) = try TextDecoding.attempt(Array(bytes[..<offset]), in: encoding)
                #expect(text != nil)
            }
        }
    }
}
