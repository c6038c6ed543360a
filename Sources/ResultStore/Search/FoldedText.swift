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
}
