// SPDX-License-Identifier: Apache-2.0

/// Words that are looked for in a folded report.
struct WordList: Sendable, ExpressibleByArrayLiteral {
    private let words: [[Unicode.Scalar]]

    init(arrayLiteral elements: String...) {
        words = elements.map { Array($0.unicodeScalars) }
    }

    /// The leftmost place of any of the words; of two at one place, the longer.
    func first(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> Range<Int>? {
        var index = range.lowerBound
        while index < range.upperBound {
            if let match = match(in: scalars, at: index, end: range.upperBound) { return match }
            index += 1
        }
        return nil
    }

    /// All places, from left to right, without overlap.
    func all(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = range.lowerBound
        while let match = first(in: scalars, index..<range.upperBound) {
            found.append(match)
            index = match.upperBound
        }
        return found
    }

    /// Whether one of the words stands in the range.
    func occurs(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> Bool {
        first(in: scalars, range) != nil
    }

    /// Whether the range begins with one of the words.
    func begins(_ scalars: [Unicode.Scalar], _ range: Range<Int>) -> Bool {
        match(in: scalars, at: range.lowerBound, end: range.upperBound) != nil
    }

    /// Whether one of the words ends where the range ends.
    func ends(_ scalars: [Unicode.Scalar], _ range: Range<Int>) -> Bool {
        words.contains {
            $0.count <= range.count && scalars[range].suffix($0.count).elementsEqual($0)
        }
    }

    private func match(in scalars: [Unicode.Scalar], at index: Int, end: Int) -> Range<Int>? {
        var longest = 0
        for word in words where word.count > longest && index + word.count <= end {
            if scalars[index] == word[0], scalars[index..<(index + word.count)].elementsEqual(word)
            {
                longest = word.count
            }
        }
        return longest == 0 ? nil : index..<(index + longest)
    }
}
