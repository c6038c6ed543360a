// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// Where in a case report the sentences, cues and drug-like words stand; made once a report.
struct ReportIndex {
    /// The cleaned text.
    let scalars: [Unicode.Scalar]
    /// Sentences in order; at least one.
    let sentences: [CleanedRange]
    /// For each cue the places where it begins, ascending.
    let cuePlaces: [[Int]]
    /// Drug-like words in order.
    let drugs: [CleanedRange]
    /// Drug-like words that are followed by a word of cause.
    let blamedDrugs: [CleanedRange]
    /// Where a drug is first said to be given; nil if nowhere.
    let firstDose: Int?

    init(_ text: AnalyzedText) {
        scalars = text.cleaned.scalars
        let ranges = text.sentences.map(\.range)
        sentences = ranges.isEmpty ? [text.cleaned.range] : ranges
        let found = ScalarSearch(scalars)
        cuePlaces = AdverseEventCues.all.map { found.places(of: $0) }
        drugs = Self.drugs(in: scalars)
        let causes = ["による", "により", "関連", "に伴", "が原因", "性"].map { Array($0.unicodeScalars) }
        blamedDrugs = drugs.filter { drug in
            causes.contains { ScalarSearch.stands($0, at: drug.end, in: found.scalars) }
        }
        firstDose = ["投与", "内服", "服用", "接種"]
            .compactMap { found.places(of: Array($0.unicodeScalars)).first }.min()
    }

    /// The number of the sentence that holds a place.
    func sentence(at place: Int) -> Int {
        sentences.lastIndex { $0.start <= place } ?? 0
    }

    /// How often cue `number` begins within a range.
    func count(cue number: Int, in range: CleanedRange) -> Int {
        cuePlaces[number].count { range.start <= $0 && $0 < range.end }
    }

    // MARK: Drug-like words

    private static func drugs(in scalars: [Unicode.Scalar]) -> [CleanedRange] {
        var drugs: [CleanedRange] = []
        var position = 0
        while position < scalars.count {
            let kind = Script(scalars[position])
            var end = position + 1
            while end < scalars.count, kind.continues(with: scalars[end]) { end += 1 }
            let word = CleanedRange(start: position, end: end)
            if isDrug(word, kind, in: scalars) { drugs.append(word) }
            position = end
        }
        return drugs
    }

    private static func isDrug(
        _ word: CleanedRange, _ kind: Script, in scalars: [Unicode.Scalar]
    ) -> Bool {
        func follows() -> Bool {
            AdverseEventCues.drugFollowers.contains {
                ScalarSearch.stands($0, at: word.end, in: scalars)
            }
        }
        func ends(_ endings: [[Unicode.Scalar]]) -> Bool {
            endings.contains {
                word.count >= $0.count
                    && ScalarSearch.stands($0, at: word.end - $0.count, in: scalars)
            }
        }
        return switch kind {
        case .katakana:
            word.count >= 4 && ends(AdverseEventCues.drugEndings) || word.count >= 3 && follows()
        case .latin: word.count >= 2 && follows()
        case .ideograph: word.count >= 2 && ends(AdverseEventCues.drugSuffixes)
        case .other: false
        }
    }

    private enum Script {
        case katakana, latin, ideograph, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x30A1...0x30FC: self = .katakana
            case 0x41...0x5A, 0x61...0x7A: self = .latin
            case 0x4E00...0x9FFF: self = .ideograph
            default: self = .other
            }
        }

        /// Latin words may go on with digits and hyphens (S-1).
        func continues(with scalar: Unicode.Scalar) -> Bool {
            if self == .other { return false }
            if Script(scalar) == self { return true }
            return self == .latin && ((0x30...0x39).contains(scalar.value) || scalar == "-")
        }
    }
}
