// SPDX-License-Identifier: Apache-2.0

/// Which character sets the bytes of an RTF text are in: the document's and those of its fonts.
struct RTFCharacterSets {
    /// The document's code page (`\ansicpg`); nil where it names none.
    var documentPage: Int?
    /// The font that counts where none is chosen (`\deff`).
    var defaultFont: Int?
    /// The code page of each font by its number; nil for a font that has the document's.
    private(set) var pages: [Int: Int?] = [:]

    /// Symbols of fonts such as Wingdings, which are no characters of a language.
    static let symbols = 42
    private static let western = 1252
    private static let japanese = 932

    /// Takes in a font's `\fcharset`.
    mutating func add(font: Int, characterSet: Int) { pages[font] = Self.page(of: characterSet) }

    /// Takes in a font's `\cpg`.
    mutating func add(font: Int, page: Int) { pages[font] = page }

    /// The page of a font; nil where only the document's can count.
    func page(ofFont font: Int?) -> Int? {
        guard let font = font ?? defaultFont, let page = pages[font] else { return nil }
        return page
    }

    /// The name of the character set that the document says to be in.
    var name: String { Self.name(of: documentPage) }

    /// What a page is called.
    static func name(of page: Int?) -> String {
        switch page ?? western {
        case japanese: TextEncoding.windows31J.rawValue
        case 65001: TextEncoding.utf8.rawValue
        case let page: "windows-\(page)"
        }
    }

    private static func page(of characterSet: Int) -> Int? {
        switch characterSet {
        case 2: symbols
        case 77: 10000
        case 78, 128: japanese
        case 129: 949
        case 134: 936
        case 136: 950
        case 161: 1253
        case 162: 1254
        case 163: 1258
        case 177: 1255
        case 178: 1256
        case 186: 1257
        case 204: 1251
        case 222: 874
        case 238: 1250
        case 254, 255: 437
        // ANSI and "default" say no more than the document itself.
        default: nil
        }
    }

    /// The text of a run in a font's page, or the offset of the first byte that is not valid there.
    func text(of bytes: [UInt8], page: Int?) throws(FormatFlaw) -> (text: String?, failure: Int) {
        if bytes.allSatisfy({ $0 < 0x80 }) {
            return (String(decoding: bytes, as: UTF8.self), 0)
        }
        if page == Self.symbols { return (Self.symbols(bytes), 0) }
        if let page { return try Self.convert(bytes, page) }
        guard let documentPage else {
            let isJapanese = zip(bytes, bytes.dropFirst()).contains {
                // Hiragana, whose first byte is a low quotation mark in Windows-1252.
                $0 == 0x82 && (0x9F...0xF1).contains($1)
            }
            return try Self.convert(bytes, isJapanese ? Self.japanese : Self.western)
        }
        let (text, failure) = try Self.convert(bytes, documentPage)
        if text == nil, documentPage == Self.japanese, Self.hasAccentsOnly(bytes) {
            return try Self.convert(bytes, Self.western)
        }
        return (text, failure)
    }

    /// Whether bytes above ASCII stand alone and are letters with accents of Windows-1252, as in a name in a
    /// Western font of a Japanese document.
    private static func hasAccentsOnly(_ bytes: [UInt8]) -> Bool {
        bytes.indices.allSatisfy { place in
            bytes[place] < 0x80
                || bytes[place] >= 0xC0
                    && (place + 1 == bytes.count || bytes[place + 1] < 0x80)
        }
    }

    private static func symbols(_ bytes: [UInt8]) -> String {
        var result = String.UnicodeScalarView()
        for byte in bytes {
            switch byte {
            case ..<0x80: result.append(Unicode.Scalar(byte))
            case 0xA7, 0xA8, 0xB7, 0x9F: result.append("•")
            // Where Windows has such signs.
            default: result.append(Unicode.Scalar(0xF000 + UInt32(byte)) ?? "•")
            }
        }
        return String(result)
    }

    private static func convert(
        _ bytes: [UInt8], _ page: Int
    ) throws(FormatFlaw) -> (text: String?, failure: Int) {
        let name =
            switch page {
            case 65001: "UTF-8"
            case 10000: "MACINTOSH"
            case 10001: "CP932"
            default: "CP\(page)"
            }
        guard (0...65535).contains(page), let conversion = CharacterSetConversion(from: name) else {
            throw .encoding(named: "code page \(page)", byteOffset: nil)
        }
        let (utf8, failure) = conversion.converted(bytes)
        if let failure { return (nil, failure) }
        return (String(decoding: utf8, as: UTF8.self), 0)
    }

    /// Whether a byte is the first of two in a page.
    func isLead(_ byte: UInt8, page: Int?) -> Bool {
        switch page ?? documentPage {
        case 932, 10001: (0x81...0x9F).contains(byte) || (0xE0...0xFC).contains(byte)
        case 936, 949, 950: (0x81...0xFE).contains(byte)
        default: false
        }
    }
}
