// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import JapaneseText

extension TextSpan {
    /// The span without white space at its ends; nil if nothing is left.
    package var trimmed: TextSpan? {
        let scalars = Array(surface.unicodeScalars)
        var first = 0
        var last = scalars.count
        while first < last, scalars[first].isSpace { first += 1 }
        while last > first, scalars[last - 1].isSpace { last -= 1 }
        guard first < last else { return nil }
        return TextSpan(
            range: SourceRange(start: range.start + first, end: range.start + last),
            surface: String(scalars: scalars[first..<last]))
    }
}
