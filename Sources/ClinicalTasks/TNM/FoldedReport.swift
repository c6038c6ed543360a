// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText

/// A report without width differences, white space and wrapped lines, with the way back.
///
/// Radiology systems wrap lines inside words and mix `㎝`, `ｃｍ` and `cm`; the scanner below this type
/// sees one form only. Every scalar knows the cleaned scalar that it came from, so that each
/// finding has an exact place in the document.
struct FoldedReport: Sendable {
    /// The folded scalars; line ends that end a statement are `\n`.
    let scalars: [Unicode.Scalar]
    /// Index in the cleaned text that each folded scalar came from.
    private let origins: [Int]

    /// Longest report that is read, in cleaned scalars; real ones have a few thousand.
    static let longest = 100_000

    /// Folds a report, whose paragraphs of equally wide lines were wrapped where their words say so.
    init(_ text: CleanedText) {
        self.init(text.scalars, wrapped: WrappedLines(text).ofParagraphs)
    }

    /// Folds the cleaned scalars of a report; what stands after the first `longest` is not read.
    ///
    /// `wrapped` holds line breaks, by their index, that are known to end nothing.
    init(_ text: [Unicode.Scalar], wrapped: Set<Int> = []) {
        let cleaned = text.prefix(Self.longest)
        var scalars: [Unicode.Scalar] = []
        var origins: [Int] = []
        scalars.reserveCapacity(cleaned.count)
        origins.reserveCapacity(cleaned.count)
        for (index, scalar) in cleaned.enumerated() {
            for folded in Self.fold(scalar) {
                scalars.append(folded)
                origins.append(index)
            }
        }
        let kept = LineJoining.kept(scalars) { wrapped.contains(origins[$0]) }
        self.scalars = kept.map(\.scalar)
        self.origins = kept.map { origins[$0.index] }
    }

    /// The cleaned range from the first to the last scalar of a folded range.
    func cleanedRange(_ range: Range<Int>) -> CleanedRange {
        guard !range.isEmpty, range.upperBound <= origins.count else {
            return CleanedRange(start: 0, end: 0)
        }
        return CleanedRange(
            start: origins[range.lowerBound], end: origins[range.upperBound - 1] + 1)
    }

    /// The text of a folded range.
    func text(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    // MARK: - Folding

    /// Radicals that some PDF exports write for kanji and that have no compatibility form.
    private static let radicals: [Unicode.Scalar: Unicode.Scalar] = [
        "⻑": "長", "⻘": "青", "⻝": "食", "⻩": "黄", "⻭": "歯", "⻲": "亀",
    ]

    private static func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        case 0xff01...0xff5e:
            return [Unicode.Scalar(scalar.value - 0xfee0) ?? scalar]
        case 0x2010...0x2015, 0x2212, 0xff0d:
            return ["-"]
        case 0x301c, 0x223c:
            return ["~"]
        case 0x2e80...0x2eff:
            return [radicals[scalar] ?? scalar]
        case 0x2f00...0x2fdf, 0x3300...0x33df, 0x2160...0x217f, 0x2460...0x2473, 0x2070...0x209f,
            0xf900...0xfaff:
            return Array(String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
        case 0xd7, 0x2715, 0x2716, 0x2a2f, 0x2573, 0x0445, 0x2a09:
            return ["x"]
        case 0x2217, 0x204e, 0x2731:
            return ["*"]
        case 0x2022, 0x30fb, 0xff65, 0x00b7:
            return ["・"]
        case 0xff0c:
            return ["、"]
        case 0x0d:
            return ["\n"]
        default:
            return [scalar]
        }
    }
}
