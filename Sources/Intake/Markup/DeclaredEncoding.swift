// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Decodes what says itself which encoding it is in: XML, HTML, attachments with a charset.
///
/// A declaration is held against the bytes. Where they are not valid in it, or are so by chance alone, the
/// content is refused: which of the two is wrong is not ours to guess, and a wrong guess is nonsense that
/// nobody notices. A byte order mark goes before a declaration, since nothing else begins so.
enum DeclaredEncoding {
    /// The text; throws `flaw` of `format` for a declaration that does not hold, and what
    /// `EncodingDetection` throws where nothing is declared.
    static func text(
        of bytes: [UInt8], named name: String?, in format: SourceFormat
    ) throws(IntakeError) -> DecodedText {
        let hasMark = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]]
            .contains { bytes.starts(with: $0) }
        guard let name, !hasMark else { return try EncodingDetection.decode(bytes) }
        func lie(at offset: Int?) -> IntakeError {
            .flaw(.encoding(named: shown(name), byteOffset: offset), in: format, at: nil)
        }
        guard let encoding = encoding(named: name) else {
            let isASCII = !bytes.contains { $0 >= 0x80 || $0 == 0x1B || $0 == 0 }
            guard isASCII || isNameOfASCII(name) else { throw lie(at: nil) }
            if let offset = bytes.firstIndex(where: { $0 >= 0x80 || $0 == 0x1B || $0 == 0 }) {
                throw lie(at: offset)
            }
            return DecodedText(text: String(decoding: bytes, as: UTF8.self), encoding: .utf8)
        }
        let (text, failure) = try TextDecoding.attempt(bytes, in: encoding)
        guard let text else { throw lie(at: failure ?? 0) }
        if text.hasByte(0) { throw EncodingDetection.nulBytes(in: bytes) }
        if let offset = try contradiction(of: bytes, read: text, in: encoding) {
            throw lie(at: offset)
        }
        return DecodedText(text: text, encoding: encoding)
    }

    /// The encoding of a name as documents have it, in any case and with any separators.
    static func encoding(named name: String) -> TextEncoding? {
        switch plain(name) {
        case "utf8", "unicode11utf8", "unicodeutf8": .utf8
        case "utf16le": .utf16LittleEndian
        case "utf16be": .utf16BigEndian
        case "shiftjis", "xsjis", "sjis", "mskanji", "csshiftjis", "windows31j", "cp932", "ms932",
            "windows932", "xmscp932", "shiftjisx0213":
            .windows31J
        case "eucjp", "xeucjp", "ujis", "eucjpms", "cp51932", "cseucpkdfmtjapanese": .eucJP
        case "iso2022jp", "csiso2022jp", "jis", "isoir87", "iso2022jpms", "cp50220", "cp50221":
            .iso2022JP
        default: nil
        }
    }

    private static func isNameOfASCII(_ name: String) -> Bool {
        ["usascii", "ascii", "iso646us", "ansix341968"].contains(plain(name))
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// The name for an error: it comes from the file.
    private static func shown(_ name: String) -> String {
        String(
            name.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(40).map(
                Character.init))
    }

    /// A byte that shows that the bytes are in another encoding, in which they are valid, too.
    private static func contradiction(
        of bytes: [UInt8], read text: String, in encoding: TextEncoding
    ) throws(IntakeError) -> Int? {
        guard encoding == .windows31J || encoding == .eucJP else { return nil }
        if SevenBitJIS.isUsed(in: bytes) { return bytes.firstIndex(of: 0x1B) }
        guard let high = bytes.firstIndex(where: { $0 >= 0x80 }) else { return nil }
        let scan = UTF8Scan(bytes)
        if scan.firstFault == nil, scan.validBytes > 0 { return high }
        let other: TextEncoding = encoding == .windows31J ? .eucJP : .windows31J
        guard let otherText = try TextDecoding.attempt(bytes, in: other).text else { return nil }
        let difference =
            JapaneseLikelihood(of: beginning(otherText)).logarithm
            - JapaneseLikelihood(of: beginning(text)).logarithm
        // Tags in ASCII count alike in both.
        return difference >= 6 ? high : nil
    }

    private static func beginning(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.lazy.filter { !$0.isASCII }.prefix(20_000))
        return String(result)
    }
}
