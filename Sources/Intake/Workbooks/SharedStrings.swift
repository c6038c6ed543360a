// SPDX-License-Identifier: Apache-2.0
import XMLFiles

/// The texts of a workbook that its cells refer to by number.
struct SharedStrings {
    let texts: [String]

    /// The texts of the part `sharedStrings.xml`; none for a workbook without one.
    init(_ part: XMLTree?) {
        texts = part?.root.all("si").map(Self.text(of:)) ?? []
    }

    /// The text of an `si` or `is`: all its runs, without the readings that stand above kanji.
    static func text(of element: XMLTree.Element) -> String {
        var result = ""
        for child in element.elements {
            switch child.name {
            case "t": result += child.text
            case "r": result += child.all("t").map(\.text).joined()
            default: continue
            }
        }
        return unescaped(result)
    }

    /// `_x000D_` as the character that XML could not hold.
    static func unescaped(_ text: String) -> String {
        guard text.hasByte(UInt8(ascii: "_")) else { return text }
        var result = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        while let first = rest.first {
            if first == "_", rest.count >= 7, rest[rest.startIndex + 1] == "x",
                rest[rest.startIndex + 6] == "_",
                let value = hexadecimal(rest[(rest.startIndex + 2)..<(rest.startIndex + 6)]),
                let scalar = Unicode.Scalar(value), scalar != "\0"
            {
                result.append(scalar)
                rest.removeFirst(7)
            } else {
                result.append(first)
                rest.removeFirst()
            }
        }
        return String(result)
    }

    private static func hexadecimal(_ digits: ArraySlice<Unicode.Scalar>) -> UInt32? {
        guard digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
        return digits.reduce(0) { value, digit in
            value << 4 | UInt32(Character(digit).hexDigitValue ?? 0)
        }
    }
}
