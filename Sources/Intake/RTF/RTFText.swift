// SPDX-License-Identifier: Apache-2.0

/// Takes the text out of RTF: what a reader of the page would see in its body.
///
/// Headers, footers, pictures, fields' instructions, notes of reviewers, deleted and hidden text are left
/// out. The bytes of a character may stand in several runs and be written in any way that RTF has.
struct RTFText {
    /// What a group begins with that is left out as a whole.
    private static let leftOut: Set<String> = [
        "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf",
        "footer",
        "footerl", "footerr", "footerf", "fldinst", "filetbl", "revtbl", "listtable", "private",
        "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "tc", "tcn", "xe", "rxe",
        "annotation", "atnid", "atnauthor", "shprslt", "nonshppict", "sn", "sv", "template",
        "datafield",
        "objdata", "objclass", "objname", "bkmkstart", "bkmkend", "nonesttables", "generator",
    ]
    /// Groups of which only a part within is taken.
    private static let partly: Set<String> = ["object", "shpinst", "upr"]
    /// These parts.
    private static let taken: Set<String> = ["result", "shptxt", "ud"]

    private struct Group {
        enum Reading { case text, partly, nothing, fonts }
        var reading = Reading.text
        var isStarred = false
        var isAtBeginning = true
        var isHidden = false
        var isDeleted = false
        var font: Int?
        /// How many characters stand behind `\u` for readers that do not know it.
        var substitutes = 1
        /// Whether it is a note at the foot of the page, whose text comes in brackets.
        var isNote = false
    }

    private var scanner: RTFScanner
    private let limits: IntakeLimits
    private var groups: [Group] = []
    private var group = Group()
    private var sets = RTFCharacterSets()
    private var tableFont: Int?
    /// Bytes that wait to be decoded, the place of each, and whether the last is the first of two.
    private var pending: [UInt8] = []
    private var pendingPlaces: [Int] = []
    private var pendingPage: Int?
    private var isSecondOpen = false
    private var high: UInt32?
    private var toSkip = 0
    private var scalars = String.UnicodeScalarView()
    private var count = 0

    private init(_ bytes: [UInt8], at start: Int, limits: IntakeLimits) {
        scanner = RTFScanner(bytes, at: start)
        self.limits = limits
    }

    /// The text of a file of RTF and the name of the character set that it mostly is in; throws what is
    /// wrong with it.
    static func read(
        _ bytes: [UInt8], limits: IntakeLimits
    ) throws(FormatFlaw) -> (text: String, encoding: String) {
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let start = bytes[mark...].firstIndex { $0 > 0x20 } ?? bytes.count
        guard bytes[start...].starts(with: "{\\rtf".utf8) else {
            throw .malformed(expected: "{\\rtf", byteOffset: start)
        }
        var reader = RTFText(bytes, at: start, limits: limits)
        try reader.read()
        guard bytes[reader.scanner.position...].allSatisfy({ $0 <= 0x20 }) else {
            throw .malformed(
                expected: "the end of the file", byteOffset: reader.scanner.position)
        }
        return (String(reader.scalars), reader.sets.name)
    }

    /// The text of an attachment of RTF; throws what is wrong with it.
    static func text(of bytes: [UInt8], limits: IntakeLimits) throws(FormatFlaw) -> String {
        try read(bytes, limits: limits).text
    }

    private mutating func read() throws(FormatFlaw) {
        while let token = try scanner.next() {
            switch token {
            case .open: try open()
            case .close:
                try close()
                if groups.isEmpty { return }
            case .word(let word, let number): try take(word, number)
            case .symbol(let symbol): try take(symbol)
            case .byte(let byte, let isEscaped): try take(byte, isEscaped)
            }
        }
        throw .malformed(
            expected: "the end of \(groups.count) groups", byteOffset: scanner.position)
    }

    // MARK: Groups

    private mutating func open() throws(FormatFlaw) {
        toSkip = 0
        guard groups.count < limits.maximumDepth else {
            throw .tooMuch(of: "groups within each other", limit: limits.maximumDepth)
        }
        groups.append(group)
        group.isAtBeginning = true
        group.isStarred = false
        group.isNote = false
    }

    private mutating func close() throws(FormatFlaw) {
        toSkip = 0
        if group.isNote { try append(")") }
        if let outer = groups.popLast() { group = outer }
        group.isAtBeginning = false
        if groups.isEmpty { try flush() }
    }

    /// What a group's first word says of how it is to be read.
    private mutating func begin(_ word: String) throws(FormatFlaw) {
        defer { group.isAtBeginning = false }
        guard group.isAtBeginning, group.reading != .nothing else { return }
        if word == "footnote" {
            try append("(")
            group.isNote = true
        } else if word == "fonttbl" {
            group.reading = .fonts
        } else if Self.leftOut.contains(word) {
            group.reading = .nothing
        } else if Self.partly.contains(word) {
            group.reading = .partly
        } else if Self.taken.contains(word), group.reading == .partly {
            group.reading = .text
        } else if group.isStarred, group.reading == .text {
            group.reading = .nothing
        }
    }

    // MARK: Words

    private mutating func take(_ word: String, _ number: Int?) throws(FormatFlaw) {
        if word == "bin" { return try scanner.skip(number ?? 0) }
        if toSkip > 0 {
            toSkip -= 1
            return
        }
        try begin(word)
        if group.reading == .fonts { return takeFont(word, number) }
        switch word {
        case "ansicpg": sets.documentPage = number.flatMap { $0 > 0 ? $0 : nil }
        case "mac": sets.documentPage = sets.documentPage ?? 10000
        case "pc": sets.documentPage = sets.documentPage ?? 437
        case "pca": sets.documentPage = sets.documentPage ?? 850
        case "deff": sets.defaultFont = number
        case "f": group.font = number
        case "plain": (group.font, group.isHidden, group.isDeleted) = (nil, false, false)
        case "v": group.isHidden = number != 0
        case "deleted": group.isDeleted = number != 0
        case "uc": group.substitutes = min(max(number ?? 1, 0), 16)
        case "u": try takeUnicode(number)
        default: if let text = Self.signs[word] { try append(text) }
        }
    }

    private static let signs: [String: String] = [
        "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "softline": "\n",
        "row": "\n", "nestrow": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t",
        "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
        "rdblquote": "”", "bullet": "•", "emspace": "\u{2003}", "enspace": "\u{2002}",
        "qmspace": " ",
    ]

    private mutating func takeFont(_ word: String, _ number: Int?) {
        switch (word, number) {
        case ("f", let number?): tableFont = number
        case ("fcharset", let number?):
            if let tableFont { sets.add(font: tableFont, characterSet: number) }
        case ("cpg", let number?):
            if let tableFont { sets.add(font: tableFont, page: number) }
        default: break
        }
    }

    private mutating func take(_ symbol: UInt8) throws(FormatFlaw) {
        if symbol == UInt8(ascii: "*") {
            group.isStarred = group.isAtBeginning
            return
        }
        if toSkip > 0 {
            toSkip -= 1
            return
        }
        group.isAtBeginning = false
        switch symbol {
        case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            try append(byte: symbol)
        case UInt8(ascii: "~"): try append(" ")
        case UInt8(ascii: "_"): try append("-")
        case 0x0A, 0x0D: try append("\n")
        case 0x09: try append("\t")
        // A hyphen that may stand here, marks of an index and of a formula.
        default: break
        }
    }

    // MARK: Text

    private var isTaken: Bool { group.reading == .text && !group.isHidden && !group.isDeleted }

    private mutating func take(_ byte: UInt8, _ isEscaped: Bool) throws(FormatFlaw) {
        if toSkip > 0 {
            toSkip -= 1
            return
        }
        group.isAtBeginning = false
        try append(byte: byte)
        // Written as itself, the second of two bytes may look like a brace or a backslash.
        if !isEscaped, byte >= 0x80, isSecondOpen, let second = scanner.rawByte() {
            try append(byte: second)
        }
    }

    private mutating func append(byte: UInt8) throws(FormatFlaw) {
        guard isTaken else { return }
        try endPair()
        let page = sets.page(ofFont: group.font)
        if page != pendingPage || pending.count > 4096 && byte < 0x80 && !isSecondOpen {
            try flush()
        }
        pendingPage = page
        isSecondOpen = !isSecondOpen && sets.isLead(byte, page: page)
        pending.append(byte)
        pendingPlaces.append(scanner.position)
    }

    private mutating func append(_ text: String) throws(FormatFlaw) {
        guard isTaken else { return }
        try flush()
        if text == "\n" {
            // The last cell of a row ends before it.
            while scalars.last == "\t" {
                scalars.removeLast()
                count -= 1
            }
        }
        try add(text)
    }

    private mutating func add(_ text: String) throws(FormatFlaw) {
        scalars.append(contentsOf: text.unicodeScalars)
        count += text.scalarCount
        guard count <= limits.maximumDocumentScalars else {
            throw .tooMuch(of: "characters of text", limit: limits.maximumDocumentScalars)
        }
    }

    private mutating func flush() throws(FormatFlaw) {
        try endPair()
        guard !pending.isEmpty else { return }
        let (text, failure) = try sets.text(of: pending, page: pendingPage)
        guard let text else {
            throw .encoding(
                named: RTFCharacterSets.name(of: pendingPage ?? sets.documentPage),
                byteOffset: pendingPlaces[min(failure, pending.count - 1)])
        }
        pending.removeAll(keepingCapacity: true)
        pendingPlaces.removeAll(keepingCapacity: true)
        isSecondOpen = false
        try add(text)
    }

    /// A scalar, or half of one as UTF-16 has it, of 16 bits with a sign.
    private mutating func takeUnicode(_ number: Int?) throws(FormatFlaw) {
        toSkip = group.substitutes
        guard isTaken else { return }
        guard let number, (-32768...65535).contains(number) else {
            throw .malformed(expected: "a number of 16 bits", byteOffset: scanner.position)
        }
        let unit = UInt32(number < 0 ? number + 65536 : number)
        if (0xDC00...0xDFFF).contains(unit), let first = high {
            high = nil
            let value = 0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00)
            if let scalar = Unicode.Scalar(value) { try add(String(Character(scalar))) }
            return
        }
        try flush()
        if (0xD800...0xDBFF).contains(unit) {
            high = unit
            return
        }
        guard let scalar = Unicode.Scalar(unit), scalar != "\0" else {
            throw .malformed(expected: "a character", byteOffset: scanner.position)
        }
        try add(String(Character(scalar)))
    }

    /// Throws if the first half of a scalar waits for its second one.
    private func endPair() throws(FormatFlaw) {
        guard high != nil else { return }
        throw .malformed(expected: "the second half of a character", byteOffset: scanner.position)
    }
}
