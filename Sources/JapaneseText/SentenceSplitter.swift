// SPDX-License-Identifier: Apache-2.0

/// Cuts a cleaned text into sentences.
///
/// A line break ends a sentence, since records are written without 。 and lines are items, unless a
/// line was only wrapped there (`WrappedLines`). Within a line `。`, `！`, `？` and a full stop after Japanese end one, together with closing brackets that
/// follow. What stands in brackets stays together. Sentences do not overlap, cover all characters but
/// line breaks and surrounding white space, and are at most `longest` scalars long.
package struct SentenceSplitter: Sendable {
    /// Scalars after which a sentence is cut at the last comma or space.
    ///
    /// A bound on what one call of MeCab takes, whose lattice needs about 1 kB a character.
    package static let longest = 1000
    /// Scalars within which a bracket must close to hold a sentence together.
    static let longestBracket = 120

    /// A splitter.
    package init() {}

    /// The sentences of a text in order.
    package func sentences(in text: CleanedText) -> [CleanedRange] {
        var result: [CleanedRange] = []
        let scalars = text.scalars
        let wrapped = WrappedLines(text)
        var start = 0
        while start < scalars.count {
            var end = start
            while end < scalars.count,
                scalars[end] != "\n"
                    || end > start && end - start < Self.longest && wrapped.isWrapped(at: end)
            {
                end += 1
            }
            LineSplitting(scalars: scalars, line: start..<end).appendSentences(to: &result)
            start = end + 1
        }
        return result
    }
}

/// The sentences of one line.
private struct LineSplitting {
    let scalars: [Unicode.Scalar]
    let line: Range<Int>

    func appendSentences(to result: inout [CleanedRange]) {
        let closings = closingBrackets()
        var start = line.lowerBound
        var index = start
        while index < line.upperBound {
            if index > start, startsItem(at: index, after: start) {
                append(start..<index, to: &result)
                start = index
            }
            if let closing = closings[index] {
                index = closing + 1
            } else if let end = sentenceEnd(at: index) {
                append(start..<end, to: &result)
                start = end
                index = end
            } else {
                index += 1
            }
        }
        append(start..<line.upperBound, to: &result)
    }

    // MARK: Ends

    /// The end of the sentence that the mark at `index` ends, if it ends one.
    private func sentenceEnd(at index: Int) -> Int? {
        switch scalars[index] {
        case "。": break
        case "!", "?": if isInsideClause(index) { return nil }
        case ".": if !isFullStop(index) { return nil }
        default: return nil
        }
        var end = index + 1
        while end < line.upperBound, isTerminator(scalars[end]) || isClosing(scalars[end]) {
            end += 1
        }
        return end
    }

    private func isTerminator(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "。" || scalar == "!" || scalar == "?"
    }

    /// Whether a mark of doubt stands in the middle of a clause, as in `肺炎?の疑い` or `(?)`.
    private func isInsideClause(_ index: Int) -> Bool {
        guard let next = self[index + 1] else { return false }
        return "のをにがと、,)]」』".unicodeScalars.contains(next)
    }

    /// Whether a point ends a sentence: after Japanese, or after a Latin word at the end of a clause.
    private func isFullStop(_ index: Int) -> Bool {
        guard index > line.lowerBound else { return false }
        let before = scalars[index - 1].value
        let after = self[index + 1]?.value
        if CharacterClasses.isKana(before) || CharacterClasses.isKanji(before) {
            guard let after else { return true }
            return !CharacterClasses.isDigit(after) && !CharacterClasses.isLatin(after)
        }
        // Two letters before it, or three: "Dr. ", "H. pylori" and "No. 3" are no ends.
        guard after == CharacterClasses.spaceMark, index - line.lowerBound > 3,
            (1...4).allSatisfy({ scalars[index - $0].value.isSmallLatin })
        else { return false }
        guard let start = self[index + 2]?.value else { return true }
        return !start.isSmallLatin && !CharacterClasses.isDigit(start)
    }

    // MARK: Items of a list on one line

    /// Whether the item after the one that starts the sentence begins at `index`: `#1 …#2 …`.
    private func startsItem(at index: Int, after start: Int) -> Bool {
        guard let item = ListMark(in: scalars, at: index, before: line.upperBound),
            let first = ListMark(in: scalars, at: skippingSpace(start), before: line.upperBound)
        else { return false }
        if item.style == .number, scalars[index - 1].value != CharacterClasses.spaceMark {
            return false
        }
        return item.style == first.style && item.number == first.number + 1
    }

    private func skippingSpace(_ start: Int) -> Int {
        var index = start
        while index < line.upperBound, scalars[index].value == CharacterClasses.spaceMark {
            index += 1
        }
        return index
    }

    // MARK: Brackets

    /// For each opening bracket that closes soon, where it closes.
    private func closingBrackets() -> [Int: Int] {
        var open: [(index: Int, closing: Unicode.Scalar)] = []
        var result: [Int: Int] = [:]
        for index in line {
            if let closing = closing(of: scalars[index]) {
                open.append((index, closing))
            } else if isClosing(scalars[index]), let last = open.last,
                last.closing == scalars[index]
            {
                open.removeLast()
                if index - last.index <= SentenceSplitter.longestBracket {
                    result[last.index] = index
                }
            }
        }
        return result
    }

    private func closing(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "(": ")"
        case "[": "]"
        case "「": "」"
        case "『": "』"
        case "【": "】"
        case "〔": "〕"
        case "《": "》"
        case "〈": "〉"
        default: nil
        }
    }

    private func isClosing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ")", "]", "」", "』", "】", "〕", "》", "〉": true
        default: false
        }
    }

    // MARK: Collecting

    /// Adds a sentence without the white space around it, in pieces where it is too long.
    private func append(_ range: Range<Int>, to result: inout [CleanedRange]) {
        var start = skippingSpace(range.lowerBound)
        var end = range.upperBound
        while end > start, scalars[end - 1].value == CharacterClasses.spaceMark { end -= 1 }
        while end - start > SentenceSplitter.longest {
            let cut = cuttingPoint(from: start)
            result.append(CleanedRange(start: start, end: trimmedEnd(cut, from: start)))
            start = skippingSpace(cut)
        }
        if start < end { result.append(CleanedRange(start: start, end: end)) }
    }

    private func cuttingPoint(from start: Int) -> Int {
        let limit = start + SentenceSplitter.longest
        for index in stride(from: limit, to: start + SentenceSplitter.longest / 2, by: -1)
        where scalars[index - 1] == "、" || scalars[index - 1].value == CharacterClasses.spaceMark {
            return index
        }
        return limit
    }

    private func trimmedEnd(_ end: Int, from start: Int) -> Int {
        var end = end
        while end > start + 1, scalars[end - 1].value == CharacterClasses.spaceMark { end -= 1 }
        return end
    }

    private subscript(index: Int) -> Unicode.Scalar? {
        index < line.upperBound ? scalars[index] : nil
    }
}

/// The number that opens an item of a list: `#1`, `1)`, `(1)`, `1.`.
private struct ListMark {
    enum Style { case problem, bracket, brackets, number }

    let style: Style
    let number: Int

    init?(in scalars: [Unicode.Scalar], at start: Int, before end: Int) {
        guard start < end else { return nil }
        var index = start
        let prefix = scalars[start]
        if prefix == "#" || prefix == "(" { index += 1 }
        // A digit before it makes it the end of a longer number.
        if index == start, start > 0, CharacterClasses.isDigit(scalars[start - 1].value) {
            return nil
        }
        var number = 0
        let first = index
        while index < end, index - first < 2, CharacterClasses.isDigit(scalars[index].value) {
            number = number * 10 + Int(scalars[index].value - 0x30)
            index += 1
        }
        guard index > first else { return nil }
        let next: Unicode.Scalar = index < end ? scalars[index] : " "
        switch (prefix, next) {
        case ("#", _):
            style = .problem
        case ("(", ")"): style = .brackets
        case ("(", _): return nil
        case (_, ")"): style = .bracket
        case (_, "."):
            if index + 1 < end, CharacterClasses.isDigit(scalars[index + 1].value) { return nil }
            style = .number
        default: return nil
        }
        self.number = number
    }
}

extension UInt32 {
    fileprivate var isSmallLatin: Bool { self &- 0x61 < 26 }
}
