// SPDX-License-Identifier: Apache-2.0
import Tokenizers

/// The tokens of a vocabulary by their bytes: a trie, laid out in the order of a walk.
///
/// A walk that leaves a branch out goes on at the branch's end, so that an automaton is asked once
/// for each beginning that tokens have in common.
struct VocabularyTrie: Sendable {
    private let bytes: [UInt8]
    /// Bytes before each node's own.
    private let depths: [UInt16]
    /// Where the walk goes on without what is below each node.
    private let ends: [Int32]
    /// Where the tokens of each node begin in `tokens`.
    private let tokenStarts: [Int32]
    private let tokens: [Int32]
    private let deepest: Int
    /// Ids of the vocabulary.
    let vocabularySize: Int

    /// The trie of tokens as the first of a text, or as later ones; those without bytes are not in
    /// it, nor those from `vocabularySize` on.
    init(_ tokenBytes: TokenBytes, isFirst: Bool, vocabularySize: Int) {
        self.vocabularySize = vocabularySize
        let ids = (0..<Int32(min(tokenBytes.count, vocabularySize)))
            .map { (id: $0, bytes: tokenBytes.bytes(of: $0, isFirst: isFirst)) }
            .filter { !$0.bytes.isEmpty && $0.bytes.count < Int(UInt16.max) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        var bytes: [UInt8] = []
        var depths: [UInt16] = []
        var ends: [Int32] = []
        var tokenStarts: [Int32] = []
        var tokens: [Int32] = []
        /// Nodes from the root to the last token.
        var path: [Int32] = []
        var last: ArraySlice<UInt8> = []
        for (id, own) in ids {
            let common = zip(last, own).prefix { $0 == $1 }.count
            for node in path[common...] { ends[Int(node)] = Int32(bytes.count) }
            path.removeLast(path.count - common)
            for byte in own.dropFirst(common) {
                depths.append(UInt16(path.count))
                path.append(Int32(bytes.count))
                bytes.append(byte)
                ends.append(0)
                tokenStarts.append(Int32(tokens.count))
            }
            // Equal tokens follow each other, so they are at the end of the list of their node.
            tokens.append(id)
            last = own
        }
        for node in path { ends[Int(node)] = Int32(bytes.count) }
        self.bytes = bytes
        self.depths = depths
        self.ends = ends
        self.tokenStarts = tokenStarts + [Int32(tokens.count)]
        self.tokens = tokens
        deepest = Int(depths.max() ?? 0)
    }

    /// The tokens that may follow in a state, and the largest distance to the end of the text after
    /// one of them; of those after which it is more than `limit` only if `limit` is nil.
    func mask(
        _ automaton: GrammarAutomaton, _ state: GrammarState, limit: Int? = nil
    ) -> (mask: TokenMask, farthest: Int) {
        var mask = TokenMask(vocabularySize: vocabularySize)
        var farthest = 0
        var states = [GrammarState](repeating: state, count: deepest + 2)
        var node = 0
        while node < bytes.count {
            let depth = Int(depths[node])
            guard let next = automaton.next(states[depth], bytes[node]) else {
                node = Int(ends[node])
                continue
            }
            states[depth + 1] = next
            let (first, end) = (Int(tokenStarts[node]), Int(tokenStarts[node + 1]))
            if first < end {
                let distance = automaton.distance(next)
                if distance <= limit ?? .max {
                    farthest = max(farthest, distance)
                    for place in first..<end { mask.insert(tokens[place]) }
                }
            }
            node += 1
        }
        return (mask, farthest)
    }
}
