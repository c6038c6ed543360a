// SPDX-License-Identifier: Apache-2.0

/// A version of the cleaning rules: the same text always comes out the same under one version.
///
/// A model reads text as it was cleaned at its training, so a version is never changed once a model
/// has been trained with it; what should come out differently is a new version. Models and results
/// name their version.
package enum CleaningVersion: Int, CaseIterable, Comparable, Sendable {
    /// The rules that the first bundle was trained with; symbols are unified before the patterns.
    case first = 1
    /// The paper's order, and no two characters of the source join into another number.
    ///
    /// Exponents keep their sign (`10⁻³` is `10^-3`, was `10-3`), a subscript and the number after it
    /// stay apart (`SpO₂98` is `SpO2 98`), as do leads in a row (`ⅡⅢaVF`); invisible characters go
    /// first, so that no other rule trips over them.
    case second = 2

    /// What new models are trained with.
    package static let newest = CleaningVersion.second

    /// The rules in the order in which they are applied.
    package var rules: [CleaningRule] {
        switch self {
        case .first:
            [
                .fullWidthStops, .lineBreaks, .compatibilityFolding, .strokes, .ellipses, .symbols,
                .personalInformation, .webNotation, .allowedCharacters, .repeats, .whiteSpace,
            ]
        case .second:
            [
                .invisibleCharacters, .lineBreaks, .fullWidthStops, .compatibilityFolding, .strokes,
                .ellipses, .personalInformation, .webNotation, .symbols, .allowedCharacters,
                .repeats, .whiteSpace,
            ]
        }
    }

    /// By number.
    package static func < (left: CleaningVersion, right: CleaningVersion) -> Bool {
        left.rawValue < right.rawValue
    }
}
