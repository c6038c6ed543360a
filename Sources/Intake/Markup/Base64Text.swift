// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Bytes in base64 (RFC 4648, section 4), perhaps broken into lines.
///
/// Foundation's decoder takes `====` for a zero byte and passes over bits behind the last byte, so that it does
/// not show every text that was cut off or changed.
enum Base64Text {
    /// The bytes of a field; throws `flaw` of `format` for more than `limit` bytes, before any is decoded,
    /// and for what is no base64 or was cut off.
    static func bytes(
        of text: String, field: String, limit: Int, in format: SourceFormat
    ) throws(IntakeError) -> [UInt8] {
        let digits = text.utf8.lazy.filter { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
        let count = digits.count
        guard count / 4 * 3 <= limit else {
            throw .flaw(.tooMuch(of: "bytes in \(field)", limit: limit), in: format, at: nil)
        }
        guard let result = bytes(of: digits) else {
            throw .flaw(
                .malformed(expected: "whole base64 in \(field)", byteOffset: nil), in: format,
                at: nil)
        }
        return result
    }

    /// The bytes of digits alone, with their padding; nil for what is no base64 or was cut off.
    static func bytes(of digits: some Sequence<UInt8>) -> [UInt8]? {
        var (result, count): ([UInt8], Int) = ([], 0)
        var (value, bits, padding): (UInt32, Int, Int) = (0, 0, 0)
        for digit in digits {
            count += 1
            if digit == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let code = values[Int(digit)]
            guard code < 64, padding == 0 else { return nil }
            value = value << 6 | UInt32(code)
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: value >> UInt32(bits)))
                value &= (1 << UInt32(bits)) - 1
            }
        }
        let isWhole = count.isMultiple(of: 4) && padding <= 2 && padding * 2 == bits
        return isWhole && value == 0 ? result : nil
    }

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (index, digit) in alphabet.utf8.enumerated() { values[Int(digit)] = UInt8(index) }
        return values
    }()
}
