// SPDX-License-Identifier: Apache-2.0

/// A system of codes whose codes a table of terms stores as numbers.
package enum CodeScheme: Hashable, Sendable {
    /// ICD-10 without the point: `E14`, `R529`.
    case icd10
    /// The codes of Japan's price list of drugs (薬価基準収載医薬品コード): the four digits of a therapeutic class, or with
    /// three more those of an ingredient and its route.
    case drugPriceList

    /// The number of a code; nil if it is none.
    func number(_ code: String) -> UInt32? {
        switch self {
        case .icd10: return Self.icd10Number(code)
        case .drugPriceList:
            let isCode = code.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isCode, let number = UInt32(code) else { return nil }
            return switch code.utf8.count {
            case 4: number
            case 7: 10_000 + number
            default: nil
            }
        }
    }

    /// The code of a number; nil if no code has it.
    func code(_ number: UInt32) -> String? {
        switch self {
        case .icd10: return Self.icd10Code(number)
        case .drugPriceList:
            let (value, count) = number < 10_000 ? (number, 4) : (number - 10_000, 7)
            let digits = String(value)
            guard digits.utf8.count <= count else { return nil }
            return String(repeating: "0", count: count - digits.utf8.count) + digits
        }
    }

    // MARK: ICD-10

    /// Digits of the number: ten digits and "none".
    private static let base: UInt32 = 11

    /// The number of a letter with two to four digits.
    private static func icd10Number(_ code: String) -> UInt32? {
        let bytes = Array(code.utf8)
        guard (3...5).contains(bytes.count), (0x41...0x5A).contains(bytes[0]) else { return nil }
        var number = UInt32(bytes[0] - 0x41)
        for place in 1...4 {
            var digit = base - 1
            if place < bytes.count {
                guard (0x30...0x39).contains(bytes[place]) else { return nil }
                digit = UInt32(bytes[place] - 0x30)
            }
            number = number * base + digit
        }
        return number
    }

    private static func icd10Code(_ number: UInt32) -> String? {
        var rest = number
        var digits: [UInt8] = []
        for _ in 1...4 {
            let digit = rest % base
            rest /= base
            if digit < 10 { digits.append(UInt8(digit) + 0x30) }
        }
        guard rest < 26, digits.count >= 2 else { return nil }
        digits.append(UInt8(rest) + 0x41)
        return String(decoding: digits.reversed(), as: UTF8.self)
    }
}
