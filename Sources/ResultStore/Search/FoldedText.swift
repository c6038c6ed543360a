// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// A text as searching compares it, with a map back: NFKC, small letters, no white space within Japanese.
///
/// Half and full width, capitals, forms of hyphens and half-width katakana make no difference, and neither
/// does a line that was wrapped within a word. Between Latin words white space is one break.
struct FoldedText {
    /// What stands for white space that parts words, and for characters that no word has.
    static let gap: Unicode.Scalar = " "

    private static let cleaner = TextCleaner(
        profile: .documents, version: .second, personalInformation: [],
        only: [
            .invisibleCharacters, .lineBreaks, .fullWidthStops, .compatibilityFolding, .strokes,
            .whiteSpace,
        ])

    /// The text before letters became small and white space went, for what else is read in it.
    let cleaned: CleanedText
    /// What is compared, in Unicode scalars.
    let scalars: [Unicode.Scalar]
    /// Of each scalar, its place in the cleaned text.
    private let places: [Int]

    /// Folds a text; time and memory are linear in it.
    init(_ text: String) {
        let cleaned = Self.cleaner.clean(text)
        var (scalars, places) = ([Unicode.Scalar](), [Int]())
        scalars.reserveCapacity(cleaned.scalars.count)
        places.reserveCapacity(cleaned.scalars.count)
        var isAfterSpace = false
        for (place, scalar) in cleaned.scalars.enumerated() {
            if Self.isSpace(scalar) {
                isAfterSpace = true
                continue
            }
            let small = Self.small(scalar)
            if isAfterSpace, let last = scalars.last, last.isASCII || small.isASCII {
                scalars.append(Self.gap)
                places.append(place)
            }
            isAfterSpace = false
            scalars.append(small)
            places.append(place)
        }
        (self.cleaned, self.scalars, self.places) = (cleaned, scalars, places)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x21 || scalar.value == 0x7F || scalar.value == 0x2581
    }

    /// The small letter, where it is one scalar.
    private static func small(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x41...0x5A: return Unicode.Scalar(UInt8(scalar.value + 0x20))
        case 0xC0...0x52F:
            let mapping = scalar.properties.lowercaseMapping.unicodeScalars
            return mapping.count == 1 ? mapping.first ?? scalar : scalar
        default: return scalar
        }
    }

    /// Where a word stands, in the text as it was given; occurrences do not overlap.
    func places(of word: FoldedText) -> [SourceRange] {
        let wanted = word.scalars
        guard let first = wanted.first, wanted.count <= scalars.count else { return [] }
        var (found, place) = ([SourceRange](), 0)
        while place + wanted.count <= scalars.count {
            if scalars[place] == first, scalars[place..<place + wanted.count].elementsEqual(wanted)
            {
                found.append(source(place..<place + wanted.count))
                place += wanted.count
            } else {
                place += 1
            }
        }
        return found
    }

    private func source(_ range: Range<Int>) -> SourceRange {
        cleaned.sourceRange(
            of: CleanedRange(
                start: places[range.lowerBound], end: places[range.upperBound - 1] + 1))
    }
}

extension FoldedText {
    /// The text's words for the index: every two neighbours, and the last of each run by itself, each once.
    ///
    /// So a word of one scalar is the beginning of one of these, and longer ones are made up of several.
    var grams: Set<String> {
        var grams: Set<String> = []
        var codes: Set<UInt64> = []
        for (place, scalar) in scalars.enumerated() where scalar != Self.gap {
            let next = place + 1 < scalars.count ? scalars[place + 1] : Self.gap
            guard codes.insert(UInt64(scalar.value) << 32 | UInt64(next.value)).inserted else {
                continue
            }
            grams.insert(Self.gram(scalar, next))
        }
        return grams
    }

    /// The condition of FTS5 that every text with this word in it meets; nil for a word without characters.
    var match: String? {
        var parts: [String] = []
        for run in scalars.split(separator: Self.gap) {
            let run = Array(run)
            if run.count == 1 { parts.append("\"\(Self.gram(run[0], Self.gap))\" *") }
            for (first, second) in zip(run, run.dropFirst()) {
                parts.append("\"\(Self.gram(first, second))\"")
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " AND ")
    }

    /// Two scalars as one word of the index, whose tokenizer parts words at ASCII's marks: these are written
    /// in full width.
    private static func gram(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> String {
        var gram = String.UnicodeScalarView()
        for scalar in [first, second] where scalar != gap {
            let isMark = scalar.isASCII && !scalar.properties.isAlphabetic && !isDigit(scalar)
            gram.append(isMark ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar)
        }
        return String(gram)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value)
    }
}
