// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A file's text and the encoding that it was in.
struct DecodedText {
    let text: String
    let encoding: TextEncoding
    /// Lines that cannot be read, by their numbers from 1; in the text they are blank.
    var lineFaults: [Int: LineFault] = [:]

    /// The same text where a byte of what was read stands at another place of the file.
    func moved(to place: (Int) -> Int) -> DecodedText {
        var result = self
        result.lineFaults = lineFaults.mapValues {
            LineFault(error: $0.error.moved(to: place), bytes: $0.bytes)
        }
        return result
    }

    /// What is wrong with a line.
    struct LineFault {
        let error: IntakeError
        /// The line as it came, without its line feed.
        let bytes: [UInt8]
    }
}

/// Bytes to text in a given encoding, strictly: nothing is replaced or left out.
enum TextDecoding {
    /// Decodes bytes without their byte order mark.
    ///
    /// `skipped` is the length of that mark, so that offsets count from the start of the file.
    static func text(
        of bytes: [UInt8], in encoding: TextEncoding, skipped: Int = 0
    ) throws(IntakeError) -> DecodedText {
        let (text, failure) = try attempt(bytes, in: encoding)
        guard let text else {
            throw .undecodable(encoding: encoding, byteOffset: (failure ?? 0) + skipped)
        }
        return DecodedText(text: text, encoding: encoding)
    }

    /// The text, or the offset of the first byte that is wrong.
    static func attempt(
        _ bytes: [UInt8], in encoding: TextEncoding
    ) throws(IntakeError) -> (text: String?, failure: Int?) {
        switch encoding {
        case .utf8:
            if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
            return (nil, UTF8Scan(bytes).firstFault ?? 0)
        case .iso2022JP:
            let (unpacked, failure) = SevenBitJIS.unpacked(bytes)
            if let failure { return (nil, failure) }
            let (text, place) = try convert(unpacked, in: encoding)
            return (text, place.map { SevenBitJIS.offset(in: bytes, ofUnpacked: $0) })
        case .eucJP:
            if let failure = firstStrayByteOfEUC(bytes) { return (nil, failure) }
            return try convert(bytes, in: encoding)
        default:
            return try convert(bytes, in: encoding)
        }
    }

    private static func convert(
        _ bytes: [UInt8], in encoding: TextEncoding
    ) throws(IntakeError) -> (text: String?, failure: Int?) {
        guard let conversion = CharacterSetConversion(from: encoding.iconvName) else {
            throw .encodingUnavailable(encoding)
        }
        let (utf8, failure) = conversion.converted(bytes)
        if let failure { return (nil, failure) }
        return (String(decoding: utf8, as: UTF8.self), nil)
    }

    /// The first byte that begins no character of EUC-JP; iconv takes some for C1 controls.
    static func firstStrayByteOfEUC(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case ..<0x80: index += 1
            case 0x8E, 0xA1...0xFE: index += 2
            case 0x8F: index += 3
            default: return index
            }
        }
        return nil
    }
}

/// What a pass over bytes says about them as UTF-8.
struct UTF8Scan {
    /// Offset of the first byte that is not valid, if any.
    private(set) var firstFault: Int?
    /// Bytes above 0x7F.
    private(set) var highBytes = 0
    /// Bytes above 0x7F that stand in valid sequences of three or four.
    private(set) var validBytes = 0

    /// Whether bytes that are not valid are UTF-8 with a few wrong ones.
    ///
    /// Such a file is often valid CP932 too, and would come out as nonsense. In real CP932 or EUC-JP
    /// text hardly any three bytes in a row happen to form a character of UTF-8.
    var looksDamaged: Bool { validBytes * 10 >= highBytes * 8 }

    init(_ bytes: [UInt8]) {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let length = Self.sequenceLength(bytes, at: index)
            if length == 0 { firstFault = firstFault ?? index }
            if length >= 3 { validBytes += length }
            highBytes += max(1, length)
            index += max(1, length)
        }
    }

    /// Length of the valid sequence at a place, 0 if there is none (Unicode Standard, table 3-7).
    private static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
        let lead = bytes[index]
        let (length, low, high): (Int, UInt8, UInt8) =
            switch lead {
            case 0xC2...0xDF: (2, 0x80, 0xBF)
            case 0xE0: (3, 0xA0, 0xBF)
            case 0xED: (3, 0x80, 0x9F)
            case 0xE1...0xEF: (3, 0x80, 0xBF)
            case 0xF0: (4, 0x90, 0xBF)
            case 0xF1...0xF3: (4, 0x80, 0xBF)
            case 0xF4: (4, 0x80, 0x8F)
            default: (0, 0, 0)
            }
        guard length > 0, index + length <= bytes.count, bytes[index + 1] >= low,
            bytes[index + 1] <= high
        else { return 0 }
        for offset in 2..<max(2, length) where !UTF8.isContinuation(bytes[index + offset]) {
            return 0
        }
        return length
    }
}
