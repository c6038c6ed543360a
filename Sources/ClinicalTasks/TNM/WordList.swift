// SPDX-License-Identifier: Apache-2.0

/// Words that are looked for in a text.
struct WordList: Sendable, ExpressibleByArrayLiteral {
    private let words: [[Unicode.Scalar]]
    /// Words by their first character, the longest first.
    private let byFirst: [Unicode.Scalar: [[Unicode.Scalar]]]

    init(arrayLiteral elements: String...) { self.init(elements) }

    init(_ elements: [String]) {
        words = elements.map { Array($0.unicodeScalars) }
        byFirst = Dictionary(grouping: words.filter { !$0.isEmpty }) { $0[0] }
            .mapValues { $0.sorted { $0.count > $1.count } }
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
        prefix(of: scalars, range) != nil
    }

    /// The longest of the words with which the range begins.
    func prefix(of scalars: [Unicode.Scalar], _ range: Range<Int>) -> Range<Int>? {
        match(in: scalars, at: range.lowerBound, end: range.upperBound)
    }

    /// The longest of the words with which the range ends.
    func suffix(of scalars: [Unicode.Scalar], _ range: Range<Int>) -> Range<Int>? {
        let length = words.filter {
            $0.count <= range.count && scalars[range].suffix($0.count).elementsEqual($0)
        }.map(\.count).max()
        return length.map { (range.upperBound - $0)..<range.upperBound }
    }

    /// Whether one of the words stands across a place in a short range.
    func straddles(_ scalars: [Unicode.Scalar], at place: Int) -> Bool {
        words.contains { word in
            guard word.count > 1 else { return false }
            let first = max(0, place - word.count + 1)
            return (first..<place).contains { start in
                start + word.count <= scalars.count
                    && scalars[start..<(start + word.count)].elementsEqual(word)
            }
        }
    }

    /// Whether one of the words ends where the range ends.
    func ends(_ scalars: [Unicode.Scalar], _ range: Range<Int>) -> Bool {
        start(endingAt: range.upperBound, in: scalars, from: range.lowerBound) != nil
    }

    /// Where the longest of the words begins that ends at a place.
    func start(endingAt end: Int, in scalars: [Unicode.Scalar], from floor: Int) -> Int? {
        var start: Int?
        for word in words where end - word.count >= floor && end - word.count < start ?? end {
            if scalars[end - word.count..<end].elementsEqual(word) { start = end - word.count }
        }
        return start
    }

    /// The longest of the words that stands at a place.
    func match(in scalars: [Unicode.Scalar], at index: Int, end: Int) -> Range<Int>? {
        guard index < end, let candidates = byFirst[scalars[index]] else { return nil }
        let word = candidates.first {
            index + $0.count <= end && scalars[index..<index + $0.count].elementsEqual($0)
        }
        return word.map { index..<index + $0.count }
    }
}
