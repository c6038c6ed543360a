// SPDX-License-Identifier: Apache-2.0

/// What becomes of a single scalar that is neither ASCII nor ordinary kana or kanji.
struct FoldingTable {
    private let singles: [UInt16]
    private let exceptions: [UInt32: [UInt32]]

    init(version: CleaningVersion) {
        singles = version == .first ? Self.firstSingles : Self.singles
        exceptions = version == .first ? Self.firstExceptions : Self.exceptions
    }

    /// The compatibility form of a scalar of plane 0, where that is one scalar of plane 0 whatever
    /// stands beside it.
    @inline(__always)
    func single(_ value: UInt32) -> UInt32? {
        guard value < 0x10000 else { return nil }
        let form = singles[Int(value)]
        return form == 0 ? nil : UInt32(form)
    }

    /// Whether the form of a scalar is another than NFKC's, or depends on what stands beside it.
    func decides(_ value: UInt32) -> Bool {
        if exceptions[value] != nil { return true }
        return value < 0x10000 && singles[Int(value)] == 0 && Self.planeZero[Int(value)] != 0
    }

    /// The compatibility form of any scalar.
    func form(_ value: UInt32, after previous: UInt32?) -> [UInt32] {
        if let exception = exceptions[value] { return exception }
        if value == Self.ordinalMark, CharacterClasses.isDigit(previous) { return [0xB0] }
        if let form = Self.superscripts[value] { return [form] }
        return CompatibilityFolding.normalised([value])
    }

    /// As version 1 folded: a caret before every superscript digit after a digit, a space before a
    /// fraction after a digit.
    func firstVersionForm(_ value: UInt32, after previous: UInt32?) -> [UInt32] {
        if let exception = exceptions[value] { return exception }
        let isNumber = CharacterClasses.isDigit(previous)
        if let digit = Self.superscripts[value], CharacterClasses.isDigit(digit) {
            return isNumber ? [0x5E, digit] : [digit]
        }
        let form = CompatibilityFolding.normalised([value])
        return isNumber && Self.isVulgarFraction(value) ? [0x20] + form : form
    }

    /// The form of a scalar of plane 0 if it is one scalar, else the scalar itself.
    static func singleForm(_ value: UInt32) -> UInt32 {
        guard value < 0x10000 else { return value }
        let form = planeZero[Int(value)]
        return form == 0 ? value : UInt32(form)
    }

    /// For each scalar of plane 0 its form where that is one scalar of plane 0, else 0.
    ///
    /// Only scalars that NFKC_Casefold changes can be changed by NFKC, so that Foundation, at about
    /// two microseconds a call, need be asked about few.
    private static let planeZero: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 0x10000)
        for value in UInt32(0)..<0x10000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            guard value >= 0x80, scalar.properties.changesWhenNFKCCaseFolded else {
                table[Int(value)] = UInt16(value)
                continue
            }
            let form = CompatibilityFolding.normalised([value])
            if form.count == 1, let only = form.first, only < 0x10000 {
                table[Int(value)] = UInt16(only)
            }
        }
        return table
    }()

    /// As `planeZero`, less what version 1 decides by what stands beside it or by its exceptions.
    private static let firstSingles: [UInt16] = {
        var table = planeZero
        for value in firstExceptions.keys where value < 0x10000 { table[Int(value)] = 0 }
        for (value, form) in superscripts where CharacterClasses.isDigit(form) {
            table[Int(value)] = 0
        }
        return table
    }()

    /// As `planeZero`, less exceptions and all digits but those of a number system.
    private static let singles: [UInt16] = {
        var table = planeZero
        for value in exceptions.keys where value < 0x10000 { table[Int(value)] = 0 }
        for value in superscripts.keys { table[Int(value)] = 0 }
        for value in [0x207A, 0x207B, ordinalMark] + Array(0x2160...0x217F) {
            table[Int(value)] = 0
        }
        for (value, form) in planeZero.enumerated() where form >= 0x30 && form <= 0x39 {
            let category = Unicode.Scalar(UInt16(value))?.properties.generalCategory
            if category != .decimalNumber { table[value] = 0 }
        }
        return table
    }()

    /// A kana with a voicing mark of either width, where one scalar means both.
    static func voiced(_ kana: UInt32, _ mark: UInt32) -> UInt32? {
        guard mark == 0xFF9E || mark == 0xFF9F || mark == 0x3099 || mark == 0x309A else {
            return nil
        }
        return voicedKana[kana << 16 | mark]
    }

    /// Old exports are full of half-width kana, for which Foundation is too slow.
    private static let voicedKana: [UInt32: UInt32] = {
        var table: [UInt32: UInt32] = [:]
        for kana in [0x3041...0x30FE, 0xFF66...0xFF9D as ClosedRange<UInt32>].joined() {
            for mark in [0xFF9E, 0xFF9F, 0x3099, 0x309A] as [UInt32] {
                let form = CompatibilityFolding.normalised([kana, mark])
                if form.count == 1 { table[kana << 16 | mark] = form[0] }
            }
        }
        return table
    }()

    private static func isVulgarFraction(_ value: UInt32) -> Bool {
        (value >= 0xBC && value <= 0xBE) || (value >= 0x2150 && value <= 0x215E)
            || value == 0x2189
    }

    // MARK: Exponents

    /// `º`, in records a degree sign when it follows a number.
    private static let ordinalMark: UInt32 = 0xBA

    /// Superscript digits, and the letters that stand for one: `ⁿ`, `ˣ`.
    static func isSuperscript(_ value: UInt32) -> Bool {
        switch value {
        case 0xB2, 0xB3, 0xB9, 0x2070, 0x2074...0x2079, 0x207F, 0x02E3: true
        default: false
        }
    }

    static func isSuperscriptSign(_ value: UInt32) -> Bool { value == 0x207A || value == 0x207B }

    private static let superscripts: [UInt32: UInt32] = {
        var table: [UInt32: UInt32] = [
            0xB9: 0x31, 0xB2: 0x32, 0xB3: 0x33, 0x2070: 0x30, 0x207F: 0x6E, 0x02E3: 0x78,
        ]
        for digit in UInt32(4)...9 { table[0x2070 + digit] = 0x30 + digit }
        return table
    }()

    // MARK: Exceptions

    /// Scalars for which NFKC does nothing useful or does harm.
    private static let firstExceptions: [UInt32: [UInt32]] = {
        var table = radicals
        // ① becomes (1), as exporters of SS-MIX2 write it: NFKC would make 12cm of ①2cm.
        for number in UInt32(1)...20 { table[0x245F + number] = parenthesised(number) }
        for number in UInt32(21)...35 { table[0x3251 + number - 21] = parenthesised(number) }
        for number in UInt32(36)...50 { table[0x32B1 + number - 36] = parenthesised(number) }
        for number in UInt32(1)...10 { table[0x2775 + number] = parenthesised(number) }
        for number in UInt32(11)...20 { table[0x24EB + number - 11] = parenthesised(number) }
        for number in UInt32(1)...10 { table[0x277F + number] = parenthesised(number) }
        for number in UInt32(1)...10 { table[0x2789 + number] = parenthesised(number) }
        table[0x24EA] = parenthesised(0)
        // Spacing accents: NFKC makes a space and a combining mark of them.
        for (value, form) in [
            (0xB4, "'"), (0x2DC, "~"), (0x384, "'"), (0x1FBD, "'"), (0x1FFE, "'"),
        ] as [(UInt32, Unicode.Scalar)] {
            table[value] = [form.value]
        }
        for value in [0xA8, 0xAF, 0xB8, 0x2D8, 0x2D9, 0x2DA, 0x2DB, 0x2DD, 0x203E] as [UInt32] {
            table[value] = [value]
        }
        // The voicing marks that stand alone: NFKC makes a space and a combining mark of them.
        table[0x309B] = [0x309B]
        table[0x309C] = [0x309C]
        return table
    }()

    /// As version 1, and what it overlooked.
    private static let exceptions: [UInt32: [UInt32]] = {
        var table = firstExceptions
        // ⒈ and 🄂 are items as ① is: NFKC would make 1.5cm of ⒈5cm.
        for number in UInt32(1)...20 { table[0x2487 + number] = parenthesised(number) }
        for number in UInt32(1)...10 { table[0x24F4 + number] = parenthesised(number) }
        for number in UInt32(0)...9 { table[0x1F101 + number] = parenthesised(number) }
        table[0x1F100] = parenthesised(0)
        table[0x24FF] = parenthesised(0)
        // ℃ is what the next rule but one makes of °C, even where a letter follows.
        table[0x2103] = [0x2103]
        // Blood groups, which as emoji would be deleted.
        table[0x1F170] = [0x41]
        table[0x1F171] = [0x42]
        table[0x1F17E] = [0x4F]
        table[0x1F18E] = [0x41, 0x42]
        return table
    }()

    static func parenthesised(_ number: UInt32) -> [UInt32] {
        "(\(number))".unicodeScalars.map(\.value)
    }

    /// CJK Radicals Supplement as the kanji that it looks like.
    ///
    /// Text copied out of PDF files holds these in place of kanji. NFKC maps the Kangxi radicals
    /// (U+2F00) but only two of this block; the pairs follow the Unicode property
    /// Equivalent_Unified_Ideograph, less the forms that are no Japanese kanji.
    private static let radicals: [UInt32: [UInt32]] = {
        let pairs = """
            ⺁厂 ⺅亻 ⺈刀 ⺉刂 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺒巳 ⺓幺 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺣灬 \
            ⺧牛 ⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻 ⺯糹 ⺲罒 ⺴冗 ⺶羊 ⺹耂 ⺻聿 ⺼肉 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻆角 \
            ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻑長 ⻖阝 ⻗雨 ⻘青 ⻝食 ⻟飠 ⻣骨 ⻤鬼 ⻨麦 ⻩黄 ⻫斉 ⻭歯 ⻯竜 ⻱龜 ⻲亀 ⻳龟
            """
        var table: [UInt32: [UInt32]] = [:]
        for pair in pairs.split(separator: " ") {
            let values = pair.unicodeScalars.map(\.value)
            if values.count == 2 { table[values[0]] = [values[1]] }
        }
        return table
    }()
}
