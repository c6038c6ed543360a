/// What becomes of a single scalar that is neither ASCII nor ordinary kana or kanji.
enum FoldingTable {
    /// The compatibility form of a scalar, given the folded value that stands before it.
    static func folded(_ scalar: Unicode.Scalar, after previous: UInt32?) -> [UInt32] {
        let value = scalar.value
        if let exception = exceptions[value] { return exception }
        if let digit = superscripts[value] {
            // NFKC makes 105 of 10⁵; a caret keeps the number what it is.
            guard let previous, CharacterClasses.isDigit(previous) else { return [digit] }
            return [0x5E, digit]
        }
        let form = basic(scalar)
        if isVulgarFraction(value), let previous, CharacterClasses.isDigit(previous) {
            // NFKC makes 11⁄2 of 1½.
            return [0x20] + form
        }
        return form
    }

    /// NFKC of one scalar, looked up where it lies in the Basic Multilingual Plane.
    private static func basic(_ scalar: Unicode.Scalar) -> [UInt32] {
        let value = scalar.value
        if value < 0x10000 {
            let single = planeZero[Int(value)]
            if single != 0 { return [UInt32(single)] }
        }
        return CompatibilityFolding.normalised([scalar][...])
    }

    /// For each scalar of plane 0 its form where that is one scalar of plane 0, else 0.
    ///
    /// Only scalars that NFKC_Casefold changes can be changed by NFKC, so that Foundation, at about
    /// two microseconds a call, need be asked about few.
    private static let planeZero: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 0x10000)
        for value in UInt32(0x80)..<0x10000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            guard scalar.properties.changesWhenNFKCCaseFolded else {
                table[Int(value)] = UInt16(value)
                continue
            }
            let form = CompatibilityFolding.normalised([scalar][...])
            if form.count == 1, let only = form.first, only < 0x10000 {
                table[Int(value)] = UInt16(only)
            }
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
                let scalars = [kana, mark].compactMap(Unicode.Scalar.init)
                let form = CompatibilityFolding.normalised(scalars[...])
                if form.count == 1 { table[kana << 16 | mark] = form[0] }
            }
        }
        return table
    }()

    private static func isVulgarFraction(_ value: UInt32) -> Bool {
        (value >= 0xBC && value <= 0xBE) || (value >= 0x2150 && value <= 0x215E)
            || value == 0x2189
    }

    private static let superscripts: [UInt32: UInt32] = {
        var table: [UInt32: UInt32] = [0xB9: 0x31, 0xB2: 0x32, 0xB3: 0x33, 0x2070: 0x30]
        for digit in UInt32(4)...9 { table[0x2070 + digit] = 0x30 + digit }
        return table
    }()

    /// Scalars for which NFKC does nothing useful or does harm.
    private static let exceptions: [UInt32: [UInt32]] = {
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

    private static func parenthesised(_ number: UInt32) -> [UInt32] {
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
