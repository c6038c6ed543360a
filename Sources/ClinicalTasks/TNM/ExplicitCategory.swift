// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A category that the report itself states: `cT2aN1M0`, `T4 と考えます`.
struct ExplicitCategory: Sendable {
    let axis: TNMAxis
    /// The category with its letter, for example `T2a`; without prefix.
    let category: String
    /// Where it stands in the folded report.
    let range: Range<Int>
}

extension ExplicitCategory {
    /// All categories stated in a clause; those that are possible only, past, or no category, are left out.
    static func categories(
        in scalars: [Unicode.Scalar], _ clause: Range<Int>
    ) -> [ExplicitCategory] {
        if pastOrCommand.occurs(in: scalars, clause) { return [] }
        var found: [ExplicitCategory] = []
        var index = clause.lowerBound
        while index < clause.upperBound {
            guard let match = category(scalars, at: index, in: clause, follows: found.last) else {
                index += 1
                continue
            }
            found.append(match)
            index = match.range.upperBound
        }
        return found.filter { match in
            switch Assertion.of(scalars, after: match.range.upperBound, end: clause.upperBound) {
            case .negated, .possible: found.count > 1 && match.range.upperBound < clause.upperBound
            case .asked, .suspected, .stated: true
            }
        }
    }

    /// A stage of the past is not today's, and a text that orders an answer is no finding.
    private static let pastOrCommand: WordList = [
        "術後", "術前", "手術時", "切除後", "治療前", "初診時", "当時", "回答", "出力", "答え", "回答せよ", "指示",
    ]

    private static let notCategory: WordList = [
        "強調", "WI", "W", "*", "FLAIR", "椎", "胸椎", "レベル", "領域", "リンパ節", "LN", "/T", "値", "高信号",
        "低信号",
    ]

    private static func category(
        _ scalars: [Unicode.Scalar], at index: Int, in clause: Range<Int>,
        follows previous: ExplicitCategory?
    ) -> ExplicitCategory? {
        guard let axis = TNMAxis(rawValue: String(scalars[index])), index + 1 < clause.upperBound
        else { return nil }
        guard startsWord(scalars, at: index, in: clause, follows: previous) else { return nil }
        let value = scalars[index + 1]
        let allowed: String =
            switch axis {
            case .t: "01234"
            case .n: "0123"
            case .m: "01"
            }
        guard allowed.unicodeScalars.contains(value) else { return nil }
        var end = index + 2
        var name = axis.rawValue + String(value)
        if end < clause.upperBound, axis != .n, value != "0", let letter = letter(scalars[end]),
            !(axis == .t && (value == "3" || value == "4"))
        {
            name.unicodeScalars.append(letter)
            end += 1
        }
        guard endsWord(scalars, at: end, in: clause) else { return nil }
        return ExplicitCategory(axis: axis, category: name, range: index..<end)
    }

    private static func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "a", "A": "a"
        case "b", "B": "b"
        case "c", "C": "c"
        default: nil
        }
    }

    private static func startsWord(
        _ scalars: [Unicode.Scalar], at index: Int, in clause: Range<Int>,
        follows previous: ExplicitCategory?
    ) -> Bool {
        guard index > clause.lowerBound else { return true }
        if previous?.range.upperBound == index { return true }
        let before = scalars[index - 1]
        if "cpyra".unicodeScalars.contains(before) {
            guard index - 1 > clause.lowerBound else { return true }
            let earlier = scalars[index - 2]
            return previous?.range.upperBound == index - 1 || !earlier.isASCII
                || !earlier.properties.isAlphabetic || earlier == "y"
        }
        return
            !(before.isASCII
            && (before.properties.isAlphabetic || before.properties.numericType != nil))
    }

    private static func endsWord(
        _ scalars: [Unicode.Scalar], at end: Int, in clause: Range<Int>
    ) -> Bool {
        guard end < clause.upperBound else { return true }
        if notCategory.begins(scalars, end..<clause.upperBound) { return false }
        let next = scalars[end]
        if "TNMcpyrSs(".unicodeScalars.contains(next) { return true }
        return
            !(next.isASCII && (next.properties.isAlphabetic || next.properties.numericType != nil))
    }
}
