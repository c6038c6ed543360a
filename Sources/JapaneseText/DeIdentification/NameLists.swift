// SPDX-License-Identifier: Apache-2.0

/// Common surnames and given names of Japan, as plain facts; the rules for names lean on them.
enum NameLists {
    /// Where the surnames end that start at an index: up to four, the longest first.
    static func surnameEnds(in values: [UInt32], at start: Int) -> [Int] {
        ends(in: values, at: start, of: surnames)
    }

    /// Where the given names end that start at an index: the longest first.
    static func givenNameEnds(in values: [UInt32], at start: Int) -> [Int] {
        ends(in: values, at: start, of: givenNames)
    }

    /// Whether the scalars of a range are a surname of the list.
    static func isSurname(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        key(values, range).map(surnames.contains) ?? false
    }

    /// Whether the scalars of a range are a given name of the list.
    static func isGivenName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        key(values, range).map(givenNames.contains) ?? false
    }

    private static func ends(
        in values: [UInt32], at start: Int, of names: Set<UInt64>
    ) -> [Int] {
        (1...4).reversed().compactMap { length in
            key(values, start..<start + length).flatMap {
                names.contains($0) ? start + length : nil
            }
        }
    }

    /// Up to four scalars as one number; nil for more, or outside the text.
    private static func key(_ values: [UInt32], _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 4, range.lowerBound >= 0,
            range.upperBound <= values.count
        else { return nil }
        var key: UInt64 = 0
        for index in range {
            let value = values[index]
            let short = variants[value] ?? value
            guard short <= 0xFFFF else { return nil }
            key = key << 16 | UInt64(short)
        }
        return key
    }

    /// Forms of kanji in names, by the one that the lists have them under; 𠮷 lies outside of 16 bits.
    private static let variants: [UInt32: UInt32] = Dictionary(
        uniqueKeysWithValues: [
            ("𠮷", "吉"), ("﨑", "崎"), ("碕", "崎"), ("髙", "高"), ("濵", "浜"), ("濱", "浜"), ("邊", "辺"),
            ("邉", "辺"), ("齋", "斎"),
            ("齊", "斉"), ("廣", "広"), ("澤", "沢"), ("櫻", "桜"), ("國", "国"), ("嶋", "島"), ("嶌", "島"),
            ("槗", "橋"), ("德", "徳"),
            ("栁", "柳"), ("圓", "円"), ("淸", "清"), ("眞", "真"), ("龍", "竜"), ("瀨", "瀬"), ("黑", "黒"),
            ("惠", "恵"),
            ("冨", "富"), ("峯", "峰"), ("嶽", "岳"), ("藪", "薮"), ("籔", "薮"), ("壽", "寿"), ("條", "条"),
            ("舘", "館"), ("萬", "万"),
        ].compactMap { (variant: String, form: String) in
            variant.unicodeScalars.first.flatMap { from in
                form.unicodeScalars.first.map { (from.value, $0.value) }
            }
        })

    private static func keys(_ words: String) -> Set<UInt64> {
        Set(
            words.split(whereSeparator: \.isWhitespace).compactMap { word in
                let values = word.unicodeScalars.map(\.value)
                return key(values, 0..<values.count)
            })
    }

    private static let surnames = keys(NameWords.surnames)
    private static let givenNames = keys(NameWords.givenNames)
    /// The scalars with which surnames of the list begin, in all their forms.
    static let surnameFirsts: Set<UInt32> = {
        let firsts = Set(
            NameWords.surnames.split(whereSeparator: \.isWhitespace).compactMap {
                $0.unicodeScalars.first?.value
            })
        let forms = Set(firsts.map { variants[$0] ?? $0 })
        return firsts.union(variants.compactMap { forms.contains($1) ? $0 : nil })
    }()
}
