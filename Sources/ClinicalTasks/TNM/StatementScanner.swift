// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Finds the categories that a report states, wherever they stand: in a row, in lower case, with colons, over
/// lines, with sizes or stations in brackets between them.
struct StatementScanner {
    private let scalars: [Unicode.Scalar]
    private let clauses: [ReportClause]

    /// What a report states, and which axes it names a category for only as a possibility.
    struct Result {
        var categories: [ExplicitCategory] = []
        /// `T3の可能性`: for a person to look at.
        var possible: [ExplicitCategory] = []
        /// Whether categories of another organ's cancer are stated.
        var statesOtherCancer = false
    }

    /// Reads a report.
    static func read(_ report: FoldedReport, clauses: [ReportClause]) -> Result {
        StatementScanner(scalars: report.scalars, clauses: clauses).read()
    }

    private init(scalars: [Unicode.Scalar], clauses: [ReportClause]) {
        (self.scalars, self.clauses) = (scalars, clauses)
    }

    private func read() -> Result {
        var result = Result()
        var index = 0
        var clause = 0
        var former = 0
        while index < scalars.count {
            let statement = statement(at: index)
            guard let first = statement.first, let last = statement.last else {
                index += 1
                continue
            }
            index = last.range.upperBound
            while clause + 1 < clauses.count,
                clauses[clause].range.upperBound <= first.range.lowerBound
            {
                clause += 1
            }
            // In a clause that tells of relatives or of earlier times.
            guard clauses.indices.contains(clause),
                clauses[clause].range.contains(first.range.lowerBound)
            else { continue }
            let end = last.range.upperBound
            let place = Place(first.range.lowerBound..<end, clause: clause, former: former)
            former = end
            guard !isCommand(place) else { continue }
            if isOfOtherCancer(place) {
                result.statesOtherCancer = true
                continue
            }
            let placed = statement.map { item in
                var item = item
                item.statement = first.range.lowerBound
                item.standing = standing(place)
                item.edition = edition(place)
                return item
            }
            switch certainty(of: statement, place) {
            case .negated, .asked: continue
            case .possible where statement.count == 1: result.possible += placed
            case .possible:
                result.categories += placed
                result.possible += placed
            case .suspected, .stated: result.categories += placed
            }
        }
        return result
    }

    // MARK: - What stands around a statement

    /// Where a statement stands: its range, its clause, and where the one before ended.
    private struct Place {
        let range: Range<Int>
        let clause: Int
        let former: Int

        init(_ range: Range<Int>, clause: Int, former: Int) {
            (self.range, self.clause, self.former) = (range, clause, former)
        }
    }

    /// A text that orders an answer is no finding.
    private func isCommand(_ place: Place) -> Bool {
        guard clauses.indices.contains(place.clause) else { return false }
        let words: WordList = ["回答", "出力", "答え", "指示", "せよ"]
        return words.occurs(in: scalars, clauses[place.clause].range)
    }

    /// The scalars of the statement's sentence that stand before it, after the statement before.
    private func before(_ place: Place) -> Range<Int> {
        guard clauses.indices.contains(place.clause) else {
            return place.range.lowerBound..<place.range.lowerBound
        }
        var first = place.clause
        while first > 0, clauses[first - 1].sentence == clauses[place.clause].sentence {
            first -= 1
        }
        let start = max(clauses[first].range.lowerBound, place.former)
        return min(start, place.range.lowerBound)..<place.range.lowerBound
    }

    /// A few scalars behind the statement, as far as its sentence goes.
    private func behind(_ place: Place) -> Range<Int> {
        let end = min(scalars.count, place.range.upperBound + 16)
        let tail = place.range.upperBound..<end
        let stop = scalars[tail].firstIndex { "。\n→⇒、".unicodeScalars.contains($0) } ?? end
        return tail.lowerBound..<stop
    }

    private static let formerWords: WordList = [
        "初診時", "治療前", "前回", "術前", "当初", "以前", "当時", "診断時", "入院時", "発症時", "療法前", "導入前", "手術前", "初回",
    ]
    private static let currentWords: WordList = [
        "今回", "現在", "現時点", "再発時", "再評価", "再燃時", "術後", "手術時", "最終", "今後", "病理", "切除後", "治療後", "療法後",
    ]

    private func standing(_ place: Place) -> ExplicitCategory.Standing {
        let before = before(place)
        let former = Self.formerWords.all(in: scalars, before).last?.lowerBound
        let current = Self.currentWords.all(in: scalars, before).last?.lowerBound
        switch (former, current) {
        case (.some(let former), .some(let current)): return former > current ? .former : .current
        case (.some, nil): return .former
        case (nil, .some): return .current
        case (nil, nil): break
        }
        let note = behind(place)
        guard scalars[note].first == "(" else { return .plain }
        if Self.formerWords.occurs(in: scalars, note) { return .former }
        return Self.currentWords.occurs(in: scalars, note) ? .current : .plain
    }

    private static let editions: [(Int, WordList)] = [
        (7, ["第7版", "7版", "UICC7", "UICC-7", "AJCC7", "7th", "第七版"]),
        (8, ["第8版", "8版", "UICC8", "UICC-8", "AJCC8", "8th", "第八版"]),
        (9, ["第9版", "9版", "UICC9", "UICC-9", "AJCC9", "9th", "第九版"]),
    ]

    /// The edition that a report names last, beside a category or not.
    static func lastEdition(in scalars: [Unicode.Scalar]) -> Int? {
        var last: (edition: Int, place: Int)?
        for (edition, words) in editions {
            guard let word = words.all(in: scalars, scalars.indices).last else { continue }
            if word.lowerBound > last?.place ?? -1 { last = (edition, word.lowerBound) }
        }
        return last?.edition
    }

    private func edition(_ place: Place) -> Int? {
        let before = before(place)
        var nearest: (edition: Int, place: Int)?
        for (edition, words) in Self.editions {
            guard let word = words.all(in: scalars, before).last else { continue }
            if word.lowerBound > nearest?.place ?? -1 { nearest = (edition, word.lowerBound) }
        }
        if let nearest { return nearest.edition }
        let note = behind(place)
        return Self.editions.first { $0.1.occurs(in: scalars, note) }?.0
    }

    /// Tumours that have categories of their own.
    private static let others = [TNMWords.otherCancer, TNMWords.thymoma]

    /// How far before a statement the name of its cancer is looked for, where no lung cancer is named.
    private static let reach = 80

    /// Whether the cancer that is named nearest, in the sentence or else before, is that of another organ.
    private func isOfOtherCancer(_ place: Place) -> Bool {
        let sentence = before(place)
        let other = Self.others.compactMap { $0.all(in: scalars, sentence).last?.lowerBound }.max()
        let own = TNMWords.lungCancer.all(in: scalars, sentence).last?.lowerBound
        if other != nil || own != nil { return (other ?? -1) > (own ?? -1) }
        let note = behind(place)
        if TNMWords.lungCancer.occurs(in: scalars, note) { return false }
        if Self.others.contains(where: { $0.occurs(in: scalars, note) }) { return true }
        guard !TNMWords.lungCancer.occurs(in: scalars, 0..<place.range.lowerBound) else {
            return false
        }
        let start = max(0, place.range.lowerBound - Self.reach)
        return Self.others.contains { $0.occurs(in: scalars, start..<place.range.lowerBound) }
    }

    /// How sure the report is of a statement: of one axis by what follows up to a comma, of several by what
    /// follows at once, since a row of categories is rarely denied as a whole.
    private func certainty(of statement: [ExplicitCategory], _ place: Place) -> Assertion {
        let note = behind(place)
        let length = statement.count == 1 ? 16 : 8
        let end = min(note.upperBound, note.lowerBound + length)
        var start = note.lowerBound
        if start < end, scalars[start] == "(" {
            start = scalars[start..<end].firstIndex(of: ")") ?? start
        }
        let certainty = Assertion.of(scalars, after: start, end: end)
        let denials: WordList = [
            "ではな", "でな", "とは言", "とはい", "とは考", "とは判断", "とは診断", "とはし", "とはみな", "とは取", "否定", "除外",
            "に至",
        ]
        guard certainty == .negated else { return certainty }
        return denials.occurs(in: scalars, start..<end) ? .negated : .stated
    }

    // MARK: - Categories in a row

    /// The categories that begin at an index and belong together.
    private func statement(at index: Int) -> [ExplicitCategory] {
        guard startsWord(at: index), let first = item(at: index, inRow: false) else { return [] }
        var items = [first]
        while let last = items.last {
            let next = behindSeparators(last.range.upperBound)
            let sameLine = !scalars[last.range.upperBound..<next].contains("\n")
            guard let item = item(at: next, inRow: true),
                !items.contains(where: { $0.axis == item.axis }),
                sameLine || item.axis == .n || item.axis == .m
            else { break }
            items.append(item)
        }
        // `CT1` is an examination: a prefix in capitals needs company.
        if first.prefix.isEmpty == false, items.count < 2,
            scalars[first.range.lowerBound].properties.isUppercase
        {
            return []
        }
        // Small letters alone are categories only in a row of three, or with a prefix.
        let isSmall = first.prefix.isEmpty && scalars[first.range.lowerBound].properties.isLowercase
        if isSmall, items.count < 3 { return [] }
        return items
    }

    /// Behind commas, slashes, line ends and notes in brackets.
    private func behindSeparators(_ start: Int) -> Int {
        var index = start
        while index < scalars.count, index - start < 80 {
            let scalar = scalars[index]
            if scalar == "[", index + 2 < scalars.count, scalars[index + 2] == "]",
                "TNM".unicodeScalars.contains(scalars[index + 1])
            {
                // `[N] 2`: the axis itself in brackets.
                index += 1
            } else if scalar == "(" || scalar == "[" {
                let end = min(scalars.count, index + 48)
                let close: Unicode.Scalar = scalar == "(" ? ")" : "]"
                guard let closing = scalars[index..<end].firstIndex(of: close) else { return start }
                index = closing + 1
            } else if "、,/・;\n-_+&。".unicodeScalars.contains(scalar) {
                // A full stop parts statements, but for one that a typist set between categories.
                if scalar == "。", index + 1 < scalars.count, item(at: index + 1, inRow: true) == nil
                {
                    return start
                }
                index += 1
            } else if (["かつ", "および"] as WordList).begins(scalars, index..<scalars.count) {
                index += scalar == "か" ? 2 : 3
            } else {
                break
            }
        }
        return index
    }

    private func startsWord(at index: Int) -> Bool {
        guard index > 0 else { return true }
        let before = scalars[index - 1]
        return
            !(before.isASCII
            && (before.properties.isAlphabetic || before.properties.numericType != nil))
    }

    private static let prefixes: WordList = [
        "c", "p", "yc", "yp", "y", "r", "a", "rc", "rp", "ry", "ryp", "ryc", "s", "u", "C", "P",
        "yC", "yP", "YP", "YC", "cy", "f", "cr",
    ]

    /// One category; in a row, small letters need no more than to stand there.
    private func item(at start: Int, inRow: Bool) -> ExplicitCategory? {
        guard start < scalars.count else { return nil }
        // `T` may itself follow a prefix, or none; the longest prefix with an axis behind it counts.
        for length in [3, 2, 1, 0] where start + length < scalars.count {
            if length > 0 {
                let word = start..<(start + length)
                guard Self.prefixes.prefix(of: scalars, word)?.count == length else { continue }
            }
            let prefix = report(start..<(start + length)).lowercased()
            if let item = category(at: start + length, prefix: prefix, start: start, inRow: inRow) {
                return item
            }
        }
        return nil
    }

    private func report(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    private func category(
        at index: Int, prefix: String, start: Int, inRow: Bool
    ) -> ExplicitCategory? {
        guard let axis = TNMAxis(rawValue: String(scalars[index]).uppercased()) else { return nil }
        let isSmall = scalars[index].properties.isLowercase
        // pm1: metastases within the lung, as specimens are described.
        if isSmall, axis == .m, prefix == "p", !inRow { return nil }
        let position = isSmall ? index + 1 : behindLabel(index + 1)
        guard let (value, end) = CategoryValue.read(axis, scalars, at: position) else { return nil }
        var category = axis.rawValue + value
        var last = end
        var isDoubtful = false
        if let (other, behind) = alternative(to: value, axis, at: end) {
            isDoubtful = true
            category = axis.rawValue + min(value, other)
            last = behind
        }
        guard endsWord(at: last, axis: axis, inRow: inRow) else { return nil }
        return ExplicitCategory(
            axis: axis, category: category, prefix: prefix, range: start..<last,
            isDoubtful: isDoubtful)
    }

    /// Behind `因子:` of `T因子:2a`, or `(` of `T(2a)`.
    private func behindLabel(_ start: Int) -> Int {
        var index = start
        let labels: WordList = ["因子", "分類", "factor", "Factor", "病期", "category"]
        if let label = labels.prefix(of: scalars, min(index, scalars.count)..<scalars.count) {
            index = label.upperBound
        }
        let signs = ":=は()]】>".unicodeScalars
        while index < scalars.count, index - start < 8, signs.contains(scalars[index]) {
            index += 1
        }
        // `T T1b`, the row of a table, whose white space is gone.
        if index > 0, index + 1 < scalars.count, scalars[index] == scalars[start - 1],
            scalars[index].properties.isUppercase
        {
            index += 1
        }
        return index
    }

    /// `-1` of `N0-1`, `~T2` of `T1~T2`, `-b` of `T2a-b`.
    private func alternative(
        to value: String, _ axis: TNMAxis, at start: Int
    ) -> (value: String, end: Int)? {
        let signs: WordList = ["-", "~", "/", "or", "ないし", "または", "もしくは", "か", "から"]
        guard start < scalars.count, let sign = signs.prefix(of: scalars, start..<scalars.count)
        else {
            return nil
        }
        var index = sign.upperBound
        guard index < scalars.count else { return nil }
        let prefixed =
            index + 1 < scalars.count && "cp".unicodeScalars.contains(scalars[index])
            && scalars[index + 1] == Unicode.Scalar(axis.rawValue)
        if prefixed { index += 1 }
        if scalars[index] == Unicode.Scalar(axis.rawValue) { index += 1 }
        if let (other, end) = CategoryValue.read(axis, scalars, at: index) { return (other, end) }
        guard let digit = value.first, "abc".unicodeScalars.contains(scalars[index]),
            value.count == 2
        else {
            return nil
        }
        return (String(digit) + String(scalars[index]), index + 1)
    }

    /// What follows a name that only looks like a category.
    private static let notCategory: WordList = [
        "強調", "WI", "W", "*", "FLAIR", "椎", "胸椎", "レベル", "領域", "リンパ節", "LN", "/T", "値", "高信号",
        "低信号", "画像", "像", "、T1", "、T2", "・T1", "・T2", ",T1", ",T2", "緩和", "マッピング", "神経根", "高さ", "髄",
        "station", "マクロ", "は正常", "は高値", "は低値", "細胞", ")椎", ")の椎", ")レベル", ")の高さ", "の椎",
    ]

    private func endsWord(at end: Int, axis: TNMAxis, inRow: Bool) -> Bool {
        guard end < scalars.count else { return true }
        let rest = end..<scalars.count
        if Self.notCategory.begins(scalars, rest), !(inRow && axis != .t && scalars[end] == "、") {
            return false
        }
        if axis == .t, isVertebra(at: end) { return false }
        let next = scalars[end]
        // `T4-6椎体`, `T1,2強調`: a list of numbers.
        if axis == .t, "-~,、/・".unicodeScalars.contains(next), end + 1 < scalars.count,
            scalars[end + 1].properties.numericType != nil
        {
            return false
        }
        if "TNMcpyrSs(".unicodeScalars.contains(next) { return true }
        // `T1bN0M0 ⅠA2期`: the stage stands right behind.
        if inRow, axis != .t, "IV".unicodeScalars.contains(next) { return true }
        if "nm".unicodeScalars.contains(next) { return item(at: end, inRow: true) != nil }
        return
            !(next.isASCII && (next.properties.isAlphabetic || next.properties.numericType != nil))
    }

    /// Whether a list of numbers that goes on here ends with a vertebra: `T3、T4椎体`, `T3・4の椎体`.
    private func isVertebra(at start: Int) -> Bool {
        var index = start
        while index < scalars.count, index - start < 16 {
            guard "、,・~-/とTh".unicodeScalars.contains(scalars[index]) else { break }
            while index < scalars.count, "、,・~-/とTh".unicodeScalars.contains(scalars[index]) {
                index += 1
            }
            let digits = index
            while index < scalars.count, ("0"..."9").contains(scalars[index]) { index += 1 }
            guard index > digits else { return false }
        }
        let vertebra: WordList = ["椎", "の椎", "胸椎", "神経根", "レベルの椎"]
        return index > start && index < scalars.count
            && vertebra.begins(scalars, index..<scalars.count)
    }
}

/// The part of a category behind its letter.
enum CategoryValue {
    /// `2a` of `T2a`, in its standard form (`X`, `is`, `1mi`, `2b`, `1c2`), and where it ends.
    static func read(
        _ axis: TNMAxis, _ scalars: [Unicode.Scalar], at index: Int
    ) -> (value: String, end: Int)? {
        guard index < scalars.count else { return nil }
        let scalar = scalars[index]
        if scalar == "X" || scalar == "x" { return ("X", index + 1) }
        let rest = index..<scalars.count
        if axis == .t, (["is", "IS", "Is"] as WordList).begins(scalars, rest) {
            let note = (["(AIS)", "(SCIS)"] as WordList).prefix(
                of: scalars, (index + 2)..<scalars.count)
            return ("is", note?.upperBound ?? index + 2)
        }
        guard let digit = scalar.properties.numericType == nil ? nil : Int(String(scalar)),
            digit <= highest(axis)
        else { return nil }
        let (letter, end) = letter(axis, digit, scalars, at: index + 1)
        return ("\(digit)\(letter)", end)
    }

    private static func highest(_ axis: TNMAxis) -> Int {
        switch axis {
        case .t: 4
        case .n: 3
        case .m: 1
        }
    }

    /// The letter that the eighth and ninth edition know for a digit; one of older editions is passed over.
    private static func letter(
        _ axis: TNMAxis, _ digit: Int, _ scalars: [Unicode.Scalar], at index: Int
    ) -> (String, Int) {
        guard index < scalars.count else { return ("", index) }
        let rest = index..<scalars.count
        if axis == .t, digit == 1 {
            let minimal: WordList = ["mi", "(mi)", "a(mi)", "MI"]
            if let word = minimal.prefix(of: scalars, rest) { return ("mi", word.upperBound) }
        }
        guard let letter = String(scalars[index]).lowercased().first, "abcd".contains(letter) else {
            return ("", index)
        }
        // `N1cM0`: the letter is the prefix of what follows.
        let next = index + 1 < scalars.count ? scalars[index + 1] : "、"
        if letter == "c", "TNM".unicodeScalars.contains(next), axis != .t || digit != 1, axis != .m
        {
            return ("", index)
        }
        switch (axis, digit, letter) {
        case (.t, 1, "a"..."c"), (.t, 2, "a"..."b"), (.m, 1, "a"..."b"):
            return (String(letter), index + 1)
        case (.n, 2, "a"..."b"):
            let isNumbered = next == "1" || next == "2"
            return (String(letter), index + (isNumbered ? 2 : 1))
        case (.m, 1, "c"):
            guard next == "1" || next == "2" else { return ("c", index + 1) }
            return ("c\(next)", index + 2)
        case (.t, _, _), (.n, 1, "a"..."b"):
            return ("", index + 1)
        default:
            return ("", index)
        }
    }
}
