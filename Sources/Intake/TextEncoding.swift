// SPDX-License-Identifier: Apache-2.0

/// The encodings that documents come in; the raw value is the name registered with IANA.
package enum TextEncoding: String, CaseIterable, Hashable, Sendable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    /// JIS in seven bits, with half-width katakana, JIS X 0212 and NEC's row 13.
    case iso2022JP = "ISO-2022-JP"
    /// Shift_JIS as Windows writes it (CP932), which is what files called Shift_JIS are.
    case windows31J = "Windows-31J"
    /// With JIS X 0212 and the characters of NEC and IBM.
    case eucJP = "EUC-JP"

    /// The name by which glibc's iconv knows the bytes; see `iconv -l`.
    ///
    /// ISO-2022-JP is unpacked to EUC-JP first (`SevenBitJIS`).
    var iconvName: String {
        switch self {
        case .windows31J: "CP932"
        case .eucJP, .iso2022JP: "EUC-JP-MS"
        default: rawValue
        }
    }
}
