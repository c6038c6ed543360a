// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import Intake

private let note = "<t>右肺上葉に結節を認める。ｱﾑﾛｼﾞﾋﾟﾝ5mgを継続する。</t>"

private func read(_ bytes: [UInt8], _ name: String?) throws(IntakeError) -> DecodedText {
    try DeclaredEncoding.text(of: bytes, named: name, in: .cda)
}

private func fault(_ bytes: [UInt8], _ name: String?) -> FormatFlaw? {
    do throws(IntakeError) {
        _ = try read(bytes, name)
        return nil
    } catch .flaw(let flaw, _, _) { return flaw } catch { return nil }
}

@Suite("Declared encodings")
struct DeclaredEncodingTests {
    @Test(
        "a declaration that holds is followed, whatever the name's form",
        arguments: [
            ("Shift_JIS", "CP932"), ("shift-jis", "CP932"), ("x-sjis", "CP932"),
            ("Windows-31J", "CP932"), ("MS932", "CP932"), ("cp932", "CP932"), ("EUC-JP", "EUC-JP"),
            ("x-euc-jp", "EUC-JP"), ("utf8", "UTF-8"), ("UTF-8", "UTF-8"), ("utf-16le", "UTF-16LE"),
        ])
    func holds(name: String, iconvName: String) throws {
        let bytes = try #require(encoded(note, in: iconvName))
        #expect(try read(bytes, name).text == note)
    }

    @Test("seven-bit JIS is decoded by its name")
    func sevenBit() throws {
        let text = "<t>胸水なし</t>"
        #expect(
            try read(try #require(encoded(text, in: "ISO-2022-JP")), "ISO-2022-JP").text == text)
    }

    @Test("a byte order mark goes before a declaration")
    func mark() throws {
        #expect(try read([0xEF, 0xBB, 0xBF] + Array(note.utf8), "Shift_JIS").text == note)
        let wide = [0xFF, 0xFE] + (try #require(encoded(note, in: "UTF-16LE")))
        #expect(try read(wide, "UTF-16").encoding == .utf16LittleEndian)
    }

    @Test("what is not valid as declared is refused with the byte")
    func invalid() throws {
        let windows = try #require(encoded(note, in: "CP932"))
        #expect(fault(windows, "UTF-8") == .encoding(named: "UTF-8", byteOffset: 3))
        #expect(
            fault(Array(note.utf8) + [0x82], "utf-8")
                == .encoding(named: "utf-8", byteOffset: note.utf8.count))
        #expect(fault(windows, "US-ASCII") == .encoding(named: "US-ASCII", byteOffset: 3))
    }

    @Test("what is valid as declared by chance alone is refused, too")
    func chance() throws {
        let long = String(repeating: "胸水なし。心拡大を認めない。", count: 3)
        let euc = try #require(encoded(long, in: "EUC-JP"))
        #expect(fault(euc, "Shift_JIS") == .encoding(named: "Shift_JIS", byteOffset: 0))
        for name in ["Shift_JIS", "EUC-JP"] {
            guard case .encoding(name, _?) = fault(Array(long.utf8), name) else {
                Issue.record("UTF-8 was read as \(name)")
                continue
            }
        }
        let jis = try #require(encoded("a" + long, in: "ISO-2022-JP"))
        #expect(fault(jis, "Shift_JIS") == .encoding(named: "Shift_JIS", byteOffset: 1))
    }

    @Test("words of CP932 that are valid UTF-8 by chance are read as declared")
    func short() throws {
        #expect(try read(try #require(encoded("熱発", in: "CP932")), "Shift_JIS").text == "熱発")
    }

    @Test("an unknown name is refused unless all is ASCII, and shows without odd characters")
    func unknown() throws {
        #expect(try read(Array("<t>abc</t>".utf8), "ISO-8859-1").text == "<t>abc</t>")
        #expect(
            fault([0xE9], "ISO-8859-1\u{7}") == .encoding(named: "ISO-8859-1", byteOffset: nil))
        #expect(fault([0x61, 0], "x") == .encoding(named: "x", byteOffset: nil))
    }

    @Test("the declaration of XML is found")
    func ofXML() {
        func name(_ text: String) -> String? { XMLContent.declaredName(in: Array(text.utf8)) }
        #expect(name("<?xml version='1.0' encoding = 'EUC-JP'?><a/>") == "EUC-JP")
        #expect(
            name("\n<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"yes\"?>")
                == "Shift_JIS")
        #expect(name("<?xml version='1.0'?><a encoding='x'/>") == nil)
        #expect(name("<a/>") == nil)
    }
}

@Suite("Base64")
struct Base64TextTests {
    private func bytes(_ text: String, limit: Int = 100) throws(IntakeError) -> [UInt8] {
        try Base64Text.bytes(of: text, field: "f", limit: limit, in: .fhir)
    }

    @Test("whole base64 is decoded, broken into lines or not")
    func whole() throws {
        for count in 0..<20 {
            let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 91 + 200) }
            let text =
                String(decoding: content.map { $0 }, as: UTF8.self).isEmpty ? "" : encode(content)
            #expect(try bytes(text) == content)
        }
        #expect(try bytes("SGVs\r\n bG8=\n") == Array("Hello".utf8))
    }

    private func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var result = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var value = 0
            for place in 0..<3 {
                value = value << 8 | Int(place < group.count ? group[start + place] : 0)
            }
            for place in 0..<4 {
                result.append(
                    place <= group.count ? digits[value >> (18 - 6 * place) & 63] : "=")
            }
        }
        return result
    }

    @Test(
        "what is no base64, was cut off or changed is refused",
        arguments: [
            "SGVsbG8", "SGVs bG", "これは", "SGVs!G8=", "SG=sbG8=", "S===", "SGVsbG9=", "====",
        ])
    func broken(text: String) {
        #expect(throws: IntakeError.self) { try bytes(text) }
    }

    @Test("what decodes to more than may be is refused before it is decoded")
    func long() {
        let text = String(repeating: "AAAA", count: 100)
        #expect(
            throws: IntakeError.flaw(.tooMuch(of: "bytes in f", limit: 299), in: .fhir, at: nil)
        ) { try bytes(text, limit: 299) }
    }
}
