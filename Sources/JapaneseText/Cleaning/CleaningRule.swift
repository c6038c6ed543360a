// SPDX-License-Identifier: Apache-2.0

/// The rules of cleaning by name: the paper's list and two of our own.
///
/// `Set<CleaningRule>` picks rules for `TextCleaner(profile:version:only:)`; `CleaningVersion.rules`
/// is the order.
package enum CleaningRule: String, CaseIterable, Codable, Sendable {
    /// Removes what no reader sees (ours; not in the paper).
    case invisibleCharacters = "invisible-characters"
    /// Makes one form of all line breaks (ours; not in the paper).
    case lineBreaks = "line-breaks"
    /// Full-width period and comma become `。` and `、`, before NFKC makes ASCII of them.
    case fullWidthStops = "full-width-stops"
    /// Unicode normalisation NFKC.
    case compatibilityFolding = "compatibility-folding"
    /// One form each for hyphens, the long vowel mark (chōonpu) and tildes.
    case strokes
    /// `...` becomes `…`, `°C` becomes `℃`.
    case ellipses
    /// Telephone numbers and e-mail addresses.
    case personalInformation = "personal-information"
    /// URLs, @accounts and #tags.
    case webNotation = "web-notation"
    /// Symbols of one meaning get one form.
    case symbols
    /// Characters outside the allowed set are deleted.
    case allowedCharacters = "allowed-characters"
    /// Needless repeats of a character are shortened.
    case repeats
    /// White space becomes U+2581.
    case whiteSpace = "white-space"

    /// The first version that has the rule.
    package var since: CleaningVersion { self == .invisibleCharacters ? .second : .first }

    /// The last version that changed what the rule does, else that which began it.
    package var changed: CleaningVersion {
        switch self {
        case .personalInformation, .webNotation, .whiteSpace: .first
        default: .second
        }
    }

    /// One line that says what the rule does.
    package var summary: String {
        switch self {
        case .invisibleCharacters:
            "remove soft hyphens, zero-width and direction marks, variation selectors"
        case .lineBreaks: "CR LF, CR, VT, FF, NEL, U+2028 and U+2029 become LF"
        case .fullWidthStops:
            "full-width ． and ， become 。 and 、, but stay points in numbers and abbreviations"
        case .compatibilityFolding:
            "NFKC, but no two characters join into another number (10³ is 10^3, ① is (1))"
        case .strokes: "one form each for hyphens, the long vowel mark and tildes"
        case .ellipses: "three dots become …, °C becomes ℃"
        case .personalInformation: "telephone numbers and mail addresses are taken out"
        case .webNotation:
            "addresses on the web are taken out, in training also @accounts and #tags"
        case .symbols: "symbols of one meaning get one form"
        case .allowedCharacters: "characters outside the allowed set are deleted"
        case .repeats: "needless repeats of a character are shortened"
        case .whiteSpace: "white space becomes one U+2581"
        }
    }

    /// Whether the profiles differ in it.
    package var dependsOnProfile: Bool {
        switch self {
        case .personalInformation, .webNotation, .symbols, .allowedCharacters, .repeats: true
        default: false
        }
    }
}
