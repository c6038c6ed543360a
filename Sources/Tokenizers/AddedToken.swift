// SPDX-License-Identifier: Apache-2.0

/// A token that is recognised before the model sees a text, with the flags of its file.
struct AddedToken: Sendable {
    /// The token's number.
    let id: Int32
    /// The characters that are the token.
    let content: String
    /// Whether decoding may leave it out.
    let isSpecial: Bool
    /// Whether no letter, digit or mark may touch it.
    let isSingleWord: Bool
    /// Whether it takes the white space before it.
    let stripsLeft: Bool
    /// Whether it takes the white space after it.
    let stripsRight: Bool
    /// Whether it is looked for after normalisation, itself normalised.
    let isNormalized: Bool
}

/// Finds added tokens in a text: the leftmost, and of those the longest.
///
/// Source: huggingface/tokenizers, `added_vocabulary.rs`.
struct AddedTokenMatcher: Sendable {
    /// A stretch of a text.
    struct Stretch {
        let range: Range<Int>
        /// The added token over it, or nil for text between them.
        let token: AddedToken?
    }

    private let trie: PieceTrie
    private let tokens: [AddedToken]
    private let mayBegin: Set<Unicode.Scalar>

    /// A matcher of tokens that look as `contents` say, none of them empty; where two look the
    /// same, the first counts.
    init(_ tokens: [AddedToken], contents: [String]) {
        var keys: [[UInt8]] = []
        var kept: [AddedToken] = []
        var seen: Set<[UInt8]> = []
        for (token, content) in zip(tokens, contents) {
            let key = Array(content.utf8)
            guard !key.isEmpty, seen.insert(key).inserted else { continue }
            keys.append(key)
            kept.append(token)
        }
        trie = PieceTrie(keys)
        self.tokens = kept
        mayBegin = Set(contents.compactMap(\.unicodeScalars.first))
    }

    /// The stretches of a text, which together are the whole.
    func stretches(of scalars: [Unicode.Scalar]) -> [Stretch] {
        var stretches: [Stretch] = []
        var end = 0
        var index = 0
        while index < scalars.count {
            guard let (token, matchEnd) = match(in: scalars, at: index) else {
                index += 1
                continue
            }
            let found = index..<matchEnd
            index = matchEnd
            if token.isSingleWord, touchesWord(found, scalars) { continue }
            let range = stripped(found, token, scalars, after: end)
            if range.lowerBound > end {
                stretches.append(Stretch(range: end..<range.lowerBound, token: nil))
            }
            stretches.append(Stretch(range: range, token: token))
            end = range.upperBound
        }
        if end < scalars.count {
            stretches.append(Stretch(range: end..<scalars.count, token: nil))
        }
        return stretches
    }

    /// The longest token at `index` and where it ends.
    @inline(__always)
    private func match(in scalars: [Unicode.Scalar], at index: Int) -> (AddedToken, Int)? {
        guard mayBegin.contains(scalars[index]) else { return nil }
        var node = PieceTrie.root
        var found: (AddedToken, Int)?
        for position in index..<scalars.count {
            for byte in UTF8.encode(scalars[position]) ?? UTF8.encodedReplacementCharacter {
                guard let next = trie.child(of: node, byte) else { return found }
                node = next
            }
            let key = trie.id(at: node)
            if key >= 0 { found = (tokens[Int(key)], position + 1) }
        }
        return found
    }

    private func touchesWord(_ range: Range<Int>, _ scalars: [Unicode.Scalar]) -> Bool {
        let before = range.lowerBound > 0 && LibraryCharacters.isWord(scalars[range.lowerBound - 1])
        return before
            || (range.upperBound < scalars.count
                && LibraryCharacters.isWord(scalars[range.upperBound]))
    }

    private func stripped(
        _ range: Range<Int>, _ token: AddedToken, _ scalars: [Unicode.Scalar], after end: Int
    ) -> Range<Int> {
        var (start, stop) = (range.lowerBound, range.upperBound)
        if token.stripsLeft {
            while start > end, LibraryCharacters.isSpace(scalars[start - 1]) { start -= 1 }
            start = max(start, end)
        }
        if token.stripsRight {
            // A match inside white space that the token before took ends where that did.
            stop = max(stop, end)
            while stop < scalars.count, LibraryCharacters.isSpace(scalars[stop]) { stop += 1 }
        }
        return start..<max(start, stop)
    }
}
