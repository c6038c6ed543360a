// SPDX-License-Identifier: Apache-2.0

/// Finds personal information in folded text and puts a placeholder in its place.
///
/// Folded means after the rules of cleaning up to `ellipses`: digits and Latin letters are
/// half-width, hyphens are one. Patterns and short lists only, no model: a missed name in running
/// text is a lesser harm than a diagnosis or dose taken for one, so without a label or title little
/// is found. Linear: every rule looks at each scalar a bounded number of times.
struct PersonalInformationFinder: Sendable {
    /// Which rules find telephone numbers; the other kinds have but one edition.
    enum Edition: Sendable {
        /// By shape alone, as in cleaning version 1.
        case shapes
        /// By shape and by field label: `TEL 0300001234`, `内線：2345`.
        case labels
    }

    /// What stands in a record where personal information stood: the geta mark of printers.
    static let placeholder: UInt32 = 0x3013

    /// What to look for.
    let kinds: Set<PersonalInformationKind>
    /// By which rules telephone numbers are found.
    let edition: Edition

    /// A finder; without `edition`, the kinds of cleaning version 1 alone are found by its rules.
    init(kinds: Set<PersonalInformationKind>, edition: Edition? = nil) {
        self.kinds = kinds
        let isFirst = kinds.isSubset(of: PersonalInformationKind.webWriting)
        self.edition = edition ?? (isFirst ? .shapes : .labels)
    }

    /// What is found, in order and apart from each other.
    func matches(in values: [UInt32]) -> [PersonalInformationMatch] {
        let contacts = ContactPatterns(kinds: kinds).matches(in: values)
        if edition == .shapes, kinds.isSubset(of: PersonalInformationKind.webWriting) {
            return contacts
        }
        let others = RecordPatterns(kinds: kinds, edition: edition).matches(in: values)
        return PersonalInformationMatch.apart(contacts + others)
    }

    /// The text with one placeholder for each match, or nothing for it where there is none.
    func replaced(in scalars: MappedScalars, by placeholder: UInt32?) -> MappedScalars {
        let found = matches(in: scalars.values)
        if found.isEmpty { return scalars }
        var result = MappedScalars(capacity: scalars.count)
        var index = 0
        for match in found {
            while index < match.range.lowerBound {
                result.append(scalars, at: index)
                index += 1
            }
            if let placeholder {
                result.append(placeholder, insteadOf: match.range, of: scalars)
            }
            index = match.range.upperBound
        }
        while index < scalars.count {
            result.append(scalars, at: index)
            index += 1
        }
        return result
    }
}
