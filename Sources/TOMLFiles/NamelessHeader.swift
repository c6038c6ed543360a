// SPDX-License-Identifier: Apache-2.0

/// Finds a table's header whose name does not begin, such as `[=]` or `[あ]`.
///
/// toml++ takes for granted that a letter, digit, `-`, `_` or quotation mark follows the bracket; another
/// character ends the process instead of being refused. Brackets in strings, comments and values are
/// no headers.
struct NamelessHeader {
    private let bytes: [UInt8]
    private var index = 0
    private var (line, lineStart) = (1, 0)
    /// How many brackets of values and headers are open.
    private var depth = 0
    private var isLineStart = true

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Where the first one is; line and column count from 1.
    static func place(in text: String) -> (line: Int, column: Int)? {
        var scan = NamelessHeader(text)
        return scan.run()
    }

    private mutating func run() -> (line: Int, column: Int)? {
        while let byte = byte(at: index) {
            switch byte {
            case UInt8(ascii: "\n"): endLine()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
            case UInt8(ascii: "#"): skipComment()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(byte)
            case UInt8(ascii: "[") where isLineStart:
                openHeader()
                guard let next = self.byte(at: index), Self.beginsName(next) else {
                    return (line, index - lineStart + 1)
                }
            case UInt8(ascii: "["), UInt8(ascii: "{"): pass(opening: 1)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): pass(opening: -1)
            default: pass(opening: 0)
            }
        }
        return nil
    }

    private static func beginsName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "\""), UInt8(ascii: "'"):
            true
        default: false
        }
    }

    private func byte(at place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func pass(opening: Int) {
        depth = max(0, depth + opening)
        isLineStart = false
        index += 1
    }

    private mutating func endLine() {
        index += 1
        (line, lineStart) = (line + 1, index)
        isLineStart = depth == 0
    }

    private mutating func skipComment() {
        while let byte = byte(at: index), byte != UInt8(ascii: "\n") { index += 1 }
    }

    /// Goes past one or two brackets and the blanks after them.
    private mutating func openHeader() {
        pass(opening: 1)
        if byte(at: index) == UInt8(ascii: "[") { pass(opening: 1) }
        while let byte = byte(at: index), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
            index += 1
        }
    }

    /// Goes past a string in either kind of quotation mark, of one line or of several.
    private mutating func skipString(_ mark: UInt8) {
        isLineStart = false
        let isLong = byte(at: index + 1) == mark && byte(at: index + 2) == mark
        index += isLong ? 3 : 1
        while let byte = byte(at: index) {
            if byte == UInt8(ascii: "\n") {
                guard isLong else { return }
                (line, lineStart) = (line + 1, index + 1)
            }
            if byte == mark {
                guard isLong else {
                    index += 1
                    return
                }
                if self.byte(at: index + 1) == mark && self.byte(at: index + 2) == mark {
                    index += 3
                    // Two more may belong to the text.
                    for _ in 0..<2 where self.byte(at: index) == mark { index += 1 }
                    return
                }
            }
            let isEscape = byte == UInt8(ascii: "\\") && mark == UInt8(ascii: "\"")
            // What is escaped may be the end of a line, which still counts.
            index += isEscape && self.byte(at: index + 1) != UInt8(ascii: "\n") ? 2 : 1
        }
    }
}
