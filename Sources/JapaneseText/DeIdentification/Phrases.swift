// SPDX-License-Identifier: Apache-2.0

/// A list of phrases, each with something to know about it, found by their first scalar.
struct Phrases<Meaning: Sendable>: Sendable {
    fileprivate let byFirst: [UInt32: [(phrase: [UInt32], meaning: Meaning)]]

    init(_ phrases: [(String, Meaning)]) {
        self.init(phrases: phrases.map { ($0.0.unicodeScalars.map(\.value), $0.1) })
    }

    fileprivate init(phrases: [([UInt32], Meaning)]) {
        let all = phrases.map { (phrase: $0.0, meaning: $0.1) }
        byFirst = Dictionary(grouping: all) { $0.phrase.first ?? 0 }
            .mapValues { $0.sorted { $0.phrase.count > $1.phrase.count } }
    }

    /// The scalars with which phrases begin.
    var firsts: some Sequence<UInt32> { byFirst.keys }

    /// The longest phrase that stands at an index: where it ends and what is known about it.
    func longest(in values: [UInt32], at index: Int) -> (end: Int, meaning: Meaning)? {
        guard let first = values[safe: index], let candidates = byFirst[first] else { return nil }
        for candidate in candidates where values.holds(candidate.phrase, at: index) {
            return (index + candidate.phrase.count, candidate.meaning)
        }
        return nil
    }
}

extension Phrases where Meaning == Void {
    /// A list of phrases between spaces.
    init(words: String) {
        self.init(phrases: words.scalarWords.map { ($0, ()) })
    }

    /// Where the longest phrase at an index ends.
    func end(in values: [UInt32], at index: Int) -> Int? { longest(in: values, at: index)?.end }
}

extension Phrases where Meaning == Void {
    /// Where the longest phrase at an index ends that goes no further than `limit`.
    func end(in values: [UInt32], at index: Int, notAfter limit: Int) -> Int? {
        guard let first = values[safe: index], let candidates = byFirst[first] else { return nil }
        for candidate in candidates
        where index + candidate.phrase.count <= limit && values.holds(candidate.phrase, at: index) {
            return index + candidate.phrase.count
        }
        return nil
    }
}

extension String {
    /// What stands between spaces and line breaks, scalar by scalar; much faster than by characters.
    var scalarWords: [[UInt32]] {
        var words: [[UInt32]] = []
        var word: [UInt32] = []
        for scalar in unicodeScalars {
            if scalar.value != 0x20, scalar.value != 0x0A {
                word.append(scalar.value)
            } else if !word.isEmpty {
                words.append(word)
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}

extension [UInt32] {
    /// Whether some scalars stand at an index.
    func holds(_ phrase: [UInt32], at index: Int) -> Bool {
        guard index >= 0, index + phrase.count <= count else { return false }
        for offset in phrase.indices where self[index + offset] != phrase[offset] { return false }
        return true
    }

    /// The index after at most `limit` spaces and tabs.
    func afterSpaces(_ index: Int, limit: Int = 8) -> Int {
        var index = index
        let last = index + limit
        while index < last, let value = self[safe: index], CharacterClasses.isSpace(value) {
            index += 1
        }
        return index
    }

    /// The index after at most `limit` scalars that fit.
    @inline(__always)
    func end(of fits: (UInt32) -> Bool, from index: Int, limit: Int) -> Int {
        var index = index
        let last = Swift.min(count, index + limit)
        while index < last, fits(self[index]) { index += 1 }
        return index
    }
}
