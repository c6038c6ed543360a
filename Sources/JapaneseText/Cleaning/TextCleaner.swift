// SPDX-License-Identifier: Apache-2.0

/// Cleans Japanese clinical text as NCVC-slm-1 does (arXiv 2412.16423, section 2.2), with a map back.
///
/// The paper's list is `CleaningRule`, the order `CleaningVersion.rules`; each rule has a file of its
/// own in this folder. Time and memory are linear in the text. Any string is accepted.
///
/// Lines are independent: a text cut at a line break gives the same as its parts, but for blank lines
/// in a row. Cleaning what is already clean changes nothing, unless deleting a character has brought
/// together what belongs to a rule that was already done (`.😀..`).
package struct TextCleaner: Sendable {
    /// What the cleaned text is for.
    ///
    /// The profiles differ in four rules: `webNotation`, `symbols`, `allowedCharacters` and `repeats`,
    /// and in what stands where personal information stood. Each says how and why.
    package enum Profile: String, CaseIterable, Sendable {
        /// Records: keeps what carries clinical meaning; personal information becomes `〓`.
        case documents
        /// Text to train a language model on: drops what the paper drops.
        case training

        /// The kinds of personal information that a cleaner looks for if not told others.
        package var personalInformation: Set<PersonalInformationKind> {
            switch self {
            case .documents: PersonalInformationKind.contacts
            case .training: PersonalInformationKind.webWriting
            }
        }
    }

    /// What the cleaned text is for.
    package let profile: Profile
    /// Which version of the rules is applied.
    package let version: CleaningVersion
    /// The kinds of personal information that are taken out or replaced.
    package let personalInformation: Set<PersonalInformationKind>
    private let rules: [CleaningRule]
    private let patterns: PatternRemoval

    /// A cleaner; without `personalInformation` it looks for what its profile says.
    ///
    /// `only` leaves some of the version's rules, for looking at one by itself; models see text that
    /// all rules have seen.
    package init(
        profile: Profile, version: CleaningVersion = .newest,
        personalInformation: Set<PersonalInformationKind>? = nil, only: Set<CleaningRule>? = nil
    ) {
        self.profile = profile
        self.version = version
        self.personalInformation = personalInformation ?? profile.personalInformation
        rules = version.rules.filter { only?.contains($0) ?? true }
        patterns = PatternRemoval(
            profile: profile, kinds: self.personalInformation, rules: rules)
    }

    /// Cleans a text.
    package func clean(_ text: String) -> CleanedText {
        let source = Array(scalarsOf: text)
        return CleanedText(source: source, cleaned: scalars(of: source))
    }

    /// What the rules make of a text.
    func scalars(of source: [Unicode.Scalar]) -> MappedScalars {
        var scalars = MappedScalars(source: source)
        for rule in rules { apply(rule, to: &scalars) }
        return scalars
    }

    private func apply(_ rule: CleaningRule, to scalars: inout MappedScalars) {
        switch rule {
        case .invisibleCharacters: InvisibleCharacters.remove(from: &scalars)
        case .lineBreaks: LineBreaks(version: version).unify(in: &scalars)
        case .fullWidthStops: FullWidthStops(version: version).replace(in: &scalars)
        case .compatibilityFolding: CompatibilityFolding.fold(&scalars, version: version)
        case .strokes: Strokes(version: version).unify(in: &scalars)
        case .ellipses: Ellipses(version: version).restore(in: &scalars)
        case .personalInformation, .webNotation:
            if rule == .webNotation, rules.contains(.personalInformation) { return }
            patterns.remove(from: &scalars)
        case .symbols: SymbolUnification(profile: profile, version: version).unify(in: &scalars)
        case .allowedCharacters:
            AllowedCharacters(profile: profile, version: version).select(from: &scalars)
        case .repeats: Repeats(profile: profile, version: version).shorten(in: &scalars)
        case .whiteSpace: WhiteSpace.mark(in: &scalars)
        }
    }
}
