// SPDX-License-Identifier: Apache-2.0

/// The letters of IPADIC: full-width where the cleaned text has ASCII, one scalar for one scalar.
enum DictionaryForm {
    /// A scalar of the cleaned text as IPADIC writes it.
    @inline(__always)
    static func widened(_ value: UInt32) -> UInt32 {
        if value > 0x7E { return value == CharacterClasses.spaceMark ? 0x20 : value }
        switch value {
        // IPADIC holds these as −, 〜 and ”; the plain full-width forms are unknown to it and would
        // be joined with neighbouring signs, as （－） is.
        case 0x2D: return 0x2212
        case 0x7E: return 0x301C
        case 0x22: return 0x201D
        // MeCab treats a space as the end of a word and leaves it out.
        case ...0x20: return 0x20
        default: return value + 0xFEE0
        }
    }

    /// A word of the cleaned text as the dictionary holds it, in UTF-8.
    static func key(_ word: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in word.unicodeScalars {
            if let wide = Unicode.Scalar(widened(scalar.value)) {
                bytes += UTF8.encode(wide).map(Array.init) ?? []
            }
        }
        return bytes
    }

    /// A word of the dictionary as the cleaned text writes it.
    static func narrowed(_ word: String) -> String {
        guard word.unicodeScalars.contains(where: { narrowed($0.value) != $0.value }) else {
            return word
        }
        return String(
            scalars: word.unicodeScalars.map { Unicode.Scalar(narrowed($0.value)) ?? $0 }[...])
    }

    private static func narrowed(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x2212: 0x2D
        case 0x301C: 0x7E
        case 0x201D: 0x22
        case 0xFF01...0xFF5E: value - 0xFEE0
        default: value
        }
    }
}
