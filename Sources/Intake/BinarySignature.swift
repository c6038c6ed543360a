// SPDX-License-Identifier: Apache-2.0

/// Formats that a file's first bytes show before anything is decoded.
enum BinarySignature {
    /// First bytes of formats; none of them begins a text.
    private static let beginnings: [(bytes: [UInt8], format: StructuredFormat)] = [
        (Array("{\\rtf".utf8), .rtf),
        (Array("%PDF-".utf8), .pdf),
        (Array("%!PS".utf8), .postScript),
        ([0x50, 0x4B, 0x03, 0x04], .archive),  // zip, and with it .docx, .xlsx, .odt
        ([0x50, 0x4B, 0x05, 0x06], .archive),  // zip without entries
        ([0x1F, 0x8B, 0x08], .archive),  // gzip
        (Array("BZh".utf8) + [0x31], .archive), (Array("BZh9".utf8), .archive),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .archive),  // xz
        ([0x28, 0xB5, 0x2F, 0xFD], .archive),  // zstd
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .archive),  // 7z
        (Array("Rar!".utf8) + [0x1A, 0x07], .archive),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .officeDocument),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], .image),
        ([0xFF, 0xD8, 0xFF], .image),  // JPEG
        (Array("GIF87a".utf8), .image), (Array("GIF89a".utf8), .image),
        ([0x49, 0x49, 0x2A, 0x00], .image), ([0x4D, 0x4D, 0x00, 0x2A], .image),  // TIFF
        // The same in base64, as attachments are stored.
        (Array("e1xydGY".utf8), .rtf), (Array("JVBERi0".utf8), .pdf),
        (Array("UEsDBB".utf8), .archive),
    ]

    /// The format of a file of these bytes; nil where they may be text.
    static func format(of bytes: [UInt8]) -> StructuredFormat? {
        if bytes.count >= 132, bytes[128..<132].elementsEqual("DICM".utf8) { return .dicom }
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let content = bytes.dropFirst(mark).drop { Self.isBlank($0) }
        for (beginning, format) in beginnings where content.starts(with: beginning) {
            return format
        }
        // Readers of PDF let something stand before it.
        return contains("%PDF-1.", in: bytes.prefix(1024))
            || contains("%PDF-2.", in: bytes.prefix(1024)) ? .pdf : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func contains(_ word: StaticString, in bytes: ArraySlice<UInt8>) -> Bool {
        let word = Array("\(word)".utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: word) }
    }
}
