// SPDX-License-Identifier: Apache-2.0

/// Finds the segmentation of a word with the largest sum of scores (Viterbi).
///
/// Source: T. Kudo, “Subword Regularization”, 2018, section 3.2; the order of comparisons is
/// that of huggingface/tokenizers `models/unigram/model.rs`, `encode_optimized`: of two paths to
/// a position, a later one must be strictly better.
struct UnigramSegmenter: Sendable {
    /// A piece of a word: the id, and the byte of the word after it.
    struct Segment {
        let id: Int32
        let end: Int
    }

    /// Memory that a caller keeps from word to word.
    struct Scratch {
        fileprivate var characters: [Character] = []
        fileprivate var nodes: [Node] = []
        /// The segments of the last word, in order.
        var segments: [Segment] = []
    }

    /// A scalar of the word.
    fileprivate struct Character {
        /// Its code in the trie.
        let code: Int32
        /// The byte of the word after it.
        let end: Int32
    }

    /// The best path to a place between two scalars.
    fileprivate struct Node {
        var score = -Double.infinity
        /// Scalar at which the last piece on the path begins.
        var start: Int32 = 0
        var id: Int32 = 0
    }

    /// What an unknown character costs more than the least likely piece.
    static let unknownPenalty = 10.0
    /// A longer word would not fit the 32-bit offsets.
    static let wordByteLimit = 1 << 30

    private let trie: CharacterTrie
    private let scores: [Double]
    private let unknown: Int32
    private let unknownScore: Double

    init(trie: CharacterTrie, scores: [Double], unknown: Int32) {
        self.trie = trie
        self.scores = scores
        self.unknown = unknown
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    }

    /// The id of exactly this piece, or nil.
    func id(of piece: String) -> Int32? { trie.id(of: piece.unicodeScalars) }

    /// Fills `scratch.segments` for the bytes of one word, which are well-formed UTF-8.
    func segment(_ word: [UInt8], _ scratch: inout Scratch) {
        precondition(word.count <= Self.wordByteLimit, "a word must fit 32-bit offsets")
        read(word, &scratch.characters)
        search(scratch.characters, &scratch.nodes)
        scratch.segments.removeAll(keepingCapacity: true)
        var end = scratch.characters.count
        var previousWasUnknown = false
        while end > 0 {
            let node = scratch.nodes[end]
            let isUnknown = node.id == unknown
            // Unknown characters in a row are one token.
            if !(isUnknown && previousWasUnknown) {
                scratch.segments.append(
                    Segment(id: node.id, end: Int(scratch.characters[end - 1].end)))
            }
            previousWasUnknown = isUnknown
            end = Int(node.start)
        }
        scratch.segments.reverse()
    }

    /// Takes UTF-8 apart.
    @inline(__always)
    private func read(_ word: [UInt8], _ characters: inout [Character]) {
        characters.removeAll(keepingCapacity: true)
        func bits(_ byte: UInt8) -> UInt32 { UInt32(byte & 0x3F) }
        var index = 0
        while index < word.count {
            let lead = UInt32(word[index])
            let scalar: UInt32
            if lead < 0x80 {
                scalar = lead
                index += 1
            } else if lead < 0xE0 {
                scalar = (lead & 0x1F) << 6 | bits(word[index + 1])
                index += 2
            } else if lead < 0xF0 {
                scalar = (lead & 0x0F) << 12 | bits(word[index + 1]) << 6 | bits(word[index + 2])
                index += 3
            } else {
                scalar =
                    (lead & 0x07) << 18 | bits(word[index + 1]) << 12
                    | bits(word[index + 2]) << 6 | bits(word[index + 3])
                index += 4
            }
            characters.append(
                Character(code: trie.codes[scalar], end: Int32(truncatingIfNeeded: index)))
        }
    }

    @inline(__always)
    private func search(_ characters: [Character], _ nodes: inout [Node]) {
        nodes.removeAll(keepingCapacity: true)
        nodes.append(Node(score: 0))
        for _ in characters { nodes.append(Node()) }
        for start in characters.indices {
            let base = nodes[start].score
            var hasSingle = false
            var place = CharacterTrie.root
            var end = start
            while end < characters.count, let next = trie.child(of: place, characters[end].code) {
                place = next
                end += 1
                let id = trie.id(at: place)
                guard id >= 0 else { continue }
                relax(&nodes[end], score: base + scores[Int(id)], start: start, id: id)
                if end == start + 1 { hasSingle = true }
            }
            if !hasSingle {
                relax(&nodes[start + 1], score: base + unknownScore, start: start, id: unknown)
            }
        }
    }

    @inline(__always)
    private func relax(_ node: inout Node, score: Double, start: Int, id: Int32) {
        if score > node.score {
            node = Node(score: score, start: Int32(truncatingIfNeeded: start), id: id)
        }
    }
}
