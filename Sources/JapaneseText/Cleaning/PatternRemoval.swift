// SPDX-License-Identifier: Apache-2.0

/// Rules `personal-information` and `web-notation`: what has a pattern is taken out.
///
/// In records `〓` stands in its place, in training text nothing. The profiles also differ in what web
/// notation is: an at-sign and a number sign are ordinary writing in records (`3L@NC`, `#1 肺癌`), so
/// only training text loses accounts and tags.
///
/// The two rules share one search, in which the leftmost pattern wins: else a telephone number would
/// be cut out of the address on the web that it is part of.
struct PatternRemoval: Sendable {
    private static let webNotation: Set<PersonalInformationKind> = [.url, .account, .tag]

    let profile: TextCleaner.Profile
    /// What to look for.
    let kinds: Set<PersonalInformationKind>

    /// The removal for rules that are applied, of the kinds that a cleaner looks for.
    init(
        profile: TextCleaner.Profile, kinds: Set<PersonalInformationKind>, rules: [CleaningRule]
    ) {
        self.profile = profile
        self.kinds = kinds.filter {
            rules.contains(Self.webNotation.contains($0) ? .webNotation : .personalInformation)
        }
    }

    func remove(from scalars: inout MappedScalars) {
        if kinds.isEmpty { return }
        let placeholder = profile == .documents ? PersonalInformationFinder.placeholder : nil
        scalars = PersonalInformationFinder(kinds: kinds).replaced(in: scalars, by: placeholder)
    }
}
