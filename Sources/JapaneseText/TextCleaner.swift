/// Cleans Japanese clinical text as NCVC-slm-1 does (arXiv 2412.16423, section 2.2), with a map back.
///
/// The steps, in the paper's order: full-width full stop and comma; NFKC; one form each for hyphens,
/// the long vowel mark and tildes, `...` as `…` and `°C` as `℃`; personal information, addresses on
/// the web, @accounts and #tags; symbols of one meaning; characters outside the allowed set; needless
/// repeats; white space as U+2581. Symbols of one meaning are unified in the same pass as hyphens,
/// one step early, which changes nothing but lets the patterns see fewer forms.
///
/// Time and memory are linear in the text. Any string is accepted.
package struct TextCleaner: Sendable {
    /// What the cleaned text is for.
    package enum Profile: String, CaseIterable, Sendable {
        /// Records: keeps what carries clinical meaning; personal information becomes `〓`.
        case documents
        /// Text to train a language model on: drops what the paper drops.
        case training

        /// The kinds of personal information that version 1 looks for.
        package var personalInformation: Set<PersonalInformationKind> {
            switch self {
            case .documents: PersonalInformationKind.contacts
            case .training: PersonalInformationKind.webWriting
            }
        }
    }

    /// Changes whenever the same text could come out differently; stored with models and results.
    package static let version = 1

    /// What the cleaned text is for.
    package let profile: Profile
    /// The kinds of personal information that are taken out or replaced.
    package let personalInformation: Set<PersonalInformationKind>

    /// A cleaner; without `personalInformation` it looks for what version 1 looks for.
    package init(
        profile: Profile, personalInformation: Set<PersonalInformationKind>? = nil
    ) {
        self.profile = profile
        self.personalInformation = personalInformation ?? profile.personalInformation
    }

    /// Cleans a text.
    package func clean(_ text: String) -> CleanedText {
        let source = Array(text.unicodeScalars)
        var scalars = CompatibilityFolding.fold(source)
        SymbolUnification.unify(&scalars)
        let anonymous = PersonalInformationFinder(kinds: personalInformation)
            .replaced(
                in: scalars,
                by: profile == .documents ? PersonalInformationFinder.placeholder : nil)
        let cleaned = CharacterSelection(profile: profile).select(from: anonymous)
        return CleanedText(source: source, cleaned: cleaned)
    }
}
