// SPDX-License-Identifier: Apache-2.0

/// Reads lengths with their unit: `30x25mm`, `3cm強`, `2~3cm`, `35*22mm`, `3・5cm`, `大きさ(mm):35x22`.
struct LengthScanner {
    let scalars: [Unicode.Scalar]
    /// Where it reads next.
    var index: Int
    let end: Int

    /// Whether a number begins at `index`, which is not the name of a segment, node or sequence.
    var isNumberStart: Bool {
        guard index < end, isDigit(index) else { return false }
        guard index > 0 else { return true }
        let before = scalars[index - 1]
        return !(isDigit(index - 1) || before == "." || before == "S" || before == "#")
    }

    /// The length at `index` in millimetres, the largest of several; nil where no unit belongs to it.
    ///
    /// Moves `index` behind what was read in either case.
    mutating func measure() -> (millimetres: Double, range: Range<Int>)? {
        let start = index
        var numbers: [Double] = []
        var position = index
        var factor: Double?
        while let (value, next) = number(at: position) {
            numbers.append(value)
            position = next
            if let (found, after) = unit(at: position) {
                factor = found
                position = after
                if found == 10, let (rest, behind) = millimetres(at: position) {
                    numbers[numbers.count - 1] += rest / 10
                    position = behind
                }
            }
            guard let behind = separator(at: position, of: start, hasUnit: factor != nil)
            else { break }
            position = behind
        }
        index = max(position, start + 1)
        guard
            let factor = factor ?? unitOfHeading(before: start)
                ?? (numbers.count > 1 ? declaredUnit(around: start) : nil),
            let largest = numbers.max(),
            !isRate(at: position)
        else { return nil }
        let excess: WordList = ["強", "を超", "を越", "超", "以上"]
        let over = excess.begins(scalars, min(position, end)..<end)
        let millimetres = largest * factor + (over ? 0.5 : 0)
        return millimetres > 0 && millimetres < 400 ? (millimetres, start..<position) : nil
    }

    /// Sizes that stand without any unit (`35x22`), for a person to look at.
    mutating func bareProduct() -> Range<Int>? {
        let start = index
        var position = index
        var count = 0
        while let (_, next) = number(at: position) {
            count += 1
            position = next
            guard unit(at: position) == nil else { return nil }
            guard position + 1 < end, "x*X".unicodeScalars.contains(scalars[position]),
                isDigit(position + 1)
            else { break }
            position += 1
        }
        return count > 1 ? start..<position : nil
    }

    private func isDigit(_ index: Int) -> Bool {
        index < end && scalars[index].value >= 0x30 && scalars[index].value <= 0x39
    }

    /// Behind a sign between two sizes, where a digit follows it.
    private func separator(at position: Int, of start: Int, hasUnit: Bool) -> Int? {
        if position < end, let name = Self.otherDiameter.prefix(of: scalars, position..<end),
            isDigit(name.upperBound)
        {
            return name.upperBound
        }
        guard position + 1 < end, isDigit(position + 1) else { return nil }
        // 左上葉に38、22mmの腫瘤: no segment or number of a list stands before it.
        if scalars[position] == "、" {
            let isSize =
                !hasUnit && start > 0 && "に径は:約".unicodeScalars.contains(scalars[start - 1])
            return isSize ? position + 1 : nil
        }
        return "x~-*X/・,".unicodeScalars.contains(scalars[position]) ? position + 1 : nil
    }

    /// `長径35、短径22mm`
    private static let otherDiameter: WordList = ["、短径", "短径", ",短径", "x短径", "、横径", "by", "、厚さ"]

    private func isRate(at position: Int) -> Bool {
        guard position < end else { return false }
        // 長径48/短径36 is no rate.
        let next = position + 1 < end ? scalars[position + 1] : "。"
        return scalars[position] == "H"
            || scalars[position] == "/" && !"短長横縦前".unicodeScalars.contains(next)
    }

    /// `5mm` of `3cm5mm`.
    private func millimetres(at position: Int) -> (value: Double, next: Int)? {
        guard isDigit(position), !isDigit(position + 1),
            let (factor, next) = unit(at: position + 1), factor == 1
        else { return nil }
        return (Double(scalars[position].value - 0x30), next)
    }

    /// At most six digits before and three after the point, so that no run of digits overflows.
    private func number(at start: Int) -> (value: Double, next: Int)? {
        var position = start
        var value = 0.0
        while isDigit(position), position - start < 6 {
            value = value * 10 + Double(scalars[position].value - 0x30)
            position += 1
        }
        guard position > start, !isDigit(position) else { return nil }
        if isPoint(at: position, digits: position - start) {
            position += 1
            var weight = 0.1
            while isDigit(position) {
                value += weight * Double(scalars[position].value - 0x30)
                weight /= 10
                position += 1
            }
        }
        return (value, position)
    }

    /// A point, or a dot or comma that typists set for one: `3・5cm`, `3,5cm`, but not `35,22mm`.
    private func isPoint(at position: Int, digits: Int) -> Bool {
        guard position + 1 < end, isDigit(position + 1) else { return false }
        if scalars[position] == "." { return true }
        guard scalars[position] == "・" || scalars[position] == ",", digits == 1 else {
            return false
        }
        var next = position + 1
        while isDigit(next) { next += 1 }
        guard next - position == 2 else { return false }
        while next < end, isDigit(next) || "x~-*X・,.".unicodeScalars.contains(scalars[next]) {
            next += 1
        }
        return unit(at: next)?.factor == 10
    }

    private static let millimetreNames: WordList = ["mm", "MM", "Mm", "mM", "ミリメートル", "ミリ", "粍"]
    private static let centimetreNames: WordList = ["cm", "CM", "Cm", "センチメートル", "センチ", "糎"]

    private func unit(at position: Int) -> (factor: Double, next: Int)? {
        unit(at: position, before: end)
    }

    private func unit(at position: Int, before end: Int) -> (factor: Double, next: Int)? {
        guard position < end else { return nil }
        for (names, factor) in [(Self.millimetreNames, 1.0), (Self.centimetreNames, 10.0)] {
            if let name = names.prefix(of: scalars, position..<end) {
                return (factor, name.upperBound)
            }
            // `35(mm)`
            guard scalars[position] == "(", position + 1 < end,
                let name = names.prefix(of: scalars, (position + 1)..<end),
                name.upperBound < end, scalars[name.upperBound] == ")"
            else { continue }
            return (factor, name.upperBound + 1)
        }
        return nil
    }

    private static let diameters: WordList = [
        "長径", "短径", "最大径", "最長径", "横径", "縦径", "前後径", "頭尾径", "左右径", "上下径", "長軸", "短軸", "長軸径", "短軸径",
        "径",
        "φ", "Φ", "直径", "大きさ", "サイズ", "腫瘍径", "縦", "横", "高さ", "厚さ", "幅", "奥行", "タテ", "ヨコ", "size",
        "Size", "最大", "全体径", "充実成分径", "充実径", "浸潤径",
    ]

    /// The unit that a heading gives before a bare number: `大きさ(mm):`, `径[cm]=`, `最大径mm:`,
    /// `サイズ[mm]:長径 48`, `(単位:mm) 横径16`.
    private func unitOfHeading(before start: Int) -> Double? {
        var position = behindMarks(before: start)
        var marked = position < start
        if let name = Self.diameters.suffix(of: scalars, max(0, position - 6)..<position) {
            if let declared = declaredUnit(around: start) { return declared }
            let before = behindMarks(before: name.lowerBound)
            if before > 0, ")]】〕".unicodeScalars.contains(scalars[before - 1]) {
                position = before
                marked = true
            }
        }
        let bracketed = position > 0 && ")]】〕".unicodeScalars.contains(scalars[position - 1])
        guard marked || bracketed else { return nil }
        while position > 0, ")]】〕".unicodeScalars.contains(scalars[position - 1]) { position -= 1 }
        for (names, factor) in [(Self.millimetreNames, 1.0), (Self.centimetreNames, 10.0)] {
            guard let name = names.suffix(of: scalars, max(0, position - 7)..<position) else {
                continue
            }
            // `22mm:` is a size with its own unit, no heading.
            return name.lowerBound > 0 && isDigit(name.lowerBound - 1) ? nil : factor
        }
        return nil
    }

    private func behindMarks(before start: Int) -> Int {
        var position = start
        while position > 0, ":=は約\n、".unicodeScalars.contains(scalars[position - 1]) {
            position -= 1
        }
        return position
    }

    /// The unit that is told near a measure for all: `(単位:mm)`, `、単位mm`.
    private func declaredUnit(around start: Int) -> Double? {
        let near = max(0, start - 80)..<min(scalars.count, start + 20)
        guard let word = (["単位"] as WordList).all(in: scalars, near).last else { return nil }
        var position = word.upperBound
        while position < scalars.count, ":=は".unicodeScalars.contains(scalars[position]) {
            position += 1
        }
        return unit(at: position, before: scalars.count)?.factor
    }
}
