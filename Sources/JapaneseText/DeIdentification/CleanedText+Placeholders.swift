// SPDX-License-Identifier: Apache-2.0
extension CleanedText {
    /// Whether a cleaned range holds a placeholder, that is a `〓` that the source has not.
    ///
    /// What a model finds there stands for personal information and is not to be reported.
    package func holdsPlaceholder(in range: CleanedRange) -> Bool {
        for index in range.start..<range.end
        where scalars[index].value == PersonalInformationFinder.placeholder {
            let place = sourceRange(of: CleanedRange(start: index, end: index + 1))
            if place.count > 1 || source[place.start] != scalars[index] { return true }
        }
        return false
    }
}
