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
            // 𠮷 is written for 吉 and lies outside of 16 bits.
            let short = value == 0x20BB7 ? 0x5409 : value
            guard short <= 0xFFFF else { return nil }
            key = key << 16 | UInt64(short)
        }
        return key
    }

    private static func keys(_ words: String) -> Set<UInt64> {
        Set(
            words.split(whereSeparator: \.isWhitespace).compactMap { word in
                let values = word.unicodeScalars.map(\.value)
                return key(values, 0..<values.count)
            })
    }

    private static let surnames = keys(NameWords.surnames)
    private static let givenNames = keys(NameWords.givenNames)
    /// The scalars with which surnames of the list begin.
    static let surnameFirsts = Set(
        NameWords.surnames.split(whereSeparator: \.isWhitespace).compactMap {
            $0.unicodeScalars.first?.value
        })
}
