// SPDX-License-Identifier: Apache-2.0

/// Finds what toml++ takes for granted, so that another character ends the process instead of being refused.
///
/// A header's bracket is followed by a letter, digit, `-`, `_` or quotation mark, unlike in `[=]` or `[あ]`; no `}`
/// stands where a value of an array is due, unlike in `[}`; and no date or time, which none of our keys has,
/// is begun and left unfinished. Brackets in strings and comments count for nothing.
struct ParserTrap {
    /// Where it is; line and column count from 1.
    let line: Int, column: Int
    /// What is wrong there.
    let reason: String

    /// The first one in a text.
    init?(in text: String) {
        var scan = BracketScan(text)
        guard let found = scan.firstTrap() else { return nil }
        self = found
    }

    fileprivate init(line: Int, column: Int, reason: String) {
        (self.line, self.column, self.reason) = (line, column, reason)
    }
}

/// Goes through a text by its brackets, strings and comments.
private struct BracketScan {
    private let bytes: [UInt8]
    private var index = 0
    private var (line, lineStart) = (1, 0)
    /// The brackets of values and headers that are open.
    private var open: [UInt8] = []
    private var isLineStart = true
    /// Whether an equals sign has been, so that what follows is a value and no key.
    private var isValue = false

    init(_ text: String) {
        bytes = Array(text.utf8)
        // The mark of UTF-8 may stand before the first line.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (index, lineStart) = (3, 3) }
    }

    mutating func firstTrap() -> ParserTrap? {
        while let byte = byte(at: index) {
            switch byte {
            case UInt8(ascii: "\n"): endLine()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
            case UInt8(ascii: "#"): skipComment()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(byte)
            case UInt8(ascii: "[") where isLineStart:
                openHeader()
                guard let next = self.byte(at: index), Self.beginsName(next) else {
                    return trap(
                        "a table's name begins with a letter, a digit, -, _ or a quotation mark")
                }
            case UInt8(ascii: "}") where open.last == UInt8(ascii: "["):
                return trap("an array ends with ]")
            case UInt8(ascii: "["), UInt8(ascii: "{"): pass(opening: byte)
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                _ = open.popLast()
                pass()
            case UInt8(ascii: "-") where isValue && endsNumber(digits: 4) && !isWholeDate,
                UInt8(ascii: ":") where isValue && endsNumber(digits: 2):
                return trap("no key has a date or a time as its value; put it into quotation marks")
            case UInt8(ascii: "="):
                isValue = true
                pass()
            default: pass()
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

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether so many digits stand before, and nothing that belongs to them before those.
    private func endsNumber(digits: Int) -> Bool {
        guard index > digits else { return false }
        let before = bytes[index - digits - 1]
        return bytes[index - digits..<index].allSatisfy(Self.isDigit)
            && !Self.beginsName(before) && before != UInt8(ascii: "+")
            && before != UInt8(ascii: ".")
    }

    /// Whether the year before is that of a date and nothing else, such as 2026-01-02.
    private var isWholeDate: Bool {
        let rest = bytes[index...].prefix(7)
        let isDate = rest.prefix(6).enumerated().allSatisfy { offset, byte in
            offset % 3 == 0 ? byte == UInt8(ascii: "-") : Self.isDigit(byte)
        }
        return isDate && (rest.count == 6 || rest.last.map { "\n\r,]}#".utf8.contains($0) } == true)
    }

    private func byte(at place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

    private func trap(_ reason: String) -> ParserTrap {
        ParserTrap(line: line, column: index - lineStart + 1, reason: reason)
    }

    private mutating func pass(opening bracket: UInt8? = nil) {
        if let bracket { open.append(bracket) }
        isLineStart = false
        index += 1
    }

    private mutating func endLine() {
        index += 1
        (line, lineStart) = (line + 1, index)
        isLineStart = open.isEmpty
        if isLineStart { isValue = false }
    }

    private mutating func skipComment() {
        while let byte = byte(at: index), byte != UInt8(ascii: "\n") { index += 1 }
    }

    /// Goes past one or two brackets and the blanks after them.
    private mutating func openHeader() {
        pass(opening: UInt8(ascii: "["))
        if byte(at: index) == UInt8(ascii: "[") { pass(opening: UInt8(ascii: "[")) }
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
