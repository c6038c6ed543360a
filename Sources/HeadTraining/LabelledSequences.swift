// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// One chain of words to learn from.
package struct LabelledSequence: Sendable {
    /// Feature hashes of each word.
    package let words: [[UInt32]]
    /// Dense numbers of each word (T, C), if there are any.
    package let states: Tensor?
    /// For each word a bit for every label that it may have: one bit where the label is known, all
    /// that are possible where it is not.
    package let allowed: [UInt32]

    /// A sequence; one mask for each word, none of them zero.
    package init(words: [[UInt32]], states: Tensor? = nil, allowed: [UInt32]) {
        precondition(words.count == allowed.count && allowed.allSatisfy { $0 != 0 })
        precondition(states.map { $0.rows == words.count } ?? true)
        self.words = words
        self.states = states
        self.allowed = allowed
    }
}

/// Many sequences laid end to end, their features numbered by first appearance.
package struct SequenceTable: Sendable {
    /// Hash of each numbered feature.
    package private(set) var features: [UInt32] = []
    /// Numbers of the features of all words.
    package private(set) var numbers: [UInt32] = []
    /// Where in `numbers` each word begins, and the end.
    package private(set) var wordStarts: [Int] = [0]
    /// At which word each sequence begins, and the end.
    package private(set) var sequenceStarts: [Int] = [0]
    /// Allowed labels of each word.
    package private(set) var allowed: [UInt32] = []
    /// Dense numbers of all words (words, C); empty if C is zero.
    package private(set) var states: [Float] = []
    /// Dense numbers a word, C.
    package let stateWidth: Int

    /// Lays out `sequences`; features that occur at fewer than `minimumCount` words are left out.
    package init(_ sequences: [LabelledSequence], minimumCount: Int) {
        stateWidth = sequences.first?.states?.columns ?? 0
        var counts: [UInt32: Int32] = [:]
        for sequence in sequences {
            for word in sequence.words {
                for hash in word { counts[hash, default: 0] += 1 }
            }
        }
        var numbering: [UInt32: UInt32] = [:]
        for sequence in sequences where !sequence.words.isEmpty {
            for word in sequence.words {
                for hash in word where (counts[hash] ?? 0) >= minimumCount {
                    numbers.append(number(of: hash, in: &numbering))
                }
                wordStarts.append(numbers.count)
            }
            allowed += sequence.allowed
            sequenceStarts.append(allowed.count)
            precondition((sequence.states?.columns ?? 0) == stateWidth, "states for all or none")
            states += sequence.states?.values ?? []
        }
    }

    private mutating func number(
        of hash: UInt32, in numbering: inout [UInt32: UInt32]
    ) -> UInt32 {
        if let number = numbering[hash] { return number }
        let number = UInt32(features.count)
        numbering[hash] = number
        features.append(hash)
        return number
    }

    /// Number of sequences.
    package var count: Int { sequenceStarts.count - 1 }

    /// Cuts the sequences into `parts` runs of about equally many words.
    package func shards(_ parts: Int) -> [Range<Int>] {
        var shards: [Range<Int>] = []
        var first = 0
        for part in 1...parts {
            let goal = allowed.count * part / parts
            var last = first
            while last < count, sequenceStarts[last] < goal { last += 1 }
            if part == parts { last = count }
            shards.append(first..<last)
            first = last
        }
        return shards
    }
}
