// SPDX-License-Identifier: Apache-2.0
package import JapaneseText

/// A token, or several that are labelled as one.
package struct TokenUnit: Hashable, Sendable {
    /// The token whose label counts, by its place.
    package let row: Int
    /// Where the unit stands.
    package private(set) var range: CleanedRange
    /// The sentence that it is in.
    package let sentence: Int

    /// The units of each sentence that has any.
    ///
    /// Pieces that share a character cannot be told apart in the text, so they are one unit.
    package static func sentences(
        of tokens: [PlacedToken], in text: AnalyzedText, pieces: LabelMap.Pieces
    ) -> [[TokenUnit]] {
        var sentences: [[TokenUnit]] = []
        var units: [TokenUnit] = []
        for (row, token) in tokens.enumerated() {
            // Tokens that stand for no character of their own say nothing of any.
            guard token.range.count > 0,
                let range = token.range.common(with: text.sentences[token.sentence].range)
            else { continue }
            if let last = units.last, last.sentence != token.sentence {
                sentences.append(units)
                units.removeAll(keepingCapacity: true)
            }
            let joins =
                units.last.map { range.start < $0.range.end } ?? false
                || (pieces == .first && token.continuesWord && !units.isEmpty)
            if joins {
                units[units.count - 1].extend(to: range.end)
            } else {
                units.append(TokenUnit(row: row, range: range, sentence: token.sentence))
            }
        }
        if !units.isEmpty { sentences.append(units) }
        return sentences
    }

    private mutating func extend(to end: Int) {
        range = CleanedRange(start: range.start, end: max(range.end, end))
    }
}

extension CleanedRange {
    /// What lies in both ranges; nil where nothing does.
    fileprivate func common(with other: CleanedRange) -> CleanedRange? {
        let (first, last) = (Swift.max(start, other.start), Swift.min(end, other.end))
        return first < last ? CleanedRange(start: first, end: last) : nil
    }
}
