// SPDX-License-Identifier: Apache-2.0

/// Reads a Python list of strings as `repr` writes it: `['発熱', "patient's", 'a\u3000b']`.
package enum PythonListLiteral {
    /// The strings; nil if `text` is anything else. JSON lists of strings are read as well.
    package static func strings(_ text: String) -> [String]? {
        var scanner = Scanner(Array(text.unicodeScalars))
        return scanner.list()
    }

    private struct Scanner {
        private let scalars: [Unicode.Scalar]
        private var position = 0

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        private mutating func take() -> Unicode.Scalar? {
            guard position < scalars.count else { return nil }
            defer { position += 1 }
            return scalars[position]
        }

        /// The next character that is not white space.
        private mutating func takeVisible() -> Unicode.Scalar? {
            while let scalar = take() {
                if !scalar.properties.isWhitespace { return scalar }
            }
            return nil
        }

        mutating func list() -> [String]? {
            guard takeVisible() == "[" else { return nil }
            var strings: [String] = []
            while let scalar = takeVisible() {
                if scalar == "]" { return takeVisible() == nil ? strings : nil }
                guard scalar == "'" || scalar == "\"", let string = string(until: scalar) else {
                    return nil
                }
                strings.append(string)
                switch takeVisible() {
                case ",": continue
                case "]": return takeVisible() == nil ? strings : nil
                default: return nil
                }
            }
            return nil
        }

        private mutating func string(until quote: Unicode.Scalar) -> String? {
            var string = String.UnicodeScalarView()
            while let scalar = take() {
                if scalar == quote { return String(string) }
                if scalar == "\\" {
                    guard let escaped = escape() else { return nil }
                    string.append(escaped)
                } else {
                    string.append(scalar)
                }
            }
            return nil
        }

        private mutating func escape() -> Unicode.Scalar? {
            switch take() {
            case "n": "\n"
            case "r": "\r"
            case "t": "\t"
            case "x": hexadecimal(digits: 2)
            case "u": hexadecimal(digits: 4)
            case "U": hexadecimal(digits: 8)
            case "\\": "\\"
            case "'": "'"
            case "\"": "\""
            case "/": "/"
            default: nil
            }
        }

        private mutating func hexadecimal(digits: Int) -> Unicode.Scalar? {
            var value: UInt32 = 0
            for _ in 0..<digits {
                guard let scalar = take(), let digit = Character(scalar).hexDigitValue else {
                    return nil
                }
                value = value << 4 | UInt32(digit)
            }
            return Unicode.Scalar(value)
        }
    }
}
