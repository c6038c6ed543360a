// SPDX-License-Identifier: Apache-2.0

/// The character sets of a data set's text (Specific Character Set, DICOM PS3.3, C.12.1.1.2).
struct DICOMCharacterSet {
    private enum Repertoire: Hashable {
        /// Nothing is said, or that of ASCII.
        case ascii
        case utf8
        /// ASCII or JIS X 0201 with escape sequences to the sets of Japan.
        case japanese
        case latin
        case other
    }

    private let repertoire: Repertoire
    private let name: String

    /// Reads the element (0008,0005); nil for a data set without.
    init(_ value: String?) {
        let names = (value ?? "").split(separator: "\\", omittingEmptySubsequences: false)
            .map { $0.uppercased().filter { $0.isLetter || $0.isNumber } }
        name = String((value ?? "ISO_IR 6").prefix(40))
        let known = Set(names.filter { !$0.isEmpty && $0 != "ISOIR6" && $0 != "ISO2022IR6" })
        let japanese: Set = [
            "ISO2022IR13", "ISO2022IR87", "ISO2022IR159", "ISOIR13", "ISOIR87", "ISOIR14",
        ]
        if known.isEmpty {
            repertoire = .ascii
        } else if known.contains("ISOIR192") {
            repertoire = .utf8
        } else if known.isSubset(of: japanese) {
            repertoire = .japanese
        } else {
            repertoire = known.isSubset(of: ["ISOIR100", "ISO2022IR100"]) ? .latin : .other
        }
    }

    /// What the bytes are in, for the document's row.
    var encoding: TextEncoding { repertoire == .japanese ? .iso2022JP : .utf8 }

    /// The text of a value without the padding behind it; throws `encoding` for bytes that are not valid.
    func text(of value: ArraySlice<UInt8>) throws(FormatFlaw) -> String {
        var value = value
        while let last = value.last, last == 0x20 || last == 0 { value.removeLast() }
        let isPlain = value.allSatisfy { $0 < 0x80 && $0 != 0x1B && $0 != 0 }
        let text: String?
        if isPlain {
            text = String(utf8: value)
        } else {
            switch repertoire {
            case .utf8: text = String(utf8: value)
            case .japanese: text = Self.japanese(value)
            case .latin: text = Self.latin(value) ?? Self.undeclared(value)
            case .ascii: text = Self.undeclared(value)
            case .other: text = nil
            }
        }
        guard let text, !text.hasByte(0) else {
            throw .encoding(named: name, byteOffset: value.startIndex)
        }
        return text
    }

    /// Bytes of which nothing true is said, where they can mean one thing only.
    private static func undeclared(_ value: ArraySlice<UInt8>) -> String? {
        if SevenBitJIS.isUsed(in: Array(value)) { return japanese(value) }
        return value.contains { $0 >= 0xE0 } ? String(utf8: value) : nil
    }

    /// A letter with an accent here and there; anything else is in another set.
    private static func latin(_ value: ArraySlice<UInt8>) -> String? {
        for index in value.indices where value[index] >= 0x80 {
            let isPair = index + 1 < value.endIndex && value[index + 1] >= 0x80
            if value[index] < 0xA0 || isPair { return nil }
        }
        guard !value.contains(0x1B) else { return nil }
        return String(scalars: value.map { Unicode.Scalar($0) })
    }

    /// Escape sequences as ISO-2022-JP has them; half-width katakana may stand in eight bits, too.
    private static func japanese(_ value: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var (isDouble, isKana) = (false, false)
        var rest = value
        while let byte = rest.first {
            // JIS X 0201's katakana as the upper half, which they are anyway.
            if rest.starts(with: [0x1B, 0x29, 0x49]) {
                rest = rest.dropFirst(3)
                continue
            }
            let isUpper = !isDouble && (0xA1...0xDF).contains(byte)
            if isUpper != isKana, byte != 0x1B || isKana {
                bytes += isUpper ? [0x1B, 0x28, 0x49] : [0x1B, 0x28, 0x42]
                isKana = isUpper
            }
            if byte == 0x1B, let next = rest.dropFirst().first { isDouble = next == 0x24 }
            bytes.append(isUpper ? byte & 0x7F : byte)
            rest = rest.dropFirst()
        }
        if isKana { bytes += [0x1B, 0x28, 0x42] }
        return (try? TextDecoding.attempt(bytes, in: .iso2022JP))?.text
    }
}
