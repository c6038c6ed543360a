// SPDX-License-Identifier: Apache-2.0

/// A stretch of folded text that is personal information.
struct PersonalInformationMatch: Hashable, Sendable {
    /// What it is.
    let kind: PersonalInformationKind
    /// Where it stands, in scalars of the folded text.
    let range: Range<Int>

    /// The matches in order and apart from each other.
    ///
    /// Of two that overlap the one that starts first stays, of two that start together the longer
    /// one; what is left of the other stays out, so that no match is ever cut.
    static func apart(_ matches: [PersonalInformationMatch]) -> [PersonalInformationMatch] {
        let ordered = matches.sorted {
            ($0.range.lowerBound, -$0.range.upperBound) < (
                $1.range.lowerBound, -$1.range.upperBound
            )
        }
        var result: [PersonalInformationMatch] = []
        var end = 0
        for match in ordered where match.range.lowerBound >= end {
            result.append(match)
            end = match.range.upperBound
        }
        return result
    }
}
