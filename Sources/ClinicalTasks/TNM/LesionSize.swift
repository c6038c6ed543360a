// SPDX-License-Identifier: Apache-2.0

/// A length that a report gives, in millimetres.
struct LesionSize: Sendable {
    /// The length; of `a x b x c` the largest.
    let millimetres: Double
    /// Where it stands in the folded report.
    let range: Range<Int>
    /// Whether it is said to be the solid part's.
    let isSolidPart: Bool
}

extension LesionSize {
    /// All lengths in a range, except short diameters and those of an earlier examination (`AからB`).
    static func sizes(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> [LesionSize] {
        var scanner = LengthScanner(
            scalars: scalars, index: range.lowerBound, end: range.upperBound)
        var sizes: [LesionSize] = []
        while scanner.index < range.upperBound {
            guard scanner.isNumberStart, let measure = scanner.measure() else {
                scanner.index += 1
                continue
            }
            let near = measure.range.lowerBound
            let before = max(range.lowerBound, near - 8)..<near
            let wider = max(range.lowerBound, near - 14)..<near
            let after =
                measure.range.upperBound..<min(range.upperBound, measure.range.upperBound + 5)
            if shortDiameter.occurs(in: scalars, before), !bothDiameters.occurs(in: scalars, wider)
            {
                continue
            }
            if change.begins(scalars, after) { continue }
            if replaced.begins(scalars, after) || isEarlier(scalars, wider) { continue }
            sizes.append(
                LesionSize(
                    millimetres: measure.millimetres, range: measure.range,
                    isSolidPart: isSolid(scalars, before: before, after: after)))
        }
        return sizes
    }

    private static let shortDiameter: WordList = ["短径", "厚", "スライス", "深さ", "間隔", "距離"]
    /// A heading of two diameters, of which the longer is read.
    private static let bothDiameters: WordList = [
        "長短径", "長・短径", "長径x短径", "長径X短径", "長径*短径", "長径・短径", "長径/短径", "長径、短径", "長径及び短径", "長径と短径",
    ]
    /// A bound (3cm以下) is no size.
    private static let change: WordList = [
        "増大", "縮小", "程度の増大", "ほどの増大", "ずつ", "以下", "未満", "以内", "大以下", "を超えな", "に満た",
    ]
    private static let replaced: WordList = [
        "から", "→", "->", "⇒", "より増大", "より縮小", "だったが", "であったが", "でしたが", "だったもの",
        "であったもの", "だったのが", "であったのが", "だった結節", "であった結節", "だった腫瘤", "であった腫瘤", "だった病変", "であった病変",
        "だった原発", "であった原発", "だった陰影", "であった陰影", "だった肺癌", "であった肺癌", "と比較", "に比",
    ]
    private static let past: WordList = [
        "前回", "以前", "昨年", "先月", "先週", "前年", "昨秋", "昨春", "年前", "月前", "週前", "週間前", "初診時", "治療前", "術前",
        "当初", "入院時",
    ]
    private static let present: WordList = ["今回", "現在", "今日", "本日"]
    private static let solid: WordList = ["充実", "solid", "浸潤径", "consolidation", "C/T"]
    private static let solidAfter: WordList = [
        "の充実", "大の充実", "充実成分", "のsolid", "大のsolid", "程の充実", "程度の充実",
    ]

    /// `18mm大の充実成分を伴わない結節`
    private static let withoutSolid: WordList = [
        "を伴わな", "を認めな", "のない", "がない", "を欠", "の無い", "に乏し",
    ]

    /// `前回(2024/3/1)45mm`: a word for the past, and no other size, present or new statement since.
    private static func isEarlier(_ scalars: [Unicode.Scalar], _ before: Range<Int>) -> Bool {
        guard let word = past.all(in: scalars, before).last else { return false }
        let between = word.upperBound..<before.upperBound
        let parts: WordList = ["、", "mm", "cm", "より", "から", "比", "同様", "変化"]
        return !present.occurs(in: scalars, between) && !parts.occurs(in: scalars, between)
    }

    private static func isSolid(
        _ scalars: [Unicode.Scalar], before: Range<Int>, after: Range<Int>
    ) -> Bool {
        // What stands before a comma or another number speaks of that.
        let start = scalars[before].lastIndex { $0 == "、" || $0 == "," || $0 == "m" }
        let own = (start.map { $0 + 1 } ?? before.lowerBound)..<before.upperBound
        if solid.occurs(in: scalars, own) { return true }
        let rest = after.lowerBound..<min(scalars.count, after.lowerBound + 14)
        return solidAfter.begins(scalars, after) && !withoutSolid.occurs(in: scalars, rest)
    }
}
