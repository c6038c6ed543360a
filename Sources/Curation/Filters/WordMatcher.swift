// SPDX-License-Identifier: Apache-2.0

/// Finds words of a list in a text in one pass (Aho and Corasick, 1975), byte by byte.
///
/// Letters of ASCII match in either case; a word of ASCII alone matches only where no other letter
/// of ASCII stands beside it.
struct WordMatcher: Sendable {
    /// For each state and byte, the next state.
    private var next: [Int32]
    /// For each state, the words that end there.
    private var ends: [[Int32]]
    private let lengths: [Int]
    /// Whether a word's neighbours must be other than letters.
    private let standsAlone: [Bool]

    /// A matcher of words; empty ones are left out.
    init(_ words: [String]) {
        let words = words.map { $0.utf8.map(Self.folded) }.filter { !$0.isEmpty }
        lengths = words.map(\.count)
        standsAlone = words.map { $0.allSatisfy { $0 < 0x80 } }
        next = [Int32](repeating: -1, count: 256)
        ends = [[]]
        for (index, word) in words.enumerated() { add(word, Int32(index)) }
        link()
    }

    private mutating func add(_ word: [UInt8], _ index: Int32) {
        var state = 0
        for byte in word {
            let place = state << 8 | Int(byte)
            if next[place] < 0 {
                next[place] = Int32(ends.count)
                next += [Int32](repeating: -1, count: 256)
                ends.append([])
            }
            state = Int(next[place])
        }
        ends[state].append(index)
    }

    /// Leads each state and byte without a word of its own to the longest other beginning.
    private mutating func link() {
        var others = [Int](repeating: 0, count: ends.count)
        var queue: [Int] = []
        for byte in 0..<256 {
            if next[byte] < 0 { next[byte] = 0 } else { queue.append(Int(next[byte])) }
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            ends[state] += ends[others[state]]
            for byte in 0..<256 {
                let (place, other) = (state << 8 | byte, others[state] << 8 | byte)
                if next[place] < 0 {
                    next[place] = next[other]
                } else {
                    others[Int(next[place])] = Int(next[other])
                    queue.append(Int(next[place]))
                }
            }
        }
    }

    /// How many different words a text holds; counting stops at `limit`.
    func differentWords(in text: [UInt8], limit: Int) -> Int {
        var found: Set<Int32> = []
        var state = 0
        for index in text.indices {
            state = Int(next[state << 8 | Int(Self.folded(text[index]))])
            guard !ends[state].isEmpty else { continue }
            for word in ends[state] where !found.contains(word) && stands(word, at: index, in: text)
            {
                found.insert(word)
                if found.count >= limit { return found.count }
            }
        }
        return found.count
    }

    private func stands(_ word: Int32, at end: Int, in text: [UInt8]) -> Bool {
        guard standsAlone[Int(word)] else { return true }
        let before = end - lengths[Int(word)]
        return !(before >= 0 && Self.isLetter(text[before]) && Self.isLetter(text[before + 1]))
            && !(end + 1 < text.count && Self.isLetter(text[end + 1])
                && Self.isLetter(text[end]))
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26
    }
}
