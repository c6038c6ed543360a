// SPDX-License-Identifier: Apache-2.0

/// The substrings of words that occur again and again, found by sorting all suffixes.
///
/// Needs about 60 bytes for each character of the words.
struct RepeatedSubstrings: Sendable {
    /// A substring of two characters or more, of which there are at least two in the text.
    struct Substring: Sendable {
        /// Its occurrences times its length.
        let coverage: Double
        /// Where its occurrences lie in `order`.
        let first: UInt32
        let end: UInt32
        let length: UInt8
    }

    /// A substring that occurs less often is not taken.
    static let leastOccurrences = 2

    /// Where each suffix of a word begins in the words' scalars, in the order of the suffixes.
    let order: [UInt32]
    /// All substrings that are not always followed by the same character: the inner nodes of a
    /// suffix tree, and the ends of words. So a long passage that is repeated as a whole does not
    /// give a substring at each of its characters.
    let substrings: [Substring]

    /// The substrings of at most `longest` characters. The answer is the same on any number of
    /// threads.
    init(in words: TrainingWords, longest: Int, threads: Int) {
        let suffixes = Suffixes(words, longest: longest)
        let groups = suffixes.groups()
        let parts = inParallel(groups.count, threads: threads) { suffixes.part(groups[$0]) }
        var order: [UInt32] = []
        var substrings: [Substring] = []
        order.reserveCapacity(words.scalars.count)
        substrings.reserveCapacity(parts.reduce(0) { $0 + $1.substrings.count })
        for part in parts {
            let offset = UInt32(order.count)
            order += part.order
            for substring in part.substrings {
                substrings.append(
                    Substring(
                        coverage: substring.coverage, first: substring.first + offset,
                        end: substring.end + offset, length: substring.length))
            }
        }
        self.order = order
        self.substrings = substrings
    }
}

/// The suffixes of words, cut at a length.
private struct Suffixes: Sendable {
    /// A suffix by its first three characters and where it begins.
    private struct Suffix {
        let key: UInt64
        let position: UInt32
    }

    private static let groupCount = 64
    private static let keyLength = 3

    private let words: TrainingWords
    private let longest: Int
    /// Length of the suffix at each position; one more than `longest` shows what follows.
    private var lengths: [UInt8] = []
    /// Word of each position.
    private var wordIndex: [Int32] = []

    init(_ words: TrainingWords, longest: Int) {
        self.words = words
        self.longest = longest
        lengths.reserveCapacity(words.scalars.count)
        wordIndex.reserveCapacity(words.scalars.count)
        for word in words.counts.indices {
            let end = words.starts[word + 1]
            for start in words.starts[word]..<end {
                lengths.append(UInt8(min(longest + 1, end - start)))
                wordIndex.append(Int32(word))
            }
        }
    }

    /// Ranges of first characters with about as many suffixes each.
    func groups() -> [ClosedRange<UInt32>] {
        var counts: [UInt32: Int] = [:]
        for scalar in words.scalars { counts[scalar, default: 0] += 1 }
        let wanted = words.scalars.count / Self.groupCount + 1
        var groups: [ClosedRange<UInt32>] = []
        var sum = 0
        var isOpen = false
        for (scalar, count) in counts.sorted(by: { $0.key < $1.key }) {
            if isOpen, let last = groups.popLast() {
                groups.append(last.lowerBound...scalar)
            } else {
                groups.append(scalar...scalar)
            }
            sum = isOpen ? sum + count : count
            isOpen = sum < wanted
        }
        return groups
    }

    /// The suffixes that begin with these characters, in order, and their repeated beginnings.
    func part(
        _ group: ClosedRange<UInt32>
    ) -> (order: [UInt32], substrings: [RepeatedSubstrings.Substring]) {
        let order = sorted(group)
        var substrings: [RepeatedSubstrings.Substring] = []
        // Beginnings of the present suffix that may occur again, short ones first.
        var open = [(length: 0, count: 0, first: 0)]
        func close(to length: Int, at end: Int) {
            while open[open.count - 1].length > length {
                let last = open.removeLast()
                if last.length > 1, last.length <= longest,
                    last.count >= RepeatedSubstrings.leastOccurrences
                {
                    substrings.append(
                        RepeatedSubstrings.Substring(
                            coverage: Double(last.count) * Double(last.length),
                            first: UInt32(last.first), end: UInt32(end),
                            length: UInt8(last.length)))
                }
                if open[open.count - 1].length < length {
                    open.append((length, last.count, last.first))
                } else {
                    open[open.count - 1].count += last.count
                }
            }
        }
        for (index, position) in order.enumerated() {
            if index > 0 { close(to: commonLength(order[index - 1], position), at: index) }
            let length = Int(lengths[Int(position)])
            let count = words.counts[Int(wordIndex[Int(position)])]
            if open[open.count - 1].length < length {
                open.append((length, count, index))
            } else {
                open[open.count - 1].count += count
            }
        }
        close(to: 0, at: order.count)
        return (order, substrings)
    }

    private func sorted(_ group: ClosedRange<UInt32>) -> [UInt32] {
        var suffixes: [Suffix] = []
        for (position, scalar) in words.scalars.enumerated() where group.contains(scalar) {
            suffixes.append(Suffix(key: key(position), position: UInt32(position)))
        }
        suffixes.sort {
            $0.key != $1.key ? $0.key < $1.key : precedes($0.position, $1.position)
        }
        return suffixes.map(\.position)
    }

    /// Three characters of 21 bits; one that is not there is 0.
    private func key(_ position: Int) -> UInt64 {
        var key: UInt64 = 0
        for offset in 0..<Self.keyLength {
            let isThere = offset < Int(lengths[position])
            key = key << 21 | (isThere ? UInt64(words.scalars[position + offset]) + 1 : 0)
        }
        return key
    }

    private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        let (left, right) = (Int(left), Int(right))
        let (leftLength, rightLength) = (Int(lengths[left]), Int(lengths[right]))
        var offset = Self.keyLength
        while offset < min(leftLength, rightLength) {
            let (one, other) = (words.scalars[left + offset], words.scalars[right + offset])
            if one != other { return one < other }
            offset += 1
        }
        return leftLength != rightLength ? leftLength < rightLength : left < right
    }

    private func commonLength(_ left: UInt32, _ right: UInt32) -> Int {
        let (left, right) = (Int(left), Int(right))
        let limit = Int(min(lengths[left], lengths[right]))
        var length = 0
        while length < limit, words.scalars[left + length] == words.scalars[right + length] {
            length += 1
        }
        return length
    }
}
