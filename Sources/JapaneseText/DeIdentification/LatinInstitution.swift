// SPDX-License-Identifier: Apache-2.0

/// Names of institutions in Latin letters: `Tsubaki Memorial Hospital`.
enum LatinInstitution {
    /// The institution whose last word begins at `index`: it and the capitalised words before it.
    static func ending(
        at index: Int, in values: [UInt32], notBefore floor: Int
    ) -> Range<Int>? {
        guard values[safe: index - 1] == 0x20, let end = endings.end(in: values, at: index),
            !CharacterClasses.isLatin(values[safe: end] ?? 0)
        else { return nil }
        var start = index
        var isNamed = false
        for _ in 0..<5 {
            let stop = start - 1
            guard stop > floor, values[stop] == 0x20 else { break }
            var word = stop
            while word > floor, stop - word < 20, isWordScalar(values[word - 1]) { word -= 1 }
            guard stop - word >= 2, (0x41...0x5A).contains(values[word]),
                !CharacterClasses.isDigit(values[safe: word - 1])
            else { break }
            if generic.end(in: values, at: word) != stop { isNamed = true }
            start = word
        }
        return isNamed ? start..<end : nil
    }

    /// St. Mary's
    private static func isWordScalar(_ value: UInt32) -> Bool {
        CharacterClasses.isLatin(value) || [0x27, 0x2019, 0x2E].contains(value)
    }

    private static let endings = Phrases(
        words: "Hospital Clinic University College Infirmary HOSPITAL CLINIC UNIVERSITY Hospitals")
    /// Words that say what a hospital is, not which.
    private static let generic = Phrases(
        words: """
            The Our Your This That General University Medical Memorial Central National City Municipal Prefectural Red Cross Cancer Children Teaching Referring Local Community Day Base Previous Same Other Another District Regional
            Outpatient Pain Emergency Primary Acute In At From To Of And Admitted Transfer Dr Pt
            """)
}
