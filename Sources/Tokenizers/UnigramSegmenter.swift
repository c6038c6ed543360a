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
        fileprivate var nodes: [Node] = []
        /// The segments of the last word, in order.
        var segments: [Segment] = []
    }

    fileprivate struct Node {
        var score = 0.0
        var start: Int32 = -1
        var id: Int32 = 0
    }

    /// What an unknown character costs more than the least likely piece.
    static let unknownPenalty = 10.0
    /// A longer word would not fit the 32-bit offsets; it is cut here, in bytes.
    static let wordByteLimit = 1 << 30

    private let trie: PieceTrie
    private let scores: [Double]
    private let unknown: Int32
    private let unknownScore: Double

    init(trie: PieceTrie, scores: [Double], unknown: Int32) {
        self.trie = trie
        self.scores = scores
        self.unknown = unknown
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    }

    /// Fills `scratch.segments` for the bytes of one word, which are well-formed UTF-8.
    func segment(_ word: [UInt8], _ scratch: inout Scratch) {
        search(word, &scratch.nodes)
        scratch.segments.removeAll(keepingCapacity: true)
        var end = word.count
        var previousWasUnknown = false
        while end > 0 {
            let node = scratch.nodes[end]
            let isUnknown = node.id == unknown
            // Unknown characters in a row are one token.
            if !(isUnknown && previousWasUnknown) {
                scratch.segments.append(Segment(id: node.id, end: end))
            }
            previousWasUnknown = isUnknown
            end = Int(node.start)
        }
        scratch.segments.reverse()
    }

    @inline(__always)
    private func search(_ word: [UInt8], _ nodes: inout [Node]) {
        precondition(word.count <= Self.wordByteLimit, "a word must fit 32-bit offsets")
        if nodes.count <= word.count {
            nodes.append(contentsOf: repeatElement(Node(), count: word.count + 1 - nodes.count))
        }
        for index in 0...word.count { nodes[index] = Node() }
        var start = 0
        while start < word.count {
            let scalarEnd = start + Self.scalarLength(word[start])
            let base = nodes[start].score
            var hasSingle = false
            var place = PieceTrie.root
            var end = start
            while end < word.count, let next = trie.child(of: place, word[end]) {
                place = next
                end += 1
                let id = trie.id(at: place)
                guard id >= 0 else { continue }
                relax(&nodes[end], score: base + scores[Int(id)], start: start, id: id)
                if end == scalarEnd { hasSingle = true }
            }
            if !hasSingle {
                relax(&nodes[scalarEnd], score: base + unknownScore, start: start, id: unknown)
            }
            start = scalarEnd
        }
    }

    @inline(__always)
    private func relax(_ node: inout Node, score: Double, start: Int, id: Int32) {
        if node.start < 0 || score > node.score {
            node = Node(score: score, start: Int32(truncatingIfNeeded: start), id: id)
        }
    }

    /// Bytes of the scalar that a leading byte begins.
    @inline(__always)
    static func scalarLength(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }
}
