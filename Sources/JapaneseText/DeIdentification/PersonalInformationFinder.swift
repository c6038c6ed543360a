/// Finds personal information in folded text and puts a placeholder in its place.
///
/// Folded means after `CompatibilityFolding` and `SymbolUnification`: digits and Latin letters are
/// half-width, hyphens are one. Linear: every rule looks at each scalar a bounded number of times.
struct PersonalInformationFinder: Sendable {
    /// What stands in a record where personal information stood: the geta mark of printers.
    static let placeholder: UInt32 = 0x3013

    /// What to look for.
    let kinds: Set<PersonalInformationKind>

    /// What is found, in order and apart from each other.
    func matches(in values: [UInt32]) -> [PersonalInformationMatch] {
        ContactPatterns(kinds: kinds).matches(in: values)
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
