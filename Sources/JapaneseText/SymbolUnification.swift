/// One form for characters of one meaning: hyphens, the long vowel mark, tildes, and other symbols.
enum SymbolUnification {
    static func unify(_ scalars: inout MappedScalars) {
        var result = MappedScalars(capacity: scalars.count)
        var index = 0
        while index < scalars.count {
            let value = scalars.values[index]
            if value == 0x2E, isDots(scalars, at: index) {
                result.append(0x2026, insteadOf: index..<index + 3, of: scalars)
                index += 3
            } else if isDegree(value), index + 1 < scalars.count, scalars.values[index + 1] == 0x43,
                !isLetter(scalars, at: index + 2)
            {
                result.append(0x2103, insteadOf: index..<index + 2, of: scalars)
                index += 2
            } else {
                result.append(scalars, at: index)
                let form = unified(value, after: index > 0 ? result.values[result.count - 2] : 0x0A)
                if form != value { result.replace(at: result.count - 1, with: form) }
                index += 1
            }
        }
        scalars = result
    }

    @inline(__always)
    private static func unified(_ value: UInt32, after previous: UInt32) -> UInt32 {
        // The usual scalars first.
        if value < 0x80 {
            return value == 0x60 ? 0x27 : value
        }
        if (value >= 0x3041 && value <= 0x30FA) || (value >= 0x4E00 && value <= 0x9FFF) {
            return value
        }
        if isStroke(value) {
            // A stroke after kana is the long vowel mark, whichever key it was typed with; elsewhere
            // it is a hyphen or minus: 腹痛（ー） and １ー２日 are as common as コントロ―ル.
            return CharacterClasses.isKana(previous) ? 0x30FC : 0x2D
        }
        return table[value] ?? value
    }

    /// The long vowel mark and what is typed in its place.
    private static func isStroke(_ value: UInt32) -> Bool {
        switch value {
        case 0x30FC, 0x2014, 0x2015, 0x2500, 0x2501, 0x2E3A, 0x2E3B: true
        default: false
        }
    }

    private static func isDegree(_ value: UInt32) -> Bool { value == 0xB0 || value == 0x2DA }

    private static func isDots(_ scalars: borrowing MappedScalars, at index: Int) -> Bool {
        index + 2 < scalars.count && scalars.values[index + 1] == 0x2E
            && scalars.values[index + 2] == 0x2E
    }

    private static func isLetter(_ scalars: borrowing MappedScalars, at index: Int) -> Bool {
        index < scalars.count && CharacterClasses.isLatin(scalars.values[index])
    }

    /// Each form with the characters that it replaces.
    private static let table: [UInt32: UInt32] = {
        let groups: [(form: UInt32, others: String)] = [
            // Hyphens and minus signs: both are one byte of Shift_JIS (817C), so no text can be
            // trusted to tell them apart.
            (
                0x2D,
                "\u{2D7}\u{58A}\u{2010}\u{2011}\u{2012}\u{2013}\u{2043}\u{207B}\u{208B}\u{2212}\u{2796}\u{FE63}"
            ),
            (0x7E, "\u{223C}\u{223E}\u{301C}\u{3030}\u{2053}\u{2DC}"),
            (0x22, "\u{201C}\u{201D}\u{201E}\u{201F}\u{301D}\u{301E}\u{301F}\u{2033}\u{AB}\u{BB}"),
            (0x27, "\u{2018}\u{2019}\u{201A}\u{201B}\u{2032}"),
            (0x30FB, "\u{B7}\u{2022}\u{2027}\u{2219}\u{22C5}\u{387}\u{16EB}\u{25E6}\u{2981}"),
            (0x2F, "\u{2044}\u{2215}\u{29F8}"),
            (0xB0, "\u{2DA}"),
            (0xD7, "\u{2715}\u{2716}\u{2A2F}\u{2717}\u{2718}"),
            (0x2192, "\u{21D2}\u{27A1}\u{2794}\u{279C}\u{27F6}\u{21E8}\u{2799}\u{279D}\u{279E}"),
            (0x2190, "\u{21D0}\u{2B05}\u{27F5}\u{21E6}"),
            (0x2191, "\u{21D1}\u{2B06}\u{21E7}"),
            (0x2193, "\u{21D3}\u{2B07}\u{21E9}"),
            (0x2194, "\u{21D4}\u{2B0C}"),
            (0x2266, "\u{2264}\u{2A7D}"),
            (0x2267, "\u{2265}\u{2A7E}"),
            (0x2252, "\u{2248}\u{2243}\u{2245}"),
            (0x25CB, "\u{25EF}\u{2B55}\u{26AA}\u{2B58}"),
            (0x25CF, "\u{2B24}\u{26AB}\u{23FA}"),
            (0x25A0, "\u{25FC}\u{25FE}\u{2B1B}\u{25AA}"),
            (0x25A1, "\u{25FB}\u{25FD}\u{2B1C}\u{25AB}"),
            (0x203B, "\u{2733}\u{2731}\u{204E}\u{2217}\u{273B}"),
            (0x2713, "\u{2714}\u{2611}\u{2705}\u{1F5F8}"),
            (0x300A, "\u{226A}\u{300A}\u{27EA}"),
            (0x300B, "\u{226B}\u{300B}\u{27EB}"),
            (0x3008, "\u{2329}\u{27E8}"),
            (0x2B, "\u{2795}"),
            (0x21, "\u{2757}\u{2755}"),
            (0x3F, "\u{2753}\u{2754}"),
            (0x3009, "\u{232A}\u{27E9}"),
        ]
        var table: [UInt32: UInt32] = [:]
        for group in groups {
            for other in group.others.unicodeScalars where other.value != group.form {
                table[other.value] = group.form
            }
        }
        return table
    }()
}
